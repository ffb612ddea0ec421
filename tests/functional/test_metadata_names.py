# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Names of metadata that HTTP does not allow, byte by byte on a real Swift.

Swift stores such names, and Python's clients stop reading its answers there: an
allow item behind it would be in force and nobody would see it.
"""

import itertools
import socket
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from devcloud.addresses import LAB, swift_connection
from devcloud.cloud import Cloud
from devcloud.settings import DEFAULT_PROXIES, Proxy

NAMES = [b"A b", b"A\t", b" A", b'A"b', b"A(b)", b"A@b", b"A\x01", b"\xc3\xa4", b"A\xc2\xa0b",
         b"\xe0\xb8\x92", b"Allow ", b"Allow-A ", b"Allow-a b", b"Allow-\xe0\xb8\x92",
         b"Allow-\xe2\x84\xaa"]  # fmt: skip
# Those that Swift stores where nobody refuses them. Some it refuses itself, where a byte of
# UTF-8 looks to it like a capital letter of Latin-1.
STORED = [b"A b", b"A ", b'A"b', b"A@b", b"\xe0\xb8\x92", b"Allow-a b", b"Allow-\xe0\xb8\x92"]
_NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def swift(tmp_path_factory):
    """Alice's account, and a reseller's; both let the lab in."""
    proxies = DEFAULT_PROXIES | {
        name: Proxy(
            filters=name != "backstage",
            options={"proxy-server": {"allow_account_management": "true"}},
        )
        for name in ("swift", "backstage")
    }
    with Cloud(("swift",), proxies=proxies, state=tmp_path_factory.mktemp("names")) as cloud:
        people = {}
        for name in ("alice", "reseller"):
            owner = swift_connection(cloud, name, url=cloud.backstage_url)
            url, token = owner.get_auth()
            owner.post_account({"X-Account-Meta-Allow-All": "127.1.0.0/16"})
            people[name] = token, "/v1/" + url.rpartition("/")[2]
        yield SimpleNamespace(cloud=cloud, people=people)


def raw(url, source, method, path, *lines):
    """Send a request as it is written: its status, and the lines of the answer."""
    host = urlsplit(url)
    head = b"%s %s HTTP/1.1" % (method.encode(), path.encode())
    text = b"\r\n".join(
        [head, b"Host: x", b"Connection: close", b"Content-Length: 0", *lines, b"", b""]
    )
    with socket.create_connection((host.hostname, host.port), 30, (source, 0)) as connection:
        connection.sendall(text)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    return int(answer.split()[1]), answer.split(b"\r\n")


class Place:
    """A new container of Alice's, or an account of the reseller's; its metadata, set byte by byte."""

    def __init__(self, swift, kind):
        self.swift, self.kind = swift, kind.encode()
        token, path = swift.people["alice" if kind == "Container" else "reseller"]
        number = next(_NUMBERS)
        account = f"/v1/AUTH_names{number}"
        self.path = f"{path}/c{number}" if kind == "Container" else account
        self.token = b"X-Auth-Token: " + token.encode()
        created, _ = self.behind("PUT")
        assert created in (201, 202)
        listed, _ = self.behind("POST", self.item(b"Allow-Lab", b"127.1.0.0/16"))
        assert listed == 204

    def item(self, name, value, remove=b""):
        return b"X-%s%s-Meta-%s: %s" % (remove, self.kind, name, value)

    def do(self, method, *lines):
        return raw(self.swift.cloud.swift_url, LAB, method, self.path, self.token, *lines)

    def behind(self, method, *lines):
        url = self.swift.cloud.backstage_url
        return raw(url, "127.0.0.1", method, self.path, self.token, *lines)

    def stored(self):
        _, lines = self.behind("HEAD")
        prefix = b"x-%s-meta-" % self.kind.lower()
        return [line for line in lines if line.lower().startswith(prefix)]


@pytest.fixture(params=["Container", "Account"])
def place(swift, request):
    return Place(swift, request.param)


@pytest.mark.parametrize("before", [[], [b"B\xe9: x"]], ids=["alone", "behind another"])
@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("name", NAMES)
def test_none_is_stored(place, method, name, before):
    stored = place.stored()
    status, lines = place.do(method, *before, place.item(name, b"127.1.0.5"))
    assert status == 400
    assert b"Use letters, digits and hyphens" in lines[-1]
    assert place.stored() == stored


@pytest.mark.parametrize("name", STORED)
def test_swift_itself_stores_them(place, name):
    place.behind("POST", place.item(name, b"127.1.0.5"))
    assert len(place.stored()) == 2


@pytest.mark.parametrize("remove", [b"", b"Remove-"], ids=["empty", "X-Remove"])
@pytest.mark.parametrize("name", STORED)
def test_one_that_is_there_can_be_removed(place, name, remove):
    place.behind("POST", place.item(name, b"127.1.0.5"))
    assert len(place.stored()) == 2
    status, _ = place.do("POST", place.item(name, b"x" if remove else b"", remove))
    assert status == 204
    assert len(place.stored()) == 1


@pytest.mark.parametrize("name", [b"Allow ", b"Allow-A ", b"Allow-a b"])
def test_an_item_by_such_a_name_founds_no_container(swift, name):
    token, path = swift.people["alice"]
    line = b"X-Container-Meta-%s: 127.9.0.9" % name
    lines = (b"X-Auth-Token: " + token.encode(), line)
    status, _ = raw(swift.cloud.swift_url, "127.9.0.9", "PUT", f"{path}/founded", *lines)
    assert status == 400
