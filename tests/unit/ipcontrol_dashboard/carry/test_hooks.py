# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A Horizon that makes its clients elsewhere is found out, and does not serve."""

import ast
import functools
import http.client
import re
from importlib import import_module, metadata
from pathlib import Path

import openstack_dashboard
import pytest
import swiftclient.client
from django.conf import settings as django_settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from openstack_dashboard.api import _nova, neutron, nova, swift

from ipcontrol_dashboard.carry import checks as ipcontrol_checks
from ipcontrol_dashboard.carry import header_lines, hooks, middleware

# Packages that call Swift or Nova.
CLIENTS = frozenset({"novaclient", "openstack", "swiftclient"})
# Those that the installed Horizon has.
HOOKED = [
    (module, hook.name)
    for hook in hooks.HOOKS
    if hasattr(module := import_module(hook.module), hook.name)
]


def codes():
    return [found.id for found in ipcontrol_checks.check_hooks()]


def test_the_installed_horizon_is_known():
    assert codes() == []


def test_installing_again_changes_nothing():
    before = [getattr(module, name) for module, name in HOOKED]
    hooks.install()
    assert before == [getattr(module, name) for module, name in HOOKED]


def test_swift_and_novaclient_are_hooked_in_every_release():
    assert {(swift, "swift_api"), (_nova, "cached_novaclient")} <= set(HOOKED)


@pytest.mark.parametrize(("module", "name"), HOOKED)
class TestHook:
    def test_that_is_gone_fails_a_check(self, monkeypatch, module, name):
        monkeypatch.delattr(module, name)
        assert codes() == ["ipcontrol.E010"]

    def test_that_is_gone_does_not_keep_the_checks_from_running(self, monkeypatch, module, name):
        monkeypatch.delattr(module, name)
        hooks.install()
        assert [found.id for found in checks.run_checks(tags=["ipcontrol"])] == ["ipcontrol.E010"]

    def test_that_was_put_back_fails_a_check(self, monkeypatch, module, name):
        monkeypatch.setattr(module, name, getattr(module, name).__wrapped__)
        assert "ipcontrol.E010" in codes()

    def test_that_is_only_imported_from_elsewhere_fails_a_check(self, monkeypatch, module, name):
        moved = functools.wraps(getattr(module, name))(lambda request: None)
        moved.__wrapped__ = lambda request: None
        moved.tells_caller = True
        monkeypatch.setattr(module, name, moved)
        assert codes() == ["ipcontrol.E010"]

    def test_that_is_gone_keeps_horizon_from_serving(self, monkeypatch, module, name):
        monkeypatch.delattr(module, name)
        with pytest.raises(ImproperlyConfigured, match=f"E010.*{name}"):
            WSGIHandler()


class TestComputeclient:
    """Horizon calls Nova with openstacksdk, too, since its release 26."""

    @pytest.fixture(autouse=True)
    def _gone(self, monkeypatch):
        monkeypatch.delattr(_nova, "computeclient", raising=False)

    def horizon(self, monkeypatch, version):
        monkeypatch.setattr(metadata, "version", {"horizon": version}.__getitem__)

    @pytest.mark.parametrize("version", ["25.3.2", "25.7.3", "25.3.1.dev9"])
    def test_need_not_be_there_before(self, monkeypatch, version):
        self.horizon(monkeypatch, version)
        assert codes() == []

    @pytest.mark.parametrize("version", ["26.0.0", "27.0.1.dev2", "100.0.0"])
    def test_must_be_there_since(self, monkeypatch, version):
        self.horizon(monkeypatch, version)
        assert codes() == ["ipcontrol.E010"]

    def test_must_be_there_where_nobody_knows_the_release(self, monkeypatch):
        def unknown(name):
            raise metadata.PackageNotFoundError(name)

        monkeypatch.setattr(metadata, "version", unknown)
        assert codes() == ["ipcontrol.E010"]


def test_another_function_that_makes_a_client_fails_a_check(monkeypatch):
    namespace = {"__name__": nova.__name__}
    exec("def fast_client(request):\n    return (lambda: openstack.Connection())()", namespace)
    monkeypatch.setattr(nova, "fast_client", namespace["fast_client"], raising=False)
    assert codes() == ["ipcontrol.E011"]


def imported(tree):
    """What a module imports of the packages that call Swift or Nova."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module]
        yield from (name for name in names if name.partition(".")[0] in CLIENTS)


def makers(tree):
    """What a module names that makes clients."""
    for node in ast.walk(tree):
        name = getattr(node, "attr", getattr(node, "id", None))
        if name in hooks.MAKERS:
            yield name


def test_no_other_module_of_horizon_makes_a_client_of_swift_or_nova():
    root = Path(openstack_dashboard.__file__).parents[1]
    found = set()
    for package in ("openstack_dashboard", "openstack_auth", "horizon"):
        for file in (root / package).rglob("*.py"):
            name = ".".join(file.relative_to(root).with_suffix("").parts)
            text = file.read_text()
            if ".test" in name or not any(maker in text for maker in hooks.MAKERS):
                continue
            tree = ast.parse(text)
            if any(imported(tree)) and any(makers(tree)):
                found.add(name)
    # openstacksdk for Neutron, where there is no other way to it.
    assert found - {"openstack_dashboard.api.neutron"} <= set(hooks.MODULES)
    assert found


def test_horizons_other_client_of_openstacksdk_is_neutrons_alone():
    text = Path(neutron.__file__).read_text()
    assert not re.search(r"\.(compute|object_store)\b", text)


def test_a_swiftclient_that_sends_otherwise_fails_a_check(monkeypatch):
    def head_account(self, headers=None):
        return {}

    monkeypatch.setattr(swiftclient.client.Connection, "head_account", head_account)
    assert codes() == ["ipcontrol.E012"]


def test_a_swiftclient_that_opens_connections_otherwise_fails_a_check(monkeypatch):
    monkeypatch.delattr(swiftclient.client.Connection, "http_connection")
    assert codes() == ["ipcontrol.E012", "ipcontrol.E013"]


def test_a_urllib3_that_reads_answers_otherwise_fails_a_check(monkeypatch):
    monkeypatch.setattr(header_lines._HTTPConnection, "response_class", http.client.HTTPResponse)
    assert codes() == ["ipcontrol.E013"]


def test_settings_that_cannot_be_used_keep_horizon_from_serving(settings):
    settings.IPCONTROL = {"TRUSTED_PROXIES": ["10.1.2.3/16"]}
    with pytest.raises(ImproperlyConfigured, match=r"10\.1\.0\.0/16"):
        WSGIHandler()


def test_a_horizon_that_tells_the_address_serves():
    assert WSGIHandler()


def test_the_middleware_stands_once_and_next_to_the_views():
    middleware.install()
    assert list(django_settings.MIDDLEWARE).count(middleware.NAME) == 1
    assert django_settings.MIDDLEWARE[-1] == middleware.NAME


def test_the_other_middleware_stands_once_and_before_all():
    middleware.install()
    assert list(django_settings.MIDDLEWARE).count(middleware.OUTERMOST) == 1
    assert django_settings.MIDDLEWARE[0] == middleware.OUTERMOST
