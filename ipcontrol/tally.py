# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Counts who called a container, within bounds, and brings counts together.

Each worker of each proxy has a document of its own for a container, into which it merges
one part after the other of what it counted; nobody else writes there, so that nothing is
lost between two of them. The documents of all workers together are what is known.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Address, IPv6Network
from itertools import islice
from typing import Any, NamedTuple

from ipcontrol.access import Decision
from ipcontrol.addresses import Address, Network, network_or_none
from ipcontrol.callers import IPV6_PREFIX_LENGTH, LIMIT, Caller, EntryUse

# How many more are counted before those too many are dropped: to find them takes longer.
_EXCESS = 56
_HOST_BITS = 128 - IPV6_PREFIX_LENGTH


class AdmittedBy(NamedTuple):
    """Whose list let a request in, and by which item; empty where by none."""

    source: str
    entry: str


class Count:
    """What is counted of one caller; moments are whole seconds since 1970.

    Attributes:
        first: when it called first.
        last: when it called last.
        reads: requests that were let in and read.
        writes: those that were let in and could change something.
        refusals: number by reason.
        trial_refusals: number by reason, of a list that is only tried out.
        admitted: when it was let in last.
        admitted_by: by what; None where it never was.
    """

    __slots__ = (
        *("admitted", "admitted_by", "first", "last", "reads", "refusals", "trial_refusals"),
        "writes",
    )

    def __init__(self, at: int) -> None:
        self.first = self.last = at
        self.reads = self.writes = self.admitted = 0
        self.refusals: dict[str, int] = {}
        self.trial_refusals: dict[str, int] | None = None
        self.admitted_by: AdmittedBy | None = None

    def add(self, other: "Count") -> None:
        """Add what was counted of the same caller elsewhere, or at another time."""
        if _last_admitted(other) > _last_admitted(self):
            self.admitted, self.admitted_by = other.admitted, other.admitted_by
        self.first = min(self.first, other.first)
        self.last = max(self.last, other.last)
        self.reads += other.reads
        self.writes += other.writes
        _add(self.refusals, other.refusals)
        if other.trial_refusals:
            self.trial_refusals = self.trial_refusals or {}
            _add(self.trial_refusals, other.trial_refusals)

    def as_json(self) -> list[Any]:
        """What `from_json` reads back, in few bytes."""
        by = self.admitted_by
        return [
            *(self.first, self.last, self.reads, self.writes, self.refusals, self.trial_refusals),
            *(self.admitted, None if by is None else list(by)),
        ]

    @classmethod
    def from_json(cls, data: list[Any]) -> "Count":
        """Read it back.

        Raises:
            ValueError, TypeError, AttributeError: this is none.
        """
        first, last, reads, writes, refusals, trial_refusals, admitted, by = data
        count = cls(int(first))
        count.last, count.reads, count.writes = int(last), int(reads), int(writes)
        _add(count.refusals, refusals)
        if trial_refusals:
            count.trial_refusals = {}
            _add(count.trial_refusals, trial_refusals)
        count.admitted = int(admitted)
        count.admitted_by = None if by is None else _admitted_by(*by)
        return count


class Tally:
    """What is counted about one container.

    Attributes:
        callers: by the address; for IPv6, by the first of its network.
        entries: how many requests each item let in, or would have let in if its list were not
            only tried out, and when it did so last.
    """

    __slots__ = ("callers", "entries")

    def __init__(self) -> None:
        self.callers: dict[Address, Count] = {}
        self.entries: dict[AdmittedBy, tuple[int, int]] = {}

    @property
    def size(self) -> int:
        """How many callers and entries it holds."""
        return len(self.callers) + len(self.entries)

    def count(self, address: Address, at: int, decision: Decision, write: bool) -> None:
        """Count a request.

        Args:
            address: who called.
            at: when, in whole seconds since 1970.
            decision: what the lists said.
            write: whether it could change something.
        """
        key = _key(address)
        count = self.callers.get(key)
        if count is None:
            count = self.callers[key] = Count(at)
        count.last = at
        if not decision.allowed:
            _add(count.refusals, {decision.reason: 1})
        else:
            self._count_admitted(count, at, decision, write)
        if decision.trial is not None:
            self._count_trial(count, at, decision.trial)
        if len(self.callers) > LIMIT + _EXCESS or len(self.entries) > LIMIT + _EXCESS:
            self.limit()

    def _count_admitted(self, count: Count, at: int, decision: Decision, write: bool) -> None:
        if write:
            count.writes += 1
        else:
            count.reads += 1
        entry = decision.entry
        by = AdmittedBy(decision.source or "", "" if entry is None else entry.name)
        count.admitted, count.admitted_by = at, by
        if entry is not None:
            self._count_entry(by, at)

    def _count_trial(self, count: Count, at: int, trial: Decision) -> None:
        """Count what a list that is only tried out would have done."""
        if not trial.allowed:
            count.trial_refusals = count.trial_refusals or {}
            _add(count.trial_refusals, {trial.reason: 1})
        elif trial.entry is not None:
            self._count_entry(AdmittedBy(trial.source or "", trial.entry.name), at)

    def _count_entry(self, by: AdmittedBy, at: int) -> None:
        self.entries[by] = (self.entries.get(by, (0, 0))[0] + 1, at)

    def add(self, other: "Tally") -> None:
        """Add what was counted about the same container elsewhere, or at another time."""
        for key, count in other.callers.items():
            self.callers.setdefault(key, _nothing(count)).add(count)
        for by, (requests, last) in other.entries.items():
            known, used = self.entries.get(by, (0, 0))
            self.entries[by] = (known + requests, max(used, last))

    def limit(self, oldest: int = 0) -> None:
        """Drop who was longest not seen: those before a moment, and those above `LIMIT`.

        Those who were let in and those who were only refused do not push each other out, as
        long as they are no more than half.
        """
        admitted = _last_seen(self.callers, oldest, admitted=True)
        refused = _last_seen(self.callers, oldest, admitted=False)
        room = LIMIT - min(len(admitted), LIMIT // 2)
        refused = refused[:room]
        kept = set(refused).union(admitted[: LIMIT - len(refused)])
        self.callers = {key: count for key, count in self.callers.items() if key in kept}
        used = [each for each in self.entries.items() if each[1][1] >= oldest]
        used.sort(key=lambda each: (each[1][1], each[0].source, each[0].entry), reverse=True)
        self.entries = dict(islice(used, LIMIT))

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads back, in few bytes."""
        return {
            "callers": {str(key): count.as_json() for key, count in self.callers.items()},
            "entries": [[*by, *use] for by, use in self.entries.items()],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Tally":
        """Read it back.

        Raises:
            ValueError, TypeError, AttributeError, KeyError: this is none.
        """
        tally = cls()
        for text, count in data["callers"].items():
            network = network_or_none(text)
            if network is None:
                raise ValueError
            tally.callers[_key(network.network_address)] = Count.from_json(count)
        for source, entry, requests, last in data["entries"]:
            tally.entries[_admitted_by(source, entry)] = (int(requests), int(last))
        return tally

    def told(self) -> tuple[tuple[Caller, ...], tuple[EntryUse, ...]]:
        """The callers, the last seen first, and the entries, the last used first."""
        callers = sorted(
            self.callers.items(), key=lambda each: (-each[1].last, each[0].version, each[0])
        )
        entries = sorted(self.entries.items(), key=lambda each: (-each[1][1], each[0]))
        return (
            tuple(_caller(key, count) for key, count in callers),
            tuple(
                EntryUse(by.source, by.entry, requests, _moment(last))
                for by, (requests, last) in entries
            ),
        )


class Part(NamedTuple):
    """What a worker counted about a container, to be merged once.

    Attributes:
        id: no other part has it.
        began: since when it counted, in whole seconds since 1970.
        tally: what it counted.
    """

    id: str
    began: int
    tally: Tally


def holds(document: object, part: Part) -> bool:
    """Whether a worker's document has this part, which was the last to be merged."""
    return isinstance(document, dict) and document.get("part") == part.id


def merge(document: object, part: Part, oldest: int = 0) -> dict[str, Any]:
    """A worker's document with a part; the same document where it has that part already.

    Args:
        document: as this returned it, or None. One that cannot be read counts as none.
        part: the next part.
        oldest: who was last seen before this moment is dropped.
    """
    if isinstance(document, dict) and holds(document, part):
        return document
    tally = read(document)
    tally.add(part.tally)
    tally.limit(oldest)
    return {"part": part.id, **tally.as_json()}


def combine(documents: Iterable[object], oldest: int = 0) -> Tally:
    """What the documents of all workers tell together, in whatever order they come."""
    together = Tally()
    for document in documents:
        together.add(read(document))
    together.limit(oldest)
    return together


def read(document: object) -> Tally:
    """What a worker's document tells; nothing where it cannot be read."""
    try:
        return Tally.from_json(document) if isinstance(document, dict) else Tally()
    except (KeyError, TypeError, ValueError, AttributeError):
        return Tally()


def _key(address: Address) -> Address:
    if isinstance(address, IPv6Address):
        return IPv6Address(int(address) >> _HOST_BITS << _HOST_BITS)
    return address


def _add(numbers: dict[str, int], more: Mapping[str, int]) -> None:
    for reason, number in more.items():
        numbers[str(reason)] = numbers.get(reason, 0) + int(number)


def _admitted_by(source: object, entry: object) -> AdmittedBy:
    return AdmittedBy(str(source), str(entry))


def _last_admitted(count: Count) -> tuple[int, tuple[str, ...]]:
    return count.admitted, count.admitted_by or ()


def _nothing(like: Count) -> Count:
    empty = Count(like.first)
    empty.last = like.last
    return empty


def _last_seen(callers: Mapping[Address, Count], oldest: int, admitted: bool) -> list[Address]:
    found = [
        (count.last, str(key), key)
        for key, count in callers.items()
        if (count.admitted_by is not None) is admitted and count.last >= oldest
    ]
    return [key for _, _, key in sorted(found, key=lambda each: each[:2], reverse=True)]


def _caller(key: Address, count: Count) -> Caller:
    by = count.admitted_by
    return Caller(
        network=_network(key),
        first_seen=_moment(count.first),
        last_seen=_moment(count.last),
        reads=count.reads,
        writes=count.writes,
        refusals=dict(sorted(count.refusals.items())),
        trial_refusals=dict(sorted((count.trial_refusals or {}).items())),
        source=None if by is None else by.source,
        entry=None if by is None else by.entry or None,
    )


def _network(key: Address) -> Network:
    if isinstance(key, IPv6Address):
        return IPv6Network((key, IPV6_PREFIX_LENGTH))
    return IPv4Network(key)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
