# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from ipcontrol_dashboard.api.fair_pool import BusyError, FairPool

LONG = 60


@pytest.fixture
def gate():
    """What calls wait for; opened when the test ends."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def aside():
    """Runs functions beside the test."""
    with ThreadPoolExecutor(8) as executor:
        yield executor.submit


def until(condition):
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError(condition)


def test_calls_with_each_and_returns_what_they_returned():
    assert FairPool(4, 2, 10).map("alice", str, range(40), LONG) == {n: str(n) for n in range(40)}


def test_nothing_to_do_is_nothing_done():
    assert FairPool(4, 2, 10).map("alice", str, [], LONG) == {}


def test_what_a_call_raises_is_raised():
    with pytest.raises(ZeroDivisionError):
        FairPool(4, 2, 10).map("alice", lambda number: 1 / number, [1, 0], LONG)


def test_a_person_has_a_share_of_the_threads_at_the_same_time():
    running, most, lock = [0], [0], threading.Lock()

    def call(_):
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.01)
        with lock:
            running[0] -= 1

    FairPool(8, 3, 10).map("alice", call, range(30), LONG)
    assert most == [3]


def test_threads_are_no_more_than_those_of_the_pool(aside):
    pool, names = FairPool(3, 2, 100), set()

    def call(_):
        names.add(threading.current_thread().name)
        time.sleep(0.005)

    people = [aside(pool.map, person, call, range(20), LONG) for person in "abcdefgh"]
    for each in people:
        each.result()
    assert len(names) <= 3


def test_people_take_turns(aside, gate):
    pool, order = FairPool(1, 1, 100), []

    def call(item):
        if item == "first":
            gate.wait(LONG)
        order.append(item)

    first = aside(pool.map, "eve", call, ["first"], LONG)
    until(lambda: pool._running)
    many = aside(pool.map, "alice", call, [f"alice{n}" for n in range(20)], LONG)
    until(lambda: len(pool._waiting.get("alice", ())) == 20)
    few = aside(pool.map, "bob", call, ["bob0", "bob1"], LONG)
    until(lambda: len(pool._waiting.get("bob", ())) == 2)
    gate.set()
    for each in (first, many, few):
        each.result()
    assert order[:5] == ["first", "alice0", "bob0", "alice1", "bob1"]


def test_what_is_not_done_in_time_is_dropped(gate):
    pool, called = FairPool(2, 2, 100), []

    def call(item):
        called.append(item)
        if item:
            gate.wait(LONG)
        return item

    assert pool.map("alice", call, range(20), 0.2) == {0: 0}
    gate.set()
    until(lambda: not pool._running)
    assert len(called) <= 4
    assert not pool._waiting


def test_more_than_may_wait_is_not_taken(aside, gate):
    pool = FairPool(1, 1, 5)

    def call(_):
        return gate.wait(LONG)

    waiting = aside(pool.map, "alice", call, range(6), LONG)
    until(lambda: len(pool._waiting.get("alice", ())) == 5)
    with pytest.raises(BusyError):
        pool.map("alice", call, [7], LONG)
    other = aside(pool.map, "bob", call, [8], LONG)
    gate.set()
    assert len(waiting.result()) == 6
    assert len(other.result()) == 1


def test_after_a_time_that_was_too_short_there_is_room_again(gate):
    pool = FairPool(1, 1, 5)
    pool.map("alice", lambda _: gate.wait(LONG), range(6), 0.01)
    assert not pool._waiting
    gate.set()
    assert pool.map("alice", str, range(4), LONG) == {n: str(n) for n in range(4)}


def test_many_people_at_once_all_get_their_answers(aside):
    pool = FairPool(4, 2, 100)
    maps = [aside(pool.map, f"p{n % 5}", lambda item: item * 2, range(50), LONG) for n in range(8)]
    for each in maps:
        assert each.result() == {item: item * 2 for item in range(50)}
    assert not pool._waiting
    assert not pool._running
