# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""To somebody who may not know of a container, it looks like one that is not there.

Each request goes to a container that only the lab reaches, and to none, from an
address that is not the lab's. The answers must be equal to the last header.
"""

import itertools

import pytest

from devcloud.addresses import OUTSIDER, swift_connection
from devcloud.cloud import Cloud
from devcloud.settings import DEFAULT_PROXIES, Proxy
from tests.functional.doors import LAB_NETWORK, SECRET, send

SITE = "http://site.example"
ORIGIN = {"Origin": SITE}
PREFLIGHT = {**ORIGIN, "Access-Control-Request-Method": "GET"}
ITEM = {"X-Container-Meta-Allow-Me": OUTSIDER}
MISTAKE = {**ITEM, "X-Container-Meta-Allow-B": "nonsense"}
PASSING = ("date", "x-trans-id", "x-openstack-request-id")
PROXIES = DEFAULT_PROXIES | {
    "deny": Proxy(options={"ip_whitelist": {"unlisted": "deny"}}),
    "allow": Proxy(options={"ip_whitelist": {"unlisted": "allow"}}),
    "operators-site": Proxy(
        options={
            "ip_whitelist": {"unlisted": "allow"},
            "proxy-server": {"cors_allow_origin": SITE},
        }
    ),
}
QUESTION = "?ip-whitelist=callers"
METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "COPY", "UPDATE", "NONSENSE")
HEADERS = {
    "plain": {},
    "origin": ORIGIN,
    "preflight": PREFLIGHT,
    "item": ITEM,
    "item and origin": {**ITEM, **ORIGIN},
    "mistake": MISTAKE,
    "copy": {"Destination": "elsewhere/copy"},
    "copy from": {"X-Copy-From": "elsewhere/free"},
}  # fmt: skip
SUFFIXES = ("", "/one", "_segments", "_segments/1", QUESTION)
_NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with Cloud(("swift",), proxies=PROXIES, state=tmp_path_factory.mktemp("told")) as running:
        yield running


class Accounts:
    """Two accounts with a restricted container: one with a list for the lab, one with none."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.tokens = {}
        self.paths = {}
        for name, project in (("alice", "lab"), ("carol", "partner")):
            owner = swift_connection(cloud, name, project, cloud.backstage_url)
            url, token = owner.get_auth()
            self.tokens[name] = {"X-Auth-Token": token}
            self.paths[name] = "/v1/" + url.rpartition("/")[2]
            owner.put_container("restricted", {"X-Container-Meta-Allow-Lab": LAB_NETWORK})
            owner.put_object("restricted", "one", SECRET)
            owner.put_container("restricted_segments")
            owner.put_object("restricted_segments", "1", SECRET)
            if name == "alice":
                owner.post_account({"X-Account-Meta-Allow-Lab": LAB_NETWORK})

    def ask(self, who, owner, proxy, method, name, headers):
        """The answer, without what is different each time."""
        url = self.cloud.settings.url(proxy)
        path = f"{self.paths[owner]}/{name}"
        headers = {**self.tokens.get(who, {}), **headers}
        answer = send(url, method, path, headers, b"", OUTSIDER)
        kept = {key: value for key, value in answer.headers.items() if key not in PASSING}
        for header in ("access-control-expose-headers", "vary"):
            kept[header] = sorted(kept.get(header, "").split(", "))
        return answer.status, answer.body, kept


@pytest.fixture(scope="module")
def accounts(cloud):
    return Accounts(cloud)


# Whoever may list an account knows of its containers.
@pytest.mark.parametrize(
    ("who", "owner"),
    [("nobody", "alice"), ("nobody", "carol"), ("carol", "alice"), ("alice", "carol"), ("alice", "alice")],
    ids=["stranger, listed account", "stranger", "other project, listed account", "other project", "member outside of the account's list"],
)  # fmt: skip
@pytest.mark.parametrize("proxy", ["deny", "allow", "operators-site"])
@pytest.mark.parametrize("method", METHODS)
def test_a_restricted_container_looks_like_none(accounts, proxy, method, who, owner):
    told = []
    headers_of = {k: v for k, v in HEADERS.items() if proxy != "operators-site" or "Origin" in v}
    for (label, headers), suffix in itertools.product(headers_of.items(), SUFFIXES):
        if who == owner and method == "PUT" and "item" in label and "/" not in suffix:
            continue  # It would be made.
        # Of the same length, for it stands in some answers.
        names = ("restricted", f"absent{next(_NUMBERS):04}")
        there, none = (
            accounts.ask(who, owner, proxy, method, name + suffix, headers) for name in names
        )
        assert SECRET not in there[1]
        if there != none:
            told.append((label, suffix, there, none))
    assert told == []
