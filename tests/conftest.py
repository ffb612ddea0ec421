# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import gc

import pytest


@pytest.fixture(scope="session")
def cloud(tmp_path_factory):
    """The embedded cloud, started once for all functional and browser tests."""
    from devcloud.cloud import Cloud

    with Cloud(state=tmp_path_factory.mktemp("cloud")) as running:
        yield running


@pytest.fixture
def without_collection():
    """Nothing is collected at the bottom of a recursion, where no finalizer can run."""
    gc.disable()
    yield
    gc.enable()
