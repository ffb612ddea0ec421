# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A list that changes while proxies look it up, and while requests last that it rules."""

import contextlib
import io
import itertools
import json
import socket
import tarfile
import threading
import time
from urllib.parse import urlsplit

import pytest

from devcloud.addresses import OUTSIDER, swift_connection
from devcloud.cloud import Cloud
from devcloud.settings import Proxy
from tests.functional.doors import send
from tests.functional.swift_faults import SwiftFaults

LAB_NETWORK = "127.1.0.0/16"
# Of the clients that hammer; and of what a look-up takes on a storage server under load.
CLIENTS = 4
SLOW_SECONDS = 2.5
# A second after the answer, a change is in force.
GRACE_SECONDS = 1
ROUNDS = 2
# The owner of these tests changes lists from here without looking one up.
OPERATOR = "127.7.0.5"
OPTIONS = {"ip_whitelist": {"unlisted": "deny", "always_allow": OPERATOR}}
PROXIES = {"swift": Proxy(options=OPTIONS), "sharing": Proxy(options=OPTIONS)}
CONFIRMED = {"X-Confirm-Lockout": "true"}
_NUMBERS = itertools.count()


class Swift:
    def __init__(self, cloud):
        self.faults = SwiftFaults(cloud)
        owner = swift_connection(cloud, url=cloud.backstage_url)
        url, self.token = owner.get_auth()
        self.path = "/v1/" + url.rpartition("/")[2]
        self.urls = {name: cloud.settings.url(name) for name in (*PROXIES, "backstage")}

    def ask(self, method, name, headers=None, source=OUTSIDER, proxy="swift", body=b""):
        headers = {"X-Auth-Token": self.token, **(headers or {})}
        path = f"{self.path}/{name}".rstrip("/")
        return send(self.urls[proxy], method, path, headers, body, source)

    def behind(self, method, name, headers=None, body=b""):
        answer = self.ask(method, name, headers, "127.0.0.1", "backstage", body)
        assert answer.status < 300, answer
        return answer

    def change(self, name, headers):
        answer = self.ask("POST", name, {**headers, **CONFIRMED}, source=OPERATOR)
        assert answer.status == 204, answer

    @contextlib.contextmanager
    def connection(self):
        """A connection from the outsider that takes little at a time."""
        host = urlsplit(self.urls["swift"])
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.bind((OUTSIDER, 0))
            connection.connect((host.hostname, host.port))
            connection.settimeout(30)
            yield connection

    def begin(self, connection, method, name, *headers):
        lines = [f"{method} {self.path}/{name} HTTP/1.1", "Host: x", "Connection: close"]
        lines += [f"X-Auth-Token: {self.token}", *headers, "", ""]
        connection.sendall("\r\n".join(lines).encode())


@pytest.fixture(scope="module")
def swift(tmp_path_factory):
    state = tmp_path_factory.mktemp("look-ups")
    with Cloud(("swift",), proxies=PROXIES, state=state) as cloud:
        yield Swift(cloud)


class Ruled:
    """A container with an object, and the list that admits the outsider to it or not."""

    def __init__(self, swift, kind):
        base = f"ruled{next(_NUMBERS)}"
        self.swift = swift
        self.kind = kind
        self.name = f"{base}_segments" if kind == "base container" else base
        self.list = "" if kind == "account" else base
        prefix = "X-Account-Meta-Allow" if kind == "account" else "X-Container-Meta-Allow"
        self.header = prefix + "-Outsider"
        swift.behind("PUT", base)
        swift.behind("PUT", self.name)
        swift.change(self.list, {prefix + "-Lab": LAB_NETWORK})
        swift.behind("PUT", f"{self.name}/one", body=b"one")

    def admit(self):
        self.swift.change(self.list, {self.header: OUTSIDER})

    def remove(self):
        self.swift.change(self.list, {self.header: ""})

    def end(self):
        if self.kind == "account":
            self.swift.change("", {self.header: "", "X-Account-Meta-Allow-Lab": ""})


@pytest.fixture(params=["container", "base container", "account"])
def ruled(swift, request):
    ruled = Ruled(swift, request.param)
    yield ruled
    ruled.end()


@pytest.fixture
def hammer(swift):
    """Have clients keep asking through both proxies; notes when each began, and its status."""
    over, noted, threads = threading.Event(), [], []

    def ask(proxy, path):
        while not over.is_set():
            began = time.monotonic()
            noted.append((began, swift.ask("GET", path, proxy=proxy).status))

    def start(path):
        proxies = itertools.islice(itertools.cycle(PROXIES), CLIENTS)
        threads.extend(threading.Thread(target=ask, args=(each, path)) for each in proxies)
        for thread in threads:
            thread.start()
        return noted

    yield start
    over.set()
    for thread in threads:
        thread.join()


def test_a_removal_is_in_force_a_second_later_however_slow_a_look_up_was_that_it_overtook(
    swift, ruled, hammer
):
    kind = "account" if ruled.kind == "account" else "container"
    noted = hammer(f"{ruled.name}/one")
    for _ in range(ROUNDS):
        swift.faults.delay(kind, SLOW_SECONDS, count=CLIENTS - 1)
        ruled.admit()
        time.sleep(0.5)
        ruled.remove()
        removed = time.monotonic()
        time.sleep(SLOW_SECONDS + 0.5)
        late = [status for began, status in noted if began > removed + GRACE_SECONDS]
        assert set(late) == {403}
        assert 200 in {status for _, status in noted}


def test_a_creation_is_in_force_a_second_later_however_slow_a_look_up_was_that_it_overtook(
    swift, hammer
):
    name = f"made{next(_NUMBERS)}"
    everybody = {"X-Account-Meta-Allow-All": "0.0.0.0/0"}
    swift.change("", everybody)
    swift.faults.delay("container", SLOW_SECONDS, count=CLIENTS - 1)
    noted = hammer(name)
    time.sleep(0.5)
    headers = {"X-Container-Meta-Allow-Lab": LAB_NETWORK, **CONFIRMED}
    assert swift.ask("PUT", name, headers, source=OPERATOR).status == 201
    made = time.monotonic()
    time.sleep(SLOW_SECONDS + 0.5)
    late = {status for began, status in noted if began > made + GRACE_SECONDS}
    swift.change("", dict.fromkeys(everybody, ""))
    assert late == {403}
    assert 404 in {status for _, status in noted}


# --- Requests that last ----------------------------------------------------------

# Seconds after which a part of a request is judged anew, and a little.
LASTING_SECONDS = 2.5
# The archive is read in blocks of ten.
MEMBERS = 20


def member(name):
    """A file in a tar archive."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        info = tarfile.TarInfo(name)
        info.size = 4
        archive.addfile(info, io.BytesIO(b"bulk"))
    return stream.getvalue()[: 2 * tarfile.BLOCKSIZE]


def test_what_a_long_upload_brings_after_a_removal_is_refused(swift, ruled):
    ruled.admit()

    def chunk(content):
        connection.sendall(b"%x\r\n%s\r\n" % (len(content), content))

    with swift.connection() as connection:
        swift.begin(
            connection, "PUT", f"{ruled.name}?extract-archive=tar", "Transfer-Encoding: chunked"
        )
        for number in range(MEMBERS):
            chunk(member(f"before{number}"))
        time.sleep(0.5)
        ruled.remove()
        time.sleep(LASTING_SECONDS)
        for number in range(MEMBERS):
            chunk(member(f"after{number}"))
        chunk(bytes(2 * tarfile.BLOCKSIZE))
        chunk(b"")
        report = b"".join(iter(lambda: connection.recv(65536), b""))
    assert b"403 Forbidden" in report
    names = swift.behind("GET", ruled.name).body
    assert (b"before0" in names, b"after" in names) == (True, False)


def test_a_large_object_ends_with_the_segment_at_which_its_reader_is_removed(swift):
    ruled = Ruled(swift, "container")
    ruled.admit()
    segment = b"S" * 4_000_000
    for number in range(6):
        swift.behind("PUT", f"{ruled.name}/part{number}", body=segment)
    parts = [{"path": f"/{ruled.name}/part{number}"} for number in range(6)]
    manifest = json.dumps(parts).encode()
    swift.behind("PUT", f"{ruled.name}/large?multipart-manifest=put", body=manifest)
    with swift.connection() as connection:
        swift.begin(connection, "GET", f"{ruled.name}/large")
        received = len(connection.recv(4096))
        ruled.remove()
        time.sleep(LASTING_SECONDS)
        with contextlib.suppress(ConnectionResetError):
            while more := len(connection.recv(2**20)):
                received += more
    # What was under way, and what lay in buffers.
    assert 0 < received < 4 * len(segment)
