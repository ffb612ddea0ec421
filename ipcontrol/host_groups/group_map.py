# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Subnets and the host groups that their instances go to: the map and its answers.

An address belongs to the group with the longest subnet that holds it, else to
the default group, else to none. A host belongs to the group with the longest
prefix that its name begins with, else to none. The scheduler and the dashboard
ask the same map; how a group is stored is in `ipcontrol.host_groups.metadata`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ipcontrol.addresses import Address, Network, PrefixMap, format_network
from ipcontrol.host_groups.complaints import Complaint, ComplaintKind, Severity, complain
from ipcontrol.host_groups.hosts import ANY_HOST, NO_HOST, HostSet, Prefixes
from ipcontrol.host_groups.metadata import HostGroup, from_metadata, is_host_group

_HOSTS_SHOWN = 5


class Unmapped(StrEnum):
    """The operator's policy for what belongs to no group."""

    ANY = "any"
    UNGROUPED = "ungrouped"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Match:
    """Where an address belongs, and why.

    Attributes:
        group: its group; None for no group.
        subnet: the longest subnet that holds it; None where none does, so that
            the group is the default one or none.
    """

    group: HostGroup | None
    subnet: Network | None = None


class HostGroupMap:
    """All host groups of a cloud; never changes once made.

    Args:
        groups: in any order; of two that claim the same (a subnet, a prefix,
            being the default) the one whose name sorts first has it.
        complaints: what reading the groups brought up, kept for `complaints`.
    """

    def __init__(self, groups: Iterable[HostGroup], complaints: Iterable[Complaint] = ()) -> None:
        self.groups: tuple[HostGroup, ...] = tuple(sorted(groups, key=lambda group: group.name))
        self.default: HostGroup | None = next(
            (group for group in self.groups if group.default), None
        )
        self._subnets = PrefixMap.join([group.subnet_map for group in self.groups])
        self._by_prefix: dict[str, HostGroup] = {}
        for group in self.groups:
            # Every name starts with "": a lost prefix must not open all hosts.
            if group.hostname_prefix:
                self._by_prefix.setdefault(group.hostname_prefix, group)
        self._prefixes = Prefixes(self._by_prefix)
        self._complaints = tuple(complaints)

    @classmethod
    def from_aggregates(
        cls, aggregates: Iterable[tuple[str, Mapping[str, str]]]
    ) -> "HostGroupMap":
        """Read the map out of host aggregates.

        Args:
            aggregates: names and all of the metadata of each; those that are no
                host groups are passed over.
        """
        groups: list[HostGroup] = []
        complaints: list[Complaint] = []
        for name, metadata in aggregates:
            if is_host_group(metadata):
                group, found = from_metadata(name, metadata)
                groups.append(group)
                complaints += found
        return cls(groups, complaints)

    def match(self, address: Address | None) -> Match:
        """Find the group of an address, and the subnet that decides.

        Args:
            address: None where it is not known: only the default group takes it.
        """
        found = None if address is None else self._subnets.lookup(address)
        return Match(self.default) if found is None else Match(found[1], found[0])

    def resolve(self, address: Address | None) -> HostGroup | None:
        """Find the group of an address; None if it belongs to none."""
        return self.match(address).group

    def owner(self, subnet: Network) -> HostGroup | None:
        """Find the group that this very subnet belongs to; None if no group has it.

        Of several groups that have it, it is the one that takes its addresses.
        """
        return self._subnets.get(subnet)

    def group_of(self, host: str) -> HostGroup | None:
        """Find the group of a host, by its name in Nova; None if it belongs to none."""
        prefix = self._prefixes.longest(host)
        return None if prefix is None else self._by_prefix[prefix]

    def hosts_of(self, group: HostGroup) -> HostSet:
        """The hosts of a group of this map."""
        if self._by_prefix.get(group.hostname_prefix) is not group:
            return NO_HOST
        return HostSet(group.hostname_prefix, self._prefixes)

    def hosts_for_boot(
        self, address: Address | None, unmapped: Unmapped = Unmapped.ANY
    ) -> HostSet:
        """The hosts on which a new instance of this caller may start.

        Args:
            address: the caller's; None where it is not known.
            unmapped: what holds for an address of no group: any host, the hosts
                of no group, or none.
        """
        group = self.resolve(address)
        if group is not None:
            return self.hosts_of(group)
        if unmapped is Unmapped.UNGROUPED:
            return self.hosts_without_group()
        return ANY_HOST if unmapped is Unmapped.ANY else NO_HOST

    def hosts_for_move(self, host: str, unmapped: Unmapped = Unmapped.ANY) -> HostSet:
        """The hosts to which an instance may go from the host where it is.

        Args:
            host: where it is, by its name in Nova.
            unmapped: what holds for a host of no group: its instances may go to
                any host, or only to other hosts of no group.
        """
        group = self.group_of(host)
        if group is not None:
            return self.hosts_of(group)
        return ANY_HOST if unmapped is Unmapped.ANY else self.hosts_without_group()

    def hosts_without_group(self) -> HostSet:
        """The hosts that belong to no group."""
        return HostSet("", self._prefixes)

    def enclosing(self) -> dict[Network, tuple[Network, HostGroup]]:
        """The next larger subnet around each subnet that lies inside another, and its group."""
        owners: dict[Network, HostGroup] = {}
        for each in self.groups:
            for subnet in each.subnets:
                owners.setdefault(subnet, each)
        found: dict[Network, tuple[Network, HostGroup]] = {}
        around: list[tuple[Network, HostGroup]] = []
        # A network sorts right before the networks inside it.
        for network, group in sorted(
            owners.items(),
            key=lambda item: (item[0].version, int(item[0].network_address), item[0].prefixlen),
        ):
            while around and not _holds(around[-1][0], network):
                around.pop()
            if around:
                found[network] = around[-1]
            around.append((network, group))
        return found

    def complaints(
        self, hosts: Iterable[str] | None = None, least: Severity = Severity.NOTE
    ) -> tuple[Complaint, ...]:
        """Everything that an administrator should know about this map, by group.

        Args:
            hosts: the names of the cloud's hosts, to find groups without any, and
                hosts that a reader of a prefix would not expect; None to leave
                that out.
            least: the least severity wanted; notes take the longest to find.
        """
        found = [
            *self._complaints,
            *self._same_subnets(),
            *(self._subnets_inside() if least is Severity.NOTE else ()),
            *self._same_prefixes(),
            *self._prefixes_inside(),
            *self._several_defaults(),
            *self._without_addresses(),
            *(() if hosts is None else self._about_hosts(hosts)),
        ]
        wanted = (each for each in found if least <= each.severity)
        return tuple(sorted(wanted, key=lambda complaint: complaint.group))

    def _same_subnets(self) -> Iterator[Complaint]:
        if len(self._subnets) == sum(len(group.subnet_map) for group in self.groups):
            return
        for group in self.groups:
            for subnet in group.subnets:
                owner = self.owner(subnet)
                if owner is not None and owner is not group:
                    yield complain(
                        ComplaintKind.SAME_SUBNET,
                        group.name,
                        subnet=format_network(subnet),
                        other=owner.name,
                    )

    def _subnets_inside(self) -> Iterator[Complaint]:
        for subnet, (outer, other) in self.enclosing().items():
            owner = self.owner(subnet)
            if owner is not None and owner is not other:
                yield complain(
                    ComplaintKind.SUBNET_INSIDE,
                    owner.name,
                    subnet=format_network(subnet),
                    other=other.name,
                    outer=format_network(outer),
                )

    def _same_prefixes(self) -> Iterator[Complaint]:
        for group in self.groups:
            owner = self._by_prefix.get(group.hostname_prefix, group)
            if owner is not group:
                yield complain(
                    ComplaintKind.SAME_PREFIX,
                    group.name,
                    prefix=group.hostname_prefix,
                    other=owner.name,
                )

    def _prefixes_inside(self) -> Iterator[Complaint]:
        for prefix, group in self._by_prefix.items():
            other = self.group_of(prefix[:-1])
            if other is not None:
                yield complain(
                    ComplaintKind.PREFIX_INSIDE,
                    group.name,
                    prefix=prefix,
                    other=other.name,
                    other_prefix=other.hostname_prefix,
                )

    def _several_defaults(self) -> Iterator[Complaint]:
        for group in self.groups:
            if self.default is not None and group.default and group is not self.default:
                yield complain(ComplaintKind.SEVERAL_DEFAULTS, group.name, other=self.default.name)

    def _without_addresses(self) -> Iterator[Complaint]:
        for group in self.groups:
            if not group.subnets and not group.default:
                yield complain(ComplaintKind.NO_ADDRESSES, group.name)

    def _about_hosts(self, hosts: Iterable[str]) -> Iterator[Complaint]:
        own: dict[str | None, list[str]] = {}
        for host in hosts:
            own.setdefault(self._prefixes.longest(host), []).append(host)
        for prefix, group in self._by_prefix.items():
            # A group without a prefix of its own was complained about already.
            if prefix not in own:
                yield complain(ComplaintKind.NO_HOSTS, group.name, prefix=prefix)
            elif unexpected := _unexpected(prefix, own[prefix]):
                shown = unexpected[:_HOSTS_SHOWN]
                yield complain(
                    ComplaintKind.UNEXPECTED_HOSTS,
                    group.name,
                    prefix=prefix,
                    hosts=", ".join(shown) + (", …" if len(unexpected) > len(shown) else ""),
                )


def _unexpected(prefix: str, hosts: list[str]) -> list[str]:
    """Return the hosts whose names go on with the prefix's last word or number.

    A reader takes doc for doc1 and doc-2, not for docker1, and rack1 for
    rack1-01, not for rack10-01. Where all of them go on so, they are meant.
    """
    longer = [host for host in hosts if _goes_on(prefix[-1], host[len(prefix) : len(prefix) + 1])]
    return sorted(longer) if len(longer) < len(hosts) else []


def _goes_on(last: str, following: str) -> bool:
    return (last.isalpha() and following.isalpha()) or (last.isdigit() and following.isdigit())


def _holds(outer: Network, inner: Network) -> bool:
    return (
        outer.version == inner.version
        and outer.prefixlen <= inner.prefixlen
        and inner.network_address in outer
    )
