# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What Swift answers while something is broken: never more than the lists grant."""

import threading
import time
from http.client import HTTPException

import pytest

from devcloud.addresses import LAB, OUTSIDER, swift_connection
from devcloud.cloud import Cloud
from devcloud.settings import Proxy
from tests.functional.doors import SECRET, send
from tests.functional.swift_faults import SwiftFaults

LAB_LIST = {"X-Container-Meta-Allow-Lab": "127.1.0.0/16"}
# What the proxies of this module keep of a container, in seconds; Swift's default is 60.
RECHECK = 2
_PROXY = {
    "recheck_container_existence": str(RECHECK),
    "recheck_account_existence": str(RECHECK),
    "error_suppression_interval": "1",
}
# Of the proxy that is asked while a server hangs.
_IMPATIENT = {"node_timeout": "5", "recoverable_node_timeout": "5"}
PROXIES = {
    "swift": Proxy(options={"proxy-server": _PROXY}),
    "sharing": Proxy(options={"proxy-server": _PROXY}),
    "alone": Proxy(shares_cache=False, options={"proxy-server": _PROXY | _IMPATIENT}),
    "without-memcached": Proxy(
        options={
            "proxy-server": _PROXY,
            "cache": {"use": "egg:swift#memcache", "memcache_servers": "127.0.0.1:1"},
            # Its tokens would be kept in memcached too.
            "authtoken": {"memcached_servers": ""},
        }
    ),
}


class Swift:
    """A container that only the lab's network reaches, seen through the proxies."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.faults = SwiftFaults(cloud)
        owner = swift_connection(cloud, url=cloud.backstage_url)
        url, self.token = owner.get_auth()
        self.path = "/v1/" + url.rpartition("/")[2]
        owner.post_account({"X-Account-Meta-Allow-All": "127.1.0.0/16"})
        self.owner = owner

    def make(self, name):
        self.owner.put_container(name, LAB_LIST)
        self.owner.put_object(name, "one", SECRET)

    def ask(self, source, path, method="GET", proxy="swift", headers=None):
        url = self.cloud.settings.url(proxy)
        headers = {"X-Auth-Token": self.token, **(headers or {})}
        return send(url, method, f"{self.path}/{path}", headers, b"", source)


@pytest.fixture(scope="module")
def swift(tmp_path_factory):
    with Cloud(("swift",), proxies=PROXIES, state=tmp_path_factory.mktemp("faults")) as cloud:
        yield Swift(cloud)


@pytest.fixture
def container(swift, request):
    name = request.node.name.partition("[")[0][-60:]
    swift.make(name)
    return name


@pytest.fixture(autouse=True)
def _nothing_is_remembered(swift):
    """Errors of storage servers, and what the caches know, are over before the next test."""
    yield
    time.sleep(RECHECK)


@pytest.mark.parametrize("source", [LAB, OUTSIDER])
@pytest.mark.parametrize("fault", ["stopped", "hanging"])
def test_while_the_list_cannot_be_read_nobody_is_let_in_and_all_are_told_to_try_again(
    swift, container, source, fault
):
    with getattr(swift.faults, fault)("container"):
        answer = swift.ask(source, f"{container}/one", proxy="alone")
    assert answer.status == 503
    assert "retry-after" in answer.headers
    assert SECRET not in answer.body


@pytest.mark.parametrize("source", [LAB, OUTSIDER])
def test_where_the_account_rules_and_cannot_be_read_nobody_is_let_in(swift, source):
    swift.owner.put_container("ruled-by-account")
    swift.owner.put_object("ruled-by-account", "one", SECRET)
    with swift.faults.stopped("account"):
        answer = swift.ask(source, "ruled-by-account/one", proxy="alone")
    assert (answer.status, SECRET in answer.body) == (503, False)


def test_a_broken_object_server_changes_no_decision(swift, container):
    with swift.faults.stopped("object"):
        assert swift.ask(LAB, f"{container}/one").status == 503
        assert swift.ask(OUTSIDER, f"{container}/one").status == 403


def test_without_memcached_the_lists_hold(swift, container):
    assert swift.ask(LAB, f"{container}/one", proxy="without-memcached").status == 200
    assert swift.ask(OUTSIDER, f"{container}/one", proxy="without-memcached").status == 403


def test_a_change_holds_at_once_on_the_proxy_that_took_it_and_on_those_that_share_its_cache(
    swift, container
):
    for proxy in ("swift", "sharing"):
        assert swift.ask(LAB, f"{container}/one", proxy=proxy).status == 200
    _shut_the_lab_out(swift, container)
    for proxy in ("swift", "sharing"):
        assert swift.ask(LAB, f"{container}/one", proxy=proxy).status == 403


def test_a_proxy_without_the_shared_cache_follows_within_recheck_container_existence(
    swift, container
):
    began = time.monotonic()
    assert swift.ask(LAB, f"{container}/one", proxy="alone").status == 200
    _shut_the_lab_out(swift, container)
    changed = time.monotonic()
    stale = swift.ask(LAB, f"{container}/one", proxy="alone").status
    # On a machine that was busy elsewhere meanwhile, it has forgotten already.
    assert stale == 200 or time.monotonic() - began > RECHECK
    asked = time.monotonic()
    while swift.ask(LAB, f"{container}/one", proxy="alone").status == 200:
        assert asked - changed < RECHECK + 0.5
        time.sleep(0.1)
        asked = time.monotonic()


def _shut_the_lab_out(swift, container):
    change = {"X-Container-Meta-Allow-Lab": "127.4.0.0/16", "X-Confirm-Lockout": "true"}
    assert swift.ask(LAB, container, "POST", headers=change).status == 204


def test_a_swift_that_is_killed_and_started_under_load_lets_nobody_in(swift, container):
    statuses = {LAB: [], OUTSIDER: []}
    over = threading.Event()

    def load(source):
        while not over.is_set():
            try:
                statuses[source].append(swift.ask(source, f"{container}/one").status)
            except (OSError, HTTPException):
                statuses[source].append(None)
                time.sleep(0.05)

    threads = [threading.Thread(target=load, args=(source,)) for source in (LAB, OUTSIDER) * 2]
    for thread in threads:
        thread.start()
    time.sleep(1)
    swift.cloud.stop_service("swift", kill=True)
    swift.cloud.start_service("swift")
    swift.cloud.wait_for_service("swift")
    deadline = time.monotonic() + 60
    while statuses[LAB][-1] != 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(1)
    over.set()
    for thread in threads:
        thread.join()
    assert set(statuses[OUTSIDER]) <= {403, 503, None}
    assert statuses[LAB][-1] == 200
    assert {200, None} <= set(statuses[LAB])
