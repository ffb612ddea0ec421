# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address

from ipcontrol.access import AccessPolicy, Source, Whitelist
from ipcontrol.contract import Enforcement, Mode
from ipcontrol_dashboard.kit import service_errors
from ipcontrol_dashboard.whitelist.rules import Listed, Rights, Rules
from ipcontrol_dashboard.whitelist.viewer import Viewer

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CALLER = ip_address("10.1.1.1")


def access(own: dict | None = None, account: dict | None = None) -> Rules:
    return Rules(
        AccessPolicy(),
        (
            Listed(Source.CONTAINER, "docs", Whitelist.from_metadata(own or {})),
            Listed(Source.ACCOUNT, "", Whitelist.from_metadata(account or {})),
        ),
    )


def test_an_own_entry_rules():
    found = access(own={"allow": "10.0.0.0/8"}, account={"allow": "192.0.2.0/24"})
    assert found.ruling.source is Source.CONTAINER
    assert found.inherited is None


def test_without_own_entries_the_accounts_rule():
    found = access(account={"allow": "192.0.2.0/24"})
    assert found.ruling.source is Source.ACCOUNT
    assert found.inherited is found.lists[1]


def test_without_any_entries_no_list_rules():
    assert access().ruling is None


def test_an_unreadable_own_item_rules_all_the_same():
    found = access(own={"allow": "10.0.0.1/8"}, account={"allow": "10.0.0.0/8"})
    assert found.rights(CALLER, NOW) is Rights.NONE


def test_a_list_that_is_only_tried_out_leaves_ruling_to_the_accounts():
    lab, trial = {"allow-lab": "127.1.0.0/16"}, {"whitelist-trial": "true"}
    rules = access(own=lab | trial, account=lab)
    assert rules.ruling is rules.inherited is rules.lists[1]
    assert access(own=lab | trial).ruling is None
    over = access(own=lab | {"whitelist-trial": "2020-01-01T00:00Z"}, account=lab)
    assert over.ruling is over.lists[0]


def test_rights_tell_writing_from_reading_from_nothing():
    assert access(own={"allow": "10.0.0.0/8"}).rights(CALLER, NOW) is Rights.WRITE
    assert access(own={"allow": "10.0.0.0/8; read-only"}).rights(CALLER, NOW) is Rights.READ
    assert access(own={"allow": "192.0.2.1"}).rights(CALLER, NOW) is Rights.NONE


def test_who_may_only_read_is_shut_out_of_changes():
    assert access(own={"allow": "10.0.0.0/8; read-only"}).shut_out_from(CALLER, NOW)
    assert not access(own={"allow": "10.0.0.0/8"}).shut_out_from(CALLER, NOW)


def test_a_change_replaces_the_own_list_alone():
    before = access(own={"allow": "192.0.2.1"}, account={"allow": "10.0.0.0/8"})
    after = before.after({})
    assert before.shut_out_from(CALLER, NOW)
    assert not after.shut_out_from(CALLER, NOW)


# --- For whom a page speaks ---------------------------------------------------

ELSEWHERE = access(own={"allow": "192.0.2.1"})


def viewer(mode=Mode.ENFORCE, own=True) -> Viewer:
    return Viewer(CALLER, own, Enforcement(mode), NOW)


def test_whom_swift_answers_though_no_entry_holds_the_operator_admits():
    assert viewer().rights(ELSEWHERE) is Rights.OPERATOR


def test_that_says_nothing_about_another_address():
    assert viewer(own=False).rights(ELSEWHERE) is Rights.NONE


def test_where_swift_refuses_nobody_nobody_is_told_to_be_refused():
    assert viewer(Mode.AUDIT).rights(ELSEWHERE) is Rights.UNENFORCED


def test_the_rights_are_not_known_where_a_list_rules_that_swift_hides():
    hidden = replace(access(account={"allow": "x"}).lists[1], hidden=True)
    where = Rules(AccessPolicy(), (access().lists[0], hidden))
    assert viewer().rights(where) is None


def test_who_may_only_read_is_told_apart_where_swift_enforces_the_lists():
    reads = access(own={"allow": "10.0.0.0/8; read-only"})
    assert viewer().only_reads(reads)
    assert not viewer(Mode.AUDIT).only_reads(reads)
    assert not viewer(own=False).only_reads(reads)
    assert not viewer().only_reads(access(own={"allow": "10.0.0.0/8"}))
    assert not viewer().only_reads(ELSEWHERE)


def test_whom_the_list_refuses_has_no_rights():
    refused = service_errors.RefusedError("docs", "10.1.1.1", by_address=True)
    assert viewer().rights_despite(refused) is Rights.NONE


def test_whom_the_role_refuses_may_have_rights():
    refused = service_errors.RefusedError("docs", "10.1.1.1", by_address=False)
    assert viewer().rights_despite(refused) is None


def test_the_rights_of_another_address_are_not_known_from_ones_own_refusal():
    refused = service_errors.RefusedError("docs", "10.1.1.1", by_address=True)
    assert viewer(own=False).rights_despite(refused) is None
