# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Lists that are tried out: judged, and not enforced."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol import reach
from ipcontrol.access import SAFE_METHODS, AccessPolicy, Source, Whitelist
from ipcontrol.addresses import parse_address
from ipcontrol.forecast import Right, forecast, grounds
from ipcontrol.lockout import refused_from, trial_ends, turning_points
from ipcontrol.trial import (
    ALWAYS,
    NEVER,
    TrialError,
    format_trial,
    is_trial_item,
    parse_trial,
    read_trial,
)
from tests.unit.ipcontrol import universe
from tests.vectors import as_id, cases

SOURCES = (Source.CONTAINER, Source.BASE_CONTAINER, Source.ACCOUNT)
LISTS = st.lists(universe.TRIED, max_size=3).map(
    lambda whitelists: list(zip(SOURCES, whitelists, strict=False))
)
METHODS = {Right.READ: "GET", Right.WRITE: "PUT"}
# Just before, at and behind all moments at which anything in the universe ends.
MOMENTS = sorted(
    {
        universe.NOON,
        *(
            end + timedelta(seconds=seconds)
            for end in universe.ENDS
            for seconds in (-1, 0, 1)
            if end + timedelta(seconds=seconds) >= universe.NOON
        ),
    }
)


@pytest.mark.parametrize("case", cases("trial"), ids=lambda case: as_id(case["why"]))
def test_a_list_that_is_tried_out_decides_as_the_contract_says(case):
    lists = [
        (Source(each["source"]), Whitelist.from_metadata(each["metadata"]))
        for each in case["lists"]
    ]
    address, at = parse_address(case["address"]), datetime.fromisoformat(case["at"])
    found = AccessPolicy().decide(address, case["method"], at, lists)
    assert (found.allowed, found.source) == (case["allowed"], case["source"])
    assert (found.trial and found.trial.allowed) == case["trial"]


@universe.MANY
@given(universe.POLICIES, LISTS, st.sampled_from(MOMENTS), st.sampled_from(["GET", "PUT"]))
def test_a_list_that_is_tried_out_decides_nothing(policy, lists, at, method):
    """The answer is that of the same lists without those that are tried out."""
    enforced = [
        (source, Whitelist(each.entries, each.errors))
        for source, each in lists
        if each.trial is None or at >= each.trial
    ]
    whitelists = [whitelist for _, whitelist in lists]
    for address in universe.addresses(*whitelists, networks=policy.always_allow):
        found = policy.decide(address, method, at, lists)
        assert found._replace(trial=None) == policy.decide(address, method, at, enforced)


@universe.MANY
@given(universe.POLICIES, LISTS, st.sampled_from(MOMENTS))
def test_who_is_admitted_is_told_of_all_as_of_one(policy, lists, at):
    found = reach.of_policy(policy, at, lists)
    whitelists = [whitelist for _, whitelist in lists]
    for address in universe.addresses(*whitelists, networks=policy.always_allow):
        for networks, method in ((found.read, "GET"), (found.write, "PUT")):
            inside = any(address in network for network in networks)
            assert inside is policy.decide(address, method, at, lists).allowed


@universe.MANY
@given(universe.POLICIES, LISTS, st.sampled_from(["GET", "PUT"]))
def test_the_moment_of_refusal_is_the_first_of_all_where_trials_end_too(policy, lists, method):
    whitelists = [whitelist for _, whitelist in lists]
    for address in universe.addresses(*whitelists, networks=policy.always_allow):
        refused = [at for at in MOMENTS if not policy.decide(address, method, at, lists).allowed]
        found = refused_from(policy, address, method, universe.NOON, lists)
        assert found == min(refused, default=None)


@universe.MANY
@given(universe.POLICIES, LISTS, LISTS)
def test_a_forecast_says_of_every_address_at_every_moment_what_decisions_say(
    policy, before, after
):
    shifts = forecast(policy, before, after, universe.NOON)
    whitelists = [whitelist for _, whitelist in (*before, *after)]
    for address in universe.addresses(*whitelists, networks=policy.always_allow):
        for right, method in METHODS.items():
            mine = [
                shift
                for shift in shifts
                if shift.right is right
                and any(
                    first.version == address.version and first <= address <= last
                    for first, last in shift.ranges
                )
            ]
            for at in MOMENTS:
                old, new = (
                    policy.decide(address, method, at, lists).allowed for lists in (before, after)
                )
                told = [
                    shift.lost
                    for shift in mine
                    if shift.starts <= at and (shift.ends is None or at < shift.ends)
                ]
                assert told == ([] if old == new else [old])


@universe.MANY
@given(universe.POLICIES, LISTS, LISTS)
def test_grounds_are_entries_by_which_its_addresses_are_admitted_as_long_as_it_lasts(
    policy, before, after
):
    for shift in forecast(policy, before, after, universe.NOON):
        lists = before if shift.lost else after
        at = (shift.ends or MOMENTS[-1] + timedelta(days=1)) - timedelta(microseconds=1)
        for entry in grounds(shift, before, after, universe.NOON):
            network = next(each for each in entry.networks if shift.overlaps(each))
            address = next(
                address
                for first, last in shift.ranges
                for address in (first, network[0])
                if first.version == network.version
                and address in network
                and first <= address <= last
            )
            found = policy.decide(address, METHODS[shift.right], at, lists)
            assert found.allowed
            assert entry in next(each.entries for _, each in lists if each.rules(at))


def test_the_end_of_a_trial_is_a_moment_at_which_decisions_change():
    listed = Whitelist.from_metadata(
        {"allow": "::; until=2026-12-31T18:00Z", "whitelist-trial": "2026-12-31T17:00Z"}
    )
    empty = Whitelist.from_metadata({"whitelist-trial": "2026-12-31T16:00Z"})
    ends = [datetime(2026, 12, 31, hour, tzinfo=UTC) for hour in (17, 18)]
    assert turning_points([listed, empty], universe.NOON) == ends
    assert trial_ends([listed, empty], universe.NOON) == ends[:1]
    assert trial_ends([listed], ends[0]) == []
    forever = Whitelist.from_metadata({"allow": "::", "whitelist-trial": ALWAYS})
    assert turning_points([forever], universe.NOON) == []


def test_of_several_items_that_differ_in_case_the_first_end_counts():
    assert read_trial({"Whitelist-Trial": "true", "whitelist-trial": "2026-12-31T12:00Z"}) == (
        universe.NOON
    )
    assert read_trial({"Whitelist-Trial": "true", "whitelist-trial": "?"}) is None


@pytest.mark.parametrize("value", ["True", "1", "", "2026-12-31", "2026-12-31T24:00Z", "x" * 300])
def test_what_says_no_end_says_what_to_write(value):
    with pytest.raises(TrialError) as caught:
        parse_trial(value)
    assert str(caught.value) == (
        f'"{value[:40]}" does not say until when the list is tried out: write true, or a moment '
        "in UTC from which it is enforced, as 2026-12-31T18:00Z, with the Z."
    )


def test_a_trial_without_end_ends_behind_all_that_can_be_written():
    assert parse_trial("true") == NEVER
    assert parse_trial("9999-12-31T23:59:59Z") < NEVER


@given(st.text())
def test_any_value_is_a_moment_or_a_sentence(value):
    try:
        assert parse_trial(value).tzinfo is UTC
    except TrialError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("whitelist-trial", True),
        ("Whitelist-TRIAL", True),
        ("whitelist-tria", False),
        ("whitelist-trial-x", False),
        ("allow", False),
    ],
)
def test_the_item_is_told_by_its_name(name, expected):
    assert is_trial_item(name) is expected


def test_methods_that_read_are_tried_out_as_such():
    listed = Whitelist.from_metadata({"allow": "10.0.0.1; read-only", "whitelist-trial": "true"})
    for method in ("GET", "PUT"):
        found = AccessPolicy().decide(
            parse_address("10.0.0.1"), method, universe.NOON, [(Source.CONTAINER, listed)]
        )
        assert found.trial.allowed is (method in SAFE_METHODS)


@given(
    st.just(NEVER)
    | st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))
)
def test_an_end_that_is_written_is_read_back(end):
    assert parse_trial(format_trial(end)) == end
