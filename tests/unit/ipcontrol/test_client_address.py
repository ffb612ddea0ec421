# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.addresses import parse_address, parse_network
from ipcontrol.client_address import HEADERS, client_address
from tests.vectors import cases

PROXIES = [parse_network("10.0.0.0/24")]
BEHIND_PROXY = {"REMOTE_ADDR": "10.0.0.5"}


def _forwarded(value):
    return client_address({**BEHIND_PROXY, "HTTP_FORWARDED": value}, PROXIES, "Forwarded")


def _x_forwarded_for(value):
    return client_address({**BEHIND_PROXY, "HTTP_X_FORWARDED_FOR": value}, PROXIES)


@pytest.mark.parametrize("case", cases("client_address"), ids=lambda c: str(c["environ"]))
def test_the_caller_is_found_as_the_contract_says(case):
    trusted = [parse_network(text) for text in case["trusted"]]
    found = client_address(case["environ"], trusted, case["header"])
    assert (found and str(found)) == case["address"]


def test_another_header_than_the_two_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="X-Forwarded-For, Forwarded"):
        client_address(BEHIND_PROXY, PROXIES, "X-Real-IP")


@pytest.mark.parametrize(
    "hop",
    [
        "203.0.113.7:",
        "203.0.113.7:123456",
        "203.0.113.7:80:80",
        "[203.0.113.7]",
        "[2001:db8::7",
        "[2001:db8::7]:",
        "[2001:db8::7]x",
        "2001:db8::7]:80",
        "203.0.113.7;",
        "203.0.113.7:8O",
    ],
)
def test_a_hop_that_is_almost_an_address_makes_the_caller_unknown(hop):
    assert _x_forwarded_for(f"198.51.100.1, {hop}") is None


@pytest.mark.parametrize(
    "value",
    [
        'for=198.51.100.1;by=", for="[2001:db8::7]:80"',
        'for="198.51.100.1, for=203.0.113.7',
        'for=198.51.100.1;by="x\\, for="[2001:db8::7]"',
        "for=198.51.100.1, ",
        'for=203.0.113.7"',
        'for="203.0.113.7"x',
    ],
)
def test_a_quote_that_a_client_left_open_never_shows_its_own_hop(value):
    assert _forwarded(value) is None


def test_a_comma_in_a_quoted_string_separates_nothing():
    assert str(_forwarded('for=203.0.113.7;by="a, for=198.51.100.1"')) == "203.0.113.7"


def test_an_escaped_character_in_a_quoted_address_is_read_as_itself():
    assert str(_forwarded(r'for="203\.0.113.7"')) == "203.0.113.7"


def test_a_thousand_hops_of_junk_do_not_hide_the_one_that_counts():
    assert str(_x_forwarded_for("junk, " * 1000 + "203.0.113.7")) == "203.0.113.7"


@given(st.sampled_from(HEADERS), st.text(max_size=200))
def test_no_header_text_raises(header, value):
    environ = {**BEHIND_PROXY, "HTTP_FORWARDED": value, "HTTP_X_FORWARDED_FOR": value}
    client_address(environ, PROXIES, header)


@given(st.text(st.characters(exclude_characters='",')), st.ip_addresses(v=4))
def test_what_a_client_puts_before_the_proxys_hop_changes_nothing(forged, seen):
    address = parse_address(str(seen))
    if address in PROXIES[0]:
        return
    assert _x_forwarded_for(f"{forged}, {seen}") == address
    assert _forwarded(f"{forged}, for={seen}") == address
