# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from ipcontrol_dashboard.host_groups import stored
from ipcontrol_dashboard.host_groups.fields import SubnetsField

MIXED = {
    "ipcontrol:hostname_prefix": "ops",
    "ipcontrol:subnets:10": "junk, 10.4.0.0/16",
    "ipcontrol:subnets:2": "10.3.0.1/32 10.2.0.0/16",
    "ipcontrol:subnets": "10.1.2.3/16, 10.2.0.0/16",
    "rack": "7",
}


def test_lines_are_in_the_order_of_the_chunks_and_each_stands_there_once():
    assert stored.lines(MIXED) == ["10.1.2.3/16", "10.2.0.0/16", "10.3.0.1", "junk", "10.4.0.0/16"]


def test_the_unreadable_ones_are_told_apart():
    assert stored.unreadable(MIXED) == ["10.1.2.3/16", "junk"]


def test_a_key_without_effect_stands_before_what_it_holds_so_that_it_gets_none():
    metadata = {"ipcontrol:subnets": "10.1.0.0/16", "ipcontrol:subnets:02": "10.2.0.0/16"}

    assert stored.lines(metadata) == ["10.1.0.0/16", "ipcontrol:subnets:02=10.2.0.0/16"]
    assert stored.unreadable(metadata) == ["ipcontrol:subnets:02=10.2.0.0/16"]


def test_keys_that_no_save_clears_are_not_shown():
    assert stored.lines({"ipcontrol:colour": "red", "rack": "7"}) == []


def test_a_range_in_a_stored_text_is_parted_as_the_engine_parts_it():
    lines = stored.lines({"ipcontrol:subnets": "10.0.0.0 - 10.0.0.255"})

    assert lines == ["10.0.0.0", "-", "10.0.0.255"]


def test_a_group_without_subnets_has_no_lines():
    assert stored.lines({"ipcontrol:hostname_prefix": "ops", "ipcontrol:subnets": " ,"}) == []


def test_lines_that_can_be_read_are_what_the_form_reads_back():
    lines = stored.lines({"ipcontrol:subnets": "10.1.0.0/16 ::ffff:10.2.0.0/112,10.1.0.0/16"})

    assert len(SubnetsField().clean("\n".join(lines))) == 2
