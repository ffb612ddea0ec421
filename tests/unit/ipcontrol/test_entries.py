# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import time
from datetime import UTC, datetime, timedelta, timezone
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.access import Whitelist
from ipcontrol.entries import (
    Entry,
    EntryError,
    is_allow_item,
    item_name,
    parse_item,
    parse_until,
)
from tests.strategies import PARSED_NETWORKS

NOON = datetime(2026, 12, 31, 12, tzinfo=UTC)
LAB = ip_address("10.1.0.5")
OUTSIDER = ip_address("203.0.113.9")
ENTRIES = st.builds(
    Entry,
    st.sampled_from(["allow", "allow-lab"]),
    st.lists(PARSED_NETWORKS, min_size=1, max_size=5).map(tuple),
    st.booleans(),
    st.none()
    | st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0)),
)


def whitelist(**items):
    return Whitelist.from_metadata({f"allow-{label}": value for label, value in items.items()})


@given(ENTRIES)
def test_a_printed_entry_reads_back_as_itself(entry):
    assert parse_item(entry.name, entry.value) == entry


@given(st.text())
def test_any_value_is_an_entry_or_an_entry_error(value):
    try:
        assert parse_item("allow", value).networks
    except EntryError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("10.1.2.3/16", "10.1.2.3/16 has host bits set: 10.1.0.0/16?"),
        ("", "A network is missing: write one such as 192.0.2.0/24."),
        ("10.0.0.1;", 'Nothing follows a ";": write read-only or until=…, or leave it out.'),
        ("10.0.0.1; read-only; read-only", '"read-only" is one too many: write each option once.'),
        (
            "10.0.0.1; until=2026-12-31T18:00Z; until=2027-12-31T18:00Z",
            '"until=2027-12-31T18:00Z" is one too many: write each option once.',
        ),
        (
            "10.0.0.1; Read-Only",
            '"Read-Only" is not an option: write read-only or until=2026-12-31T18:00Z after the networks and a semicolon.',
        ),
        (
            "10.0.0.1; until=tomorrow",
            '"tomorrow" is not a moment in UTC: write it as 2026-12-31T18:00Z, with the Z.',
        ),
        (
            "10.0.0.1; until=2026-02-30T00:00Z",
            '"2026-02-30T00:00Z" is not a moment in UTC: write it as 2026-12-31T18:00Z, with the Z.',
        ),
    ],
)
def test_a_refused_value_is_answered_with_what_to_write(value, meant):
    with pytest.raises(EntryError) as refused:
        parse_item("allow", value)
    assert str(refused.value) == meant


@pytest.mark.parametrize(
    ("until", "written"),
    [
        (datetime(2026, 12, 31, 18, tzinfo=UTC), "2026-12-31T18:00Z"),
        (datetime(2026, 12, 31, 0, 0, tzinfo=UTC), "2026-12-31T00:00Z"),
        (datetime(2026, 12, 31, 18, 0, 1, tzinfo=UTC), "2026-12-31T18:00:01Z"),
        (datetime(2026, 12, 31, 18, 30, 0, 999, tzinfo=UTC), "2026-12-31T18:30Z"),
        (datetime(986, 1, 2, 3, 4, tzinfo=UTC), "0986-01-02T03:04Z"),
        (datetime(2026, 12, 31, 18, tzinfo=timezone(timedelta(hours=2))), "2026-12-31T16:00Z"),
    ],
)
def test_the_end_of_an_entry_is_written_in_utc_with_seconds_only_where_they_count(
    until, written, somewhere_else
):
    assert (
        Entry("allow", (ip_network("10.0.0.1"),), until=until).value
        == f"10.0.0.1; until={written}"
    )


@pytest.fixture
def somewhere_else(monkeypatch):
    """A machine whose time is not UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


def test_another_option_than_an_end_is_told_by_its_name():
    with pytest.raises(EntryError, match='"readonly" is not an option'):
        parse_until("readonly")


@pytest.mark.parametrize(("label", "name"), [("", "allow"), ("lab", "allow-lab")])
def test_an_item_is_named_after_its_label(label, name):
    assert item_name(label) == name


def test_an_entry_expires_in_the_second_that_it_names():
    entry = parse_item("allow", "10.0.0.1; until=2026-12-31T12:00:01Z")
    assert not entry.expired(NOON)
    assert entry.expired(NOON + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("allow", True), ("ALLOW-x", True), ("allow-", True), ("allowed", False), ("x-allow", False)],
)
def test_allow_items_are_told_by_their_name(name, expected):
    assert is_allow_item(name) is expected


def test_a_label_is_part_of_the_items_name():
    assert item_name("office") == "allow-office"
    assert item_name("") == "allow"


def test_other_than_ascii_white_space_belongs_to_an_option():
    with pytest.raises(EntryError):
        parse_item("allow", "192.0.2.1;\u00a0read-only")
