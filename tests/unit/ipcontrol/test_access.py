# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.access import AccessPolicy, Reason, Source, Unlisted, Whitelist
from ipcontrol.addresses import AddressError, parse_address
from tests.unit.ipcontrol import universe
from tests.vectors import as_id, cases

NOON = datetime(2026, 12, 31, 12, tzinfo=UTC)
LAB = ip_address("10.1.0.5")
OUTSIDER = ip_address("203.0.113.9")


def whitelist(**items):
    return Whitelist.from_metadata({f"allow-{label}": value for label, value in items.items()})


def _address(text):
    try:
        return parse_address(text)
    except AddressError:
        return None


@pytest.mark.parametrize("case", cases("whitelist"), ids=as_id)
def test_a_request_is_decided_as_the_contract_says(case):
    found = Whitelist.from_metadata(case["metadata"])
    at = datetime.fromisoformat(case["at"])
    assert found.restricts is case["restricts"]
    assert found.decide(_address(case["address"]), case["method"], at).allowed is case["allowed"]


def test_a_value_of_other_than_ascii_white_space_is_an_item_that_admits_nobody():
    found = Whitelist.from_metadata({"allow": "\u00a0"})
    assert found.restricts
    assert not found.entries


def test_a_refusal_names_the_entry_that_may_only_read():
    found = whitelist(partner="10.1.0.0/16; read-only").decide(LAB, "PUT", NOON)
    assert (found.reason, found.entry.label) == (Reason.READ_ONLY, "partner")
    assert found.network == ip_network("10.1.0.0/16")


def test_a_refusal_names_the_entry_that_has_expired():
    found = whitelist(partner="10.1.0.0/16; until=2026-12-31T12:00Z").decide(LAB, "GET", NOON)
    assert (found.reason, found.entry.label) == (Reason.EXPIRED, "partner")


def test_an_entry_may_stand_twice_under_two_names():
    found = whitelist(a="10.1.0.5", b="10.1.0.5; read-only").decide(LAB, "PUT", NOON)
    assert (found.allowed, found.entry.label) == (True, "a")


def walk(entries, address, method, at):
    """The decision of a list with entries, by walking over all of them and their networks."""
    refusal = (Reason.NOT_LISTED, None, None)
    for entry in entries:
        network = next((each for each in entry.networks if address in each), None)
        if network is None:
            continue
        if entry.until is not None and at >= entry.until:
            if refusal[0] is not Reason.READ_ONLY:
                refusal = (Reason.EXPIRED, entry, network)
        elif entry.read_only and method == "PUT":
            refusal = (Reason.READ_ONLY, entry, network)
        else:
            return Reason.ADMITTED, entry, network
    return refusal


@universe.MANY
@given(universe.WHITELISTS, st.sampled_from(universe.MOMENTS), st.sampled_from(["GET", "PUT"]))
def test_the_entry_and_the_network_that_decide_are_those_of_a_walk_over_all(listed, at, method):
    for address in universe.addresses(listed) if listed.entries else ():
        found = listed.decide(address, method, at)
        expected = walk(listed.entries, address, method, at)
        assert (found.reason, found.entry, found.network) == expected


def test_what_is_no_allow_item_or_blank_is_passed_over():
    found = Whitelist.from_metadata({"a": "x", "allow": " ", "allow-lab": "10.1.0.0/16", "z": ""})
    assert [entry.name for entry in found.entries] == ["allow-lab"]
    assert found.errors == ()


@pytest.mark.parametrize(
    ("items", "reason"), [({}, Reason.NO_ENTRY), ({"lab": "192.0.2.1"}, Reason.NOT_LISTED)]
)
def test_a_refusal_tells_a_list_without_the_caller_from_no_list(items, reason):
    assert whitelist(**items).decide(LAB, "GET", NOON) == (False, reason, None, None, None, None)


def test_an_admission_by_the_operator_names_the_network():
    network = ip_network("10.1.0.0/16")
    policy = AccessPolicy(always_allow=(ip_network("10.9.0.0/16"), network))
    found = policy.decide(LAB, "GET", NOON, [])
    assert found == (True, Reason.ALWAYS_ALLOWED, None, network, Source.OPERATOR, None)


def test_invalid_items_keep_their_value_and_their_reason():
    (item,) = whitelist(office="10.1.2.3/16").errors
    assert (item.name, item.label, item.value) == ("allow-office", "office", "10.1.2.3/16")
    assert "10.1.0.0/16?" in str(item.error)


def test_the_first_list_that_restricts_rules_and_no_further_one_is_fetched():
    def lists():
        yield Source.CONTAINER, Whitelist()
        yield Source.BASE_CONTAINER, whitelist(lab="10.1.0.0/16")
        pytest.fail("the account was asked for")

    found = AccessPolicy().decide(LAB, "GET", NOON, lists())
    assert (found.allowed, found.source) == (True, Source.BASE_CONTAINER)


def test_a_list_that_refuses_is_not_overruled_by_the_one_behind_it():
    lists = [
        (Source.CONTAINER, whitelist(a="10.9.0.0/16")),
        (Source.ACCOUNT, whitelist(b="0.0.0.0/0")),
    ]
    assert not AccessPolicy(Unlisted.ALLOW).decide(LAB, "GET", NOON, lists).allowed


@pytest.mark.parametrize(
    ("unlisted", "allowed", "reason"),
    [("deny", False, Reason.UNLISTED_DENIED), ("allow", True, Reason.UNLISTED_ALLOWED)],
)
def test_the_policy_decides_where_no_list_restricts(unlisted, allowed, reason):
    found = AccessPolicy(Unlisted(unlisted)).decide(LAB, "GET", NOON, [])
    assert found == (allowed, reason, None, None, Source.OPERATOR, None)


def test_an_always_allowed_network_is_admitted_whatever_a_list_says():
    policy = AccessPolicy(always_allow=(ip_network("203.0.113.0/24"),))
    lists = [(Source.CONTAINER, whitelist(lab="10.1.0.0/16"))]
    assert policy.decide(OUTSIDER, "PUT", NOON, lists).reason is Reason.ALWAYS_ALLOWED
    assert policy.decide(ip_address("203.0.114.1"), "PUT", NOON, lists).reason is Reason.NOT_LISTED


def test_an_unknown_caller_is_nobody_even_under_the_policy_allow():
    policy = AccessPolicy(Unlisted.ALLOW, (ip_network("0.0.0.0/0"),))
    assert policy.decide(None, "GET", NOON, [])[:2] == (False, Reason.NO_ADDRESS)


def test_a_mistake_keeps_nothing_of_how_it_was_found():
    """A traceback would keep every frame, with the metadata and all that was read of them."""
    (found,) = Whitelist.from_metadata({"allow": "10.0.0.300"}).errors
    assert found.error.__traceback__ is None
    assert found.error.__context__ is None
    assert found.error.__cause__ is None


@pytest.mark.parametrize(
    ("items", "address", "method", "reason"),
    [
        ({"allow": "10.1.0.5"}, None, "GET", Reason.NO_ADDRESS),
        ({"allow": "10.1.0.5"}, LAB, "GET", Reason.ADMITTED),
        ({"allow": "10.1.0.5; read-only"}, LAB, "PUT", Reason.READ_ONLY),
        ({"allow": "10.1.0.5; until=2000-01-01T00:00Z"}, LAB, "GET", Reason.EXPIRED),
        ({"allow": "10.1.0.5"}, OUTSIDER, "GET", Reason.NOT_LISTED),
        ({}, LAB, "GET", Reason.NO_ENTRY),
    ],
)
def test_a_decision_says_whose_list_made_it(items, address, method, reason):
    listed = Whitelist.from_metadata(items)
    decision = listed.decide(address, method, NOON, Source.BASE_CONTAINER)
    assert (decision.reason, decision.source) == (reason, Source.BASE_CONTAINER)
    holding = (
        (listed.entries[0], listed.entries[0].networks[0]) if decision.entry else (None, None)
    )
    assert (decision.entry, decision.network) == holding
    assert listed.decide(address, method, NOON).source is None
