# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""When an address ceases to be admitted."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime

from ipcontrol.access import AccessPolicy, Source, Whitelist
from ipcontrol.addresses import Address


def turning_points(whitelists: Iterable[Whitelist], at: datetime) -> list[datetime]:
    """The moments after this one at which a decision may change: the ends of entries."""
    ends = {entry.until for whitelist in whitelists for entry in whitelist.entries}
    return sorted(end for end in ends if end is not None and end > at)


def refused_from(
    policy: AccessPolicy,
    address: Address | None,
    method: str,
    at: datetime,
    lists: Sequence[tuple[Source, Whitelist]],
) -> datetime | None:
    """The first moment, from this one on, at which the address is not admitted.

    Entries end and never begin, and a list rules on when all of its entries have
    ended: whoever is refused once stays so, as long as nobody changes a list.

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

    moments = [at, *turning_points((whitelist for _, whitelist in lists), at)]
    place = bisect_left(moments, True, key=refused)
    return moments[place] if place < len(moments) else None
