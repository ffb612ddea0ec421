# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Names of an account's networks on a real Swift: in force in all containers, on all proxies."""

import json
import time

import pytest

from devcloud.addresses import LAB, OUTSIDER, PARTNER, swift_connection
from devcloud.cloud import Cloud
from devcloud.settings import Proxy
from tests.functional.doors import SECRET, send

PROXIES = ("one", "two")
# A look every two seconds, and one more where the file was written just then.
SECONDS = 20
CONTAINERS = ("docs", "docs_segments", "more")
LAB_NETWORK, PARTNER_NETWORK = "127.1.0.0/16", "127.2.0.0/16"
# Beside the office, so that the account stays within reach whatever the office becomes.
OWNER = {"X-Account-Meta-Allow-Owner": LAB_NETWORK}


class Swift:
    """An account whose owner calls from the lab."""

    def __init__(self, cloud):
        self.urls = {name: cloud.settings.url(name) for name in PROXIES}
        owner = swift_connection(cloud, url=cloud.backstage_url)
        url, self.token = owner.get_auth()
        owner.post_account(OWNER)
        self.path = "/v1/" + url.rpartition("/")[2]
        self.file = cloud.settings.folder("swift") / "ipcontrol-networks.json"

    def ask(self, method, path="", headers=None, body=b"", source=LAB, proxy="one"):
        headers = {"X-Auth-Token": self.token, **(headers or {})}
        path = path[1:] if path.startswith("!") else self.path + path
        return send(self.urls[proxy], method, path, headers, body, source)

    def who_reads(self, path):
        """Of three callers, those that each of the proxies lets read."""
        return [
            {
                source
                for source in (LAB, PARTNER, OUTSIDER)
                if self.ask("GET", path, source=source, proxy=proxy).status == 200
            }
            for proxy in PROXIES
        ]

    def define(self, networks, confirm=False):
        headers = {"X-Account-Meta-Network-Office": networks}
        return self.ask("POST", "", headers | ({"X-Confirm-Lockout": "true"} if confirm else {}))

    def publish(self, **names):
        """Write the operator's file, all at once."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps(names))
        fresh.replace(self.file)

    def told(self):
        return json.loads(self.ask("GET", path="!/info").body)["ip_whitelist"]["names"]


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    state = tmp_path_factory.mktemp("names")
    with Cloud(("swift",), proxies={name: Proxy() for name in PROXIES}, state=state) as cloud:
        yield Swift(cloud)


@pytest.fixture
def swift(running):
    assert (
        running.ask("POST", "", {**OWNER, "X-Account-Meta-Network-Office": LAB_NETWORK}).status
        == 204
    )
    for name in CONTAINERS:
        headers = {} if name == "docs_segments" else {"X-Container-Meta-Allow": "@office"}
        assert running.ask("PUT", f"/{name}", headers).status in (201, 202)
        assert running.ask("PUT", f"/{name}/one", body=SECRET).status == 201
    return running


def test_one_change_is_in_force_in_all_containers_on_both_proxies(swift):
    assert [swift.who_reads(f"/{name}/one") for name in CONTAINERS] == [[{LAB}, {LAB}]] * 3
    assert swift.define(f"{LAB_NETWORK}, {PARTNER_NETWORK}").status == 204
    assert [swift.who_reads(f"/{name}/one") for name in CONTAINERS] == [[{LAB, PARTNER}] * 2] * 3


def test_a_name_that_is_deleted_opens_nothing_and_comes_back_with_its_definition(swift):
    assert swift.define("").status == 204
    assert [swift.who_reads(f"/{name}/one") for name in CONTAINERS] == [[set(), set()]] * 3
    assert swift.define(PARTNER_NETWORK).status == 204
    assert [swift.who_reads(f"/{name}/one") for name in CONTAINERS] == [[{PARTNER}] * 2] * 3


def test_a_reference_to_nothing_is_not_stored_and_says_so(swift):
    answer = swift.ask("POST", "/docs", {"X-Container-Meta-Allow-Home": "@home"})
    assert (answer.status, answer.headers["x-ip-whitelist"]) == (400, "malformed")
    assert swift.who_reads("/docs/one") == [{LAB}, {LAB}]


def test_who_reaches_the_account_by_a_name_alone_is_not_shut_out_by_its_change(swift):
    headers = {"X-Account-Meta-Allow-Owner": "@office"}
    assert swift.ask("POST", "", headers).status == 204
    for networks in (PARTNER_NETWORK, ""):
        answer = swift.define(networks)
        assert (answer.status, answer.headers["x-ip-whitelist"]) == (409, "lockout")
    assert swift.define(f"{PARTNER_NETWORK} {LAB_NETWORK}").status == 204
    assert swift.ask("POST", "", OWNER).status == 204


def test_networks_by_the_hundred_go_by_one_name(swift):
    """As many as the account's metadata hold, over several items."""
    headers = {
        f"X-Account-Meta-Network-Many{'' if part == 1 else f'.{part}'}": ", ".join(
            f"127.2.{part}.{number}" for number in range(1, 18)
        )
        for part in range(1, 11)
    }
    assert swift.ask("POST", "", headers).status == 204
    assert swift.ask("POST", "/docs", {"X-Container-Meta-Allow": "@office @many"}).status == 204
    for source, status in (("127.2.10.17", 200), ("127.2.1.1", 200), ("127.2.10.18", 403)):
        assert swift.ask("GET", "/docs/one", source=source).status == status


def within_seconds(find, expected):
    """Wait until something is so, on both proxies, without anybody telling them."""
    ends = time.monotonic() + SECONDS
    while (found := find()) != expected:
        assert time.monotonic() < ends, found
        time.sleep(0.2)


class TestNamesOfTheOperator:
    @pytest.fixture(autouse=True)
    def _container(self, swift):
        swift.publish(campus=[LAB_NETWORK])
        within_seconds(lambda: list(swift.told()), ["campus"])
        headers = {"X-Container-Meta-Allow": "@campus"}
        assert swift.ask("POST", "/docs", headers).status == 204

    def test_a_change_of_the_file_is_in_force_on_both_proxies_within_seconds(self, swift):
        assert swift.who_reads("/docs/one") == [{LAB}, {LAB}]
        swift.publish(campus=[LAB_NETWORK, PARTNER_NETWORK])
        within_seconds(lambda: swift.who_reads("/docs/one"), [{LAB, PARTNER}] * 2)
        swift.publish(campus=[LAB_NETWORK])
        within_seconds(lambda: swift.who_reads("/docs/one"), [{LAB}, {LAB}])

    def test_what_the_account_calls_so_counts_instead(self, swift):
        headers = {"X-Account-Meta-Network-Campus": PARTNER_NETWORK}
        assert swift.ask("POST", "", headers).status == 204
        assert swift.who_reads("/docs/one") == [{PARTNER}, {PARTNER}]
        assert swift.ask("POST", "", {"X-Account-Meta-Network-Campus": ""}).status == 204
        assert swift.who_reads("/docs/one") == [{LAB}, {LAB}]

    def test_a_bad_file_changes_nothing(self, swift):
        swift.file.write_text('{"campus": ["0.0.0.0/0"]')
        time.sleep(SECONDS / 2)
        assert swift.who_reads("/docs/one") == [{LAB}, {LAB}]

    def test_requests_are_answered_while_a_hundred_thousand_networks_are_read(self, swift):
        many = [f"10.{n >> 8 & 255}.{n & 255}.{n >> 16}" for n in range(99_998)]
        longest = 0.0

        def more():
            nonlocal longest
            began = time.monotonic()
            answer = swift.ask("GET", "/docs/one")
            longest = max(longest, time.monotonic() - began)
            assert answer.status == 200
            return "more" in swift.told()

        swift.publish(campus=[LAB_NETWORK, *many], more=[PARTNER_NETWORK])
        within_seconds(more, True)
        assert longest < 1
