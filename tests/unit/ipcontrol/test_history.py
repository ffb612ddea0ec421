# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Who changed a list: what is kept of it, and how it is told."""

import base64
import json
import random
import string
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.history import (
    MARK,
    MAX_LENGTH,
    Change,
    Identity,
    ItemChange,
    add,
    as_answer,
    as_json,
    from_answer,
    from_json,
    item_changes,
    read,
)
from tests.unit.ipcontrol import universe
from tests.vectors import as_id, cases

AT = datetime(2026, 12, 31, 12, tzinfo=UTC)
ALICE, LAB = Identity("alice", "a1"), Identity("lab", "b2")
# Few texts are harder to compress.
LETTERS = string.ascii_letters + string.digits + "./, ;=@-"
ADDED = (ItemChange("allow", None, "192.0.2.0/24"),)
# What Swift stores need not be text that can be encoded.
TEXT = st.text(st.characters(codec=None), min_size=1, max_size=300)
VALUE = st.none() | TEXT
ITEMS = st.builds(ItemChange, TEXT, VALUE, VALUE)
IDENTITIES = st.builds(Identity, st.text(max_size=100), st.text(max_size=100))
CHANGES = st.builds(
    Change,
    st.integers(0, 2**37).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    IDENTITIES,
    IDENTITIES,
    st.sampled_from(["", "192.0.2.7", "2001:db8::1"]),
    st.lists(ITEMS, max_size=5).map(tuple),
    st.integers(0, 99),
)


def change(minute=0, items=ADDED, user=ALICE):
    return Change(AT + timedelta(minutes=minute), user, LAB, "192.0.2.7", tuple(items))


def noise(length, seed, letters="0123456789./, abcdef"):
    return "".join(random.Random(seed).choices(letters, k=length))


@pytest.mark.parametrize("case", cases("history"), ids=lambda case: as_id(case["why"]))
def test_a_change_is_told_as_the_contract_says(case):
    items = item_changes(case["before"], case["changes"])
    found = Change(AT, ALICE, LAB, "192.0.2.7", items)
    assert as_json([found])[0].get("items", []) == case["items"]


@universe.MANY
@given(st.lists(CHANGES, max_size=4))
def test_what_is_told_is_what_a_client_reads(changes):
    assert from_json(json.loads(json.dumps(as_json(changes)))) == tuple(changes)


@given(st.text(), st.lists(CHANGES, max_size=2))
def test_so_it_is_as_the_answer_to_a_question(name, changes):
    answer = json.loads(json.dumps(as_answer(name, changes)))
    assert (answer[0]["name"], from_answer(answer)) == (name, tuple(changes))


@pytest.mark.parametrize("data", [None, {}, [], [7], [{}], [{"changes": {}}], "[]"])
def test_an_answer_in_another_form_tells_nothing(data):
    assert from_answer(data) == ()


@given(CHANGES, CHANGES)
def test_the_last_change_comes_first_and_fits_into_a_header(older, newer):
    stored = add(add("", older), newer)
    assert stored.isascii()
    assert stored.isprintable()
    assert len(stored) <= MAX_LENGTH
    assert read(stored)[0].at == newer.at


def test_nobody_is_told_apart_from_somebody_without_a_name():
    nobody = Change(AT, items=(ItemChange("allow", None, "::"),))
    assert as_json([nobody]) == [
        {
            "at": "2026-12-31T12:00:00Z",
            "items": [{"name": "allow", "was": None, "became": "::"}],
        }
    ]
    assert read(add("", nobody)) == (nobody,)


def test_names_in_any_script_are_kept():
    anna = Identity("Änne 測試 \N{GRINNING FACE}", "c3")
    assert read(add("", change(user=anna)))[0].user == anna


def test_the_oldest_changes_make_room():
    stored, made = "", []
    for minute in range(200):
        made.insert(
            0, change(minute, [ItemChange("allow", noise(60, minute), noise(60, -minute))])
        )
        stored = add(stored, made[0])
        assert len(stored) <= MAX_LENGTH
    kept = read(stored)
    assert list(kept) == made[: len(kept)]
    # It is as many as there is room for.
    assert 20 < len(kept) < 200
    assert len(stored) > MAX_LENGTH * 0.95


def test_a_change_of_ninety_items_at_once_is_kept_whole_or_shortened_with_a_mark():
    """Swift's limits leave 4096 bytes for all names and values, before the change and after it."""
    ordinary = [
        ItemChange(f"allow-{n}", f"192.0.2.{n}, 198.51.100.{n}", f"203.0.113.{n}")
        for n in range(90)
    ]
    assert read(add("", change(items=ordinary)))[0].items == tuple(ordinary)
    odd = [
        ItemChange(f"allow-{n}", noise(37, n, LETTERS), noise(37, -n - 1, LETTERS))
        for n in range(90)
    ]
    (found,) = read(add("", change(items=odd)))
    assert [item.name for item in found.items] == [item.name for item in odd]
    assert all(item.shortened and item.was.endswith(MARK) for item in found.items)
    assert all(
        own.was.startswith(item.was[:-1]) for own, item in zip(odd, found.items, strict=True)
    )


def test_where_not_even_the_names_have_room_they_are_counted():
    letters = "".join(map(chr, range(0x4E00, 0x9FFF)))
    odd = [ItemChange(noise(42, n, letters), None, noise(42, n, letters)) for n in range(90)]
    (found,) = read(add("", change(items=odd)))
    assert (found.items, found.left_out, found.user) == ((), 90, ALICE)


def test_a_long_change_takes_the_room_of_older_ones_and_not_the_other_way_round():
    stored = ""
    for minute in range(50):
        stored = add(stored, change(minute, [ItemChange("allow", None, noise(80, minute))]))
    long = change(60, [ItemChange(f"allow-{n}", None, noise(200, n)) for n in range(14)])
    found = read(add(stored, long))
    assert found[0] == long
    assert len(found) < len(read(stored))


@pytest.mark.parametrize("seed", range(3))
def test_nobody_has_a_name_for_which_there_is_no_room(seed):
    letters = "".join(map(chr, range(0x10000, 0x20000)))
    longest = Identity(noise(255, seed, letters), noise(255, -seed - 1, letters))
    who = Change(AT, longest, Identity(longest.id, longest.name), "::1", change().items)
    (found,) = read(add("", who))
    assert found.user.name == longest.name[:128]


@pytest.mark.usefixtures("without_collection")
@pytest.mark.parametrize(
    "stored",
    [
        "",
        "x",
        "ünïcode",
        base64.b64encode(b"x").decode(),
        base64.b64encode(zlib.compress(b"{")).decode(),
        base64.b64encode(zlib.compress(b"{}")).decode(),
        base64.b64encode(zlib.compress(b"\xff")).decode(),
        base64.b64encode(zlib.compress(b"[" * 60_000)).decode(),
        base64.b64encode(zlib.compress(b"[" + b" " * 2**22 + b"]")).decode(),
        base64.b64encode(zlib.compress(b"[]" * 9)[:-3]).decode(),
        base64.b64encode(zlib.compress(b"9" * 5_000)).decode(),
    ],
)
def test_what_cannot_be_read_is_nothing_and_stops_no_change(stored):
    assert read(stored) == ()
    assert read(add(stored, change())) == (change(),)


@given(st.text() | st.binary().map(lambda raw: base64.b64encode(zlib.compress(raw)).decode()))
def test_any_text_is_read_as_changes_or_as_none(stored):
    assert isinstance(read(stored), tuple)


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        [None, [], 7],
        [{}],
        [{"at": 7}],
        [{"at": "yesterday"}],
    ],
)
def test_what_is_told_in_another_form_is_passed_over(data):
    assert from_json(data) == ()


def test_so_are_parts_of_another_form():
    told = {
        "at": "2026-12-31T12:00:00Z",
        "user": "alice",
        "project": {"name": 7, "id": "b2"},
        "address": None,
        "items": [None, {"name": ""}, {"name": "allow", "was": 7, "became": "::", "shortened": 1}],
        "left_out": "many",
    }
    assert from_json([told]) == (
        Change(AT, Identity(), Identity("", "b2"), "", (ItemChange("allow", None, "::"),)),
    )
    assert from_json([told | {"items": {}}])[0].items == ()
