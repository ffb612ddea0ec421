# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A container that is made above one that was forgotten: who reaches that stays as it was."""

import itertools

import pytest

from devcloud.addresses import LAB, OUTSIDER, swift_connection
from devcloud.cloud import Cloud
from devcloud.settings import Proxy
from tests.functional.doors import SECRET, send

PROXIES = {
    policy: Proxy(options={"ip_whitelist": {"unlisted": policy}}) for policy in ("deny", "allow")
}
MINE = {"X-Container-Meta-Allow-Me": OUTSIDER}
LAB_LIST = {"X-Container-Meta-Allow-Lab": "127.1.0.0/16"}
# Quoted, as they are written in a path.
SUFFIXES = ("_segments", "%2Bsegments")
_NUMBERS = itertools.count()


class Swift:
    """An account that the lab's network rules, through proxies of both policies."""

    def __init__(self, cloud):
        self.urls = {name: cloud.settings.url(name) for name in (*PROXIES, "backstage")}
        owner = swift_connection(cloud, url=cloud.backstage_url)
        url, self.token = owner.get_auth()
        self.path = "/v1/" + url.rpartition("/")[2]
        owner.post_account({"X-Account-Meta-Allow-Lab": "127.1.0.0/16"})

    def ask(self, proxy, method, name, headers=None, body=b"", source=OUTSIDER):
        headers = {"X-Auth-Token": self.token, **(headers or {})}
        path = f"{self.path}/{name}"
        return send(self.urls[proxy], method, path, headers, body, source).status

    def behind(self, method, name, headers=None, body=b""):
        status = self.ask("backstage", method, name, headers, body, "127.0.0.1")
        assert status < 300

    def forget(self, name):
        """Leave a container with a secret behind."""
        self.behind("PUT", name)
        self.behind("PUT", f"{name}/one", body=SECRET)


@pytest.fixture(scope="module")
def swift(tmp_path_factory):
    state = tmp_path_factory.mktemp("creation")
    with Cloud(("swift",), proxies=PROXIES, state=state) as cloud:
        yield Swift(cloud)


@pytest.fixture
def docs():
    return f"docs{next(_NUMBERS)}"


@pytest.mark.parametrize("policy", PROXIES)
@pytest.mark.parametrize("items", [{}, MINE])
def test_a_stranger_founds_no_way_to_it(swift, docs, policy, items):
    for suffixes in (*itertools.product(SUFFIXES, repeat=2), ("_segments", *SUFFIXES)):
        docs += "x"
        *between, last, forgotten = itertools.accumulate([docs, *suffixes])
        swift.forget(forgotten)
        for name in between:
            assert swift.ask(policy, "PUT", name, MINE if name == docs else items) == 201
        assert swift.ask(policy, "PUT", last, items) == 403
        assert swift.ask(policy, "GET", f"{forgotten}/one") == 403
        assert swift.ask(policy, "GET", f"{forgotten}/one", source=LAB) == 200


@pytest.mark.parametrize("policy", PROXIES)
def test_a_stranger_makes_nothing_again_that_its_owner_deleted(swift, docs, policy):
    swift.behind("PUT", docs, MINE)
    swift.forget(f"{docs}_segments_segments")
    swift.behind("PUT", f"{docs}_segments", LAB_LIST)
    assert swift.ask(policy, "PUT", f"{docs}_segments") == 403
    assert swift.ask(policy, "DELETE", f"{docs}_segments", source=LAB) == 204
    assert swift.ask(policy, "PUT", f"{docs}_segments") == 403
    assert swift.ask(policy, "GET", f"{docs}_segments_segments/one") == 403


@pytest.mark.parametrize("policy", PROXIES)
def test_an_owner_who_was_admitted_by_his_own_items_goes_on(swift, docs, policy):
    assert swift.ask(policy, "PUT", docs, MINE) == 201
    for name in (f"{docs}_segments", f"{docs}%2Bsegments"):
        assert swift.ask(policy, "PUT", name) == 201
        assert swift.ask(policy, "PUT", f"{name}/1", body=b"part") == 201
    assert swift.ask(policy, "POST", docs, {"X-Versions-Enabled": "true"}) == 204
    assert [swift.ask(policy, "PUT", f"{docs}/one", body=b"one") for _ in range(2)] == [201] * 2
    # As swiftclient does before each upload.
    assert swift.ask(policy, "PUT", docs) == 202


def test_its_owner_makes_what_it_serves(swift, docs):
    swift.forget(f"{docs}_segments")
    assert swift.ask("deny", "PUT", docs, MINE) == 403
    assert swift.ask("deny", "PUT", docs, LAB_LIST, source=LAB) == 201
