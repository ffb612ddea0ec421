# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Loopback is never reached through an HTTP proxy, whatever the environment says."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

# Some clients read one name, some the other; some understand networks, some do not.
_NAMES = ("no_proxy", "NO_PROXY")
_LOOPBACK = "127.0.0.0/8,127.0.0.1,::1,localhost"


@contextmanager
def called_directly() -> Iterator[None]:
    """Have this process, and those that it starts, call loopback directly during the block."""
    before = {name: os.environ.get(name) for name in _NAMES}
    exceptions = ",".join([*filter(None, dict.fromkeys(before.values())), _LOOPBACK])
    os.environ.update(dict.fromkeys(_NAMES, exceptions))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
