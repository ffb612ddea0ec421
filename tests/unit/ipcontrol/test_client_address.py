# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.addresses import parse_address, parse_network
from ipcontrol.client_address import (
    HEADERS,
    client_address,
    environ_key,
    forwarded_parameters,
)
from tests.vectors import as_id, cases

PROXIES = [parse_network("10.0.0.0/24")]
BEHIND_PROXY = {"REMOTE_ADDR": "10.0.0.5"}


def _forwarded(value):
    return client_address({**BEHIND_PROXY, "HTTP_FORWARDED": value}, PROXIES, "Forwarded")


def _x_forwarded_for(value):
    return client_address({**BEHIND_PROXY, "HTTP_X_FORWARDED_FOR": value}, PROXIES)


@pytest.mark.parametrize("case", cases("client_address"), ids=lambda c: as_id(c["environ"]))
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


def test_a_header_is_named_as_wsgi_names_it():
    assert environ_key("X-Forwarded-For") == "HTTP_X_FORWARDED_FOR"


def parameters(value, peer="10.0.0.5"):
    environ = {"REMOTE_ADDR": peer, "HTTP_FORWARDED": value}
    return forwarded_parameters(environ, PROXIES)


class TestForwardedParameters:
    def test_they_are_read_with_names_in_lower_case_and_values_as_written(self):
        assert parameters('For=203.0.113.7 ;\tPROTO = https; host="a;B=c"') == [
            ("for", "203.0.113.7"),
            ("proto", "https"),
            ("host", '"a;B=c"'),
        ]

    def test_what_has_no_value_is_none(self):
        assert parameters("secret;for=203.0.113.7") == [("for", "203.0.113.7")]

    def test_an_equals_sign_in_a_value_stays(self):
        assert parameters("for=203.0.113.7;x=a=b")[-1] == ("x", "a=b")

    def test_other_than_ascii_white_space_belongs_to_name_and_value(self):
        assert parameters("for=203.0.113.7;\xa0x\xa0=\xa0y\xa0")[-1] == ("\xa0x\xa0", "\xa0y\xa0")

    @pytest.mark.parametrize(
        ("value", "named"),
        [
            ("for=203.0.113.7;proto=a, for=10.0.0.9;proto=b", "a"),
            ("for=1.1.1.1;proto=x, for=203.0.113.7;proto=a", "a"),
            ("for=10.0.0.8;proto=a, for=10.0.0.9;proto=b", "a"),
        ],
    )
    def test_they_are_those_of_the_element_that_names_the_caller(self, value, named):
        assert ("proto", named) in parameters(value)

    @pytest.mark.parametrize(
        ("value", "peer"),
        [
            ("for=203.0.113.7", "203.0.113.1"),
            ("for=203.0.113.7", "unix:"),
            ("for=203.0.113.7", None),
            ("for=203.0.113.7, for=unknown", "10.0.0.5"),
            ("", "10.0.0.5"),
            (None, "10.0.0.5"),
        ],
    )
    def test_there_are_none_where_nobody_trusted_says_them_of_a_known_caller(self, value, peer):
        assert parameters(value, peer) == []
