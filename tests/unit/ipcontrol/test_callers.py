# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the filter's answer about callers says, written and read back."""

import copy
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ipcontrol.addresses import parse_network
from ipcontrol.callers import LIMIT, Caller, Callers, CallersError, EntryUse, Recorded

NOON = datetime(2026, 12, 31, 12, tzinfo=UTC)
CALLER = Caller(
    parse_network("2001:db8::/64"), NOON, NOON + timedelta(seconds=1), 3, 4,
    {"not-listed": 2, "expired": 1}, "account", "allow-lab", {"read-only": 5},
)  # fmt: skip
USE = EntryUse("account", "allow-lab", 7, NOON)
TOLD = Callers(Recorded.ALL, 30, NOON, (CALLER,), (USE,))


def test_the_answer_says_who_called_when_how_often_and_what_let_him_in():
    (answer,) = TOLD.as_json()
    assert answer == {
        "recorded": "all",
        "days": 30,
        "since": "2026-12-31T12:00:00Z",
        "callers": [
            {
                "address": "2001:db8::/64",
                "first_seen": "2026-12-31T12:00:00Z",
                "last_seen": "2026-12-31T12:00:01Z",
                "reads": 3,
                "writes": 4,
                "refusals": {"not-listed": 2, "expired": 1},
                "trial_refusals": {"read-only": 5},
                "admitted_by": {"source": "account", "entry": "allow-lab"},
            }
        ],
        "entries": [
            {
                "source": "account",
                "entry": "allow-lab",
                "requests": 7,
                "last_used": "2026-12-31T12:00:00Z",
            }
        ],
    }


def test_it_is_read_back_as_it_was_written():
    assert Callers.from_json(TOLD.as_json()) == TOLD


def test_where_nothing_is_known_there_is_no_moment_since_when():
    told = Callers(Recorded.REFUSED, 7)
    assert told.as_json()[0]["since"] is None
    assert Callers.from_json(told.as_json()) == told


def test_a_moment_is_written_in_utc_and_read_from_any_zone():
    east = NOON.astimezone(timezone(timedelta(hours=2)))
    data = Callers(Recorded.ALL, 30, east).as_json()
    assert data[0]["since"] == "2026-12-31T12:00:00Z"
    data[0]["since"] = "2026-12-31T14:00:00+02:00"
    assert Callers.from_json(data).since == NOON


def test_the_requests_refused_are_the_sum_of_all_reasons():
    assert CALLER.refused == 3


def test_a_reason_that_is_not_known_yet_is_kept():
    data = TOLD.as_json()
    data[0]["callers"][0]["refusals"]["too-late"] = 5
    assert Callers.from_json(data).callers[0].refused == 8


def test_no_more_than_the_limit_is_read():
    data = TOLD.as_json()
    data[0]["callers"] *= LIMIT + 1
    data[0]["entries"] *= LIMIT + 1
    told = Callers.from_json(data)
    assert (len(told.callers), len(told.entries)) == (LIMIT, LIMIT)


def spoiled():
    """Each place of the answer, with each value that cannot stand there."""
    (whole,) = TOLD.as_json()
    places = [("recorded",), ("days",), ("since",), ("callers",), ("entries",)]
    places += [("callers", 0, name) for name in whole["callers"][0]]
    places += [("entries", 0, name) for name in whole["entries"][0]]
    for *path, last in places:
        for value in (None, object(), "2026-12-31T12:00:00", ["x"]):
            data = copy.deepcopy(whole)
            inner = data
            for step in path:
                inner = inner[step]
            inner[last] = value
            allowed = {"since": (None,), "admitted_by": (None,)}.get(last, ())
            texts = ("source", "entry") if path and path[0] == "entries" else ()
            if value not in allowed and last not in texts:
                yield pytest.param(
                    [data],
                    id=f"{'.'.join(map(str, [*path, last]))} {type(value)}{value == '2026-12-31T12:00:00'}",
                )
    for path in ((), ("callers", 0), ("entries", 0)):
        names = whole if not path else whole[path[0]][0]
        for name in names:
            data = copy.deepcopy(whole)
            inner = data if not path else data[path[0]][0]
            del inner[name]
            yield pytest.param([data], id=f"{path} without {name}")
    yield from (None, [], "x", 7, {"callers": []}, whole, [whole, whole])


@pytest.mark.parametrize("data", spoiled())
def test_what_does_not_tell_who_called_is_an_error(data):
    with pytest.raises(CallersError, match="does not tell who called"):
        Callers.from_json(data)
