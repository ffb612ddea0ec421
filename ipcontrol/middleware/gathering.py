# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What a worker has counted of callers and not merged yet, in bounded room."""

from itertools import count
from uuid import uuid4

from ipcontrol.access import Decision
from ipcontrol.addresses import Address
from ipcontrol.middleware.operation import Place
from ipcontrol.tally import Part, Tally

# What is gathered takes at most so many units of half a kilobyte, measured: a caller or an
# entry takes one, a container takes four. One account gets a share of it.
ROOM = 2**14
SHARE = ROOM // 8
_CONTAINER = 4


class Gathering:
    """What a worker has counted and not merged yet, in bounded room.

    Attributes:
        missed: how many requests could not be counted because there was no room.
    """

    def __init__(self) -> None:
        self.missed = 0
        self._parts: dict[Place, Part] = {}
        # Parts that are being merged; what is counted meanwhile is a part of its own.
        self._leaving: dict[Place, Part] = {}
        self._used: dict[str, int] = {}
        self._all_used = 0
        self._worker = uuid4().hex
        self._numbers = count()

    def __bool__(self) -> bool:
        """Whether there is anything to be merged."""
        return bool(self._parts or self._leaving)

    def count(
        self, place: Place, address: Address, at: int, decision: Decision, write: bool
    ) -> None:
        """Count a request; see `Tally.count`."""
        if self._all_used >= ROOM or self._used.get(place.account, 0) >= SHARE:
            self.missed += 1
            return
        part = self._parts.get(place)
        grown = 0
        if part is None:
            part = Part(f"{self._worker}/{next(self._numbers)}", at, Tally())
            self._parts[place] = part
            grown = _CONTAINER
        tally = part.tally
        before = tally.size
        tally.count(address, at, decision, write)
        grown += tally.size - before
        if grown:
            self._use(place.account, grown)

    def places(self) -> list[Place]:
        """The containers about which something is to be merged."""
        return [*self._leaving, *(place for place in self._parts if place not in self._leaving)]

    def leave(self, place: Place) -> Part | None:
        """A part to be merged: the same one again until it is `gone`."""
        if place not in self._leaving and place in self._parts:
            self._leaving[place] = self._parts.pop(place)
        return self._leaving.get(place)

    def gone(self, place: Place) -> None:
        """Forget the part that was merged."""
        part = self._leaving.pop(place)
        self._use(place.account, -(part.tally.size + _CONTAINER))

    def _use(self, account: str, units: int) -> None:
        self._all_used += units
        used = self._used.get(account, 0) + units
        if used:
            self._used[account] = used
        else:
            del self._used[account]
