# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import time

import pytest

from ipcontrol.addresses import parse_network
from ipcontrol_dashboard.kit.networks_text import Word, words
from tests.fuzz import hostile


def test_words_are_parted_by_commas_semicolons_and_white_space_and_know_their_line():
    assert list(words("10.0.0.1, 10.0.0.2;10.0.0.3\r\n\n\t::1")) == [
        Word(1, "10.0.0.1"),
        Word(1, "10.0.0.2"),
        Word(1, "10.0.0.3"),
        Word(3, "::1"),
    ]


@pytest.mark.parametrize("dash", ["-", " - ", "\t-", " \N{EN DASH} ", "\N{EM DASH}"])
def test_a_range_is_one_word(dash):
    assert list(words(f"10.0.0.1{dash}10.0.0.9 ::1")) == [
        Word(1, "10.0.0.1-10.0.0.9"),
        Word(1, "::1"),
    ]


@pytest.mark.parametrize("slash", ["/", " /", "/ ", " / ", "\t/\t"])
def test_a_length_behind_white_space_belongs_to_its_address(slash):
    assert list(words(f"10.1.0.0{slash}16 2001:db8::{slash}32")) == [
        Word(1, "10.1.0.0/16"),
        Word(1, "2001:db8::/32"),
    ]


def test_a_length_on_the_next_line_belongs_to_nothing():
    assert [word.text for word in words("10.1.0.0\n/16")] == ["10.1.0.0", "/16"]


@pytest.mark.parametrize("between", [" ", "  ", "\t", ", ", "; ", "\n"])
@pytest.mark.parametrize(
    ("mask", "meant"),
    [
        ("255.255.255.0", "203.0.113.0/24"),
        ("255.255.255.255", "203.0.113.0/32"),
        ("255.0.0.0", "203.0.0.0/8"),
        ("0.0.0.255", "203.0.113.0/24"),
        ("0.0.0.3", "203.0.113.0/30"),
    ],
)
def test_a_netmask_belongs_to_the_address_before_it(between, mask, meant):
    first, second = words(f"203.0.113.0{between}{mask}\n::1")
    assert (first.network, second.text) == (None, "::1")
    assert first.problem == f"203.0.113.0 {mask} has a netmask: {meant}?"


def test_a_mask_that_could_be_everybody_or_one_gets_no_suggestion():
    (word,) = words("203.0.113.0 0.0.0.0")
    assert "is not a network" in word.problem


@pytest.mark.parametrize(
    "text",
    [
        "203.0.113.0 254.255.255.0",  # no netmask
        "203.0.113.0 255.0.255.0",
        "203.0.113.0/24 255.255.255.0",
        "2001:db8::1 255.255.255.0",
        "203.0.113.0 192.0.0.0",  # netmask or not, an address that a caller may have
    ],
)
def test_two_addresses_are_two_words(text):
    assert [word.text for word in words(text)] == text.split()


def test_each_netmask_belongs_to_its_own_address():
    found = [word.text for word in words("10.0.0.0 255.0.0.0 10.1.0.0 255.255.0.0 ::1")]
    assert found == ["10.0.0.0 255.0.0.0", "10.1.0.0 255.255.0.0", "::1"]


def test_a_word_knows_its_network_or_what_is_wrong():
    assert Word(1, "10.0.0.0/8").network == parse_network("10.0.0.0/8")
    assert Word(1, "10.0.0.0/8").problem == ""
    assert Word(1, "10.0.0.1/8").network is None
    assert Word(1, "10.0.0.1/8").problem == "10.0.0.1/8 has host bits set: 10.0.0.0/8?"


@pytest.mark.parametrize("family", hostile.FAMILIES, ids=ascii)
def test_no_text_takes_long(family):
    start = time.thread_time()
    assert all(word.text for word in words(hostile.text_of(family, 250_000)))
    assert time.thread_time() - start < 1
