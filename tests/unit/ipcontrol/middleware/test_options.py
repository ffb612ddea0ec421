# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Options are read strictly."""

from ipaddress import ip_network

import pytest

from ipcontrol.middleware.options import OptionError, Options


def options(**values):
    return Options("any", values)


@pytest.mark.parametrize("text", ["192.0.2.0/24,2001:db8::1", "192.0.2.0/24\n 2001:db8::1 ,"])
def test_networks_are_separated_by_commas_and_white_space(text):
    expected = (ip_network("192.0.2.0/24"), ip_network("2001:db8::1"))
    assert options(nets=text).networks("nets") == expected


def test_no_networks_is_no_networks():
    assert options().networks("nets") == options(nets=" ").networks("nets") == ()


@pytest.mark.parametrize(("text", "value"), [("TRUE", True), ("0", False), ("off", False)])
def test_a_boolean_has_the_usual_spellings(text, value):
    assert options(flag=text).boolean("flag", not value) is value


def test_what_is_not_given_is_the_default():
    assert options().boolean("flag", True) is True
    assert options().text("word", "a") == "a"
    assert options().one_of("word", ("A", "B")) == "A"


def test_one_of_spells_it_its_own_way():
    assert options(word="x-forwarded-for").one_of("word", ("A", "X-Forwarded-For")) == (
        "X-Forwarded-For"
    )


def test_the_sentence_names_section_option_and_remedy():
    with pytest.raises(OptionError) as caught:
        options(nets="192.0.2.7/24").networks("nets")
    assert str(caught.value).startswith("[filter:any] nets: ")
    assert "192.0.2.0/24" in str(caught.value)


def test_an_unknown_option_is_told_with_the_known_ones():
    with pytest.raises(OptionError, match=r'no option "c"; its options are a, b\.'):
        options(c="1").reject_unknown(("b", "a"))


class TestInherited:
    """What stands in ``[DEFAULT]``, or in the section as ``set name = value``."""

    def test_an_option_is_read(self):
        assert Options("any", {}, {"flag": "no"}).boolean("flag", True) is False

    def test_the_sections_own_goes_before(self):
        assert Options("any", {"flag": "yes"}, {"flag": "no"}).boolean("flag", False) is True

    def test_options_of_others_are_not_misspellings(self):
        Options("any", {"a": "1"}, {"bind_port": "8080"}).reject_unknown(("a",))


def test_a_number_is_within_its_bounds():
    assert options(days="1").number("days", 30, 1, 365) == 1
    assert options(days=" 365 ").number("days", 30, 1, 365) == 365
    assert options().number("days", 30, 1, 365) == 30


@pytest.mark.parametrize("text", ["0", "366", "-1", "1.5", "x", "", "\u0661", "9" * 5000])
def test_another_number_is_an_error_that_says_the_bounds(text):
    with pytest.raises(OptionError, match=r"days is .*: write a number, 1 to 365"):
        options(days=text).number("days", 30, 1, 365)
