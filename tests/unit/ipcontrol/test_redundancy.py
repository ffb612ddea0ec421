# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.access import Whitelist
from ipcontrol.redundancy import MOST_NAMED, redundant_entries
from tests.unit.ipcontrol.universe import MANY, MOMENTS, WHITELISTS, addresses
from tests.vectors import cases

AT = datetime.fromisoformat("2026-12-31T12:00:00Z")


@pytest.mark.parametrize("case", cases("redundancy"), ids=lambda case: case["why"])
def test_entries_without_effect_are_found_as_the_contract_says(case):
    found = redundant_entries(Whitelist.from_metadata(case["metadata"]), AT)
    told = {each.entry.name: [cover.name for cover in each.covered_by] for each in found}
    assert told == case["redundant"]


def answers(whitelist, at, asked):
    """All that the list says from a moment on."""
    moments = [at, *(moment for moment in MOMENTS if moment > at)]
    return [whitelist.restricts] + [
        whitelist.decide(address, method, moment).allowed
        for moment in moments
        for address in asked
        for method in ("GET", "POST")
    ]


def without(whitelist, entries):
    return Whitelist(tuple(e for e in whitelist.entries if e not in entries), whitelist.errors)


def test_that_more_entries_cover_one_than_are_named_is_told():
    quarters = {f"allow-{place}": f"10.0.0.{64 * place}/26, 192.0.2.{place}" for place in range(4)}
    whitelist = Whitelist.from_metadata(quarters | {"allow": "10.0.0.0/24"})
    (found,) = redundant_entries(whitelist, AT)
    assert (len(found.covered_by), found.others) == (MOST_NAMED, True)


@MANY
@given(WHITELISTS, st.sampled_from(MOMENTS))
def test_all_that_are_without_effect_can_go_and_no_other(whitelist, at):
    gone = [each.entry for each in redundant_entries(whitelist, at)]
    left, asked = without(whitelist, gone), addresses(whitelist)
    before = answers(whitelist, at, asked)
    assert answers(left, at, asked) == before
    for entry in left.entries:
        assert answers(without(left, [entry]), at, asked) != before, entry


@MANY
@given(WHITELISTS, st.sampled_from(MOMENTS))
def test_a_cover_has_an_effect_and_grants_as_much(whitelist, at):
    found = redundant_entries(whitelist, at)
    gone = [each.entry for each in found]
    for each in found:
        assert bool(each.covered_by) is not each.entry.expired(at)
        for cover in each.covered_by:
            assert cover not in gone
            assert cover.until is None or (each.entry.until and cover.until >= each.entry.until)
            assert each.entry.read_only or not cover.read_only
            assert any(
                mine.overlaps(theirs)
                for mine in cover.networks
                for theirs in each.entry.networks
                if mine.version == theirs.version
            )
