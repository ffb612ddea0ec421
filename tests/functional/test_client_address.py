# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Whom a real Swift takes for the caller, whatever the headers say."""

import re
import socket
from urllib.parse import urlsplit

import pytest

from devcloud.addresses import LAB, OUTSIDER, bound_to, swift_connection
from devcloud.cloud import Cloud
from devcloud.settings import Proxy

# What the proxies of this cloud trust, unless they trust nobody.
BALANCER = "127.0.0.1"
STRICT = {"ip_whitelist": {"admit_local": "no"}}
PROXIES = {
    "balanced": Proxy(options=STRICT),
    "distrusting": Proxy(options={**STRICT, "client_address": {"trusted_proxies": ""}}),
    "forwarded": Proxy(options={**STRICT, "client_address": {"header": "Forwarded"}}),
    "chained": Proxy(
        options={**STRICT, "client_address": {"trusted_proxies": f"{BALANCER}, 10.0.0.0/24"}}
    ),
}


class Door:
    """One container that 127.1.0.0/16 may read, and the proxies in front of it."""

    def __init__(self, cloud):
        self.cloud = cloud
        with bound_to(BALANCER):
            backstage = swift_connection(cloud, url=cloud.backstage_url)
            items = {"X-Container-Meta-Allow": "127.1.0.0/16"}
            backstage.put_container("docs", headers=items)
            backstage.put_object("docs", "report", b"secret")
        url, self._token = backstage.get_auth()
        self._path = urlsplit(url).path + "/docs/report"

    def ask(self, proxy, source, *lines):
        """The status that a GET with these header lines gets, and the whole answer."""
        parts = urlsplit(self.cloud.settings.url(proxy))
        head = [f"GET {self._path} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
        request = "\r\n".join([*head, f"X-Auth-Token: {self._token}", *lines, "", ""])
        address = (parts.hostname, parts.port)
        with socket.create_connection(address, 30, source_address=(source, 0)) as connection:
            connection.sendall(request.encode("latin-1"))
            answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode("latin-1")
        return int(answer.split()[1]), answer

    def passes(self, proxy, source, *lines):
        status, answer = self.ask(proxy, source, *lines)
        assert status in {200, 400, 403}, answer
        assert (status == 200) == ("secret" in answer)
        return status == 200


@pytest.fixture(scope="module")
def door():
    with Cloud(services=("keystone", "swift"), proxies=PROXIES) as cloud:
        yield Door(cloud)


CLAIMS = [
    f"X-Forwarded-For: {LAB}",
    f"Forwarded: for={LAB}",
    f"X-Cluster-Client-Ip: {LAB}",
    f"X-Real-Ip: {LAB}",
    f"True-Client-Ip: {LAB}",
    f"X_Forwarded_For: {LAB}",
    f"X-FORWARDED-FOR:{LAB}",
    f"Remote-Addr: {LAB}",
    f"Client_Address: {LAB}",
    f"X-Backend-Client-Address: {LAB}",
]


@pytest.mark.parametrize("proxy", PROXIES)
@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_of_somebody_else_is_not_believed(door, proxy, claim):
    assert not door.passes(proxy, OUTSIDER, claim)


@pytest.mark.parametrize("proxy", PROXIES)
@pytest.mark.parametrize("claim", [claim.replace(LAB, OUTSIDER) for claim in CLAIMS])
def test_nor_does_it_shut_anybody_out(door, proxy, claim):
    assert door.passes(proxy, LAB, claim)


@pytest.mark.parametrize(
    ("proxy", "lines"),
    [
        ("balanced", [f"X-Forwarded-For: {LAB}"]),
        ("balanced", [f"X-Forwarded-For: {OUTSIDER}, {LAB}"]),
        ("balanced", [f"X-Forwarded-For: {OUTSIDER}", f"X-Forwarded-For: {LAB}"]),
        ("balanced", [f"X-Forwarded-For: junk,{LAB}:4711"]),
        ("balanced", [f"X-Forwarded-For: {LAB}", f"Forwarded: for={OUTSIDER}"]),
        ("balanced", [f"X-Forwarded-For: {LAB}", f"X_Forwarded_For: {OUTSIDER}"]),
        ("balanced", [f"X-Forwarded-For: {LAB}", f"X-Cluster-Client-Ip: {OUTSIDER}"]),
        ("balanced", [f"X-Forwarded-For: ::ffff:{LAB}"]),
        ("balanced", [f"X-Forwarded-For: {LAB}, {BALANCER}"]),
        ("balanced", ["X-Forwarded-For: " + ", ".join([OUTSIDER] * 600 + [LAB])]),
        ("chained", [f"X-Forwarded-For: {OUTSIDER}, {LAB}, 10.0.0.7"]),
        ("forwarded", [f"Forwarded: for={LAB}"]),
        ("forwarded", [f'Forwarded: for={OUTSIDER}, for="{LAB}:80";proto=https']),
        ("forwarded", [f"Forwarded: for={LAB}", f"X-Forwarded-For: {OUTSIDER}"]),
    ],
)
def test_what_the_trusted_proxy_says_is_believed(door, proxy, lines):
    assert door.passes(proxy, BALANCER, *lines)


@pytest.mark.parametrize(
    ("proxy", "lines"),
    [
        ("balanced", []),
        ("balanced", [f"X-Forwarded-For: {LAB}, {OUTSIDER}"]),
        ("balanced", [f"X-Forwarded-For: {LAB}", f"X-Forwarded-For: {OUTSIDER}"]),
        ("balanced", [f"X-Forwarded-For: {LAB}, junk"]),
        ("balanced", [f"X-Forwarded-For: {LAB},"]),
        ("balanced", [f"X-Forwarded-For: {LAB};{LAB}"]),
        ("balanced", ["X-Forwarded-For: 127.1.0.05"]),
        ("balanced", [f"X-Forwarded-For: {LAB}%lo"]),
        ("balanced", [f"Forwarded: for={LAB}"]),
        ("balanced", [f"X_Forwarded_For: {LAB}"]),
        ("balanced", [f"X-Forwarded-For: {OUTSIDER}", f"X_Forwarded_For: {LAB}"]),
        ("balanced", [f"X-Forwarded-For: {OUTSIDER}", f"X-Cluster-Client-Ip: {LAB}"]),
        ("balanced", ["X-Forwarded-For: " + ", ".join([LAB] * 600 + [OUTSIDER])]),
        ("balanced", ["X-Forwarded-For: " + ", ".join([LAB] * 2000)]),
        ("chained", [f"X-Forwarded-For: {LAB}, {OUTSIDER}, 10.0.0.7"]),
        ("forwarded", [f"X-Forwarded-For: {LAB}"]),
        ("forwarded", [f"Forwarded: for={LAB}, for={OUTSIDER}"]),
        ("forwarded", [f'Forwarded: for="{LAB}, for={OUTSIDER}']),
        ("forwarded", [f"Forwarded: for={LAB};for={LAB}"]),
        ("forwarded", [f"Forwarded: by={LAB}"]),
    ],
)
def test_only_the_last_hop_that_is_not_trusted_is_the_caller(door, proxy, lines):
    assert not door.passes(proxy, BALANCER, *lines)


def test_a_header_that_breaks_pythons_parser_hides_nothing(door):
    """What follows a name that is not ASCII, Swift parses by itself, underscores and all."""
    broken = "X-Caf\xc3\xa9: 1"
    assert not door.passes("balanced", OUTSIDER, broken, f"X-Forwarded-For: {LAB}")
    assert not door.passes(
        "balanced", BALANCER, f"X-Forwarded-For: {OUTSIDER}", broken, f"X_Forwarded_For: {LAB}"
    )
    assert door.passes(
        "balanced", BALANCER, f"X-Forwarded-For: {LAB}", broken, f"X_Forwarded_For: {OUTSIDER}"
    )


def test_the_line_in_the_log_names_the_caller(door):
    _, answer = door.ask("balanced", BALANCER, f"X-Forwarded-For: {LAB}, {OUTSIDER}")
    (txn,) = re.findall(r"X-Trans-Id: (\S+)", answer, re.IGNORECASE)
    log = door.cloud.log("swift").read_text()
    (line,) = [line for line in log.splitlines() if txn in line and "ip_whitelist" in line]
    assert f"from {OUTSIDER}: refused" in line
    assert LAB not in line
