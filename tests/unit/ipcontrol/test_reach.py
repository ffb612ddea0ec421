# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from datetime import datetime
from ipaddress import summarize_address_range

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol import reach
from ipcontrol.access import AccessPolicy, Source, Unlisted, Whitelist
from ipcontrol.addresses import format_network, parse_network
from tests.unit.ipcontrol.universe import (
    MANY,
    MOMENTS,
    NETWORKS,
    NOON,
    POLICIES,
    WHITELISTS,
    addresses,
)
from tests.vectors import cases


def texts(networks):
    return [format_network(network) for network in networks]


@pytest.mark.parametrize("case", cases("reach"), ids=lambda case: case["why"])
def test_who_is_admitted_is_told_as_the_contract_says(case):
    lists = [
        (Source(each.get("source", "container")), Whitelist.from_metadata(each["metadata"]))
        for each in case["lists"]
    ]
    policy = AccessPolicy(
        Unlisted(case.get("unlisted", "deny")),
        tuple(map(parse_network, case.get("always_allow", ()))),
    )
    found = reach.of_policy(policy, datetime.fromisoformat(case["at"]), lists)
    assert texts(found.read) == case["read"]
    assert texts(found.write) == case["write"]


def holds(networks, address):
    return any(address in network for network in networks)


@MANY
@given(WHITELISTS, st.sampled_from(MOMENTS))
def test_who_is_admitted_by_a_list_is_whom_it_admits_one_by_one(whitelist, at):
    found = reach.of_whitelist(whitelist, at)
    for address in addresses(whitelist):
        for method, networks in (("GET", found.read), ("PUT", found.write)):
            allowed = whitelist.decide(address, method, at).allowed
            assert holds(networks, address) is allowed, (address, method)


@MANY
@given(POLICIES, st.lists(WHITELISTS, max_size=3), st.sampled_from(MOMENTS))
def test_who_is_admitted_by_the_proxy_is_whom_it_admits_one_by_one(policy, whitelists, at):
    lists = list(zip(Source, whitelists, strict=False))
    found = reach.of_policy(policy, at, lists)
    for address in addresses(*whitelists, networks=policy.always_allow):
        for method, networks in (("HEAD", found.read), ("DELETE", found.write)):
            allowed = policy.decide(address, method, at, lists).allowed
            assert holds(networks, address) is allowed, (address, method)


@MANY
@given(st.lists(NETWORKS, max_size=12))
def test_no_shorter_list_of_networks_holds_the_same_addresses(networks):
    found = reach.smallest(networks)
    assert list(found) == sorted(found, key=lambda each: (each.version, each))
    # Neighbours together are a range, which has one shortest list.
    assert list(found) == [part for run in _runs(found) for part in summarize_address_range(*run)]


def _runs(networks):
    """First and last address of each gapless run of the networks."""
    runs = []
    for network in networks:
        first, last = network[0], network[-1]
        if runs and runs[-1][1].version == first.version and int(runs[-1][1]) + 1 >= int(first):
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
    return runs


def test_who_may_write_may_read():
    whitelist = Whitelist.from_metadata(
        {"allow": "10.0.0.0/25", "allow-b": "10.0.0.128/25; read-only"}
    )
    found = reach.of_whitelist(whitelist, NOON)
    assert (texts(found.read), texts(found.write)) == (["10.0.0.0/24"], ["10.0.0.0/25"])
