# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

from dataclasses import replace

import pytest

from ipcontrol.contract import Limits
from ipcontrol_dashboard.whitelist import changes

SMALL = Limits(count=3, overall=40, name=20, value=16)


def test_an_empty_value_removes_an_item():
    assert changes.changed({"allow": "a", "color": "blue"}, {"allow": ""}) == {"color": "blue"}


def test_only_what_the_panel_shows_travels_with_the_form():
    metadata = {"allow-a": "10.0.0.1", "color": "blue", "a b": "1"}
    assert changes.load(changes.dump(changes.own_items(metadata))) == {
        "allow-a": "10.0.0.1",
        "a b": "1",
    }


@pytest.mark.parametrize("text", ["", "{", "[1]", '"allow"', "null", '{"allow": 1}'])
def test_what_was_not_dumped_counts_as_nothing_seen(text):
    assert changes.load(text) == {}


def test_what_was_added_removed_and_changed_meanwhile_is_told():
    told = changes.differences(
        {"allow-a": "10.0.0.1", "allow-b": "10.0.0.2"},
        {"allow-b": "10.0.0.3", "allow-c": "10.0.0.4"},
    )
    assert told == [
        "a was removed; it was: 10.0.0.1",
        "b was changed from 10.0.0.2 to 10.0.0.3",
        "c was added: 10.0.0.4",
    ]


def test_other_metadata_that_changed_meanwhile_is_nobodys_business_here():
    assert changes.differences({}, {"color": "blue"}) == []


def test_only_the_named_items_are_compared():
    assert changes.differences({"allow-a": "1"}, {"allow-b": "2"}, ["allow-c"]) == []


def test_an_item_is_told_by_its_label():
    assert changes.shown("allow-office") == "office"
    assert changes.shown("allow") == "(no label)"


def test_usage_counts_names_and_values_of_all_metadata_in_bytes():
    usage = changes.Usage.of({"allow": "10.0.0.1", "color": "ü"}, SMALL)
    assert (usage.items, usage.size) == (2, 5 + 8 + 5 + 2)


def test_the_scarcer_of_items_and_bytes_is_shown():
    assert changes.Usage(items=1, size=30, limits=SMALL).percent == 75
    assert changes.Usage(items=3, size=4, limits=SMALL).percent == 100


def test_a_nearly_full_budget_changes_its_colour():
    contexts = [changes.Usage(0, size, SMALL).context for size in (4, 30, 38)]
    assert contexts == ["info", "warning", "danger"]


def test_what_fits_is_no_problem():
    assert changes.too_much({"a": "1", "b": "2"}, {"c": "3"}, SMALL) == []


def test_a_value_that_is_too_long_is_told_with_its_length():
    (told,) = changes.too_much({}, {"allow-a": "x" * 17}, SMALL)
    assert told.startswith("a would take 17 bytes of the 16 that Swift keeps")


@pytest.mark.parametrize(
    ("networks", "entries"),
    [
        (["10.0.0.1", "10.0.0.2"], 2),
        # Either fills an entry to the last byte, and the separator is no longer needed.
        (["100.100.100.0/24", "100.100.200.0/24"], 2),
        ([f"10.0.0.{number}" for number in range(10, 20)], 7),
    ],
)
def test_a_value_that_is_too_long_is_told_how_many_entries_it_takes(networks, entries):
    (told,) = changes.too_much({}, {"allow-a": ", ".join(networks)}, replace(SMALL, overall=200))
    assert told.endswith(f"spread its networks over at least {entries} entries.")


def test_one_item_too_many_is_told():
    (told,) = changes.too_much({"a": "1", "b": "2", "c": "3"}, {"d": "4"}, SMALL)
    assert told.startswith("There would be 4 items of metadata; Swift keeps 3")


def test_too_many_bytes_are_told():
    (told,) = changes.too_much({"a": "x" * 30}, {"b": "y" * 10}, SMALL)
    assert told.startswith("All metadata together would take 42 bytes; Swift keeps 40")


def test_a_rename_does_not_count_twice():
    assert changes.too_much({"a": "1", "b": "2", "c": "3"}, {"a": "", "d": "1"}, SMALL) == []


def test_a_list_that_is_too_large_already_may_still_shrink():
    metadata = dict.fromkeys("abcdef", "1")
    assert changes.too_much(metadata, {"a": ""}, SMALL) == []
