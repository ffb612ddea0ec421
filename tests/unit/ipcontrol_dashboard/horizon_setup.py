# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Sets Django up, once, for the tests of the dashboard; those of the engine need no Horizon."""

import os
import socket

import django
import pytest
from django.conf import settings

_MODULE = "DJANGO_SETTINGS_MODULE"

if not settings.configured:
    os.environ[_MODULE] = "tests.unit.settings"
    timeout = socket.getdefaulttimeout()
    django.setup()
    # Horizon's test settings give all sockets of the process a second.
    socket.setdefaulttimeout(timeout)
    # The services that other tests start have settings of their own.
    del os.environ[_MODULE]

from openstack_dashboard.test.test_data import exceptions  # noqa: E402

_stubbed = exceptions.create_stubbed_exception


def _stub_a_subclass(cls, status_code=500):
    """Horizon's test data change the clients' own exceptions, for all tests of the run."""
    return _stubbed(type(cls.__name__, (cls,), {"__module__": cls.__module__}), status_code)


exceptions.create_stubbed_exception = _stub_a_subclass


@pytest.fixture(autouse=True)
def _empty_cache():
    """What one test made Horizon remember is not there for the next."""
    from django.core.cache import cache

    cache.clear()
