# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What is counted of callers, and how counts come together."""

import json
from datetime import datetime
from itertools import count as numbers
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.access import (
    SAFE_METHODS,
    AccessPolicy,
    Decision,
    Reason,
    Source,
    Unlisted,
    Whitelist,
)
from ipcontrol.addresses import parse_address, parse_network
from ipcontrol.callers import LIMIT, Callers, Recorded
from ipcontrol.entries import Entry
from ipcontrol.tally import Part, Tally, combine, holds, merge
from tests.vectors import cases

ADMITTED = Decision(True, Reason.ADMITTED, Entry("allow-lab", ()), source=Source.CONTAINER)
OTHERWISE = Decision(True, Reason.ADMITTED, Entry("allow-b", ()), source=Source.ACCOUNT)
REFUSED = Decision(False, Reason.NOT_LISTED, source=Source.CONTAINER)
EXPIRED = Decision(False, Reason.EXPIRED, source=Source.CONTAINER)
TRIED = ADMITTED._replace(trial=EXPIRED)

REQUESTS = st.lists(
    st.tuples(
        st.sampled_from(["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2", "2001:db8:1::1"]),
        st.integers(0, 9),
        st.sampled_from([ADMITTED, OTHERWISE, REFUSED, EXPIRED, TRIED]),
        st.booleans(),
    ),
    max_size=8,
)


def tally_of(requests):
    tally = Tally()
    for address, at, decision, write in requests:
        tally.count(parse_address(address), at, decision, write)
    return tally


TALLIES = REQUESTS.map(tally_of)


def part(tally, name="1"):
    return Part(name, 0, tally)


def document(tally):
    """As it comes back from memcached."""
    return json.loads(json.dumps(merge(None, part(tally))))


def seconds(text):
    return int(datetime.fromisoformat(text).timestamp())


def address(number):
    return parse_address(f"10.0.{number // 256}.{number % 256}")


def crowd(first, last, decision, tally=None):
    """Callers from one number to another, each seen a second after the one before it."""
    tally = tally or Tally()
    for number in range(first, last):
        tally.count(address(number), number, decision, False)
    return tally


def counted(case, requests):
    policy = AccessPolicy(
        Unlisted(case.get("unlisted", "deny")),
        tuple(map(parse_network, case.get("always_allow", ()))),
    )
    tally = Tally()
    for each in requests:
        caller, at = parse_address(each["address"]), datetime.fromisoformat(each["at"])
        lists = [(Source.CONTAINER, Whitelist.from_metadata(each["metadata"]))]
        decision = policy.decide(caller, each["method"], at, lists)
        tally.count(caller, int(at.timestamp()), decision, each["method"] not in SAFE_METHODS)
    return tally


@pytest.mark.parametrize("case", cases("callers"), ids=lambda case: case["why"])
def test_requests_are_told_as_the_contract_says(case):
    tally = combine(document(counted(case, requests)) for requests in case["documents"])
    told = Callers(Recorded.ALL, 30, None, *tally.told())
    (answer,) = told.as_json()
    assert answer["callers"] == case["callers"]
    assert answer["entries"] == case["entries"]
    assert Callers.from_json(told.as_json()) == told


@given(TALLIES)
def test_a_document_holds_all_that_was_counted(tally):
    assert combine([document(tally)]).told() == tally.told()


@given(st.lists(TALLIES, max_size=3))
def test_documents_come_together_in_any_order(tallies):
    documents = [document(each) for each in tallies]
    told = {json.dumps(combine(order).told(), default=str) for order in permutations(documents)}
    assert len(told) == 1


@given(TALLIES, TALLIES)
def test_a_part_that_is_merged_twice_counts_once(before, tally):
    stored = merge(document(before), part(tally, "2"))
    assert merge(stored, part(tally, "2")) == stored
    assert holds(stored, part(tally, "2"))
    assert not holds(stored, part(tally, "3"))


@given(REQUESTS, REQUESTS)
def test_two_workers_lose_nothing_of_each_other(first, second):
    separate = combine([document(tally_of(first)), document(tally_of(second))])
    one_after_the_other = merge(document(tally_of(first)), part(tally_of(second), "2"))
    assert separate.told() == combine([one_after_the_other]).told()
    requests = sum(sum((c.reads, c.writes, c.refused)) for c in separate.told()[0])
    assert requests == len(first) + len(second)


def test_who_was_longest_not_seen_goes_first():
    tally = combine([document(crowd(0, LIMIT + 5, ADMITTED))])
    assert set(tally.callers) == {address(number) for number in range(5, LIMIT + 5)}


def test_what_a_worker_holds_is_bounded_while_it_counts():
    tally = Tally()
    sizes = set()
    for number in range(20 * LIMIT):
        entry = Entry(f"allow-{number}", ())
        tally.count(address(number), number, ADMITTED._replace(entry=entry), False)
        sizes.add(tally.size)
    assert max(sizes) < 3 * LIMIT
    assert address(20 * LIMIT - 1) in tally.callers


@pytest.mark.parametrize(("flood", "other"), [(REFUSED, ADMITTED), (ADMITTED, REFUSED)])
def test_a_flood_of_refused_callers_does_not_push_out_who_was_let_in_nor_the_other_way(
    flood, other
):
    tally = crowd(1000, 5000, flood, crowd(0, LIMIT // 2, other))
    kept = combine([document(tally)])
    assert {address(number) for number in range(LIMIT // 2)} <= set(kept.callers)
    assert len(kept.callers) == LIMIT


def test_a_kind_of_callers_takes_the_room_that_the_other_one_leaves():
    tally = crowd(1000, 5000, REFUSED, crowd(0, 7, ADMITTED))
    tally.limit()
    assert sum(count.admitted_by is not None for count in tally.callers.values()) == 7
    assert len(tally.callers) == LIMIT


def test_who_was_not_seen_since_a_moment_is_dropped_with_the_entries_not_used_since():
    tally = tally_of([("192.0.2.1", 10, OTHERWISE, False), ("192.0.2.2", 20, ADMITTED, False)])
    kept = combine([document(tally)], oldest=20)
    assert list(kept.callers) == [parse_address("192.0.2.2")]
    assert [use.entry for use in kept.told()[1]] == ["allow-lab"]
    stored = merge(document(tally), part(Tally(), "2"), oldest=20)
    assert list(stored["callers"]) == ["192.0.2.2"]


@pytest.mark.parametrize(
    "unreadable",
    [None, "x", 7, [], {}, {"callers": {}}, {"callers": {"x": []}, "entries": []},
     {"callers": {"192.0.2.1": [1]}, "entries": []}, {"callers": [], "entries": []},
     {"callers": {}, "entries": [[1]]}, {"callers": {}, "entries": 1},
     {"callers": {"192.0.2.1": [1, 1, 1, 1, 1, 1, 1, None]}, "entries": []}],
    ids=json.dumps,
)  # fmt: skip
def test_a_document_that_cannot_be_read_counts_as_none(unreadable):
    tally = tally_of([("192.0.2.1", 1, ADMITTED, True)])
    assert combine([unreadable, document(tally)]).told() == tally.told()
    assert combine([merge(unreadable, part(tally))]).told() == tally.told()


def test_a_document_of_all_that_it_may_hold_fits_a_tenth_of_what_memcached_stores():
    tally = Tally()
    reasons = [Decision(False, reason) for reason in Reason]
    for number, decision in zip(range(LIMIT * 12), numbers()):
        caller = parse_address(f"2001:db8:ffff:{number % LIMIT:x}::1")
        entry = Entry(f"allow-{'x' * 116}{number % LIMIT:06}", ())
        tally.count(caller, 2_000_000_000, ADMITTED._replace(entry=entry), True)
        tally.count(caller, 2_000_000_000, reasons[decision % len(reasons)], True)
    assert len(json.dumps(document(tally))) < 2**20 / 8
