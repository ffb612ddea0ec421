# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Who changed a list is written down with the change."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from swift.common.swob import HTTPForbidden

from ipcontrol.history import MAX_LENGTH, Identity, from_answer, read
from ipcontrol.middleware import list_history

LAB, OTHER = "192.0.2.7", "198.51.100.9"
ALLOW = "X-Container-Meta-Allow"
SYSMETA = "X-{}-Sysmeta-Ip-Whitelist-History"
ALICE = {
    "keystone.identity": {"user": ("a1", "alice"), "tenant": ("b2", "lab"), "roles": ["member"]},
    # As keystoneauth leaves it.
    "REMOTE_USER": ("b2", "lab"),
}


@pytest.fixture
def docs(cloud):
    cloud.swift.account(allow="0.0.0.0/0")
    cloud.swift.container("docs", allow="192.0.2.0/24")
    return cloud


def stored(cloud, path="/docs"):
    kind = "Container" if path else "Account"
    return cloud.swift.metadata[f"AUTH_lab{path}"].get(SYSMETA.format(kind), "")


def history(cloud, path="/docs"):
    return read(stored(cloud, path))


def items(change):
    return [(item.name, item.was, item.became) for item in change.items]


def test_a_change_is_written_down_with_who_made_it_when_and_from_where(docs):
    assert docs.call("POST", "/docs", LAB, {ALLOW: LAB}, **ALICE).status == 200
    (change,) = history(docs)
    assert abs(change.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert (change.user, change.project) == (Identity("alice", "a1"), Identity("lab", "b2"))
    assert change.address == LAB
    assert items(change) == [("allow", "192.0.2.0/24", LAB)]


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/docs", {f"{ALLOW}-New": LAB}, [("allow-new", None, LAB)]),
        (
            "/docs",
            {ALLOW: "", f"{ALLOW}-New": LAB},
            [("allow", "192.0.2.0/24", None), ("allow-new", None, LAB)],
        ),
        (
            "/docs",
            {
                "X-Remove-Container-Meta-Allow": "x",
                f"{ALLOW}-B": LAB,
                "X-Container-Meta-Color": "x",
            },
            [("allow", "192.0.2.0/24", None), ("allow-b", None, LAB)],
        ),
        (
            "/docs",
            {"X-Container-Meta-Whitelist-Trial": "true"},
            [("whitelist-trial", None, "true")],
        ),
        ("", {"X-Account-Meta-Allow-Lab": LAB}, [("allow-lab", None, LAB)]),
        ("", {"X-Account-Meta-Network-Office": LAB}, [("network-office", None, LAB)]),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_all_that_belongs_to_a_list_is_written_down(docs, method, path, headers, expected):
    assert docs.call(method, path, LAB, headers).status == 200
    assert [items(change) for change in history(docs, path)] == [expected]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Container-Meta-Color": "red"},
        {ALLOW: "192.0.2.0/24"},
        {f"{ALLOW}-Gone": ""},
        {"X-Container-Meta-Network-Office": LAB},
    ],
)
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_what_changes_no_list_writes_nothing(docs, method, headers):
    docs.call("POST", "/docs", LAB, {f"{ALLOW}-B": LAB})
    before = stored(docs)
    assert docs.call(method, "/docs", LAB, headers).status == 200
    assert stored(docs) == before


def test_the_last_change_comes_first(docs):
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        docs.call("POST", "/docs", LAB, {f"{ALLOW}-B": address})
    assert [each.items[0].became for each in history(docs)] == [
        "192.0.2.3",
        "192.0.2.2",
        "192.0.2.1",
    ]


def test_a_new_container_begins_with_the_items_that_it_is_made_with(cloud):
    assert cloud.call("PUT", "/new", LAB, {ALLOW: LAB}, **ALICE).status == 200
    assert [items(each) for each in history(cloud, "/new")] == [[("allow", None, LAB)]]


@pytest.mark.parametrize(
    ("environ", "user", "project"),
    [
        ({}, Identity(), Identity()),
        ({"REMOTE_USER": "test,test:tester,AUTH_test"}, Identity("test:tester"), Identity("test")),
        ({"REMOTE_USER": "somebody"}, Identity("somebody"), Identity()),
        ({"REMOTE_USER": ".wsgi.pre_authed"}, Identity(), Identity()),
        ({"keystone.identity": None}, Identity(), Identity()),
        (
            {"keystone.identity": {"user": ("a1", None), "tenant": (None, None)}},
            Identity("", "a1"),
            Identity(),
        ),
        (
            {"keystone.identity": {"user": ("a1", "Änne 測試"), "tenant": ("b2", "lab")}},
            Identity("Änne 測試", "a1"),
            Identity("lab", "b2"),
        ),
    ],
)
def test_who_it_was_is_what_the_authorization_says(docs, environ, user, project):
    assert docs.call("POST", "/docs", LAB, {ALLOW: LAB}, **environ).status == 200
    (change,) = history(docs)
    assert (change.user, change.project) == (user, project)


def test_a_client_cannot_say_who_it_was(docs):
    headers = {ALLOW: LAB, "X-User-Name": "mallory", "X-User-Id": "m", "X-Project-Name": "none"}
    docs.call("POST", "/docs", LAB, headers)
    assert history(docs)[0].user == Identity()


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        (OTHER, {ALLOW: "0.0.0.0/0"}, 403),
        (LAB, {ALLOW: "nonsense"}, 400),
        (LAB, {ALLOW: OTHER}, 409),
    ],
)
def test_what_is_stopped_is_not_written_down(docs, address, headers, status):
    assert docs.call("POST", "/docs", address, headers).status == status
    assert history(docs) == ()


def test_a_confirmed_lockout_is(docs):
    headers = {ALLOW: OTHER, "X-Confirm-Lockout": "true"}
    assert docs.call("POST", "/docs", LAB, headers).status == 200
    assert [items(each) for each in history(docs)] == [[("allow", "192.0.2.0/24", OTHER)]]


def test_who_is_not_authorized_makes_nothing_be_read_or_written(docs):
    authorize = {"swift.authorize": lambda request: HTTPForbidden(request=request)}
    docs.call("POST", "/docs", LAB, {ALLOW: LAB}, **authorize)
    assert (docs.swift.asked, history(docs)) == ([], ())


def test_it_costs_no_request(docs, monkeypatch):
    docs.call("POST", "/docs", LAB, {ALLOW: "192.0.2.0/25"})
    with_history = list(docs.swift.asked)
    docs.swift.asked.clear()
    docs.swift.container("docs", allow="192.0.2.0/24")
    docs.cache.stored.clear()
    monkeypatch.setattr(list_history, "_record", lambda _: None)
    docs.call("POST", "/docs", LAB, {ALLOW: "192.0.2.0/25"})
    assert docs.swift.asked == with_history


def test_no_change_fails_by_it(docs, monkeypatch):
    def fail(*_):
        raise RuntimeError

    errors = []
    monkeypatch.setattr(list_history, "add", fail)
    docs.filter.logger.exception = lambda text, *args: errors.append(text % args)
    assert docs.call("POST", "/docs", LAB, {ALLOW: LAB}).status == 200
    assert docs.swift.metadata["AUTH_lab/docs"] == {ALLOW: LAB}
    assert errors == ["ip_whitelist cannot write down who changed AUTH_lab/docs"]


def test_what_somebody_spoiled_is_begun_anew(docs):
    docs.swift.metadata["AUTH_lab/docs"][SYSMETA.format("Container")] = "spoiled"
    docs.call("POST", "/docs", LAB, {ALLOW: LAB})
    assert len(history(docs)) == 1


def test_ninety_items_at_once_stay_below_swifts_limit_on_a_header(docs):
    headers = {f"{ALLOW}-{n}": f"2001:db8:{n:x}:1::/64, 2001:db8:{n:x}:2::/64" for n in range(89)}
    assert docs.call("POST", "/docs", LAB, headers).status == 200
    assert len(stored(docs)) <= MAX_LENGTH
    assert len(history(docs)[0].items) == 89


class TestAudit:
    """Nothing is stopped there, and all that is stored is written down."""

    @pytest.fixture
    def audit(self, cloud_with, docs):
        return cloud_with(mode="audit")

    @pytest.mark.parametrize(
        ("address", "value"), [(LAB, LAB), (OTHER, OTHER), (LAB, "nonsense"), (LAB, OTHER)]
    )
    def test_what_would_have_been_stopped_is_written_down(self, audit, address, value):
        audit.call("POST", "/docs", LAB, {f"{ALLOW}-B": LAB})
        assert audit.call("POST", "/docs", address, {ALLOW: value}).status == 200
        assert [items(each) for each in history(audit)] == [
            [("allow", "192.0.2.0/24", value)],
            [("allow-b", None, LAB)],
        ]

    def test_what_another_proxy_wrote_stays_where_this_one_has_it_not_in_its_cache(
        self, audit, cloud_with
    ):
        audit.call("GET", "/docs", LAB)
        cloud_with(mode="audit").call("POST", "/docs", LAB, {f"{ALLOW}-B": LAB})
        assert audit.call("POST", "/docs", LAB, {ALLOW: "nonsense"}).status == 200
        assert [each.items[0].name for each in history(audit)] == ["allow", "allow-b"]

    def test_where_it_cannot_be_read_what_is_there_stays(self, audit):
        audit.call("POST", "/docs", LAB, {f"{ALLOW}-B": LAB})
        before = stored(audit)
        audit.swift.statuses["AUTH_lab/docs"] = 503
        audit.call("POST", "/docs", LAB, {ALLOW: OTHER})
        assert stored(audit) == before


class TestQuestion:
    """GET …?ip-whitelist=history, by the owner."""

    def ask(self, cloud, path="/docs", address=LAB, owner=True, denial=None, **environ):
        def authorize(request):
            if owner:
                request.environ["swift_owner"] = True
            return denial(request=request) if denial else None

        return cloud.call(
            environ.pop("method", "GET"),
            path,
            address,
            **{"swift.authorize": authorize, "QUERY_STRING": "ip-whitelist=history", **environ},
        )

    @pytest.mark.parametrize(
        ("path", "header"), [("/docs", ALLOW), ("", "X-Account-Meta-Allow-Lab")]
    )
    def test_the_owner_is_told_the_last_change_first(self, docs, path, header):
        for value in ("192.0.2.0/25", LAB):
            docs.call("POST", path, LAB, {header: value}, **ALICE)
        answer = self.ask(docs, path)
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/vnd.ipcontrol+json"
        assert answer.headers["Cache-Control"] == "no-store"
        (told,) = json.loads(answer.body)
        assert told["name"] == (path[1:] or "AUTH_lab")
        became = [each["items"][0]["became"] for each in told["changes"]]
        assert became == [LAB, "192.0.2.0/25"]
        assert told["changes"][0]["user"] == {"name": "alice", "id": "a1"}
        assert from_answer([told]) == history(docs, path)

    def test_a_list_that_nobody_changed_has_none(self, docs):
        answer = self.ask(docs)
        assert (answer.status, from_answer(json.loads(answer.body))) == (200, ())

    def test_what_another_proxy_wrote_is_told_too(self, docs, cloud_with):
        docs.call("GET", "/docs", LAB)
        other = cloud_with()
        other.call("POST", "/docs", LAB, {ALLOW: LAB})
        assert len(from_answer(json.loads(self.ask(docs).body))) == 1

    def test_whom_the_list_refuses_is_told_nothing(self, docs):
        docs.call("POST", "/docs", LAB, {ALLOW: LAB}, **ALICE)
        answer = self.ask(docs, address=OTHER)
        assert (answer.status, answer.headers["X-Ip-Whitelist"]) == (403, "refused")

    def test_who_may_only_read_the_container_is_told_nothing(self, docs):
        docs.call("POST", "/docs", LAB, {ALLOW: LAB}, **ALICE)
        answer = self.ask(docs, owner=False)
        assert (answer.status, "alice" in answer.body) == (403, False)

    def test_who_is_not_authorized_gets_the_answer_of_the_authorization(self, docs):
        assert self.ask(docs, owner=False, denial=HTTPForbidden).status == 403

    def test_of_a_container_that_is_not_there_nothing_is_told(self, docs):
        assert self.ask(docs, "/gone").status == 404

    def test_where_no_majority_answers_it_says_to_try_again(self, docs):
        docs.call("GET", "/docs", LAB)
        docs.swift.statuses["AUTH_lab/docs"] = 503
        answer = self.ask(docs)
        assert (answer.status, answer.headers["X-Ip-Whitelist"]) == (503, "unavailable")
        assert answer.body.startswith("Who changed the list cannot be told now")

    @pytest.mark.parametrize(
        ("path", "environ"),
        [
            ("/docs/x", {}),
            ("/docs", {"method": "HEAD"}),
            ("/docs", {"QUERY_STRING": "ip-whitelist=histories"}),
            ("", {"QUERY_STRING": "ip-whitelist=callers"}),
        ],
    )
    def test_all_other_requests_are_swifts(self, docs, path, environ):
        self.ask(docs, path, **environ)
        assert len(docs.swift.seen) == 1
