# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import pytest
from django.core.exceptions import ValidationError

from ipcontrol.addresses import parse_network
from ipcontrol_dashboard.host_groups.fields import HostnamePrefixField, SubnetsField


def read(text):
    return SubnetsField(required=False).clean(text)


def errors(text):
    with pytest.raises(ValidationError) as caught:
        read(text)
    return caught.value.messages


def test_a_subnet_a_line_is_read_with_its_line():
    assert read("10.1.0.0/16\n\n2001:db8::/48\n") == {
        parse_network("10.1.0.0/16"): 1,
        parse_network("2001:db8::/48"): 3,
    }


def test_no_subnets_are_none():
    assert read(" \n ") == {}


def test_windows_line_ends_and_several_in_a_line_are_understood():
    assert list(read("10.1.0.0/16, 10.2.0.0/16\r\n10.3.0.1;10.4.0.0/16")) == [
        parse_network(text) for text in ("10.1.0.0/16", "10.2.0.0/16", "10.3.0.1", "10.4.0.0/16")
    ]


def test_a_wrong_line_is_named_and_the_mend_suggested():
    assert errors("10.1.0.0/16\n10.1.2.3/16") == [
        "Line 2: 10.1.2.3/16 has host bits set: 10.1.0.0/16?"
    ]


def test_every_wrong_line_is_told_at_once():
    assert [text.partition(":")[0] for text in errors("x\n10.0.0.0/8\ny")] == ["Line 1", "Line 3"]


def test_a_range_is_read_as_one():
    assert errors("10.0.0.0 - 10.0.0.255") == [
        "Line 1: 10.0.0.0-10.0.0.255 is a range: 10.0.0.0/24?"
    ]


def test_the_same_subnet_twice_names_both_lines():
    assert errors("10.0.0.0/8\n10.0.0.0/8") == ["Line 2: 10.0.0.0/8 stands in line 1 already."]


def test_a_list_that_is_wrong_throughout_is_cut_short():
    told = errors("\n".join(["x"] * 20))

    assert len(told) == 9
    assert told[-1] == "And 12 more."


def test_subnets_by_the_thousand_are_read():
    many = [f"2001:db8:{number:x}::/48" for number in range(8_000)]
    assert len(read("\r\n".join(many))) == 8_000


def test_more_subnets_than_a_group_takes_are_not_read():
    (told,) = errors("x " * 10_001)
    assert told.startswith("These are 10,001 subnets, more than a group takes (10,000)")


def test_what_could_be_read_is_kept_beside_what_could_not():
    field = SubnetsField()
    with pytest.raises(ValidationError):
        field.clean("10.0.0.0/8\nx")

    assert list(field.read) == [parse_network("10.0.0.0/8")]


def test_a_prefix_with_a_star_is_told_without():
    with pytest.raises(ValidationError) as caught:
        HostnamePrefixField().clean("doc*")

    assert caught.value.messages == ['"doc*" is not a hostname prefix: doc?']


def test_a_prefix_is_taken_as_it_is():
    assert HostnamePrefixField().clean("doc-") == "doc-"
