# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.addresses import (
    AddressError,
    NetworkSet,
    PrefixMap,
    format_address,
    format_network,
    parse_address,
    parse_network,
)
from tests.strategies import NETWORKS
from tests.vectors import as_id, cases


def _read(parse, text):
    try:
        return str(parse(text))
    except AddressError:
        return None


@pytest.mark.parametrize(
    "case", cases("addresses"), ids=lambda c: as_id(f"{c['kind']}-{c['text']}")
)
def test_text_is_read_as_the_contract_says(case):
    parse = parse_address if case["kind"] == "address" else parse_network
    assert _read(parse, case["text"]) == case["value"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10.1.2.3/16", "10.1.2.3/16 has host bits set: 10.1.0.0/16?"),
        ("10.0.0.0/255.0.0.0", "10.0.0.0/255.0.0.0 has a netmask: 10.0.0.0/8?"),
        ("10.0.0.0/0.255.255.255", "10.0.0.0/0.255.255.255 has a netmask: 10.0.0.0/8?"),
        ("10.1.2.3 255.255.0.0", "10.1.2.3 255.255.0.0 has a netmask: 10.1.0.0/16?"),
        ("10.1.2.3 0.0.255.255", "10.1.2.3 0.0.255.255 has a netmask: 10.1.0.0/16?"),
        ("10.1.0.0 /16", '"10.1.0.0 /16" has white space in it: 10.1.0.0/16?'),
        ("10.0.0.0 /8", '"10.0.0.0 /8" has white space in it: 10.0.0.0/8?'),
        ("010.0.0.0/8", "010.0.0.0/8 has leading zeros: 10.0.0.0/8?"),
        ("[2001:db8::1]:80", "[2001:db8::1]:80 has a port: 2001:db8::1?"),
        ("[2001:db8::]/32", "[2001:db8::]/32 has brackets: 2001:db8::/32?"),
        ("fe80::%eth0/64", "fe80::%eth0/64 names a zone: fe80::/64?"),
        ("10.1.*.*", "10.1.*.* is a wildcard: 10.1.0.0/16?"),
        ("10.0.0.1-10.0.0.3", "10.0.0.1-10.0.0.3 is a range: 10.0.0.1, 10.0.0.2/31?"),
        (
            "10.0.0.0/33",
            '"10.0.0.0/33" needs a prefix length after the slash: 0 to 32 bits for IPv4, 0 to 128 for IPv6.',
        ),
        (
            "10.0.0/8",
            '"10.0.0/8" is not a network: write an address or address/length, such as 192.0.2.0/24.',
        ),
        ("*", '"*" would be any address: write 0.0.0.0/0 and ::/0.'),
        ("example.org", '"example.org" is a name: write the address that it stands for.'),
        ("", "An address is missing: write one such as 192.0.2.7."),
        (
            "10.0.0",
            '"10.0.0" is not a network: write an address or address/length, such as 192.0.2.0/24.',
        ),
    ],
)
def test_a_refused_network_is_answered_with_what_was_probably_meant(text, meant):
    with pytest.raises(AddressError) as refused:
        parse_network(text)
    assert str(refused.value) == meant


def test_a_network_where_one_address_is_wanted_is_answered_with_its_address():
    with pytest.raises(AddressError, match=r"not one address: 10\.0\.0\.1\?"):
        parse_address("10.0.0.1/32")


def test_a_range_of_many_networks_is_not_suggested_in_part():
    with pytest.raises(AddressError, match="is not a network"):
        parse_network("10.0.0.1-10.255.255.253")


@pytest.mark.parametrize("parse", [parse_address, parse_network])
def test_a_text_longer_than_any_network_is_refused_in_few_words(parse):
    with pytest.raises(AddressError) as told:
        parse("1.1.1.1/" + "9" * 9_992)
    shown, sentence = str(told.value).split(" is too long ")
    assert len(shown) < 100
    assert sentence == (
        "for an address or a network (10000 characters): write one "
        "such as 192.0.2.7 or 192.0.2.0/24, and several apart from each other."
    )


def test_the_longest_texts_that_somebody_may_mean_get_their_suggestion():
    address = "2001:0db8:0000:0000:0000:0000:255.255.255.254"
    with pytest.raises(AddressError, match="is a range: 2001:db8::ffff:fffe/127"):
        parse_network(f"{address}-{address[:-1]}5")
    assert str(parse_network(f"{address}/128")) == "2001:db8::ffff:fffe/128"


def test_no_spelling_of_a_length_is_kept_by_the_standard_library():
    for count in range(1, 100):
        with pytest.raises(AddressError):
            parse_network("10.1.2.3/" + "0" * count + "8")
        with pytest.raises(AddressError):
            parse_network("2001:db8::1/" + "0" * count + "64")
    assert not [text for text in IPv4Network._netmask_cache if len(str(text)) > 15]
    assert not [text for text in IPv6Network._netmask_cache if len(str(text)) > 3]


@pytest.mark.parametrize("value", [None, 2130706433, b"10.0.0.1"])
def test_what_is_not_text_is_refused_by_name(value):
    with pytest.raises(AddressError, match="must be text"):
        parse_address(value)


@given(st.text())
def test_any_text_reads_as_a_network_or_is_an_address_error(text):
    _read(parse_network, text)
    _read(parse_address, text)


@given(NETWORKS)
def test_a_printed_network_reads_back_as_itself(network):
    canonical = parse_network(str(network))
    assert parse_network(format_network(canonical)) == canonical


@given(st.ip_addresses())
def test_a_printed_address_reads_back_as_itself(address):
    canonical = parse_address(str(address))
    assert parse_address(format_address(canonical)) == canonical


def test_the_longest_prefix_wins():
    table = PrefixMap([(ip_network("10.1.0.0/16"), "doc"), (ip_network("10.1.9.0/24"), "ops")])
    assert table.lookup(ip_address("10.1.9.7")) == (ip_network("10.1.9.0/24"), "ops")
    assert table.lookup(ip_address("10.1.8.7")) == (ip_network("10.1.0.0/16"), "doc")
    assert table.lookup(ip_address("10.2.0.1")) is None


def test_the_first_of_two_values_for_one_network_stays():
    table = PrefixMap([(ip_network("10.0.0.0/8"), "first"), (ip_network("10.0.0.0/8"), "second")])
    assert table.get(ip_network("10.0.0.0/8")) == "first"
    assert table.lookup(ip_address("10.0.0.1"))[1] == "first"


@given(st.lists(NETWORKS, max_size=20), st.ip_addresses())
def test_a_lookup_answers_as_a_walk_over_all_networks_does(networks, address):
    holding = [network for network in networks if address in network]
    longest = max(holding, key=lambda network: network.prefixlen, default=None)
    found = PrefixMap((network, None) for network in networks).lookup(address)
    assert (found and found[0]) == longest


@given(st.lists(NETWORKS, max_size=20), st.ip_addresses(), NETWORKS)
def test_a_set_finds_as_a_map_does_and_is_the_networks_that_went_in(networks, address, other):
    found = PrefixMap((network, None) for network in networks).lookup(address)
    kept = NetworkSet(networks)
    assert kept.find(address) == (found and found[0])
    assert (set(kept), len(kept)) == (set(networks), len(set(networks)))
    assert all(network in kept for network in networks)
    assert (other in kept, "10.0.0.0/8" in kept) == (other in networks, False)


def test_a_set_tells_the_short_addresses_of_both_families_apart():
    kept = NetworkSet([ip_network("::7"), ip_network("0.0.0.9")])
    assert [kept.find(ip_address(text)) for text in ("::7", "0.0.0.7", "::9")] == [
        ip_network("::7"),
        None,
        None,
    ]
    assert list(kept) == [ip_network("0.0.0.9"), ip_network("::7")]


@given(st.lists(NETWORKS, max_size=20), st.ip_addresses())
def test_all_networks_that_hold_an_address_are_found_the_longest_first(networks, address):
    holding = {network for network in networks if address in network}
    found = [each for each, _ in PrefixMap((one, None) for one in networks).holding(address)]
    assert found == sorted(holding, key=lambda network: -network.prefixlen)
