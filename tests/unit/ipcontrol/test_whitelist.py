# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.addresses import AddressError, parse_address, parse_network
from ipcontrol.whitelist import (
    AccessPolicy,
    Entry,
    EntryError,
    Reason,
    Source,
    Unlisted,
    Whitelist,
    base_container,
    governing_containers,
    is_allow_item,
    parse_item,
    serving_containers,
)
from tests.unit.ipcontrol import universe
from tests.vectors import cases

NOON = datetime(2026, 12, 31, 12, tzinfo=UTC)
LAB = ip_address("10.1.0.5")
OUTSIDER = ip_address("203.0.113.9")
NETWORKS = st.builds(
    lambda address, length: parse_network(
        str(ip_network((address, length % (address.max_prefixlen + 1)), strict=False))
    ),
    st.ip_addresses(),
    st.integers(0, 128),
)
ENTRIES = st.builds(
    Entry,
    st.sampled_from(["allow", "allow-lab"]),
    st.lists(NETWORKS, min_size=1, max_size=5).map(tuple),
    st.booleans(),
    st.none()
    | st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0)),
)


def whitelist(**items):
    return Whitelist.from_metadata({f"allow-{label}": value for label, value in items.items()})


def _address(text):
    try:
        return parse_address(text)
    except AddressError:
        return None


@pytest.mark.parametrize("case", cases("whitelist"), ids=str)
def test_a_request_is_decided_as_the_contract_says(case):
    found = Whitelist.from_metadata(case["metadata"])
    at = datetime.fromisoformat(case["at"])
    assert found.restricts is case["restricts"]
    assert found.decide(_address(case["address"]), case["method"], at).allowed is case["allowed"]


@given(ENTRIES)
def test_a_printed_entry_reads_back_as_itself(entry):
    assert parse_item(entry.name, entry.value) == entry


@given(st.text())
def test_any_value_is_an_entry_or_an_entry_error(value):
    try:
        assert parse_item("allow", value).networks
    except EntryError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("10.1.2.3/16", "10.1.2.3/16 has host bits set: 10.1.0.0/16?"),
        ("", "A network is missing: write one such as 192.0.2.0/24."),
        ("10.0.0.1;", 'Nothing follows a ";": write read-only or until=…, or leave it out.'),
        ("10.0.0.1; read-only; read-only", '"read-only" is one too many: write each option once.'),
        (
            "10.0.0.1; Read-Only",
            '"Read-Only" is not an option: write read-only or until=2026-12-31T18:00Z after the networks and a semicolon.',
        ),
        (
            "10.0.0.1; until=tomorrow",
            '"tomorrow" is not a moment in UTC: write it as 2026-12-31T18:00Z, with the Z.',
        ),
        (
            "10.0.0.1; until=2026-02-30T00:00Z",
            '"2026-02-30T00:00Z" is not a moment in UTC: write it as 2026-12-31T18:00Z, with the Z.',
        ),
    ],
)
def test_a_refused_value_is_answered_with_what_to_write(value, meant):
    with pytest.raises(EntryError) as refused:
        parse_item("allow", value)
    assert str(refused.value) == meant


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


def test_an_entry_expires_in_the_second_that_it_names():
    entry = parse_item("allow", "10.0.0.1; until=2026-12-31T12:00:01Z")
    assert not entry.expired(NOON)
    assert entry.expired(NOON + timedelta(seconds=1))


def test_invalid_items_keep_their_value_and_their_reason():
    (item,) = whitelist(office="10.1.2.3/16").errors
    assert (item.name, item.label, item.value) == ("allow-office", "office", "10.1.2.3/16")
    assert "10.1.0.0/16?" in str(item.error)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("allow", True), ("ALLOW-x", True), ("allow-", True), ("allowed", False), ("x-allow", False)],
)
def test_allow_items_are_told_by_their_name(name, expected):
    assert is_allow_item(name) is expected


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
    assert (found.allowed, found.reason) == (allowed, reason)


def test_an_always_allowed_network_is_admitted_whatever_a_list_says():
    policy = AccessPolicy(always_allow=(ip_network("203.0.113.0/24"),))
    lists = [(Source.CONTAINER, whitelist(lab="10.1.0.0/16"))]
    assert policy.decide(OUTSIDER, "PUT", NOON, lists).reason is Reason.ALWAYS_ALLOWED
    assert policy.decide(ip_address("203.0.114.1"), "PUT", NOON, lists).reason is Reason.NOT_LISTED


def test_an_unknown_caller_is_nobody_even_under_the_policy_allow():
    policy = AccessPolicy(Unlisted.ALLOW, (ip_network("0.0.0.0/0"),))
    assert policy.decide(None, "GET", NOON, []).reason is Reason.NO_ADDRESS


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("docs_segments", "docs"),
        ("docs+segments", "docs"),
        ("\x00versions\x00docs", "docs"),
        ("docs", None),
        ("_segments", None),
        ("+segments", None),
        ("\x00versions\x00", None),
        ("docs\x00versions\x00x", None),
    ],
)
def test_a_containers_base_is_told_by_its_name(name, base):
    assert base_container(name) == base


def test_old_versions_of_segments_are_governed_by_the_container_at_the_root():
    chain = list(governing_containers("\x00versions\x00docs+segments"))
    assert chain == ["\x00versions\x00docs+segments", "docs+segments", "docs"]


def test_a_container_is_the_base_of_those_that_serve_it():
    serving = serving_containers("docs")
    assert set(serving) == {"docs_segments", "docs+segments", "\x00versions\x00docs"}
    assert {base_container(name) for name in serving} == {"docs"}


def test_a_mistake_keeps_nothing_of_how_it_was_found():
    """A traceback would keep every frame, with the metadata and all that was read of them."""
    (found,) = Whitelist.from_metadata({"allow": "10.0.0.300"}).errors
    assert found.error.__traceback__ is None
    assert found.error.__context__ is None
    assert found.error.__cause__ is None


def test_the_old_versions_of_segments_do_not_serve_those_of_what_the_segments_serve():
    assert base_container("\x00versions\x00docs_segments") == "docs_segments"
    assert "\x00versions\x00docs_segments" not in serving_containers("\x00versions\x00docs")
