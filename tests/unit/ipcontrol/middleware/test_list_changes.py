# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Changes of a list through Swift: malformed items, lock-outs, creation."""

from types import SimpleNamespace

import pytest
from swift.common.swob import HTTPUnauthorized, Request
from swift.proxy.controllers.base import Controller

from ipcontrol.middleware.list_changes import list_items, metadata_changes

ACCOUNT = "AUTH_lab"
LISTED = "192.0.2.1"
OTHER = "198.51.100.9"
ALLOW = "X-Container-Meta-Allow"
CONFIRM = {"X-Confirm-Lockout": "true"}


def as_swift_does(headers, kind):
    """What Swift's own function makes of the headers."""
    changed = {}
    source = SimpleNamespace(server_type=kind, pass_through_headers=(), _x_remove_headers=list)
    Controller.transfer_headers(source, Request.blank("/", headers=headers).headers, changed)
    prefix = f"x-{kind}-meta-"
    names = {name.removeprefix(prefix): value for name, value in changed.items()}
    return {name: value for name, value in names.items() if name not in changed}


@pytest.mark.parametrize("kind", ["container", "account"])
@pytest.mark.parametrize(
    "headers",
    [
        {"X-%s-Meta-Allow": "192.0.2.1"},
        {"x-%s-meta-ALLOW-Dev": "192.0.2.1"},
        {"X-%s-Meta-Allow-Dev": ""},
        {"X-Remove-%s-Meta-Allow-Dev": "x"},
        {"X-Remove-%s-Meta-Allow-Dev": ""},
        {"X-Remove-%s-Meta-Allow-Remove": "x"},
        {"X-%s-Meta-Allow-Remove": "192.0.2.1"},
        {"X-%s-Meta-Allow": "192.0.2.1", "X-Remove-%s-Meta-Allow": "x"},
        {"X-%s-Meta-Allow": "", "X-Remove-%s-Meta-Allow": "x"},
        {"X-%s-Meta-Allowance": "192.0.2.1", "X-%s-Meta-Color": "red"},
        {"X-Object-Meta-Allow": "192.0.2.1", "X-Allow": "192.0.2.1"},
        {"X-%s-Sysmeta-Allow": "192.0.2.1"},
    ],
)
def test_headers_are_read_as_swift_stores_them(headers, kind):
    headers = {name.replace("%s", kind): value for name, value in headers.items()}
    environ = Request.blank("/", environ={"REQUEST_METHOD": "POST"}, headers=headers).environ
    assert metadata_changes(environ, kind) == as_swift_does(headers, kind)


def test_headers_of_another_kind_change_nothing():
    environ = Request.blank("/", environ={"REQUEST_METHOD": "PUT"}, headers={ALLOW: OTHER}).environ
    assert metadata_changes(environ, "account") == {}
    assert metadata_changes(environ, "object") == {}


@pytest.mark.parametrize("kind", ["container", "account"])
def test_a_list_is_what_its_items_and_the_accounts_names_say(kind):
    lists = {"allow": "1.2.3.4", "allow-a": ""}
    names = {"network-a": "1.2.3.4", "network-b": ""}
    changes = {"allowance": "1.2.3.4", "networks": "1.2.3.4", **lists, **names}
    assert list_items(changes, kind) == lists | (names if kind == "account" else {})


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS", "COPY"])
def test_other_methods_change_nothing(cloud, method):
    cloud.swift.container("docs", allow=LISTED)
    assert cloud.call(method, "/docs", headers={ALLOW: "nonsense"}).status == 200


@pytest.mark.parametrize("header", [ALLOW, "X-Object-Meta-Allow"])
def test_metadata_of_objects_are_no_lists(cloud, header):
    cloud.swift.container("docs", allow=LISTED)
    assert cloud.call("POST", "/docs/x", headers={header: "nonsense"}).status == 200


class TestMalformed:
    @pytest.mark.parametrize("method", ["PUT", "POST"])
    def test_an_item_that_is_not_one_is_named_with_the_reason(self, cloud, method):
        cloud.swift.container("docs", allow=LISTED)
        answer = cloud.call(method, "/docs", headers={ALLOW + "-Lab": "192.0.2.7/24"})
        assert answer.status == 400
        assert "X-Container-Meta-Allow-Lab: " in answer.body
        assert "192.0.2.0/24" in answer.body
        assert cloud.swift.seen == []

    def test_all_of_them_are_named(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        headers = {ALLOW + "-A": "x", ALLOW + "-B": LISTED, ALLOW + "-C": "192.0.2.1; until=now"}
        body = cloud.call("POST", "/docs", headers=headers).body
        assert [line.partition(":")[0] for line in body.splitlines()] == [
            "X-Container-Meta-Allow-A",
            "X-Container-Meta-Allow-C",
        ]

    def test_those_of_an_account_too(self, cloud):
        cloud.swift.account(allow=LISTED)
        answer = cloud.call("POST", "", headers={"X-Account-Meta-Allow": "x"})
        assert answer.status == 400
        assert "X-Account-Meta-Allow: " in answer.body

    def test_operators_make_mistakes_too(self, cloud_with):
        cloud = cloud_with(always_allow=LISTED)
        assert cloud.call("PUT", "/docs", headers={ALLOW: "x"}).status == 400

    @pytest.mark.parametrize("path", ["/docs", "/nothing"])
    def test_it_tells_who_is_not_admitted_nothing_about_a_container(self, cloud, path):
        cloud.swift.container("docs", allow=LISTED)
        headers = {ALLOW: OTHER, ALLOW + "-B": "x"}
        for method in ("PUT", "POST"):
            assert cloud.call(method, path, OTHER, headers=headers).status == 400
        assert cloud.swift.asked == []

    def test_bytes_that_are_not_utf8_are_an_answer_and_not_a_crash(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        assert cloud.call("POST", "/docs", headers={ALLOW: "\xff\xfe"}).status == 400

    def test_an_old_mistake_does_not_hinder_other_changes(self, cloud):
        cloud.swift.container("docs", allow=LISTED, allow_old="nonsense")
        headers = {"X-Container-Meta-Color": "red", "X-Remove-Container-Meta-Allow-Old": "x"}
        assert cloud.call("POST", "/docs", headers=headers).status == 200

    @pytest.mark.parametrize("value", ["", " ", "\t"])
    def test_a_blank_value_removes_and_is_no_mistake(self, cloud, value):
        cloud.swift.container("docs", allow=LISTED, allow_old=LISTED)
        assert cloud.call("POST", "/docs", headers={ALLOW + "-Old": value}).status == 200


# As a server that reads names generously puts them into the environment.
NO_TOKENS = ["A B", "A ", " A", "A\t", 'A"B', "A(B)", "A,B", "A/B", "A;B", "A@B", "A=B", "A\x7f",
             "A\x01", "\xc3\x84", "A\xc2\xa0B", "ALLOW_A ", "ALLOW A", "ALLOW_\xc3\xa9", "ALLOW_\xe2\x84\xaa"]  # fmt: skip


class TestNamesThatHttpDoesNotAllow:
    """Clients stop reading an answer's headers there, and see no item that stands behind."""

    @pytest.mark.parametrize("method", ["PUT", "POST"])
    @pytest.mark.parametrize("name", NO_TOKENS)
    @pytest.mark.parametrize(("kind", "path"), [("CONTAINER", "/docs"), ("ACCOUNT", "")])
    def test_none_is_stored_whatever_it_is_for(self, cloud_with, method, name, kind, path):
        cloud = cloud_with(unlisted="allow")
        answer = cloud.call(method, path, **{f"HTTP_X_{kind}_META_{name}": LISTED})
        assert answer.status == 400
        assert answer.headers["X-Ip-Whitelist"] == "malformed"
        assert f"X-{kind.title()}-Meta-" in answer.body
        assert "Use letters, digits and hyphens" in answer.body
        assert cloud.swift.seen == []

    @pytest.mark.parametrize("name", ["A", "A1", "A_B", "A.B", "A!#$%&'*+^`|~"])
    def test_others_are_no_matter(self, cloud_with, name):
        cloud = cloud_with(unlisted="allow")
        cloud.call("PUT", "/docs", **{f"HTTP_X_CONTAINER_META_{name}": "1"})
        assert cloud.swift.seen == [("PUT", f"/v1/{ACCOUNT}/docs")]

    @pytest.mark.parametrize("name", NO_TOKENS)
    @pytest.mark.parametrize("key", ["HTTP_X_CONTAINER_META_", "HTTP_X_REMOVE_CONTAINER_META_"])
    def test_one_that_is_stored_can_be_removed(self, cloud, name, key):
        cloud.swift.container("docs", allow=LISTED)
        value = "x" if "REMOVE" in key else ""
        cloud.call("POST", "/docs", **{key + name: value})
        assert cloud.swift.seen == [("POST", f"/v1/{ACCOUNT}/docs")]

    def test_the_answer_shows_the_name_in_plain_letters(self, cloud):
        answer = cloud.call("PUT", "/docs", **{"HTTP_X_CONTAINER_META_A\r\n\xc3\xa4 B": "1"})
        (line,) = answer.body.splitlines()
        assert line.startswith("X-Container-Meta-A%0D%0A%C3%A4%20B: HTTP allows no such name")

    def test_operators_store_none_either(self, cloud_with):
        cloud = cloud_with(always_allow=LISTED)
        assert cloud.call("PUT", "/docs", **{"HTTP_X_CONTAINER_META_A B": "1"}).status == 400

    def test_names_of_objects_are_left_to_swift(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        assert cloud.call("PUT", "/docs/x", **{"HTTP_X_OBJECT_META_A B": "1"}).status == 200

    def test_who_may_not_store_any_learns_no_more_than_from_swift(self, cloud):
        environ = {
            "HTTP_X_CONTAINER_META_A B": "1",
            "swift.authorize": lambda request: HTTPUnauthorized(request=request),
        }
        assert cloud.call("PUT", "/docs", **environ).status == 401

    def test_audit_mode_logs_them(self, cloud_with):
        cloud = cloud_with(unlisted="allow", mode="audit")
        cloud.call("PUT", "/docs", **{"HTTP_X_CONTAINER_META_A B": "1"})
        assert cloud.counters == ["audit.malformed"]
        assert len(cloud.swift.seen) == 1


class TestLockOut:
    @pytest.mark.parametrize("method", ["PUT", "POST"])
    @pytest.mark.parametrize(
        "headers",
        [
            {ALLOW: OTHER},
            {ALLOW: f"{LISTED}; read-only"},
            {ALLOW: f"{LISTED}; until=2020-01-01T00:00Z"},
            {ALLOW: ""},
            {"X-Remove-" + ALLOW[2:]: "x"},
        ],
    )
    def test_a_change_that_its_sender_could_not_undo_is_a_conflict(self, cloud, method, headers):
        cloud.swift.container("docs", allow=LISTED)
        answer = cloud.call(method, "/docs", headers=headers)
        assert answer.status == 409
        assert "X-Confirm-Lockout: true" in answer.body
        assert LISTED in answer.body
        assert cloud.swift.seen == []

    @pytest.mark.parametrize("confirmation", ["true", "True", "yes", "1"])
    def test_it_is_done_where_it_is_meant(self, cloud, confirmation):
        cloud.swift.container("docs", allow=LISTED)
        headers = {ALLOW: OTHER, "X-Confirm-Lockout": confirmation}
        assert cloud.call("POST", "/docs", headers=headers).status == 200
        assert cloud.call("GET", "/docs/x").status == 403

    @pytest.mark.parametrize("confirmation", ["", "false", "perhaps"])
    def test_other_words_are_no_confirmation(self, cloud, confirmation):
        cloud.swift.container("docs", allow=LISTED)
        headers = {ALLOW: OTHER, "X-Confirm-Lockout": confirmation}
        assert cloud.call("POST", "/docs", headers=headers).status == 409

    def test_a_confirmation_excuses_no_mistake(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        assert cloud.call("POST", "/docs", headers={ALLOW: "x", **CONFIRM}).status == 400

    def test_a_confirmation_admits_nobody(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        assert cloud.call("POST", "/docs", OTHER, headers={ALLOW: OTHER, **CONFIRM}).status == 404
        assert cloud.swift.seen == []

    def test_the_other_items_count(self, cloud):
        cloud.swift.container("docs", allow_a=LISTED, allow_b=LISTED)
        headers = {"X-Remove-Container-Meta-Allow-A": "x"}
        assert cloud.call("POST", "/docs", headers=headers).status == 200

    def test_so_does_the_list_behind_the_last_item(self, cloud):
        cloud.swift.account(allow=LISTED)
        cloud.swift.container("docs", allow=LISTED)
        assert cloud.call("POST", "/docs", headers={ALLOW: ""}).status == 200

    def test_so_does_the_list_of_the_container_that_is_served(self, cloud):
        cloud.swift.account(allow=LISTED)
        cloud.swift.container("docs", allow=OTHER)
        cloud.swift.container("docs_segments", allow=LISTED)
        assert cloud.call("POST", "/docs_segments", headers={ALLOW: ""}).status == 409

    def test_so_does_the_operators_policy(self, cloud_with):
        cloud = cloud_with(unlisted="allow")
        cloud.swift.container("docs", allow=LISTED)
        assert cloud.call("POST", "/docs", headers={ALLOW: ""}).status == 200

    def test_operators_cannot_lock_themselves_out(self, cloud_with):
        cloud = cloud_with(always_allow=LISTED)
        cloud.swift.container("docs", allow=LISTED)
        assert cloud.call("POST", "/docs", headers={ALLOW: OTHER}).status == 200

    def test_the_proxys_own_addresses_cannot_either(self, cloud_with):
        cloud = cloud_with(admit_local="true")
        cloud.swift.container("docs", allow="127.0.0.1")
        assert cloud.call("POST", "/docs", "127.0.0.1", headers={ALLOW: OTHER}).status == 200

    def test_changes_of_other_metadata_are_no_matter(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        headers = {"X-Container-Meta-Color": "red"}
        assert cloud.call("POST", "/docs", headers=headers).status == 200

    def test_an_accounts_list_is_guarded_too(self, cloud):
        cloud.swift.account(allow=LISTED)
        headers = {"X-Account-Meta-Allow": OTHER}
        assert cloud.call("POST", "", headers=headers).status == 409
        assert cloud.call("POST", "", headers={**headers, **CONFIRM}).status == 200

    def test_it_is_judged_by_the_list_as_it_is_and_not_as_it_was_cached(self, cloud):
        cloud.swift.container("docs", allow_a=LISTED)
        cloud.call("GET", "/docs")
        cloud.swift.container("docs", allow_a=LISTED, allow_b=LISTED)
        headers = {"X-Remove-Container-Meta-Allow-A": "x"}
        assert cloud.call("POST", "/docs", headers=headers).status == 200

    def test_who_was_removed_a_moment_ago_cannot_use_the_cache_to_come_back(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        cloud.call("GET", "/docs")
        cloud.swift.container("docs", allow=OTHER)
        assert cloud.call("POST", "/docs", headers={ALLOW: LISTED}).status == 404

    def test_who_was_removed_from_the_accounts_list_cannot_put_himself_on_a_containers(
        self, cloud
    ):
        cloud.swift.account(allow=LISTED)
        cloud.swift.container("docs")
        cloud.call("GET", "/docs")
        cloud.swift.account(allow=OTHER)
        assert cloud.call("POST", "/docs", headers={ALLOW: LISTED}).status == 404

    def test_nor_who_was_removed_from_the_list_of_what_it_serves(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        cloud.swift.container("docs_segments")
        cloud.call("GET", "/docs_segments")
        cloud.swift.container("docs", allow=OTHER)
        assert cloud.call("POST", "/docs_segments", headers={ALLOW: LISTED}).status == 404

    def test_a_lock_out_is_found_where_the_accounts_list_has_changed(self, cloud):
        cloud.swift.account(allow=LISTED)
        cloud.swift.container("docs", allow=LISTED)
        cloud.call("GET", "")
        cloud.swift.account(allow=OTHER)
        headers = {"X-Remove-Container-Meta-Allow": "x"}
        assert cloud.call("POST", "/docs", headers=headers).status == 409

    def test_who_is_refused_does_not_empty_the_cache(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        for _ in range(3):
            cloud.call("POST", "/docs", OTHER, headers={ALLOW: OTHER})
        assert cloud.swift.asked.count(f"{ACCOUNT}/docs") == 1


class TestCreation:
    @pytest.mark.parametrize("method", ["PUT", "POST"])
    def test_the_items_that_it_brings_admit_its_sender(self, cloud, method):
        answer = cloud.call(method, "/new", headers={ALLOW: LISTED})
        assert answer.status == {"PUT": 200, "POST": 404}[method]
        assert cloud.swift.seen == [(method, f"/v1/{ACCOUNT}/new")]

    def test_without_items_the_account_and_the_policy_decide(self, cloud):
        assert cloud.call("PUT", "/new").status == 403
        cloud.swift.account(allow=LISTED)
        cloud.cache.stored.clear()
        assert cloud.call("PUT", "/new").status == 200

    def test_items_that_do_not_admit_its_sender_do_not_help(self, cloud):
        assert cloud.call("PUT", "/new", headers={ALLOW: OTHER}).status == 403
        assert cloud.call("PUT", "/new", headers={ALLOW: OTHER, **CONFIRM}).status == 403

    def test_items_with_a_mistake_do_not_help(self, cloud):
        assert cloud.call("PUT", "/new", headers={ALLOW: "x"}).status == 400

    def test_a_mistake_beside_a_good_item_is_named(self, cloud):
        headers = {ALLOW: LISTED, ALLOW + "-B": "x"}
        assert cloud.call("PUT", "/new", headers=headers).status == 400

    def test_a_creation_that_shuts_its_sender_out_is_a_conflict(self, cloud):
        cloud.swift.account(allow=LISTED)
        assert cloud.call("PUT", "/new", headers={ALLOW: OTHER}).status == 409
        assert cloud.call("PUT", "/new", headers={ALLOW: OTHER, **CONFIRM}).status == 200

    def test_a_new_container_of_segments_is_ruled_by_the_one_that_it_serves(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        assert cloud.call("PUT", "/docs_segments", LISTED).status == 200
        assert cloud.call("PUT", "/docs+segments", OTHER).status == 403

    @pytest.mark.parametrize("served", ["docs_segments", "docs+segments"])
    def test_its_items_do_not_overrule_the_list_of_what_it_serves(self, cloud, served):
        cloud.swift.container("docs", allow=LISTED)
        assert cloud.call("PUT", f"/{served}", OTHER, headers={ALLOW: OTHER}).status == 403

    @pytest.mark.parametrize("serving", ["_segments", "+segments", "\x00versions\x00"])
    def test_it_does_not_come_to_rule_what_is_there_already(self, cloud, serving):
        cloud.swift.account(allow=LISTED)
        old = f"{serving}docs" if "versions" in serving else f"docs{serving}"
        cloud.swift.container(old)
        assert cloud.call("PUT", "/docs", OTHER, headers={ALLOW: OTHER}).status == 403
        assert cloud.call("PUT", "/docs", LISTED, headers={ALLOW: LISTED}).status == 200

    def test_it_does_not_come_to_rule_what_was_made_a_moment_ago(self, cloud):
        cloud.swift.account(allow=LISTED)
        cloud.call("GET", "/docs_segments", OTHER)
        cloud.call("PUT", "/docs", OTHER, headers={ALLOW: LISTED})
        cloud.swift.container("docs_segments")
        assert cloud.call("PUT", "/docs", OTHER, headers={ALLOW: OTHER}).status == 403

    def test_it_does_not_come_to_rule_what_is_there_at_two_removes(self, cloud):
        cloud.swift.account(allow=LISTED)
        cloud.swift.container("docs_segments_segments")
        assert cloud.call("PUT", "/docs", OTHER, headers={ALLOW: OTHER}).status == 200
        assert cloud.call("GET", "/docs_segments_segments/x", OTHER).status == 403

    def test_a_container_that_exists_is_not_created(self, cloud):
        cloud.swift.container("docs", allow=OTHER)
        assert cloud.call("PUT", "/docs", headers={ALLOW: LISTED}).status == 403

    def test_an_object_is_no_container(self, cloud):
        assert cloud.call("PUT", "/new/object", headers={ALLOW: LISTED}).status == 403

    def test_an_account_is_no_container(self, cloud):
        headers = {"X-Account-Meta-Allow": LISTED}
        assert cloud.call("POST", "", headers=headers).status == 403
        cloud.cache.stored.clear()
        cloud.swift.statuses[ACCOUNT] = 404
        assert cloud.call("PUT", "", headers=headers).status == 403

    def test_an_unknown_caller_creates_nothing(self, cloud):
        assert cloud.call("PUT", "/new", None, headers={ALLOW: "0.0.0.0/0"}).status == 403
