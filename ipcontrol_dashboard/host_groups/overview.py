# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What Nova keeps, seen as host groups: the one reading that table and picture share.

Which group an address, a subnet or a host belongs to is `ipcontrol.host_groups`'s
answer; here answers are only put side by side.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from ipcontrol.addresses import Address, Network
from ipcontrol.host_groups import (
    Complaint,
    HostGroup,
    HostGroupMap,
    Match,
    Unmapped,
)
from ipcontrol_dashboard.api import host_groups as api
from ipcontrol_dashboard.api.host_group_types import Aggregate, ComputeHost
from ipcontrol_dashboard.kit import service_errors

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Host:
    """A host, the group that it belongs to, and how many instances it runs.

    Attributes:
        compute: its compute service.
        group: its group's name; None for none.
        instances: their number; None where Nova did not tell.
    """

    compute: ComputeHost
    group: str | None = None
    instances: int | None = None

    @property
    def name(self) -> str:
        """The host's name in Nova."""
        return self.compute.name


def instances_of(hosts: Iterable[Host]) -> int | None:
    """How many instances hosts run together; None where Nova did not tell."""
    total = 0
    for host in hosts:
        if host.instances is None:
            return None
        total += host.instances
    return total


@dataclass(frozen=True, slots=True)
class Row:
    """An aggregate that is a host group, or was meant to become one.

    Attributes:
        aggregate: as Nova keeps it.
        group: as the engine reads it; None for an aggregate without anything in it.
        hosts: of the group; None where they are not known.
        complaints: the engine's about the group.
        default: whether it is the group of all other addresses; a second one
            that is marked so is not.
        sole_default: whether no other one is marked so.
    """

    aggregate: Aggregate
    group: HostGroup | None = None
    hosts: tuple[Host, ...] | None = None
    complaints: tuple[Complaint, ...] = ()
    default: bool = False
    sole_default: bool = False

    @property
    def id(self) -> int:
        """The aggregate's id: what Horizon's tables call a row by."""
        return self.aggregate.id

    @property
    def name(self) -> str:
        """The aggregate's name, which is the group's."""
        return self.aggregate.name

    @property
    def missing(self) -> tuple[str, ...]:
        """Those of its hosts that are not members of the aggregate."""
        return tuple(h.name for h in self.hosts or () if h.name not in self.aggregate.members)

    @property
    def ready(self) -> int:
        """How many of its hosts can take a new instance."""
        return sum(host.compute.ready for host in self.hosts or ())

    @property
    def instances(self) -> int | None:
        """How many instances its hosts run; None where Nova did not tell."""
        return None if self.hosts is None else instances_of(self.hosts)


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet of a group among those of all groups.

    Attributes:
        network: the subnet.
        group: the group's name.
        inside: the next larger subnet that holds it, of whichever group.
        shadowed: whether another group has the same subnet, and takes its addresses.
    """

    network: Network
    group: str
    inside: "Subnet | None" = None
    shadowed: bool = False

    @property
    def depth(self) -> int:
        """How many subnets of its own group hold it."""
        outer, depth = self.inside, 0
        while outer is not None:
            depth += outer.group == self.group
            outer = outer.inside
        return depth


@dataclass(frozen=True, slots=True)
class Trial:
    """Where an instance of this address would start.

    Attributes:
        address: the address that was tried.
        group: the group that takes it; None where the operator's policy decides.
        subnet: the subnet that matches; None for none.
        unmapped: the operator's policy.
        ready: the hosts that can take an instance now; None where hosts are not known.
        rest: the other hosts that it may start on.
    """

    address: Address
    group: HostGroup | None
    subnet: Subnet | None
    unmapped: Unmapped
    ready: tuple[Host, ...] | None
    rest: tuple[Host, ...]


@dataclass(frozen=True)
class Overview:
    """All groups, all hosts, and what could not be read.

    Attributes:
        rows: the host groups by name, then the unfinished ones.
        hosts: all of the cloud's, by name; None where Nova did not tell.
        map: the engine's.
        problems: sentences about what Nova did not tell.
        uncounted: whether there are too many hosts to count the instances.
    """

    rows: tuple[Row, ...]
    hosts: tuple[Host, ...] | None
    map: HostGroupMap
    problems: tuple[str, ...] = ()
    uncounted: bool = False

    @property
    def groups(self) -> list[Row]:
        """The rows that are host groups."""
        return [row for row in self.rows if row.group is not None]

    @cached_property
    def subnets(self) -> tuple[Subnet, ...]:
        """Every group's subnets by address, each after those that hold it."""
        enclosing = self.map.enclosing()
        in_force: dict[Network, Subnet] = {}
        subnets = []
        for network, group in sorted(
            ((subnet, own) for own in self.map.groups for subnet in own.subnets),
            key=lambda pair: (pair[0].version, pair[0], pair[1].name),
        ):
            outer = enclosing.get(network)
            shadowed = self.map.owner(network) is not group
            subnet = Subnet(network, group.name, outer and in_force[outer[0]], shadowed)
            if not shadowed:
                in_force[network] = subnet
            subnets.append(subnet)
        return tuple(subnets)

    @cached_property
    def _subnets_by_group(self) -> dict[str, list[Subnet]]:
        found: dict[str, list[Subnet]] = {}
        for subnet in self.subnets:
            found.setdefault(subnet.group, []).append(subnet)
        return found

    def subnets_of(self, group: str) -> Sequence[Subnet]:
        """A group's subnets by address."""
        return self._subnets_by_group.get(group, ())

    def row(self, aggregate_id: int) -> Row | None:
        """Return the row of this aggregate."""
        return next((row for row in self.rows if row.id == aggregate_id), None)

    def try_address(self, address: Address, unmapped: Unmapped) -> Trial:
        """Ask the engine where an instance of this address would start."""
        match = self.map.match(address)
        allowed = self.map.hosts_for_boot(address, unmapped)
        hosts = [host for host in self.hosts or () if host.name in allowed]
        return Trial(
            address,
            match.group,
            self._found(match),
            unmapped,
            None if self.hosts is None else tuple(h for h in hosts if h.compute.ready),
            tuple(host for host in hosts if not host.compute.ready),
        )

    def _found(self, match: Match) -> Subnet | None:
        return next(
            (one for one in self.subnets if one.network == match.subnet and not one.shadowed),
            None,
        )


def load_groups(request: HttpRequest) -> Overview:
    """Read the groups alone, in one call; hosts are not known.

    Raises:
        ipcontrol_dashboard.api.host_groups.ServiceError: the aggregates cannot be read.
    """
    return build(api.aggregates(request), None)


def load(request: HttpRequest, most_counted: int = 0) -> Overview:
    """Read groups and hosts; what Nova refuses besides the aggregates is left out.

    Args:
        request: of the person who asks.
        most_counted: on more hosts than these, instances are not counted.

    Raises:
        ipcontrol_dashboard.api.host_groups.ServiceError: the aggregates cannot be read.
    """
    aggregates = api.aggregates(request)
    problems: list[str] = []
    hosts = read_or_note(_("The hosts are not known. %(why)s"), problems, api.hosts, request)
    counts, uncounted = None, len(hosts or ()) > most_counted
    if not uncounted:
        unknown = _("The numbers of instances are not known. %(why)s")
        counts = read_or_note(unknown, problems, api.instance_counts, request)
    return replace(build(aggregates, hosts, counts, problems), uncounted=uncounted)


def read_or_note(
    unknown: str, problems: list[str], read: Callable[..., T], *arguments: object
) -> T | None:
    """What Nova tells; None where it does not, and the reason in `problems`.

    Args:
        unknown: the sentence about that, with the reason as ``why``.
        problems: is added to.
        read: asks Nova.
        *arguments: what it is called with.
    """
    try:
        return read(*arguments)
    except service_errors.ServiceError as error:
        problems.append(unknown % {"why": error.sentence})
        return None


def build(
    aggregates: Iterable[Aggregate],
    computes: Iterable[ComputeHost] | None,
    counts: Mapping[str, int] | None = None,
    problems: Iterable[str] = (),
) -> Overview:
    """Put together what Nova told; None for what it did not tell."""
    ordered = sorted(aggregates, key=lambda one: one.name)
    groups = HostGroupMap.from_aggregates((one.name, one.metadata) for one in ordered)
    hosts = None if computes is None else tuple(_hosts(computes, counts, groups))
    complaints: dict[str, list[Complaint]] = {}
    names = None if hosts is None else [host.name for host in hosts]
    for complaint in groups.complaints(names):
        complaints.setdefault(complaint.group, []).append(complaint)
    by_name = {group.name: group for group in groups.groups}
    own: dict[str | None, list[Host]] = {}
    for host in hosts or ():
        own.setdefault(host.group, []).append(host)
    marked = [group.name for group in groups.groups if group.default]
    rows = [
        Row(
            one,
            by_name[one.name],
            None if hosts is None else tuple(own.get(one.name, ())),
            tuple(complaints.get(one.name, ())),
            by_name[one.name] is groups.default,
            marked == [one.name],
        )
        for one in ordered
        if one.name in by_name
    ]
    unfinished = [Row(one) for one in ordered if one.bare]
    return Overview((*rows, *unfinished), hosts, groups, tuple(problems))


def _hosts(
    computes: Iterable[ComputeHost], counts: Mapping[str, int] | None, groups: HostGroupMap
) -> Iterator[Host]:
    for compute in sorted(computes, key=lambda one: one.name):
        group = groups.group_of(compute.name)
        # A service that has just been started has no hypervisor yet, and no instance.
        count = None if counts is None else counts.get(compute.name, 0)
        yield Host(compute, group.name if group else None, count)
