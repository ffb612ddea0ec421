# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Who called, by every way that Swift's pipeline offers: the matrix of `test_bypass`, counted.

A row is gone by its owner from an address that is listed and from one that is not, and by a
stranger, whom no authorization lets through. What the container's owner is told afterwards
must be that: let in and never refused, refused and never let in, nothing.
"""

import json

import pytest

from devcloud.addresses import LAB, OUTSIDER
from devcloud.cloud import Cloud
from devcloud.settings import DEFAULT_PROXIES, Proxy
from ipcontrol.callers import Callers
from tests.functional import doors, test_bypass
from tests.functional.doors import Attempt, send

people = test_bypass.people

# Ways that anybody may go, with no token or with any: Swift's own ACL lets everybody through.
PUBLIC = {
    "anonymous GET with .r:*", "anonymous listing", "staticweb index", "staticweb error page",
    "staticweb listing",
}  # fmt: skip
# What is asked of others than the container, or of none.
ELSEWHERE = {
    # Of an account.
    *(row[0] for row in test_bypass.TABLE if row[1] is test_bypass.ruled),
    # Swift answers it before it asks the authorization.
    "CORS preflight",
}
# Swift does it by an authorization of its own, which says nothing of the caller.
BY_SWIFT = {
    "DELETE open SLO, segments in it queued", "legacy stack writes into it",
    "legacy history writes into it", "legacy stack restores from it",
}  # fmt: skip
# So it does the first step of these, which is refused already.
BEGUN_BY_SWIFT = {
    "PUT ?version-id=, restore", "DELETE ?version-id=", "DELETE leaves a marker",
    "POST X-Versions-Enabled",
}  # fmt: skip


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    proxies = DEFAULT_PROXIES | {"deny": Proxy(options={"ip_whitelist": {"unlisted": "deny"}})}
    with Cloud(("swift",), proxies=proxies, state=tmp_path_factory.mktemp("ways")) as running:
        yield running


class Stranger(Attempt):
    """Goes the same ways with tokens, signatures and keys that are somebody else's."""

    def do(self, method, name, headers=None, body=b"", user="alice", path=None):
        """Try without the token."""
        headers = {**(headers or {}), "X-Auth-Token": "nonsense"}
        path = path or self.path(name, user if user in self.people else "alice")
        answer = send(self.url, method, path, headers, body, self.source)
        self.answers.append(answer)
        return answer

    def sign(self, method, name, body=b"", headers=None, query=()):
        """Try with a signature of nobody's."""
        headers = {"Authorization": "AWS nobody:bm9ib2R5", "Date": "now", **(headers or {})}
        return self.do(method, name, headers, body, path=f"/{name}")

    def presigned(self, method, name):
        """Try with an address that nobody signed."""
        return self.do(
            method, name, path=f"/{name}?AWSAccessKeyId=a&Signature=b&Expires=9999999999"
        )

    def temporary(self, method, name, body=b"", **options):
        """Try with a temporary address that was made with another key."""
        return super().temporary(method, name, body, **options | {"key": "another key"})

    def form(self, name):
        """Try a form that was signed with another key."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(doors, "TEMP_URL_KEY", "another key")
            return super().form(name)

    def sync(self, method, name, body=b""):
        """Try as a cluster that does not know the key."""
        headers = {"X-Container-Sync-Auth": "LAB nonce abcdef", "X-Timestamp": "0000000001.00000"}
        return self.do(method, name, headers, body)


def told(cloud, attempt):
    """The callers of the restricted container and of its segments, by address."""
    found = {}
    for name in (attempt.r, f"{attempt.r}_segments", f"{attempt.r}%2Bsegments"):
        token = {"X-Auth-Token": attempt.people["alice"].token}
        path = f"{attempt.path(name)}?ip-whitelist=callers"
        answer = send(cloud.settings.url("deny"), "GET", path, token, b"", LAB)
        if answer.status == 200:
            for caller in Callers.from_json(json.loads(answer.body)).callers:
                admitted, refused = found.get(str(caller.network.network_address), (0, 0))
                admitted += caller.reads + caller.writes
                found[str(caller.network.network_address)] = admitted, refused + caller.refused
    return found


def gone(cloud, people, row, source, kind=Attempt):
    """The attempt, after its way was gone."""
    _name, prepare, go = row
    attempt = kind(cloud.settings.url("deny"), cloud.backstage_url, source, people)
    prepare(attempt)
    go(attempt)
    return attempt


def rows(*, without=frozenset()):
    return [row for row in test_bypass.TABLE if row[0] not in without]


@pytest.mark.parametrize("row", rows(without=ELSEWHERE | BY_SWIFT), ids=lambda row: row[0])
def test_who_is_let_in_is_counted_as_that_and_never_as_refused(cloud, people, row):
    found = told(cloud, gone(cloud, people, row, LAB))
    if row[0] == "DELETE and PUT anew":
        # Another container, that nobody has called.
        assert found == {}
        return
    assert set(found) == {LAB}
    admitted, refused = found[LAB]
    # Reading and writing, of the container and of both that serve it.
    assert 1 <= admitted <= 4 * 2 * 3
    assert refused == 0


@pytest.mark.parametrize(
    "row", rows(without=ELSEWHERE | BY_SWIFT | BEGUN_BY_SWIFT), ids=lambda row: row[0]
)
def test_who_is_refused_is_counted_as_that_and_never_as_let_in(cloud, people, row):
    found = told(cloud, gone(cloud, people, row, OUTSIDER))
    assert set(found) == {OUTSIDER}
    admitted, refused = found[OUTSIDER]
    assert (admitted, refused > 0) == (0, True)


@pytest.mark.parametrize("source", [LAB, OUTSIDER])
@pytest.mark.parametrize(
    "row", [row for row in rows() if row[0] in BY_SWIFT], ids=lambda row: row[0]
)
def test_what_swift_does_by_an_authorization_of_its_own_is_not_counted(cloud, people, row, source):
    assert told(cloud, gone(cloud, people, row, source)) == {}


@pytest.mark.parametrize("row", rows(without=PUBLIC), ids=lambda row: row[0])
@pytest.mark.parametrize("source", [LAB, OUTSIDER])
def test_a_stranger_leaves_no_trace_wherever_he_comes_from(cloud, people, row, source):
    assert told(cloud, gone(cloud, people, row, source, Stranger)) == {}
