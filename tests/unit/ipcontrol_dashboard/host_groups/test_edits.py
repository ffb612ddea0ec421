# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import time
from dataclasses import replace

import pytest

from ipcontrol_dashboard.api.host_groups import Aggregate
from ipcontrol_dashboard.host_groups import edits

METADATA = {
    "ipcontrol:hostname_prefix": "doc",
    "ipcontrol:subnets": "10.1.0.0/16, 10.2.0.0/16",
    "rack": "7",
}
DOC = Aggregate(1, "doc", METADATA)


def changed(**metadata):
    return replace(DOC, metadata=METADATA | metadata)


def since(aggregate):
    return edits.differences_since(edits.dump(DOC), aggregate)


def test_nothing_changed_is_nothing_to_say():
    assert since(DOC) == []


def test_what_is_not_about_host_groups_may_change():
    assert since(changed(rack="8")) == []


def test_subnets_that_came_and_went_are_named():
    now = changed(**{"ipcontrol:subnets": "10.1.0.0/16, 10.3.0.0/16"})

    assert since(now) == ["Added: 10.3.0.0/16.", "Removed: 10.2.0.0/16."]


def test_thousands_of_subnets_are_compared_at_once():
    many = ", ".join(f"10.{number >> 8}.{number & 255}.0/24" for number in range(30_000))
    start = time.thread_time()
    told = list(edits.differences(DOC, changed(**{"ipcontrol:subnets": many})))
    assert told[0].endswith("and 29995 more.")
    assert time.thread_time() - start < 2


@pytest.mark.usefixtures("without_collection")
@pytest.mark.parametrize(
    "carried", ["[" * 100_000, "1" * 5_000, r'{"name":"\ud800","metadata":{}}']
)
def test_what_no_form_carries_counts_as_lost(carried):
    assert edits.differences_since(carried, DOC) == ["This form has lost what it was opened with."]


def test_a_state_too_long_for_a_form_is_compared_only():
    endless = changed(note="x", **{"ipcontrol:note": "x" * 400_001})
    carried = edits.dump(endless)
    assert len(carried) < 100
    assert edits.differences_since(carried, endless) == []
    assert edits.differences_since(carried, DOC) == ["This form has lost what it was opened with."]


def test_another_prefix_is_told():
    now = changed(**{"ipcontrol:hostname_prefix": "docs"})

    assert since(now) == ["Its hostname prefix is docs, no longer doc."]


def test_a_prefix_that_cannot_be_read_is_told_as_it_is_stored():
    now = changed(**{"ipcontrol:hostname_prefix": "docs*"})

    assert since(now) == ["Its hostname prefix is docs*, no longer doc."]


def test_a_prefix_that_is_gone_is_a_question_mark():
    now = replace(DOC, metadata={"ipcontrol:subnets": METADATA["ipcontrol:subnets"]})

    assert since(now) == ["Its hostname prefix is ?, no longer doc."]


def test_an_empty_prefix_and_none_are_the_same():
    without = {key: METADATA[key] for key in ("ipcontrol:subnets", "rack")}
    before = replace(DOC, metadata=without)
    now = replace(DOC, metadata=without | {"ipcontrol:hostname_prefix": ""})

    assert list(edits.differences(before, now)) == []


def test_what_cannot_be_read_is_named_too():
    now = changed(**{"ipcontrol:subnets:2": "10.3.2.1/16"})

    assert since(now) == ["Unreadable, and added: 10.3.2.1/16."]
    assert edits.differences_since(edits.dump(now), DOC) == [
        "Unreadable, and removed: 10.3.2.1/16."
    ]


def test_another_name_is_told():
    assert since(replace(DOC, name="paper")) == ["It is called paper, no longer doc."]


def test_becoming_the_default_and_ceasing_to_be_it_are_told():
    default = changed(**{"ipcontrol:default": "true"})

    assert since(default) == ["It has become the default group."]
    assert edits.differences_since(edits.dump(default), DOC) == [
        "It is no longer the default group."
    ]


def test_the_same_written_otherwise_still_counts_as_a_change():
    now = changed(**{"ipcontrol:subnets": "10.1.0.0/16 10.2.0.0/16"})

    assert since(now) == ["Its metadata was written in another form."]


def test_a_form_whose_memory_is_damaged_counts_as_changed():
    for carried in ("", "{", "[]", '{"name": "doc"}', '{"name": "doc", "metadata": {"a": 1}}'):
        assert edits.differences_since(carried, DOC) != []
