# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A list that is only tried out, on a real Swift with two proxies."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from devcloud.addresses import LAB, OUTSIDER, swift_connection
from devcloud.cloud import Cloud
from devcloud.settings import Proxy
from tests.functional.doors import LAB_NETWORK, SECRET, send

# One shares the cache of the others, one has its own.
PROXIES = {"one": Proxy(), "two": Proxy(shares_cache=False)}
TRIAL = "X-Container-Meta-Whitelist-Trial"
LIST = {"X-Container-Meta-Allow-Lab": LAB_NETWORK}


class Swift:
    """An account that admits everybody, and its containers."""

    def __init__(self, cloud):
        self._cloud = cloud
        owner = swift_connection(cloud, url=cloud.backstage_url)
        url, self.token = owner.get_auth()
        owner.post_account({"X-Account-Meta-Allow-All": "0.0.0.0/0"})
        self.path = "/v1/" + url.rpartition("/")[2]

    def ask(self, method, path, headers=None, body=b"", source=LAB, proxy="one"):
        headers = {"X-Auth-Token": self.token, **(headers or {})}
        url = self._cloud.settings.url(proxy)
        return send(url, method, self.path + path, headers, body, source)

    def make(self, name, trial):
        assert self.ask("PUT", f"/{name}", LIST | {TRIAL: trial}).status == 201
        assert self.ask("PUT", f"/{name}_segments").status == 201
        for path in (f"/{name}/one", f"/{name}_segments/one"):
            assert self.ask("PUT", path, body=SECRET).status == 201

    def statuses(self, name):
        """What an outsider gets of the container, and of the one that serves it, by both proxies."""
        return {
            self.ask("GET", path, source=OUTSIDER, proxy=proxy).status
            for path in (f"/{name}/one", f"/{name}_segments/one")
            for proxy in PROXIES
        }

    def log(self):
        return self._cloud.log("swift").read_text()


@pytest.fixture(scope="module")
def swift(tmp_path_factory):
    state = tmp_path_factory.mktemp("trial")
    with Cloud(("swift",), proxies=PROXIES, state=state) as cloud:
        yield Swift(cloud)


def test_a_list_is_enforced_by_itself_from_its_moment_on(swift):
    end = datetime.now(UTC) + timedelta(seconds=8)
    swift.make("evening", f"{end:%Y-%m-%dT%H:%M:%SZ}")
    assert swift.statuses("evening") == {200}
    assert datetime.now(UTC) < end - timedelta(seconds=1), "too slow to say anything"
    time.sleep(max(0.0, (end - datetime.now(UTC)).total_seconds()))
    assert swift.statuses("evening") == {403}
    assert swift.ask("GET", "/evening/one").status == 200


def test_what_it_would_refuse_is_in_the_log_until_it_is_enforced(swift):
    swift.make("drafts", "true")
    assert swift.statuses("drafts") == {200}
    line = f"ip_whitelist on trial would have stopped GET {swift.path[4:]}/drafts from {OUTSIDER}"
    assert f"{line}: refused: not-listed (container list)" in swift.log()
    assert swift.ask("POST", "/drafts", {TRIAL: ""}, source=OUTSIDER).status == 409
    assert swift.ask("POST", "/drafts", {TRIAL: "soon"}).status == 400
    assert swift.ask("POST", "/drafts", {TRIAL: ""}).status == 204
    answer = swift.ask("GET", "/drafts/one", source=OUTSIDER)
    assert (answer.status, answer.headers["x-ip-whitelist"]) == (403, "refused")
