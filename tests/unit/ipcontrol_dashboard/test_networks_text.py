# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import time

import pytest

from ipcontrol.addresses import parse_network
from ipcontrol_dashboard.networks_text import Word, words
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
