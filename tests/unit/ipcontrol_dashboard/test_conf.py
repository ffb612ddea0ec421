# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The settings, and what is said of those that cannot be used."""

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from ipcontrol.addresses import parse_network
from ipcontrol.host_groups import Unmapped
from ipcontrol_dashboard import conf
from ipcontrol_dashboard.carry import checks as ipcontrol_checks


def test_all_settings_have_defaults(settings):
    del settings.IPCONTROL
    assert conf.settings() == conf.Settings(
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
    assert conf.settings() == conf.Settings(
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
