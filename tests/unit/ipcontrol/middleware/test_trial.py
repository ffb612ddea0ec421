# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Lists that are only tried out, in the filter."""

from datetime import UTC, datetime, timedelta

import pytest

LAB, OTHER = "192.0.2.7", "198.51.100.9"
TRIAL = "X-Container-Meta-Whitelist-Trial"
ALLOW = "X-Container-Meta-Allow"
CONFIRMED = {"X-Confirm-Lockout": "true"}
ON_TRIAL = (
    "ip_whitelist on trial would have stopped GET AUTH_lab/docs from 198.51.100.9: "
    "refused: not-listed (container list) (txn: tx123)"
)


def moment(**away):
    return (datetime.now(UTC) + timedelta(**away)).strftime("%Y-%m-%dT%H:%M:%SZ")


PAST, TONIGHT = moment(hours=-1), moment(hours=1)


@pytest.fixture
def tried(cloud):
    """A container that admits the lab, tried out in an account that admits all."""
    cloud.swift.account(allow="0.0.0.0/0")
    cloud.swift.container("docs", allow="192.0.2.0/24", whitelist_trial="true")
    return cloud


class TestEnforcement:
    @pytest.mark.parametrize("path", ["/docs", "/docs/x", "/docs_segments/x"])
    def test_a_list_that_is_tried_out_refuses_nobody(self, tried, path):
        tried.swift.container("docs_segments")
        assert [tried.call("GET", path, each).status for each in (LAB, OTHER)] == [200, 200]

    @pytest.mark.parametrize("path", ["/docs/x", "/docs_segments/x"])
    def test_what_would_rule_without_it_rules(self, tried, path):
        tried.swift.container("docs_segments")
        tried.swift.account(allow=OTHER)
        assert [tried.call("GET", path, each).status for each in (LAB, OTHER)] == [403, 200]

    @pytest.mark.parametrize(
        ("trial", "status"),
        [(TONIGHT, 200), (PAST, 403), ("yes", 403)],
        ids=["tonight", "an hour ago", "none"],
    )
    def test_it_is_enforced_from_its_moment_on_and_where_that_cannot_be_read(
        self, tried, trial, status
    ):
        tried.swift.container("docs", allow="192.0.2.0/24", whitelist_trial=trial)
        assert tried.call("GET", "/docs/x", OTHER).status == status

    def test_its_neighbours_are_enforced_as_ever(self, tried):
        tried.swift.container("more", allow="192.0.2.0/24")
        assert tried.call("GET", "/more/x", OTHER).status == 403

    def test_an_accounts_list_may_be_tried_out_too(self, cloud_with):
        cloud = cloud_with(unlisted="allow")
        cloud.swift.account(allow="192.0.2.0/24", whitelist_trial="true")
        assert cloud.call("GET", "", OTHER).status == 200
        cloud.swift.account(allow="192.0.2.0/24", whitelist_trial=PAST)
        cloud.cache.stored.clear()
        assert cloud.call("GET", "", OTHER).status == 403


class TestReport:
    def test_what_it_would_refuse_is_logged_and_counted(self, tried):
        tried.call("GET", "/docs", OTHER)
        assert (tried.log, tried.counters) == ([ON_TRIAL], ["trial.refused"])

    def test_what_it_would_admit_is_not(self, tried):
        tried.call("GET", "/docs", LAB)
        assert (tried.log, tried.counters) == ([], [])

    def test_what_another_list_refuses_is_told_as_ever(self, tried):
        tried.swift.account(allow="203.0.113.0/24")
        tried.call("GET", "/docs", OTHER)
        assert tried.counters == ["refused"]

    def test_a_change_counts_once(self, tried):
        tried.call("POST", "/docs", OTHER, {"X-Container-Meta-Color": "red"})
        assert tried.counters == ["trial.refused"]
        assert "POST AUTH_lab/docs" in tried.log[0]


class TestChange:
    def test_a_value_that_says_no_end_is_not_stored(self, tried):
        answer = tried.call("POST", "/docs", LAB, {TRIAL: "yes"})
        assert (answer.status, answer.headers["X-Ip-Whitelist"]) == (400, "malformed")
        assert answer.body == (
            f'{TRIAL}: "yes" does not say until when the list is tried out: write true, or a '
            "moment in UTC from which it is enforced, as 2026-12-31T18:00Z, with the Z."
        )
        assert tried.swift.seen == []

    @pytest.mark.parametrize(
        "headers", [{TRIAL: ""}, {"X-Remove-Container-Meta-Whitelist-Trial": "x"}, {TRIAL: PAST}]
    )
    def test_taking_it_off_is_judged_as_a_change_of_the_list(self, tried, headers):
        answer = tried.call("POST", "/docs", OTHER, headers)
        assert (answer.status, answer.headers["X-Ip-Whitelist"]) == (409, "lockout")
        assert answer.body.startswith("After this change, 198.51.100.9 could no longer")
        assert tried.swift.seen == []
        assert tried.call("POST", "/docs", OTHER, headers | CONFIRMED).status == 200
        assert tried.call("GET", "/docs", OTHER).status == 403

    def test_whom_the_list_admits_may_take_it_off(self, tried):
        assert tried.call("POST", "/docs", LAB, {TRIAL: ""}).status == 200
        assert tried.call("GET", "/docs", OTHER).status == 403

    def test_an_end_that_would_lock_its_sender_out_then_is_stopped_now(self, tried):
        answer = tried.call("POST", "/docs", OTHER, {TRIAL: TONIGHT})
        assert answer.status == 409
        assert answer.body.startswith(
            f"When the trial ends, at {TONIGHT}, 198.51.100.9 could no longer change the list back."
        )
        assert "lockout: when the trial ends: not-listed (container list)" in tried.log[-1]
        assert tried.call("POST", "/docs", OTHER, {TRIAL: TONIGHT} | CONFIRMED).status == 200

    def test_so_is_a_change_of_an_item_of_a_list_that_will_be_enforced(self, tried):
        tried.swift.container("docs", allow="192.0.2.0/24", whitelist_trial=TONIGHT)
        answer = tried.call("POST", "/docs", LAB, {ALLOW: "203.0.113.0/24"})
        assert answer.status == 409
        headers = {ALLOW: f"192.0.2.0/24; until={moment(minutes=30)}"}
        assert tried.call("POST", "/docs", LAB, headers).status == 409
        headers = {ALLOW: f"192.0.2.0/24; until={moment(minutes=90)}"}
        assert tried.call("POST", "/docs", LAB, headers).status == 200

    def test_items_may_be_changed_at_will_while_no_end_is_said(self, tried):
        assert tried.call("POST", "/docs", LAB, {ALLOW: "203.0.113.0/24"}).status == 200

    def test_the_end_of_a_trial_of_nothing_locks_nobody_out(self, cloud):
        cloud.swift.account(allow="192.0.2.0/24")
        cloud.swift.container("docs")
        assert cloud.call("POST", "/docs", LAB, {TRIAL: TONIGHT}).status == 200

    def test_beginning_one_is_judged_by_what_will_rule(self, cloud):
        """By a policy of deny, nobody gets in any more."""
        cloud.swift.container("docs", allow="192.0.2.0/24")
        answer = cloud.call("POST", "/docs", LAB, {TRIAL: "true"})
        assert (answer.status, answer.headers["X-Ip-Whitelist"]) == (409, "lockout")

    def test_who_is_refused_may_not_begin_one(self, tried):
        tried.swift.container("docs", allow="192.0.2.0/24")
        assert tried.call("POST", "/docs", OTHER, {TRIAL: "true"}).status == 403

    def test_whoever_is_in_may_not_use_an_old_trial_to_stay(self, tried):
        """Another proxy has taken it off; this one has the old metadata in its cache."""
        assert tried.call("GET", "/docs", OTHER).status == 200
        tried.swift.container("docs", allow="192.0.2.0/24")
        assert tried.call("GET", "/docs", OTHER).status == 200
        assert tried.call("POST", "/docs", OTHER, {TRIAL: "true"}).status == 403


class TestCreation:
    def test_items_that_are_tried_out_let_nobody_make_a_container(self, cloud):
        headers = {ALLOW: "192.0.2.0/24"}
        assert cloud.call("PUT", "/new", LAB, headers | {TRIAL: "true"}).status == 403
        assert cloud.call("PUT", "/new", LAB, headers | {TRIAL: PAST}).status == 200

    def test_whom_the_account_admits_makes_one_with_a_list_to_try_out(self, cloud):
        cloud.swift.account(allow=OTHER)
        headers = {ALLOW: "192.0.2.0/24", TRIAL: "true"}
        assert cloud.call("PUT", "/new", OTHER, headers).status == 200
        assert cloud.call("GET", "/new/x", OTHER).status == 200

    def test_a_container_whose_list_is_tried_out_comes_under_no_other_list_by_that(self, cloud):
        """Here ``docs_segments`` is ruled by the account, which does not admit who makes ``docs``."""
        cloud.swift.account(allow=OTHER)
        cloud.swift.container("docs_segments", allow=LAB, whitelist_trial="true")
        assert cloud.call("PUT", "/docs", LAB, {ALLOW: LAB}).status == 403
        cloud.swift.container("docs_segments", allow=LAB)
        cloud.cache.stored.clear()
        assert cloud.call("PUT", "/docs", LAB, {ALLOW: LAB}).status == 200

    def test_nor_by_a_container_between_that_only_brings_a_list_to_try_out(self, cloud):
        """``docs_segments+segments`` is ruled by the account, and would be by ``docs``."""
        cloud.swift.account(allow="0.0.0.0/0")
        cloud.swift.container("docs", allow=LAB)
        cloud.swift.container("docs_segments+segments")
        headers = {ALLOW: LAB}
        answer = cloud.call("PUT", "/docs_segments", LAB, headers | {TRIAL: "true"})
        assert (answer.status, "under the list of another one" in answer.body) == (403, True)
        assert cloud.call("PUT", "/docs_segments", LAB, headers).status == 200


def test_audit_mode_tells_of_a_trial_too(cloud_with):
    cloud = cloud_with(mode="audit")
    cloud.swift.account(allow="0.0.0.0/0")
    cloud.swift.container("docs", allow="192.0.2.0/24", whitelist_trial="true")
    assert cloud.call("GET", "/docs", OTHER).status == 200
    assert cloud.counters == ["trial.refused"]
