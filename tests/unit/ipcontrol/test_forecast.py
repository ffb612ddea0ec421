# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Which addresses gain and lose by a change of lists, and from when on."""

from datetime import datetime
from ipaddress import collapse_addresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.access import AccessPolicy, Source, Unlisted, Whitelist
from ipcontrol.addresses import format_network, parse_network
from ipcontrol.forecast import Right, Shift, forecast, grounds, losers
from ipcontrol.lockout import refused_from
from ipcontrol.reach import EVERYBODY
from tests.unit.ipcontrol import universe
from tests.vectors import cases

METHODS = {Right.READ: "GET", Right.WRITE: "PUT"}
SOURCES = (Source.CONTAINER, Source.BASE_CONTAINER, Source.ACCOUNT)
LISTS = st.lists(universe.WHITELISTS, max_size=3).map(
    lambda whitelists: list(zip(SOURCES, whitelists, strict=False))
)


def of(metadata):
    return [(Source.CONTAINER, Whitelist.from_metadata(metadata))]


def as_written(shift: Shift) -> dict:
    return {
        "right": str(shift.right),
        "networks": list(map(format_network, shift.networks())),
        "before": shift.before and shift.before.isoformat().replace("+00:00", "Z"),
        "after": shift.after and shift.after.isoformat().replace("+00:00", "Z"),
    }


@pytest.mark.parametrize("case", cases("forecast"), ids=lambda case: case["why"])
def test_a_change_does_what_the_contract_says(case):
    at = datetime.fromisoformat(case["at"])
    policy = AccessPolicy(Unlisted(case.get("unlisted", "deny")))
    found = forecast(policy, of(case["before"]), of(case["after"]), at)
    assert [as_written(shift) for shift in found if shift.lost] == case["lost"]
    assert [as_written(shift) for shift in found if not shift.lost] == case["gained"]


@universe.MANY
@given(universe.POLICIES, LISTS, LISTS)
def test_every_address_is_in_the_shift_that_a_decision_at_every_moment_puts_it_in(
    policy, before, after
):
    at = universe.NOON
    shifts = forecast(policy, before, after, at)
    lists = [whitelist for _, whitelist in (*before, *after)]
    for address in universe.addresses(*lists, networks=policy.always_allow):
        for right, method in METHODS.items():
            ends = tuple(
                refused_from(policy, address, method, at, each) for each in (before, after)
            )
            holding = [
                (shift.before, shift.after)
                for shift in shifts
                if shift.right is right
                and any(
                    first.version == address.version and first <= address <= last
                    for first, last in shift.ranges
                )
            ]
            assert holding == ([ends] if ends[0] != ends[1] else [])


@universe.MANY
@given(universe.POLICIES, LISTS)
def test_what_stays_as_it_is_shifts_nobody(policy, lists):
    assert forecast(policy, lists, lists, universe.NOON) == ()


@universe.MANY
@given(universe.POLICIES, LISTS, LISTS)
def test_who_gains_by_a_change_loses_by_its_reverse(policy, before, after):
    there = forecast(policy, before, after, universe.NOON)
    back = forecast(policy, after, before, universe.NOON)
    turned = {(each.right, each.ranges, each.after, each.before) for each in back}
    assert {(each.right, each.ranges, each.before, each.after) for each in there} == turned


@universe.MANY
@given(universe.POLICIES, LISTS, LISTS)
def test_ranges_neither_touch_nor_overlap_and_losses_come_first(policy, before, after):
    shifts = forecast(policy, before, after, universe.NOON)
    assert [shift.lost for shift in shifts] == sorted((each.lost for each in shifts), reverse=True)
    for shift in shifts:
        edges = [(each.version, int(each)) for pair in shift.ranges for each in pair]
        assert edges == sorted(edges)
        for (_, last), (first, _) in zip(shift.ranges, shift.ranges[1:], strict=False):
            assert last.version != first.version or int(last) + 1 < int(first)


def test_a_change_that_ends_later_starts_where_the_first_of_both_ends():
    at = universe.NOON
    before = of({"allow": "192.0.2.0/24; until=2026-12-31T18:00Z"})
    (read, write) = forecast(AccessPolicy(), before, of({"allow": "192.0.2.0/24"}), at)
    assert [read.lost, write.lost] == [False, False]
    assert (read.starts, read.ends) == (datetime.fromisoformat("2026-12-31T18:00Z"), None)


@universe.MANY
@given(universe.POLICIES, LISTS, LISTS)
def test_a_shift_and_its_others_hold_all_of_a_family_once(policy, before, after):
    for shift in forecast(policy, before, after, universe.NOON):
        for whole in EVERYBODY:
            inside = list(shift.networks(whole.version))
            both = [*inside, *shift.others(whole.version)]
            assert list(collapse_addresses(both)) == [whole]
            assert sum(each.num_addresses for each in both) == whole.num_addresses


# --- By which entries, and whom it hits -----------------------------------------


@universe.MANY
@given(universe.POLICIES, LISTS, LISTS)
def test_grounds_are_the_entries_by_which_its_addresses_are_admitted_at_the_last_moment(
    policy, before, after
):
    at = universe.NOON
    for shift in forecast(policy, before, after, at):
        lists, end = (before, shift.before) if shift.lost else (after, shift.after)
        ruling = next((each for _, each in lists if each.restricts), Whitelist())
        found = grounds(shift, before, after, at)
        for entry in ruling.entries:
            networks = [each for each in entry.networks if shift.overlaps(each)]
            admits = entry.until == end and not entry.expired(at)
            admits = admits and not (shift.right is Right.WRITE and entry.read_only)
            assert (entry in found) is (admits and bool(networks))


@universe.MANY
@given(universe.POLICIES, LISTS, LISTS, universe.NETWORKS)
def test_a_shift_overlaps_a_network_where_one_of_its_own_does(policy, before, after, network):
    for shift in forecast(policy, before, after, universe.NOON):
        meets = any(
            each.version == network.version and each.overlaps(network) for each in shift.networks()
        )
        assert shift.overlaps(network) is meets


def test_callers_who_lose_are_told_with_what_and_those_who_gain_or_keep_are_not():
    at = universe.NOON
    before = of({"allow-a": "192.0.2.0/24", "allow-b": "198.51.100.0/24; read-only"})
    after = of({"allow-b": "198.51.100.0/24", "allow-c": "192.0.2.0/25; read-only"})
    shifts = forecast(AccessPolicy(), before, after, at)
    callers = list(map(parse_network, ("192.0.2.1", "192.0.2.200", "198.51.100.7", "10.0.0.1")))
    told = {
        format_network(caller): [str(shift.right) for shift in those]
        for caller, those in losers(shifts, callers).items()
    }
    assert told == {"192.0.2.1": ["write"], "192.0.2.200": ["read", "write"]}
