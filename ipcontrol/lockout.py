# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""When an address ceases to be admitted."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from ipcontrol.access import AccessPolicy, Source, Whitelist
from ipcontrol.addresses import Address
from ipcontrol.trial import NEVER


def turning_points(whitelists: Iterable[Whitelist], at: datetime) -> list[datetime]:
    """The moments after this one at which a decision may change: ends of entries and trials."""
    whitelists = list(whitelists)
    ends = {entry.until for whitelist in whitelists for entry in whitelist.entries}
    return sorted({*_after(ends, at), *trial_ends(whitelists, at)})


def trial_ends(whitelists: Iterable[Whitelist], at: datetime) -> list[datetime]:
    """The moments after this one at which another list may come to rule."""
    ends = {whitelist.trial for whitelist in whitelists if whitelist.restricts}
    return sorted(_after(ends - {NEVER}, at))


def _after(moments: Iterable[datetime | None], at: datetime) -> Iterator[datetime]:
    return (moment for moment in moments if moment is not None and moment > at)


def refused_from(
    policy: AccessPolicy,
    address: Address | None,
    method: str,
    at: datetime,
    lists: Sequence[tuple[Source, Whitelist]],
) -> datetime | None:
    """The first moment, from this one on, at which the address is not admitted.

    Entries end and never begin, and a list rules on when all of its entries have
    ended: from the end of one trial to that of the next, whoever is refused once stays so,
    as long as nobody changes a list.

    Args:
        policy: the operator's.
        address: the caller; None where it is not known.
        method: the HTTP method, in upper case.
        at: now, aware.
        lists: as `AccessPolicy.decide` takes them.

    Returns:
        ``at`` for who is refused already; None for who is admitted for good.
    """

    def refused(moment: datetime) -> bool:
        return not policy.decide(address, method, moment, lists).allowed

    whitelists = [whitelist for _, whitelist in lists]
    moments = [at, *turning_points(whitelists, at)]
    for begin, end in pairwise([at, *trial_ends(whitelists, at), NEVER]):
        last = bisect_left(moments, end)
        place = bisect_left(moments, True, bisect_left(moments, begin), last, key=refused)
        if place < last:
            return moments[place]
    return None
