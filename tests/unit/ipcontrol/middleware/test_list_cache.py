# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Parsed lists in a bounded number of bytes."""

import threading
import tracemalloc
from datetime import UTC, datetime

import pytest

from ipcontrol.access import Whitelist
from ipcontrol.addresses import NetworkSet, parse_address, parse_network
from ipcontrol.middleware.list_cache import ListCache, NamedLists
from ipcontrol.named_networks import NamedNetworks, Names

ROOM = 2**19
CALLER = parse_address("198.51.100.7")
AT = datetime(2026, 12, 31, 12, tzinfo=UTC)


def long(number, value="::"):
    """A list with values as long as Swift stores them."""
    networks = ",".join([value] * (250 // (len(value) + 1)))
    return {f"allow-{number}-{item}": networks for item in range(3)}


def with_others(number):
    """A short list among as many other metadata as Swift stores."""
    return {f"allow-{number}": "::"} | {f"m-{number}-{n}": f"{number}-{n}" for n in range(89)}


def test_an_equal_list_is_parsed_once():
    cache = ListCache(ROOM)
    first = cache.read({"allow": "192.0.2.1", "color": "red"})
    assert cache.read({"allow": "192.0.2.1", "color": "red"}) is first
    assert cache.read({"allow": "192.0.2.2", "color": "red"}) is not first


def test_what_names_stand_for_is_not_taken_for_what_the_list_says():
    lists = NamedLists()
    office = {"network-office": "192.0.2.1"}
    lists.read({"allow": "@office", "allow-b": "198.51.100.7"}, office)
    other = lists.read({"allow": "@office"}, {"allow-b": "198.51.100.7"} | office)
    assert not other.decide(CALLER, "GET", AT).allowed
    moved = lists.read({"allow": "@office"}, {"network-office": "198.51.100.0/24"})
    assert moved.decide(CALLER, "GET", AT).allowed


def test_lists_of_an_account_share_what_its_names_stand_for():
    lists, office = NamedLists(), {"network-office": "192.0.2.1", "color": "red"}
    one, other = (lists.read({name: "@office"}, dict(office)) for name in ("allow-a", "allow-b"))
    assert one.entries[0].named[0] is other.entries[0].named[0]
    assert lists.read({"allow-a": "@office"}, dict(office)) is one


def test_what_the_operator_defines_is_not_copied_and_takes_no_room_of_the_lists():
    many = NetworkSet(parse_network(f"10.{n >> 8}.{n & 255}.0/24") for n in range(20_000))
    campus = NamedNetworks("campus", many, by_operator=True)
    lists = NamedLists(Names({"campus": campus}), ROOM)
    lists.read({"allow": "@campus"}, {})
    tracemalloc.start()
    try:
        found = [lists.read({f"allow-{n}": "@campus"}, {"n": str(n)}) for n in range(40)]
        for each in found:
            each.decide(CALLER, "GET", AT)
        used, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert all(each.entries[0].named == (campus,) for each in found)
    assert lists.read({"allow-39": "@campus"}, {"n": "39"}) is found[39]
    assert used < 40 * 4_000


def test_no_owner_makes_names_take_more_memory_than_their_room():
    lists = NamedLists(room=ROOM)
    tracemalloc.start()
    try:
        for number in range(60):
            networks = ", ".join(f"10.{number}.{n}.0/24" for n in range(17))
            account = {f"network-{number}.{part}": networks for part in range(2, 12)}
            lists.read({"allow": f"@{number}"}, account).decide(CALLER, "GET", AT)
        used, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert ROOM / 5 < used < 1.5 * ROOM


def test_it_reads_what_from_metadata_reads():
    metadata = {"allow": "192.0.2.1", "allow-b": "nonsense", "color": "red"}
    read, parsed = ListCache(ROOM).read(metadata), Whitelist.from_metadata(metadata)
    assert read.entries == parsed.entries
    assert [str(each.error) for each in read.errors] == [str(each.error) for each in parsed.errors]


def test_metadata_without_an_item_take_no_room():
    cache = ListCache(0)
    assert cache.read({"color": "red"}) is cache.read({})


def test_the_oldest_list_goes_first():
    cache = ListCache(7000)
    lists = [{"allow": f"192.0.2.{number}"} for number in range(4)]
    kept = [cache.read(each) for each in lists]
    assert cache.read(lists[1]) is kept[1]
    assert cache.read(lists[3]) is kept[3]
    assert cache.read(lists[0]) is not kept[0]


def test_a_list_that_is_too_long_is_read_and_drops_no_other():
    cache = ListCache(12_000)
    kept = cache.read({"allow": "192.0.2.1"})
    assert len(cache.read(long(1)).entries) == 3
    assert cache.read(long(1)) is not cache.read(long(1))
    assert cache.read({"allow": "192.0.2.1"}) is kept


@pytest.mark.parametrize(
    ("make", "lists"),
    [
        (long, 12),
        (lambda number: long(number, "1.1.1.1"), 20),
        (lambda number: long(number, "0.0.0.0/0"), 20),
        (lambda number: long(number, "x"), 150),
        (lambda number: long(number, "\U0001f600"), 150),
        (lambda number: {f"allow-{number}-{item}": "::" for item in range(90)}, 8),
        (lambda number: {f"allow-{number}-{item}": "x" for item in range(90)}, 8),
        (lambda number: {f"allow-{number}": "::; read-only"}, 500),
        (with_others, 60),
    ],
    ids=["IPv6", "IPv4", "all", "mistakes", "emoji", "many", "many mistakes", "short", "others"],
)
def test_no_owner_makes_it_take_more_memory_than_its_room(make, lists):
    cache = ListCache(ROOM)
    tracemalloc.start()
    try:
        for number in range(lists):
            cache.read(make(number)).decide(CALLER, "GET", AT)
        used, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert ROOM / 5 < used < ROOM


def test_threads_may_share_it():
    cache = ListCache(20_000)
    wrong = []

    def read(seed):
        for number in range(300):
            address = f"192.0.2.{(seed * 7 + number) % 40}"
            (entry,) = cache.read({"allow": address}).entries
            if entry.value != address:
                wrong.append(entry)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert cache.read({"allow": "198.51.100.1"}) is cache.read({"allow": "198.51.100.1"})
