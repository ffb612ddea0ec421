# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What must hold of the engine for any input; each function takes text and asserts.

Hypothesis calls them in the unit tests, atheris in `make fuzz`, and every case
that either has found calls them again (`corpus.json`).
"""

from datetime import UTC, datetime

from ipcontrol.access import Whitelist
from ipcontrol.addresses import AddressError, format_network, parse_address, parse_network
from ipcontrol.client_address import client_address
from ipcontrol.entries import EntryError, is_allow_item, parse_item
from tests.fuzz import plain_rules

AT = datetime(2026, 12, 31, 12, tzinfo=UTC)
METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "POST", "DELETE", "COPY", "get", "")
TRUSTED = ("10.0.0.0/24", "2001:db8:ffff::/48", "::ffff:192.0.2.0/120")
PROXY = "10.0.0.5"


def bits(address):
    return address and format(int(address), f"0{address.max_prefixlen}b")


def addresses_read_as_the_plain_rules_do(text):
    try:
        address = parse_address(text)
    except AddressError as error:
        assert str(error)
        address = None
    assert bits(address) == plain_rules.address_bits(text), text
    if address is not None:
        assert parse_address(str(address)) == address, text


def networks_read_as_the_plain_rules_do(text):
    try:
        network = parse_network(text)
    except AddressError as error:
        assert str(error)
        assert plain_rules.network_bits(text) is None, text
        return
    fixed = bits(network.network_address)[: network.prefixlen]
    assert plain_rules.network_bits(text) == (fixed, network.max_prefixlen), text
    assert parse_network(format_network(network)) == network, text


def items_read_as_the_plain_rules_do(value):
    try:
        entry = parse_item("allow-x", value)
    except EntryError as error:
        assert str(error)
        assert plain_rules.item_admits(value, None, "GET", AT) is None, value
        return
    assert plain_rules.item_admits(value, None, "GET", AT) is False, value
    assert parse_item("allow-x", entry.value) == entry, value
    for network in entry.networks:
        for method in METHODS:
            _same_decision({"allow-x": value}, str(network.network_address), method)


def whitelists_admit_as_the_plain_rules_do(names, values, address, method):
    _same_decision(dict(zip(names, values, strict=False)), address, method)


def _same_decision(metadata, address, method):
    try:
        caller = parse_address(address)
    except AddressError:
        caller = None
    whitelist = Whitelist.from_metadata(metadata)
    allowed = whitelist.decide(caller, method, AT).allowed
    expected = plain_rules.whitelist_admits(
        metadata, plain_rules.address_bits(address), method, AT
    )
    assert allowed == expected, (metadata, address, method)
    items = sum(plain_rules.is_item(name, value) for name, value in metadata.items())
    assert len(whitelist.entries) + len(whitelist.errors) == items
    assert all(is_allow_item(item.name) for item in (*whitelist.entries, *whitelist.errors))


def callers_are_found_as_the_plain_rules_do(peer, value, header):
    trusted = [parse_network(text) for text in TRUSTED]
    key = "HTTP_" + header.upper().replace("-", "_")
    found = client_address({"REMOTE_ADDR": peer, key: value}, trusted, header)
    expected = plain_rules.caller_bits(
        peer, value, [plain_rules.network_bits(text) for text in TRUSTED], header
    )
    assert bits(found) == expected, (peer, value, header)
