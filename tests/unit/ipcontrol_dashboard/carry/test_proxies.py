# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A proxy that hides who comes through it is told of, and nothing else is."""

import logging
import socket

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.urls import resolve, reverse

from ipcontrol.addresses import parse_address
from ipcontrol_dashboard.carry import proxies
from ipcontrol_dashboard.carry.middleware import CallerMiddleware

OWN = "127.0.0.1"
FOREIGN = "192.0.2.7"
CALLER = "203.0.113.1"


@pytest.fixture(autouse=True)
def _fresh_process(monkeypatch):
    monkeypatch.setattr(proxies, "_logged", set())


@pytest.fixture
def page(person):
    """Makes the request of somebody for a page of a panel."""

    def at(address=OWN, administrator=True, panel="admin:host_groups", **environ):
        request = person(address, HTTP_X_FORWARDED_FOR=CALLER, **environ)
        request.user.is_superuser = administrator
        request.resolver_match = resolve(reverse(f"horizon:{panel}:index"))
        request._messages = CookieStorage(request)
        return request

    return at


def own_address():
    """An address of this machine's beyond loopback; None on a machine that has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((FOREIGN, 9))
        except OSError:
            return None
        return probe.getsockname()[0]


class TestProblem:
    @pytest.mark.parametrize("peer", [OWN, "127.8.0.1", "::1", "::ffff:127.0.0.1"])
    @pytest.mark.parametrize("mark", proxies.MARKS)
    def test_is_a_proxy_of_this_machine_that_is_not_named(self, person, peer, mark):
        key = "HTTP_" + mark.upper().replace("-", "_")
        assert proxies.problem(person(peer, **{key: "x"})) == proxies.UNNAMED

    def test_is_one_at_the_machines_own_address_too(self, person):
        peer = own_address()
        if peer is None:
            pytest.skip("this machine has no address beyond loopback")
        assert proxies.problem(person(peer, HTTP_X_FORWARDED_FOR=CALLER)) == proxies.UNNAMED

    def test_is_a_named_proxy_that_does_not_write_the_header(self, person, settings):
        settings.IPCONTROL = {"TRUSTED_PROXIES": [FOREIGN], "CLIENT_HEADER": "Forwarded"}
        request = person(FOREIGN, HTTP_X_FORWARDED_FOR=CALLER)
        assert proxies.problem(request) == proxies.SILENT

    def test_is_none_with_a_named_proxy_that_does(self, person, settings):
        settings.IPCONTROL = {"TRUSTED_PROXIES": [OWN]}
        request = person(OWN, HTTP_X_FORWARDED_FOR=CALLER, HTTP_X_FORWARDED_PROTO="https")
        assert proxies.problem(request) is None

    def test_is_none_with_a_browser_on_this_machine(self, person):
        assert proxies.problem(person(OWN)) is None

    def test_is_none_with_marks_that_anybody_may_send_from_elsewhere(self, person):
        marks = {"HTTP_X_FORWARDED_FOR": CALLER, "HTTP_FORWARDED": "for=x", "HTTP_VIA": "x"}
        assert proxies.problem(person(FOREIGN, **marks)) is None

    @pytest.mark.parametrize("peer", ["", "unreadable"])
    def test_is_none_with_a_caller_who_is_unknown_anyway(self, person, peer):
        assert proxies.problem(person(peer, HTTP_X_FORWARDED_FOR=CALLER)) is None


@pytest.mark.parametrize(
    "address", [FOREIGN, "0.0.0.0", "255.255.255.255", "2001:db8::1", "fe80::1", "ff02::1"]
)
def test_an_address_of_no_machine_or_another_is_not_ours(address):
    assert not proxies.is_own(parse_address(address))


class TestLog:
    def test_has_each_problem_once(self, person, settings, caplog):
        settings.IPCONTROL = {"TRUSTED_PROXIES": [FOREIGN]}
        for number in range(1, 6):
            proxies.watch(person(f"127.0.0.{number}", HTTP_X_FORWARDED_FOR=CALLER))
            proxies.watch(person(FOREIGN, HTTP_VIA="x"))
        unnamed, silent = caplog.records
        assert {unnamed.levelno, silent.levelno} == {logging.WARNING}
        assert f"The proxy {OWN} on Horizon's own machine" in unnamed.getMessage()
        assert f"The proxy {FOREIGN} passes on requests without X-Forwarded-For" in (
            silent.getMessage()
        )

    def test_has_nothing_of_what_the_request_brought(self, person, caplog):
        proxies.watch(person(OWN, HTTP_X_FORWARDED_FOR="line\nbreak"))
        assert "break" not in caplog.text

    def test_has_it_from_the_first_page_on(self, person, caplog):
        middleware = CallerMiddleware(lambda request: None)
        middleware.process_view(person(OWN, "/auth/login/", HTTP_VIA="x"), None, (), {})
        assert len(caplog.records) == 1


class TestPage:
    def told(self, request):
        proxies.watch(request)
        return [str(message) for message in get_messages(request)]

    @pytest.mark.parametrize("panel", ["admin:host_groups", "project:ip_whitelist"])
    def test_tells_administrators_each_time(self, page, panel):
        for _ in range(2):
            (sentence,) = self.told(page(panel=panel))
            assert f'{OWN} on Horizon\'s own machine is not in IPCONTROL["TRUSTED_PROXIES"]' in (
                sentence
            )

    @pytest.mark.parametrize(
        "other",
        [
            {"administrator": False},
            {"panel": "project:instances"},
            {"REQUEST_METHOD": "POST"},
            {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
            {"address": FOREIGN},
        ],
        ids=str,
    )
    def test_tells_nobody_and_nothing_else(self, page, other):
        assert self.told(page(**other)) == []
