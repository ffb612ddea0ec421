# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What is said of the metadata of a group, in full."""

import pytest

from ipcontrol.host_groups import (
    MAX_VALUE_LENGTH,
    HostGroupError,
    from_metadata,
    parse_hostname_prefix,
)


def complaints(**metadata):
    found = {"ipcontrol:hostname_prefix": "doc"}
    found |= {f"ipcontrol:{name}": value for name, value in metadata.items()}
    return [str(each) for each in from_metadata("docs", found)[1]]


def test_a_prefix_may_be_as_long_as_a_value_of_nova():
    longest = "a" * MAX_VALUE_LENGTH
    assert parse_hostname_prefix(longest) == longest
    with pytest.raises(HostGroupError) as caught:
        parse_hostname_prefix(longest + "a")
    told = "A hostname prefix has at most 255 characters, this one 256."
    assert str(caught.value) == told


def test_a_default_that_is_neither_true_nor_false_is_told_with_its_group_and_its_key():
    told = "docs is not the default group, because ipcontrol:default is {}: write true or false."
    assert complaints(default="perhaps") == [told.format('"perhaps"')]


def test_a_key_that_means_nothing_is_told_with_those_that_do():
    told = (
        "ipcontrol:Subnet of docs has no effect: the keys are ipcontrol:hostname_prefix, "
        "ipcontrol:subnets (then ipcontrol:subnets:2, ipcontrol:subnets:3, …) and "
        "ipcontrol:default."
    )
    assert complaints(Subnet="x") == [told]
