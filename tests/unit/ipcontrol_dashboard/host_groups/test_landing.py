# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from ipcontrol.addresses import parse_address
from ipcontrol.host_groups import Unmapped
from ipcontrol_dashboard.api.host_groups import ComputeHost
from ipcontrol_dashboard.host_groups import landing
from ipcontrol_dashboard.host_groups.overview import build
from tests.unit.ipcontrol_dashboard.host_groups.clouds import DOC, HOSTS, OPS, hosts, three


def answer(address, overview=None, unmapped=Unmapped.ANY):
    overview = overview or three()
    return landing.answer(overview.try_address(parse_address(address), unmapped))


def test_the_answer_names_subnet_outer_subnet_group_candidates_and_the_rest():
    assert answer("10.1.9.7") == (
        "10.1.9.7 matches 10.1.9.0/24 (inside doc's 10.1.0.0/16), so its instances start in ops. "
        "Candidates now: ops1; ops2 is down."
    )


def test_the_answer_of_a_subnet_by_itself_names_no_outer_one():
    assert answer("2001:db8:1::7") == (
        "2001:db8:1::7 matches 2001:db8:1::/48, so its instances start in doc. "
        "Candidates now: doc1 and doc2; doc3 is disabled."
    )


def test_the_answer_of_any_other_address_names_the_default_group():
    assert answer("192.0.2.1") == (
        "192.0.2.1 matches no subnet, so its instances start in the default group, dev. "
        "Candidates now: dev1 and dev2."
    )


def test_without_a_default_group_the_answer_says_what_the_scheduler_is_set_to():
    overview = build([DOC, OPS], HOSTS)

    assert "any host: the scheduler is set to unmapped = any." in answer("192.0.2.1", overview)
    assert answer("192.0.2.1", overview, Unmapped.NONE).endswith("set to unmapped = none.")
    assert answer("192.0.2.1", overview, Unmapped.UNGROUPED).endswith(
        "on hosts of no group: the scheduler is set to unmapped = ungrouped. Candidates now: dev1, "
        "dev2 and gpu7."
    )


def test_where_every_host_is_in_a_group_none_is_left_for_unmapped_addresses():
    overview = build([DOC], hosts("doc1"))

    assert answer("192.0.2.1", overview, Unmapped.UNGROUPED).endswith(
        "There is no such host, so they would fail to start."
    )


def test_the_answer_says_that_a_boot_would_fail_for_want_of_hosts():
    down = build([DOC], [ComputeHost("doc1", up=False)])

    assert answer("10.1.0.1", down).endswith(
        "There is no candidate now, so they would fail to start: doc1 is down."
    )
    assert answer("10.1.0.1", build([DOC], [])).endswith(
        "It has no hosts, so they would fail to start."
    )


def test_the_answer_leaves_candidates_out_where_hosts_are_not_known():
    assert answer("10.1.0.1", build([DOC], None)) == (
        "10.1.0.1 matches 10.1.0.0/16, so its instances start in doc."
    )
