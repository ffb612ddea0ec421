# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Who may read and who may write, as sets of addresses.

`Whitelist.decide` and `AccessPolicy.decide` say of one address what it may do;
here the same is said of all addresses at once. Sorting is the most that it costs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, collapse_addresses

from ipcontrol.access import AccessPolicy, Source, Unlisted, Whitelist, ruling
from ipcontrol.addresses import Network

Networks = tuple[Network, ...]

EVERYBODY: Networks = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))


@dataclass(frozen=True, slots=True)
class Reach:
    """Who is admitted at one moment.

    Both sets are the smallest list of networks that do not overlap, IPv4 first,
    each family in the order of its addresses.

    Attributes:
        read: who may use one of `ipcontrol.access.SAFE_METHODS`.
        write: who may use any other method; none of them is missing in ``read``.
    """

    read: Networks = ()
    write: Networks = ()


def of_whitelist(whitelist: Whitelist, at: datetime) -> Reach:
    """Who is admitted by these items alone.

    Args:
        whitelist: the items.
        at: the moment, aware.
    """
    live = [entry for entry in whitelist.entries if not entry.expired(at)]
    read = [network for entry in live for network in entry.all_networks()]
    write = [network for entry in live if not entry.read_only for network in entry.all_networks()]
    return Reach(smallest(read), smallest(write))


def of_policy(
    policy: AccessPolicy, at: datetime, lists: Iterable[tuple[Source, Whitelist]]
) -> Reach:
    """Who is admitted by the proxy.

    Args:
        policy: the operator's.
        at: the moment, aware.
        lists: as `AccessPolicy.decide` takes them.
    """
    whitelist = ruling(lists, at)
    if whitelist is None:
        listed = EVERYBODY if policy.unlisted is Unlisted.ALLOW else ()
        return _with(policy.always_allow, Reach(listed, listed))
    return _with(policy.always_allow, of_whitelist(whitelist, at))


def smallest(networks: Iterable[Network]) -> Networks:
    """The smallest list of networks that holds the same addresses, in order."""
    networks = list(networks)
    v4 = collapse_addresses(each for each in networks if isinstance(each, IPv4Network))
    v6 = collapse_addresses(each for each in networks if isinstance(each, IPv6Network))
    return (*v4, *v6)


def _with(networks: Networks, reach: Reach) -> Reach:
    return Reach(smallest((*networks, *reach.read)), smallest((*networks, *reach.write)))
