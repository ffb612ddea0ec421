# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Who called, told by two proxies that share a real memcached."""

import getpass
import itertools
import json
import signal
import subprocess
import sys
import time

import pytest

from devcloud.addresses import LAB, OUTSIDER, PARTNER, swift_connection
from devcloud.cloud import Cloud
from devcloud.ports import Reservations
from devcloud.settings import BIND, Proxy
from ipcontrol.callers import Callers
from tests.functional.doors import send
from tests.functional.memcached import Memcached
from tests.functional.nginx import wait_for_ports

PROXIES = ("one", "two")
LISTS = {
    "X-Container-Meta-Allow-Lab": "127.1.0.0/16",
    "X-Container-Meta-Allow-Partner": "127.2.0.0/16; read-only",
}
_NUMBERS = itertools.count()


class Swift:
    """An account whose owner calls from the lab, by two proxies."""

    def __init__(self, cloud, memcached):
        self.memcached, self.settings = memcached, cloud.settings
        self.urls = {name: cloud.settings.url(name) for name in (*PROXIES, "backstage")}
        owner = swift_connection(cloud, url=cloud.backstage_url)
        url, self.token = owner.get_auth()
        self.path = "/v1/" + url.rpartition("/")[2]
        self.other = swift_connection(cloud, "carol", "partner").get_auth()[1]

    def container(self, **headers):
        """A container of a test's own."""
        name = f"/docs{next(_NUMBERS)}"
        assert self.ask("PUT", name, {**LISTS, **headers}, proxy="backstage").status == 201
        self.ask("PUT", f"{name}/one", body=b"one", proxy="backstage")
        return name

    def ask(self, method, path="", headers=None, source=LAB, proxy="one", body=b"", token=None):
        token = self.token if token is None else token
        headers = {**({"X-Auth-Token": token} if token else {}), **(headers or {})}
        return send(self.urls[proxy], method, self.path + path, headers, body, source)

    def question(self, name, **options):
        return self.ask("GET", f"{name}?ip-whitelist=callers", **options)

    def told(self, name, proxy="one"):
        answer = self.question(name, proxy=proxy)
        assert answer.status == 200, answer
        return Callers.from_json(json.loads(answer.body))

    def counts(self, name, proxy="one"):
        """(Reads, writes, refused) by address, once both proxies have merged what they know."""
        for each in PROXIES:
            self.told(name, each)
        return {
            str(caller.network.network_address): (caller.reads, caller.writes, caller.refused)
            for caller in self.told(name, proxy).callers
        }


@pytest.fixture(scope="module")
def swift(tmp_path_factory):
    with Memcached() as memcached:
        options = {"cache": memcached.options}
        proxies = {name: Proxy(options=options) for name in PROXIES}
        state = tmp_path_factory.mktemp("callers")
        with Cloud(("swift",), proxies=proxies, state=state) as cloud:
            yield Swift(cloud, memcached)


def test_two_proxies_tell_together_who_called_and_lose_nothing_of_each_other(swift):
    name = swift.container()
    for proxy, requests in (("one", 3), ("two", 4)):
        for _ in range(requests):
            assert swift.ask("GET", f"{name}/one", proxy=proxy).status == 200
            assert swift.ask("GET", f"{name}/one", source=PARTNER, proxy=proxy).status == 200
            assert swift.ask("PUT", f"{name}/new", source=PARTNER, proxy=proxy).status == 403
            assert swift.ask("HEAD", name, source=OUTSIDER, proxy=proxy).status == 403
            swift.counts(name)
    expected = {LAB: (7, 0, 0), PARTNER: (7, 0, 7), OUTSIDER: (0, 0, 7)}
    assert [swift.counts(name, proxy) for proxy in PROXIES] == [expected, expected]
    told = swift.told(name)
    refusals = {str(each.network.network_address): dict(each.refusals) for each in told.callers}
    assert refusals == {LAB: {}, PARTNER: {"read-only": 7}, OUTSIDER: {"not-listed": 7}}
    assert {(use.source, use.entry): use.requests for use in told.entries} == {
        ("container", "allow-lab"): 7,
        ("container", "allow-partner"): 7,
    }
    assert abs(told.since.timestamp() - time.time()) < 300


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "NONSENSE"])
def test_who_is_not_authorized_leaves_no_trace(swift, method):
    name = swift.container()
    page = {"X-Container-Meta-Web-Error": "error.html", "X-Container-Meta-Web-Listings": "true"}
    assert swift.ask("POST", name, page, proxy="backstage").status == 204
    swift.ask("PUT", f"{name}/401error.html", body=b"no", proxy="backstage")
    for token, source in itertools.product(("", "nonsense", swift.other), (LAB, OUTSIDER)):
        for path in (name, f"{name}/", f"{name}/one", f"{name}/one?version-id=1.00000"):
            for headers in (
                {},
                {"X-Container-Meta-Allow-Me": "0.0.0.0/0"},
                {"Destination": "a/b"},
            ):
                answer = swift.ask(method, path, headers, token=token, source=source)
                assert answer.status >= 400 or method == "OPTIONS", (token, path, headers)
    assert swift.counts(name) == {}


def test_only_the_owner_from_an_admitted_address_is_told(swift):
    name = swift.container(**{"X-Container-Read": "partner:carol,.r:*,.rlistings"})
    swift.ask("GET", f"{name}/one", source=PARTNER)
    told = {
        "owner": swift.question(name),
        "owner, read-only": swift.question(name, source=PARTNER),
        "owner, from elsewhere": swift.question(name, source=OUTSIDER),
        "reader": swift.question(name, token=swift.other),
        "public": swift.question(name, token=""),
        "nonsense": swift.question(name, token="nonsense"),
    }
    statuses = {who: answer.status for who, answer in told.items()}
    assert statuses == {
        "owner": 200,
        "owner, read-only": 200,
        "owner, from elsewhere": 403,
        "reader": 403,
        "public": 401,
        "nonsense": 401,
    }
    assert [who for who, answer in told.items() if PARTNER.encode() in answer.body] == [
        "owner",
        "owner, read-only",
    ]


def test_a_container_made_anew_by_the_same_name_tells_nothing_of_the_one_before_it(swift):
    name = swift.container()
    swift.ask("GET", f"{name}/one")
    assert swift.counts(name) == {LAB: (1, 0, 0)}
    assert swift.ask("DELETE", f"{name}/one").status == 204
    assert swift.ask("DELETE", name).status == 204
    # The account has no list, and the policy is to deny.
    assert swift.question(name).status == 403
    assert swift.ask("PUT", name, LISTS).status == 201
    assert swift.counts(name) == {}
    swift.ask("GET", name, proxy="two")
    assert swift.counts(name) == {LAB: (1, 0, 0)}


def test_with_memcached_away_requests_go_on_and_what_was_lost_is_told_to_be_missing(swift):
    name = swift.container()
    swift.ask("GET", f"{name}/one")
    assert swift.counts(name) == {LAB: (1, 0, 0)}
    first = swift.told(name).since
    swift.memcached.__exit__()
    try:
        assert swift.ask("GET", f"{name}/one").status == 200
        assert swift.ask("GET", f"{name}/one", source=OUTSIDER).status == 403
        answer = swift.question(name)
        assert (answer.status, answer.headers["x-ip-whitelist"]) == (503, "unavailable")
        time.sleep(1.1)
    finally:
        swift.memcached.__enter__()
    # What the worker itself had counted meanwhile is there; what was merged before is not.
    assert swift.counts(name) == {LAB: (1, 0, 0), OUTSIDER: (0, 0, 1)}
    assert swift.told(name).since > first


# As `swift-proxy-server` does it, with this cloud's swift.conf.
SERVER = """
import sys
from pathlib import Path
from devcloud.services.swift import prepare
from devcloud.settings import Settings
prepare(Settings.load(Path(sys.argv[1])))
from swift.common.wsgi import run_wsgi
sys.exit(run_wsgi(sys.argv[2], "proxy-server"))
"""


@pytest.fixture
def third_proxy(swift, tmp_path):
    """A proxy of Swift's own making, with one worker, that can be told to end."""
    reserved = Reservations()
    port = reserved.reserve_any()
    folder = swift.settings.folder("swift")
    text = (folder / "one.conf").read_text()
    text = text.replace(f"bind_port = {swift.settings.ports['one']}", f"bind_port = {port}")
    text = text.replace("workers = 0", f"workers = 1\nuser = {getpass.getuser()}")
    conf = tmp_path / "third.conf"
    conf.write_text(text)
    swift.urls["third"] = f"http://{BIND}:{port}"
    process = subprocess.Popen([sys.executable, "-c", SERVER, swift.settings.state, conf])
    wait_for_ports([port])
    yield process
    process.kill()
    process.wait(10)
    reserved.release()


def test_a_worker_that_is_reloaded_merges_what_it_counted(swift, third_proxy):
    name = swift.container()
    swift.ask("GET", f"{name}/one", proxy="third")
    assert swift.counts(name) == {}
    third_proxy.send_signal(signal.SIGHUP)
    third_proxy.wait(20)
    deadline = time.monotonic() + 20
    while swift.counts(name) != {LAB: (1, 0, 0)}:
        assert time.monotonic() < deadline
        time.sleep(0.2)
