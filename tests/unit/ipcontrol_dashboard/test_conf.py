# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The settings, and what is said of those that cannot be used."""

import re
from pathlib import Path

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

import ipcontrol_dashboard
from ipcontrol.addresses import parse_network
from ipcontrol.host_groups import Unmapped
from ipcontrol_dashboard import conf
from ipcontrol_dashboard.carry import checks as ipcontrol_checks
from tests.unit.documentation import DOCS, ansible_variables, blocks


def test_all_settings_have_defaults(settings):
    del settings.IPCONTROL
    assert conf.settings() == conf.DashboardSettings(
        trusted_proxies=(),
        client_header="X-Forwarded-For",
        forward_header="X-Forwarded-For",
        unmapped=Unmapped.ANY,
        counted_hosts=300,
    )


def test_settings_are_read_into_types(settings):
    settings.IPCONTROL = {
        "TRUSTED_PROXIES": ["192.0.2.10", "2001:db8::/48"],
        "CLIENT_HEADER": "Forwarded",
        "FORWARD_HEADER": "Forwarded",
        "UNMAPPED": "none",
        "COUNTED_HOSTS": 1000,
    }
    assert conf.settings() == conf.DashboardSettings(
        (parse_network("192.0.2.10"), parse_network("2001:db8::/48")),
        "Forwarded",
        "Forwarded",
        Unmapped.NONE,
        1000,
    )


@pytest.mark.parametrize(
    ("configured", "code", "words"),
    [
        (["TRUSTED_PROXIES"], "E001", "not a dictionary"),
        ({"TRUSTED_PROXY": []}, "E002", "TRUSTED_PROXY"),
        ({"TRUSTED_PROXIES": "192.0.2.10"}, "E003", "not a list"),
        ({"TRUSTED_PROXIES": ["10.1.2.3/16"]}, "E004", "10.1.0.0/16"),
        ({"TRUSTED_PROXIES": [10]}, "E004", "10"),
        ({"CLIENT_HEADER": "X-Real-IP"}, "E005", "X-Real-IP"),
        ({"FORWARD_HEADER": None}, "E006", "None"),
        ({"FORWARD_HEADER": []}, "E006", "[]"),
        ({"UNMAPPED": "all"}, "E007", "all"),
        ({"COUNTED_HOSTS": "many"}, "E008", "many"),
        ({"COUNTED_HOSTS": -1}, "E008", "-1"),
        ({"COUNTED_HOSTS": True}, "E008", "True"),
    ],
)
def test_a_setting_that_cannot_be_used_fails_a_check(settings, configured, code, words):
    settings.IPCONTROL = configured
    (found,) = ipcontrol_checks.check_settings()
    assert (found.level, found.id) == (checks.ERROR, f"ipcontrol.{code}")
    assert words in found.msg
    assert found.hint


def test_settings_that_cannot_be_used_are_not_guessed(settings):
    settings.IPCONTROL = {"TRUSTED_PROXIES": ["10.1.2.3/16"]}
    with pytest.raises(ImproperlyConfigured, match=r"10\.1\.0\.0/16"):
        conf.settings()


def test_good_settings_pass_all_checks(settings):
    settings.IPCONTROL = {"TRUSTED_PROXIES": ("192.0.2.10",)}
    assert checks.run_checks(tags=[ipcontrol_checks.TAG]) == []


@pytest.mark.parametrize(
    "name",
    [
        "SECURE_PROXY_ADDR_HEADER",
        "SECURE_PROXY_SSL_HEADER",
        "USE_X_FORWARDED_HOST",
        "USE_X_FORWARDED_PORT",
    ],
)
class TestProxyBeforeHorizon:
    def test_that_the_plugin_does_not_know_is_warned_about(self, settings, name):
        setattr(settings, name, "HTTP_X_FORWARDED_FOR")
        (found,) = ipcontrol_checks.check_proxy()
        assert (found.level, found.id) == (checks.WARNING, "ipcontrol.W001")

    def test_that_the_plugin_knows_is_fine(self, settings, name):
        setattr(settings, name, "HTTP_X_FORWARDED_FOR")
        settings.IPCONTROL = {"TRUSTED_PROXIES": ["192.0.2.10"]}
        assert ipcontrol_checks.check_proxy() == []


def _documented():
    """The settings that the documentation shows, as Python."""
    role = ansible_variables()["horizon_extra_local_settings"]
    return {
        # As the role's template writes them.
        "OpenStack-Ansible": "".join(f"{name} = {value}\n" for name, value in role.items()),
        "Kolla-Ansible": blocks("install/kolla-ansible.md", "python")[0],
        "load balancers": blocks("install/load-balancers.md", "python")[0],
        "configuration": blocks("configuration/horizon.md", "python")[0],
    }


@pytest.mark.parametrize("text", _documented().values(), ids=_documented())
def test_the_documented_settings_can_be_used(settings, text):
    found = {}
    exec(text, found)
    settings.IPCONTROL = found["IPCONTROL"]
    assert len(conf.settings().trusted_proxies) == len(settings.IPCONTROL["TRUSTED_PROXIES"]) > 0


def test_openstack_ansible_finds_the_enabled_files():
    """Its role links what is in the folder "enabled" of packages that are named so."""
    assert re.fullmatch("^.*(dashboard|ui)$", ipcontrol_dashboard.__name__)
    names = [file.name for file in Path(DOCS.parent, "enabled").glob("_[0-9]*.py")]
    assert len(names) == 3
    assert all(re.fullmatch("_[0-9]{2,5}_.*.py", name) for name in names)
