# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from datetime import timedelta
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.access import AccessPolicy, Source, Unlisted, Whitelist
from ipcontrol.lockout import refused_from, turning_points
from tests.unit.ipcontrol.universe import MANY, MOMENTS, NOON, POLICIES, WHITELISTS, addresses

LAB = ip_address("10.1.0.5")
TONIGHT = NOON + timedelta(hours=6)
UNTIL_TONIGHT = "10.1.0.0/16; until=2026-12-31T18:00Z"


def lists(**items):
    metadata = {name.replace("_", "-"): value for name, value in items.items()}
    return [(Source.CONTAINER, Whitelist.from_metadata(metadata))]


@pytest.mark.parametrize(
    ("items", "method", "expected"),
    [
        ({"allow": "10.1.0.0/16"}, "POST", None),
        ({"allow": UNTIL_TONIGHT}, "POST", TONIGHT),
        ({"allow": UNTIL_TONIGHT, "allow_b": "192.0.2.1"}, "POST", TONIGHT),
        ({"allow": UNTIL_TONIGHT, "allow_b": "10.1.0.5"}, "POST", None),
        ({"allow": UNTIL_TONIGHT, "allow_b": "10.1.0.5; read-only"}, "POST", TONIGHT),
        ({"allow": UNTIL_TONIGHT, "allow_b": "10.1.0.5; read-only"}, "GET", None),
        ({"allow": UNTIL_TONIGHT, "allow_b": "10.1.0.5; until=2026-12-31T13:00Z"}, "PUT", TONIGHT),
        ({"allow": "192.0.2.1"}, "GET", NOON),
        ({}, "GET", NOON),
    ],
)
def test_an_address_is_refused_from_the_end_of_the_last_entry_that_admits_it(
    items, method, expected
):
    assert refused_from(AccessPolicy(), LAB, method, NOON, lists(**items)) == expected


def test_whom_the_operator_admits_is_never_refused():
    policy = AccessPolicy(
        always_allow=Whitelist.from_metadata({"allow": "10.1.0.5"}).entries[0].networks
    )
    assert refused_from(policy, LAB, "POST", NOON, lists(allow=UNTIL_TONIGHT)) is None
    assert refused_from(AccessPolicy(Unlisted.ALLOW), LAB, "POST", NOON, []) is None


def test_an_unknown_address_is_refused_already():
    assert refused_from(AccessPolicy(Unlisted.ALLOW), None, "GET", NOON, []) == NOON


def test_decisions_change_at_the_ends_of_entries_that_are_to_come():
    ((_, whitelist),) = lists(allow=UNTIL_TONIGHT, allow_b="10.0.0.1; until=2026-12-31T12:00Z")
    assert turning_points([whitelist], NOON) == [TONIGHT]


@MANY
@given(POLICIES, st.lists(WHITELISTS, max_size=2), st.sampled_from(["GET", "POST"]))
def test_the_moment_of_refusal_is_the_first_of_all_moments_tried(policy, whitelists, method):
    listed = list(zip(Source, whitelists, strict=False))
    for address in addresses(*whitelists, networks=policy.always_allow):
        refused = [
            moment
            for moment in sorted(MOMENTS)
            if moment >= NOON and not policy.decide(address, method, moment, listed).allowed
        ]
        found = refused_from(policy, address, method, NOON, listed)
        assert found == min(refused, default=None)
