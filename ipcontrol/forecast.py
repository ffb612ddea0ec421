# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What a change of lists does, before it is made: who gains, who loses, and from when on.

Entries end and never begin, and a list rules on when all of its entries have ended. So an
address is admitted, if at all, from now until some moment: the latest end of the entries
that hold it. Two states of the lists differ for an address exactly where these moments do.

Where a list is tried out until some moment, another one rules until then: what is before it
and what is after it are compared one after the other.

The address space is cut at the edges of networks; in each piece nothing changes. Sorting is
the most that it costs.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, summarize_address_range
from itertools import chain, pairwise
from operator import itemgetter

from ipcontrol.access import AccessPolicy, Source, Unlisted, Whitelist, ruling
from ipcontrol.addresses import Address, Network
from ipcontrol.entries import Entry
from ipcontrol.lockout import trial_ends
from ipcontrol.reach import EVERYBODY
from ipcontrol.trial import NEVER

Lists = Sequence[tuple[Source, Whitelist]]

# A family, and the numbers of its first and last address.
_Range = tuple[int, int, int]
_FAMILIES: dict[int, tuple[type[Address], int]] = {4: (IPv4Address, 32), 6: (IPv6Address, 128)}


class Right(StrEnum):
    """What an address may do."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Shift:
    """Addresses for which a change makes the same difference.

    Attributes:
        right: to what. Who may write may read as well.
        ranges: first and last addresses, in order, IPv4 first; no two touch.
        before: the first moment, from now on, at which they are refused without the
            change: now itself for who is refused already, None for never. Where lists are
            tried out, from the end of one trial on, and until that of the next.
        after: the same with the change.
    """

    right: Right
    ranges: tuple[tuple[Address, Address], ...]
    before: datetime | None
    after: datetime | None

    @property
    def lost(self) -> bool:
        """Whether they lose by the change; they gain otherwise."""
        return _moment(self.after) < _moment(self.before)

    @property
    def starts(self) -> datetime:
        """The moment from which the change makes a difference to them."""
        return min(_moment(self.before), _moment(self.after))

    @property
    def ends(self) -> datetime | None:
        """The moment from which it makes none any more; None for never."""
        return self.before if self.lost else self.after

    def networks(self, version: int | None = None) -> Iterator[Network]:
        """The fewest networks that hold these addresses and no others.

        One at a time, for there may be many: a single address taken out of a
        family leaves as many networks as an address has bits.

        Args:
            version: 4 or 6, for those of one family; None for all.
        """
        return chain.from_iterable(
            summarize_address_range(first, last)
            for first, last in self.ranges
            if version in (None, first.version)
        )

    def others(self, version: int) -> Iterator[Network]:
        """The fewest networks that hold all other addresses of a family, one at a time.

        Args:
            version: 4 or 6.
        """
        kind, bits = _FAMILIES[version]
        following = 0
        for first, last in self.ranges:
            if first.version == version:
                if following < int(first):
                    yield from summarize_address_range(kind(following), kind(int(first) - 1))
                following = int(last) + 1
        if following < 1 << bits:
            yield from summarize_address_range(kind(following), kind((1 << bits) - 1))

    def overlaps(self, network: Network) -> bool:
        """Whether it holds an address of the network; an address is a network of one."""
        first, last = network.network_address, network.broadcast_address
        wanted: tuple[int, int] = (network.version, int(first))
        place = bisect_left(self.ranges, wanted, key=_end)
        if place == len(self.ranges):
            return False
        start = self.ranges[place][0]
        return start.version == network.version and int(start) <= int(last)


def forecast(policy: AccessPolicy, before: Lists, after: Lists, at: datetime) -> tuple[Shift, ...]:
    """Compare two states of the lists that rule a container or an account.

    Args:
        policy: the operator's.
        before: the lists as they are, as `AccessPolicy.decide` takes them.
        after: the lists as they would be.
        at: now, aware.

    Returns:
        Losses first, each kind by the moment at which it begins; empty where nobody would
        notice the change.
    """
    found = [
        shift
        for begin, end in _stretches((*before, *after), at)
        for right in Right
        for shift in _shifts(policy, (before, after), right, begin, end)
    ]
    return tuple(sorted(found, key=lambda shift: (not shift.lost, shift.starts)))


def _stretches(lists: Lists, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From now on, the times in which the same lists rule: their first moments, and their ends."""
    yield from pairwise([at, *trial_ends((whitelist for _, whitelist in lists), at), NEVER])


def _shifts(
    policy: AccessPolicy, states: tuple[Lists, Lists], right: Right, begin: datetime, end: datetime
) -> Iterator[Shift]:
    pieces: dict[tuple[datetime, datetime], list[_Range]] = {}
    for family in _FAMILIES:
        old, new = (
            _ends(_admitted(policy, lists, right, begin, end), family, begin) for lists in states
        )
        for piece, ends in _compared(old, new, family):
            pieces.setdefault(ends, []).append(piece)
    for (old_end, new_end), those in pieces.items():
        yield Shift(right, _joined(those), _or_none(old_end), _or_none(new_end))


def grounds(shift: Shift, before: Lists, after: Lists, at: datetime) -> tuple[Entry, ...]:
    """The entries by which its addresses are admitted in the state where they are so for longer.

    Args:
        shift: of `forecast`.
        before: as given there.
        after: the same.
        at: the same.

    Returns:
        Those of the list that rules then; none where no list, or the operator, admits them.
    """
    lists, until = (before, shift.before) if shift.lost else (after, shift.after)
    begin, end = next(
        stretch for stretch in _stretches((*before, *after), at) if shift.starts < stretch[1]
    )
    return tuple(
        entry
        for entry in _live(ruling(lists, begin), shift.right, begin)
        if min(_moment(entry.until), end) == _moment(until)
        and any(map(shift.overlaps, entry.all_networks()))
    )


def losers(
    shifts: Iterable[Shift], callers: Iterable[Network]
) -> dict[Network, tuple[Shift, ...]]:
    """Those of the callers who lose anything, each with what that is.

    Args:
        shifts: of `forecast`.
        callers: addresses as networks of one, or the networks by which callers are counted.
    """
    losses = [shift for shift in shifts if shift.lost]
    lost = {
        caller: tuple(shift for shift in losses if shift.overlaps(caller)) for caller in callers
    }
    return {caller: those for caller, those in lost.items() if those}


def _end(addresses: tuple[Address, Address]) -> tuple[int, int]:
    return addresses[1].version, int(addresses[1])


def _moment(end: datetime | None) -> datetime:
    return NEVER if end is None else end


def _or_none(end: datetime) -> datetime | None:
    return None if end == NEVER else end


def _admitted(
    policy: AccessPolicy, lists: Lists, right: Right, begin: datetime, end: datetime
) -> Iterator[tuple[Network, datetime]]:
    """Networks that are admitted at the first moment, and until when, at the most to the end."""
    yield from ((network, end) for network in policy.always_allow)
    whitelist = ruling(lists, begin)
    if whitelist is None and policy.unlisted is Unlisted.ALLOW:
        yield from ((network, end) for network in EVERYBODY)
    for entry in _live(whitelist, right, begin):
        until = min(_moment(entry.until), end)
        yield from ((network, until) for network in entry.all_networks())


def _live(whitelist: Whitelist | None, right: Right, at: datetime) -> Iterator[Entry]:
    """The entries that still give this right."""
    for entry in whitelist.entries if whitelist else ():
        if not entry.expired(at) and not (right is Right.WRITE and entry.read_only):
            yield entry


def _ends(
    admitted: Iterable[tuple[Network, datetime]], family: int, at: datetime
) -> list[tuple[int, datetime]]:
    """Until when each address is admitted: from these numbers on, in order, up to the next.

    Networks never overlap halfway: of two, one holds the other, or they have no address in
    common. So those around an address are, at each moment of the walk, a stack.
    """
    steps: list[tuple[int, datetime]] = [(0, at)]
    around: list[tuple[int, datetime]] = [(1 << _FAMILIES[family][1], at)]

    def leave(number: int) -> None:
        while around[-1][0] <= number:
            edge, _ = around.pop()
            steps.append((edge, around[-1][1]))

    those = [(network, until) for network, until in admitted if network.version == family]
    # The one that holds another comes first; networks compare as slowly as they are long.
    those.sort(key=lambda pair: int(pair[0].network_address) << 8 | pair[0].prefixlen)
    for network, end in those:
        first = int(network.network_address)
        leave(first)
        until = max(end, around[-1][1])
        around.append((first + network.num_addresses, until))
        steps.append((first, until))
    leave(around[0][0] - 1)
    return steps


def _compared(
    old: list[tuple[int, datetime]], new: list[tuple[int, datetime]], family: int
) -> Iterator[tuple[_Range, tuple[datetime, datetime]]]:
    """Ranges of addresses for which the moments differ, with both."""
    steps = [(number, 0, until) for number, until in old]
    steps += [(number, 1, until) for number, until in new]
    # Both are in order already; of several steps at one number, the last one counts.
    steps.sort(key=itemgetter(0))
    edges = [number for number, _, _ in steps] + [1 << _FAMILIES[family][1]]
    ends = [NEVER, NEVER]
    for (first, side, until), following in zip(steps, edges[1:], strict=True):
        ends[side] = until
        if ends[0] != ends[1] and first < following:
            yield (family, first, following - 1), (ends[0], ends[1])


def _joined(pieces: Iterable[_Range]) -> tuple[tuple[Address, Address], ...]:
    """The same addresses; pieces that touch are made one."""
    joined: list[_Range] = []
    for family, first, last in pieces:
        touches = bool(joined) and joined[-1][0] == family and joined[-1][2] + 1 == first
        joined.append((family, joined.pop()[1] if touches else first, last))
    kinds = {family: kind for family, (kind, _) in _FAMILIES.items()}
    return tuple((kinds[family](first), kinds[family](last)) for family, first, last in joined)
