# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Names of networks: how they are defined, and what refers to them."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.access import AccessPolicy, Source, Whitelist
from ipcontrol.addresses import parse_address, parse_network
from ipcontrol.entries import Entry, EntryError, parse_item, references
from ipcontrol.forecast import forecast
from ipcontrol.named_networks import (
    ANY_NAMES,
    DefinitionError,
    NamedNetworks,
    Names,
    defined_name,
    parse_definition,
    to_metadata,
)
from ipcontrol.reach import of_whitelist
from ipcontrol.redundancy import redundant_entries
from tests.unit.ipcontrol import universe
from tests.vectors import cases

NAME = st.text("abz019-", min_size=1, max_size=63)
NETWORKS = st.lists(universe.NETWORKS, min_size=1, max_size=40, unique=True).map(tuple)


def names_of(case) -> Names:
    operator = {
        name: NamedNetworks(name, tuple(map(parse_network, networks)), by_operator=True)
        for name, networks in case.get("operator", {}).items()
    }
    return Names.from_metadata(case["account"], Names(operator))


@pytest.mark.parametrize("case", cases("named_networks"), ids=lambda case: case["why"])
def test_a_list_with_names_is_decided_as_the_contract_says(case):
    whitelist = Whitelist.from_metadata(case["metadata"], names_of(case))
    address, at = parse_address(case["address"]), datetime.fromisoformat(case["at"])
    assert whitelist.restricts == case["restricts"]
    assert whitelist.decide(address, case["method"], at).allowed == case["allowed"]


@st.composite
def lists(draw):
    """A list in which some networks go by names, and the same one with all written out."""
    whitelist = draw(universe.WHITELISTS)
    named = []
    for number, entry in enumerate(whitelist.entries):
        kept = draw(st.integers(0, len(entry.networks)))
        parts = ((f"n{number}", entry.networks[kept:]),) if kept < len(entry.networks) else ()
        names = tuple(NamedNetworks(name, networks) for name, networks in parts)
        named.append(Entry(entry.name, entry.networks[:kept], entry.read_only, entry.until, names))
    return whitelist, Whitelist(tuple(named), whitelist.errors)


@universe.MANY
@given(lists(), st.sampled_from(universe.MOMENTS), st.sampled_from(["GET", "PUT"]))
def test_a_name_decides_as_its_networks_do(both, at, method):
    for address in universe.addresses(both[0]):
        written, named = (each.decide(address, method, at) for each in both)
        assert (named.allowed, named.reason) == (written.allowed, written.reason)
        assert (named.entry and named.entry.name) == (written.entry and written.entry.name)
        assert named.network is None or address in named.network


@universe.MANY
@given(lists(), st.sampled_from(universe.MOMENTS))
def test_whoever_looks_at_a_list_as_a_whole_sees_what_its_names_stand_for(both, at):
    written, named = both
    assert of_whitelist(named, at) == of_whitelist(written, at)
    redundant = [[each.entry.name for each in redundant_entries(one, at)] for one in both]
    assert redundant[0] == redundant[1]
    lists = [[(Source.CONTAINER, one)] for one in both]
    assert forecast(AccessPolicy(), *lists, at) == ()


@given(NAME, NETWORKS, st.integers(20, 300))
def test_what_defines_a_name_reads_back_however_many_items_it_takes(name, networks, most):
    items = to_metadata(name, networks, most)
    assert all(len(value) <= most or "," not in value for value in items.values())
    assert set(Names.from_metadata(items).find(name).networks) == set(networks)


@given(NAME, NETWORKS)
def test_an_entry_with_a_name_is_written_as_it_was_read(name, networks):
    names = Names.from_metadata(to_metadata(name, networks))
    entry = parse_item("allow", f"198.51.100.7 @{name}; read-only", names)
    assert entry.value == f"@{name}, 198.51.100.7; read-only"
    assert parse_item("allow", entry.value, names) == entry


@given(st.text())
def test_any_definition_is_networks_or_a_sentence(value):
    try:
        assert parse_definition("office", value)
    except DefinitionError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("@office", "No networks are defined by the name @office: define them first."),
        (
            "@Office",
            '"@Office" is not a name: write at most 63 lower-case letters, digits and hyphens.',
        ),
        (
            "@broken",
            "@broken stands for networks that cannot be read: 10.1.2.3/16 has host bits set: 10.1.0.0/16?",
        ),
        (
            "@chain",
            "@chain stands for networks that cannot be read: A name stands for networks, not for another name: write the networks.",
        ),
    ],
)
def test_an_item_that_refers_to_nothing_usable_says_what_to_do(value, advice):
    names = Names.from_metadata({"network-broken": "10.1.2.3/16", "network-chain": "@broken"})
    with pytest.raises(EntryError) as caught:
        parse_item("allow", value, names)
    assert str(caught.value) == advice


def test_all_names_that_can_be_used_are_told_each_once():
    """Not those of the operator in whose place the account has its own, readable or not."""
    others = Names(
        {name: NamedNetworks(name, (), True) for name in ("campus", "office", "broken")}
    )
    metadata = {"network-office": "192.0.2.1", "network-broken": "x.y", "network-a": "192.0.2.2"}
    found = list(Names.from_metadata(metadata, others).usable())
    assert [(each.name, each.by_operator) for each in found] == [
        ("a", False),
        ("office", False),
        ("campus", True),
    ]


def test_the_operators_names_are_not_copied_for_an_account():
    others = Names({"campus": NamedNetworks("campus", (), True)})
    names = Names.from_metadata({"network-office": "192.0.2.1"}, others)
    assert names.others is others
    assert names.find("campus") is others.find("campus")


def test_the_names_of_an_item_are_told_whether_they_are_defined_or_not():
    assert references("@a, 192.0.2.1 @b @a; until=never") == ["a", "b"]
    assert references("192.0.2.1; @a") == []


@pytest.mark.parametrize(
    ("item", "name"),
    [("network-a", "a"), ("NETWORK-A.12", "a"), ("network-a.b", None), ("networks-a", None)],
)
def test_an_item_that_defines_is_told_by_its_name(item, name):
    assert defined_name(item) == name


def test_a_definition_without_a_network_is_told_what_to_write():
    with pytest.raises(DefinitionError) as caught:
        parse_definition("office", " , ")
    assert str(caught.value) == "A network is missing: write one such as 192.0.2.0/24."


def test_an_item_that_defines_nothing_is_kept_as_it_is_stored():
    (error,) = Names.from_metadata({"Network-Office.2": "x.y", "zone": "a"}).errors
    assert (error.item, error.name, error.value) == ("network-office.2", "office", "x.y")


def test_items_behind_one_that_defines_nothing_are_read():
    names = Names.from_metadata({"color": "red", "network-office": "192.0.2.0/24"})
    assert names.find("office").networks == (parse_network("192.0.2.0/24"),)


@pytest.mark.parametrize(("last", "items"), [("100.100.100.10", 1), ("100.100.100.100", 2)])
def test_an_item_of_a_definition_takes_as_much_as_swift_keeps(last, items):
    """22 addresses take 240 bytes with what stands between them: 14 are left for one more."""
    networks = [parse_network(f"10.0.0.{number}") for number in range(10, 32)]
    found = to_metadata("office", [*networks, parse_network(last)])
    assert list(found) == ["network-office", "network-office.2"][:items]
    assert len(found["network-office"]) == (256 if items == 1 else 240)


def test_where_names_are_not_known_yet_each_that_can_be_one_will_do():
    entry = parse_item("allow", "@office, 192.0.2.1", ANY_NAMES)
    assert [each.name for each in entry.named] == ["office"]
    assert entry.named[0].networks == ()
    with pytest.raises(EntryError):
        parse_item("allow", "@Office", ANY_NAMES)
