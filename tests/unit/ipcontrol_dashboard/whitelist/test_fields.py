# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from ipcontrol.addresses import format_network
from ipcontrol_dashboard.whitelist.fields import (
    LabelField,
    NetworksField,
    UntilField,
    fit_label,
)


def problems(field, text: str) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        field.clean(text)
    return caught.value.messages


# --- Label --------------------------------------------------------------------


def test_letters_become_lower_case_as_the_engine_compares_them():
    assert LabelField().clean("Office-2") == "office-2"


def test_an_underscore_is_refused_with_what_to_write():
    told = problems(LabelField(), "my_office")
    assert told == [
        'Swift cannot keep "my_office": write letters, digits and hyphens, such as my-office.'
    ]


@pytest.mark.parametrize(
    ("text", "fit"),
    [("Café", "cafe"), ("a b", "a-b"), ("_x_", "x"), ("a..b", "a-b"), ("名前", "")],
)
def test_the_label_suggested_is_one_that_swift_keeps(text, fit):
    assert fit_label(text) == fit
    if fit:
        assert LabelField().clean(fit) == fit


def test_a_label_of_which_nothing_is_left_gets_no_suggestion():
    told = problems(LabelField(), "名前")
    assert told == ['Swift cannot keep "名前": write letters, digits and hyphens.']


def test_an_odd_label_that_exists_is_kept():
    assert LabelField(keep="a/b_c").clean("a/b_c") == "a/b_c"


def test_an_odd_label_that_horizon_shows_in_another_way_is_kept():
    assert LabelField(keep="a{$b$}").clean("a{%b%}") == "a{$b$}"


def test_a_label_may_be_empty():
    assert LabelField(required=False).clean("") == ""


# --- Networks -----------------------------------------------------------------


def test_commas_spaces_lines_and_semicolons_separate_networks():
    networks = NetworksField().clean("10.0.0.0/8, 192.0.2.1\r\n2001:db8::/32;198.51.100.7")
    assert [format_network(network) for network in networks] == [
        "10.0.0.0/8",
        "192.0.2.1",
        "2001:db8::/32",
        "198.51.100.7",
    ]


def test_a_network_written_twice_counts_once():
    assert len(NetworksField().clean("10.0.0.0/8 10.0.0.0/8")) == 1


def test_every_bad_network_is_reported_with_what_was_probably_meant():
    told = problems(NetworksField(), "10.1.2.3/16, 192.0.2.0/24, 010.0.0.1")
    assert len(told) == 2
    assert "10.1.0.0/16" in told[0]
    assert "10.0.0.1" in told[1]


def test_of_many_bad_networks_some_are_reported_and_the_rest_counted():
    told = problems(NetworksField(), "x " * 1_242)
    assert len(told) == 9
    assert told[-1] == "And 1,234 more."


def test_more_networks_than_an_entry_takes_are_not_read():
    (told,) = problems(NetworksField(), "x " * 2_001)
    assert told.startswith("These are 2,001 networks, more than an entry takes (2,000)")


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.1-10.0.0.3",
        "10.0.0.1 - 10.0.0.3",
        "10.0.0.1\t-10.0.0.3",
        "10.0.0.1 \N{EN DASH} 10.0.0.3",
        "10.0.0.1\N{EM DASH}10.0.0.3",
    ],
)
def test_a_range_is_told_as_networks_however_its_dash_is_written(text):
    told = problems(NetworksField(), f"192.0.2.1, {text}")
    assert told == ["10.0.0.1-10.0.0.3 is a range: 10.0.0.1, 10.0.0.2/31?"]


@pytest.mark.parametrize(
    "text",
    ["- 10.0.0.1", "10.0.0.1 -", "10.0.0.1, - 10.0.0.9", "10.0.0.1\r\n- 10.0.0.9", "-"],
)
def test_a_hyphen_that_is_in_no_range_is_no_network(text):
    (told,) = problems(NetworksField(), text)
    assert told.startswith('"-" is not a network')


@pytest.mark.parametrize("option", ["read-only", "readonly", "until=2026-12-01T00:00Z"])
def test_an_option_among_the_networks_is_sent_to_its_field(option):
    (told,) = problems(NetworksField(), f"10.0.0.0/8; {option}")
    assert told == f'"{option}" is not a network: choose it in the fields below.'


def test_an_entry_without_networks_is_none():
    assert problems(NetworksField(), " \n") != []
    assert problems(NetworksField(), ",;") != []


def test_networks_are_shown_one_a_line():
    networks = NetworksField().clean("10.0.0.0/8 192.0.2.1")
    assert NetworksField().prepare_value(networks) == "10.0.0.0/8\n192.0.2.1"


def test_what_was_typed_is_shown_as_it_was():
    assert NetworksField().prepare_value("10.0.0.0/8,oops") == "10.0.0.0/8,oops"


# --- Until --------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01T18:00",
        "2026-12-01 18:00",
        "2026-12-01T18:00Z",
        "2026-12-01 18:00 UTC",
        "2026-12-01T18:00:00",
        "2026-12-01T18:00:00.000",
    ],
)
def test_a_moment_is_read_as_a_browser_writes_it_and_as_a_person_does(text):
    assert UntilField().clean(text) == datetime(2026, 12, 1, 18, 0, tzinfo=UTC)


def test_an_hour_may_have_one_digit():
    assert UntilField().clean("2026-12-01 9:30") == datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def test_seconds_are_kept():
    when = datetime(2026, 12, 1, 18, 0, 5, tzinfo=UTC)
    assert UntilField().clean(UntilField().prepare_value(when)) == when


def test_a_whole_minute_is_shown_without_seconds():
    when = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
    assert UntilField().prepare_value(when) == "2026-12-01T18:00"


def test_no_moment_is_no_end():
    assert UntilField(required=False).clean("") is None


def test_a_day_without_a_time_is_asked_for_one():
    told = problems(UntilField(), "2026-12-01")
    assert told == ['"2026-12-01" lacks the time: write 2026-12-01 00:00 for its first moment.']


@pytest.mark.parametrize("text", ["soon", "2026-13-01 00:00", "2026-12-01 24:00", "1.12.2026"])
def test_what_is_no_moment_is_told_how_to_write_one(text):
    (told,) = problems(UntilField(), text)
    assert told == f'"{text}" is not a moment: write it in UTC as 2026-12-31 18:00.'


# --- Address ------------------------------------------------------------------
