# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What is said of a text that is no address, in full."""

import pytest

from ipcontrol.address_hints import is_mask
from ipcontrol.addresses import AddressError, parse_address, parse_network

ANY = '"%s" would be any address: write 0.0.0.0/0 and ::/0.'
NO_NETWORK = '"%s" is not a network: write an address or address/length, such as 192.0.2.0/24.'
NO_ADDRESS = '"%s" is not an address: write one such as 192.0.2.7.'
NO_LENGTH = '"%s" needs a prefix length after the slash: 0 to 32 bits for IPv4, 0 to 128 for IPv6.'
EIGHT = (
    "10.0.0.1, 10.0.0.2/31, 10.0.0.4/30, 10.0.0.8/29, 10.0.0.16/29, 10.0.0.24/30, 10.0.0.28/31, "
    "10.0.0.30"
)


def refusal(parse, text):
    with pytest.raises(AddressError) as caught:
        parse(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        *((word, ANY % word) for word in ("*", "any", "ANY", "all", "All ")),
        ("10.0.0.0/x/y", NO_LENGTH % "10.0.0.0/x/y"),
        ("fe80::%a/b/64", NO_LENGTH % "fe80::%a/b/64"),
        ("fe80::1%eth0", "fe80::1%eth0 names a zone: fe80::1?"),
        ("fe80::1%eth0%x", "fe80::1%eth0%x names a zone: fe80::1?"),
        ("fe80::%eth0/64", "fe80::%eth0/64 names a zone: fe80::/64?"),
        ("10.0.0.1-10.0.0.30", f"10.0.0.1-10.0.0.30 is a range: {EIGHT}?"),
        ("10.0.0.1-10.0.0.62", NO_NETWORK % "10.0.0.1-10.0.0.62"),
        (
            "2001:db8::1-2001:db8::2",
            "2001:db8::1-2001:db8::2 is a range: 2001:db8::1, 2001:db8::2?",
        ),
        ("10.0.0.0 24", NO_NETWORK % "10.0.0.0 24"),
        ("10.0.0.0 0.0.0.0", NO_NETWORK % "10.0.0.0 0.0.0.0"),
        ("10.1.2.3 0.0.255.255", "10.1.2.3 0.0.255.255 has a netmask: 10.1.0.0/16?"),
        ("::ffff:010.0.0.1", NO_NETWORK % "::ffff:010.0.0.1"),
        ("[2001:db8::1]", "[2001:db8::1] has brackets: 2001:db8::1?"),
        ("[2001:db8::]/32", "[2001:db8::]/32 has brackets: 2001:db8::/32?"),
        ("10.0. 0.1", '"10.0. 0.1" has white space in it: 10.0.0.1?'),
        ("?" * 60, NO_NETWORK % ("?" * 60)),
        ("?" * 61, NO_NETWORK % ("?" * 60 + "…")),
        (None, "An address must be text."),
    ],
)
def test_a_refused_network_is_told_in_full(text, advice):
    assert refusal(parse_network, text) == advice


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("???", NO_ADDRESS % "???"),
        ("10.0.0.0/8/8", "10.0.0.0/8/8 is a network, not one address: 10.0.0.0?"),
        ("10.1.*", NO_ADDRESS % "10.1.*"),
    ],
)
def test_a_refused_address_is_told_in_full(text, advice):
    assert refusal(parse_address, text) == advice


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("255.255.0.0", True),
        ("0.0.255.255", True),
        ("0.0.0.0", True),
        ("255.255.255.255", True),
        ("255.0.255.0", False),
        ("0.255.0.255", False),
        ("128.0.0.0", False),
        ("255.999.0.0", False),
        ("0.x", False),
        ("10.0.0.1", False),
    ],
)
def test_a_mask_is_told_from_an_address(text, mask):
    assert is_mask(text) == mask
