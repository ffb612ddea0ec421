# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Who changed a list, on a real Swift with Keystone and two proxies."""

import json
from urllib.parse import quote

import pytest
import requests

from devcloud.accounts import DOMAIN, PASSWORD
from devcloud.addresses import LAB, OUTSIDER, swift_connection
from devcloud.cloud import Cloud
from devcloud.settings import Proxy
from ipcontrol.history import Identity, from_answer
from tests.functional.doors import LAB_NETWORK, SECRET, send

# One has the cache of the other, the third has its own.
PROXIES = {"one": Proxy(), "two": Proxy(), "apart": Proxy(shares_cache=False)}
ALLOW = "X-Container-Meta-Allow"
SYSMETA = "X-Container-Sysmeta-Ip-Whitelist-History"
USER = "Änne 測試"


class Swift:
    """The account of the project lab, whose owners call from the lab."""

    def __init__(self, cloud):
        self.cloud = cloud
        url, token = swift_connection(cloud, "admin", "lab").get_auth()
        self.path = "/v1/" + url.rpartition("/")[2]
        self.tokens = {
            "alice": swift_connection(cloud, "alice", "lab").get_auth()[1],
            "carol": swift_connection(cloud, "carol", "partner").get_auth()[1],
            USER: self._make(token),
        }
        self.ask("POST", "", {"X-Account-Meta-Allow-Owner": LAB_NETWORK}, proxy="backstage")

    def _make(self, admin):
        """A user with a name that is not ASCII, and her token."""
        keystone, headers = self.cloud.keystone_url, {"X-Auth-Token": admin}

        def call(method, path, body=None):
            answer = requests.request(
                method, keystone + path, json=body, headers=headers, timeout=30
            )
            answer.raise_for_status()
            return answer

        user = {"name": USER, "password": PASSWORD, "domain_id": DOMAIN}
        made = call("POST", "/users", {"user": user}).json()["user"]["id"]
        project = call("GET", "/projects?name=lab").json()["projects"][0]["id"]
        role = call("GET", "/roles?name=member").json()["roles"][0]["id"]
        call("PUT", f"/projects/{project}/users/{made}/roles/{role}")
        return swift_connection(self.cloud, USER, "lab").get_auth()[1]

    def ask(self, method, name, headers=None, body=b"", user="alice", source=LAB, proxy="one"):
        token = {"X-Auth-Token": self.tokens[user]} if user else {}
        url = self.cloud.backstage_url if proxy == "backstage" else self.cloud.settings.url(proxy)
        path = f"{self.path}/{name}".removesuffix("/").replace("/?", "?")
        return send(url, method, path, token | (headers or {}), body, source)

    def question(self, name, **options):
        return self.ask("GET", f"{name}?ip-whitelist=history", **options)

    def history(self, name, **options):
        answer = self.question(name, **options)
        assert answer.status == 200, answer
        return from_answer(json.loads(answer.body))


@pytest.fixture(scope="module")
def swift(tmp_path_factory):
    state = tmp_path_factory.mktemp("history")
    proxies = {**PROXIES, "backstage": Proxy(filters=False)}
    with Cloud(("swift",), proxies=proxies, state=state) as cloud:
        yield Swift(cloud)


def test_each_change_is_told_with_who_made_it_by_every_proxy(swift):
    assert swift.ask("PUT", "docs", {ALLOW: LAB_NETWORK}).status == 201
    changes = (("one", "alice", "127.1.0.0/17"), ("two", USER, "127.1.0.0/18"))
    for proxy, user, value in (*changes, ("apart", "alice", "127.1.0.0/19")):
        headers = {ALLOW: value}
        assert swift.ask("POST", "docs", headers, proxy=proxy, user=user).status == 204
    for proxy in PROXIES:
        told = swift.history("docs", proxy=proxy)
        values = [[(item.was, item.became) for item in change.items] for change in told]
        assert values == [
            [("127.1.0.0/18", "127.1.0.0/19")],
            [("127.1.0.0/17", "127.1.0.0/18")],
            [(LAB_NETWORK, "127.1.0.0/17")],
            [(None, LAB_NETWORK)],
        ]
        assert [change.user.name for change in told] == ["alice", USER, "alice", "alice"]
        assert {change.project for change in told} == {
            Identity("lab", swift.path.removeprefix("/v1/AUTH_"))
        }
        assert {change.address for change in told} == {LAB}


def test_an_account_has_one_too(swift):
    headers = {"X-Account-Meta-Network-Office": LAB_NETWORK}
    assert swift.ask("POST", "", headers).status == 204
    (change,) = swift.history("")
    assert [(item.name, item.became) for item in change.items] == [("network-office", LAB_NETWORK)]


def test_versions_of_objects_do_not_get_into_an_accounts(swift):
    """Object versioning adds its hidden containers to every listing of an account."""
    assert swift.ask("PUT", "old", {ALLOW: LAB_NETWORK}).status == 201
    assert swift.ask("POST", "old", {"X-Versions-Enabled": "true"}).status == 204
    for body in (b"one", b"two"):
        assert swift.ask("PUT", "old/one", body=body).status == 201
    answer = swift.question("")
    assert [each["name"] for each in json.loads(answer.body)] == [swift.path[4:]]
    assert len(swift.history("old")) == 1


def test_clients_neither_see_nor_write_what_is_kept(swift):
    assert swift.ask("PUT", "kept", {ALLOW: LAB_NETWORK, SYSMETA: "forged"}).status == 201
    assert len(swift.history("kept")) == 1
    assert swift.ask("POST", "kept", {SYSMETA: "forged"}).status == 204
    answer = swift.ask("HEAD", "kept")
    assert not any("sysmeta" in name for name in answer.headers)
    assert len(swift.history("kept")) == 1


def test_only_the_owner_is_told_and_only_where_the_list_admits_him(swift):
    assert swift.ask("PUT", "private", {ALLOW: LAB_NETWORK}).status == 201
    everybody = {"X-Container-Read": ".r:*,.rlistings,*:*"}
    assert swift.ask("POST", "private", everybody).status == 204
    assert swift.question("private", source=OUTSIDER).status == 403
    for user, status in ((None, 401), ("carol", 403)):
        assert swift.ask("GET", "private", user=user).status in (200, 204)
        answer = swift.question("private", user=user)
        assert (answer.status, b"alice" in answer.body) == (status, False)


def test_a_container_that_is_made_again_begins_anew(swift):
    assert swift.ask("PUT", "again", {ALLOW: LAB_NETWORK}).status == 201
    assert swift.ask("DELETE", "again").status == 204
    assert swift.question("again").status == 404
    assert swift.ask("PUT", "again").status == 201
    assert swift.history("again") == ()
    assert swift.ask("DELETE", "again").status == 204
    assert swift.ask("PUT", "again", {f"{ALLOW}-New": LAB_NETWORK}).status == 201
    assert [change.items[0].name for change in swift.history("again")] == ["allow-new"]


def test_as_many_items_as_swift_stores_are_changed_at_once(swift):
    """Names and values of 4096 bytes become others of 4096 bytes, time and again."""
    assert swift.ask("PUT", "many", {f"{ALLOW}-Owner": LAB_NETWORK}).status == 201
    for turn in range(3):
        headers = {
            f"{ALLOW}-{number}": f"2001:db8:{turn}{number:02}:{number * 700:x}::/64, 10.{turn}.0.{number}"
            for number in range(85)
        }
        assert swift.ask("POST", "many", headers).status == 204
        assert len(swift.history("many")[0].items) == 85
    empty = {f"{ALLOW}-{number}": "" for number in range(85)}
    assert swift.ask("POST", "many", empty).status == 204
    assert [item.became for item in swift.history("many")[0].items] == [None] * 85


def test_a_container_of_any_name_and_its_objects_are_as_ever(swift):
    name = quote("测试 files")
    assert swift.ask("PUT", name, {ALLOW: LAB_NETWORK}).status == 201
    assert swift.ask("PUT", f"{name}/one", body=SECRET).status == 201
    assert swift.ask("PUT", "copies", {ALLOW: LAB_NETWORK}).status == 201
    headers = {"Destination": "copies/one"}
    assert swift.ask("COPY", f"{name}/one", headers).status == 201
    assert len(swift.history(name)) == len(swift.history("copies")) == 1
    listing = swift.ask("GET", f"{name}?format=json")
    assert [each["name"] for each in json.loads(listing.body)] == ["one"]
