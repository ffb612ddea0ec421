# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A list out of the callers that were seen: what to admit so that none of them is refused.

Where several callers have neighbouring addresses, an office or a pool stands behind
them, whose next caller has yet another address: there the network is proposed, as wide
as its administrator would name it and no wider. All others are proposed as they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ipcontrol.addresses import Network

# The widest network that is proposed, in bits of its prefix, by version: what a small
# office gets, and one link of IPv6 (RFC 4291, section 2.5.1).
WIDEST = {4: 24, 6: 64}
# So many callers in it make a network.
SEVERAL = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something to admit.

    Attributes:
        network: a caller, or the network of several.
        callers: those that it would admit, in order; never empty.
    """

    network: Network
    callers: tuple[Network, ...]


def propose(callers: Iterable[Network]) -> list[Proposal]:
    """Propose the networks of a list.

    Args:
        callers: as they were seen: single addresses, or networks of any width.

    Returns:
        Each caller in exactly one of them; those of the most callers first, then by address.
    """
    neighbours: dict[Network, list[Network]] = {}
    for caller in sorted(set(callers), key=_in_order):
        neighbours.setdefault(_neighbourhood(caller), []).append(caller)
    found = []
    for network, members in neighbours.items():
        if len(members) >= SEVERAL:
            found.append(Proposal(network, tuple(members)))
        else:
            found += [Proposal(member, (member,)) for member in members]
    return sorted(found, key=lambda each: (-len(each.callers), _in_order(each.network)))


def _neighbourhood(caller: Network) -> Network:
    return caller.supernet(new_prefix=min(caller.prefixlen, WIDEST[caller.version]))


def _in_order(network: Network) -> tuple[int, Network]:
    return network.version, network
