# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Three replicas, one of which missed that an address was taken off a list."""

import time

import pytest

from devcloud.addresses import LAB, OUTSIDER, swift_connection
from devcloud.cloud import Cloud
from devcloud.settings import Proxy
from tests.functional.doors import send
from tests.functional.swift_faults import SwiftFaults

# Seconds for which a proxy does not ask a device that failed.
SUPPRESSION = 1
PROXIES = {
    "swift": Proxy(
        options={
            "proxy-server": {
                "error_suppression_interval": str(SUPPRESSION),
                # As on a proxy whose minute of cache is over: each look-up asks a replica.
                "container_existence_skip_cache_pct": "100",
                "account_existence_skip_cache_pct": "100",
            }
        }
    )
}
LISTS = {"container": "docs", "base container": "docs_segments", "account": "unlisted"}
# Enough for each replica to be asked once.
ROUNDS = 12


class Swift:
    def __init__(self, cloud):
        self.faults = SwiftFaults(cloud)
        owner = swift_connection(cloud, url=cloud.backstage_url)
        url, self.token = owner.get_auth()
        self.path = "/v1/" + url.rpartition("/")[2]
        self.urls = {name: cloud.settings.url(name) for name in ("swift", "backstage")}

    def ask(self, method, name, headers=None, source=LAB, proxy="swift", body=b""):
        headers = {"X-Auth-Token": self.token, **(headers or {})}
        path = f"{self.path}/{name}".rstrip("/")
        return send(self.urls[proxy], method, path, headers, body, source)

    def behind(self, method, name, headers=None, body=b""):
        answer = self.ask(method, name, headers, proxy="backstage", body=body)
        assert answer.status < 300, answer
        return answer


@pytest.fixture(scope="module")
def swift(tmp_path_factory):
    state = tmp_path_factory.mktemp("replicas")
    with Cloud(("swift",), proxies=PROXIES, replicas=3, state=state) as cloud:
        swift = Swift(cloud)
        swift.behind("POST", "", {"X-Account-Meta-Allow-Lab": "127.1.0.0/16"})
        yield swift


def until_it_is(wanted, ask):
    deadline = time.monotonic() + 20
    while ask() != wanted:
        assert time.monotonic() < deadline


def header(kind, label):
    return f"X-{'Account' if kind == 'account' else 'Container'}-Meta-Allow-{label}"


@pytest.fixture(params=LISTS)
def stale(swift, request):
    """A list from which the outsider was removed while the third replica was away."""
    kind = request.param
    ruling = {"account": ""}.get(kind, "docs")
    both = {header(kind, "Lab"): "127.1.0.0/16", header(kind, "Gone"): OUTSIDER}
    swift.behind("PUT", LISTS[kind])
    swift.behind("PUT" if ruling else "POST", ruling, both)
    with swift.faults.device_away("d3"):
        answer = swift.ask("POST", ruling, {header(kind, "Gone"): ""})
        assert answer.status == 204, answer
    time.sleep(SUPPRESSION + 0.2)
    return kind


def test_an_address_that_was_removed_does_not_put_itself_back_by_a_replica_that_missed_it(
    swift, stale
):
    name = LISTS[stale]
    mine = {"X-Container-Meta-Allow-Me": OUTSIDER}
    # A plain read asks one replica: where none is stale, this would prove nothing.
    until_it_is(204, lambda: swift.ask("HEAD", name, source=OUTSIDER).status)
    tried = {swift.ask("POST", name, mine, source=OUTSIDER).status for _ in range(ROUNDS)}
    # As where there is no container: he is not on the account's list.
    assert tried == {404}
    until_it_is(403, lambda: swift.ask("HEAD", name, source=OUTSIDER).status)


def test_the_owner_changes_the_list_whatever_the_third_replica_holds(swift, stale):
    name = LISTS[stale]
    mine = {"X-Container-Meta-Allow-Lab": "127.1.0.0/16, 127.4.0.0/16"}
    assert {swift.ask("POST", name, mine).status for _ in range(ROUNDS)} == {204}
