# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Hosts, and the instances that are not where their group would have them.

Nova does not keep the address from which an instance was started, so which
group it started in can only be told from where it is and where it was. What is
known, and shown:

* an instance on a host of no group: no subnet leads there;
* an instance that was moved: the source of the oldest move that Nova still
  lists is in another group than the host where it is now.

What is not known: an instance that was never moved and sits in a group may
have started there under another map, or because an operator named its host.

Instances are asked for page by page: Nova lists those of one host at once, and
those of all hosts of a large cloud in minutes.
"""

import enum
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import HttpRequest
from django.utils.translation import gettext as _

from ipcontrol.host_groups import HostGroupMap
from ipcontrol_dashboard.api import host_groups as api
from ipcontrol_dashboard.api.host_group_types import Instance, Move
from ipcontrol_dashboard.host_groups import sentences
from ipcontrol_dashboard.host_groups.overview import Host, Overview, build, read_or_note


class Show(enum.StrEnum):
    """Which hosts are wanted."""

    ALL = "all"
    NO_GROUP = "no-group"
    UNREADY = "not-ready"
    ARRIVALS = "moved-in"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page of hosts, sorted by name.

    Attributes:
        show: which of them.
        text: what the host's name or its group's contains, in any case.
        marker: the name that the page follows (precedes, if ``backwards``);
            empty for the first page.
        backwards: whether the page ends before the marker, not begins after it.
        limit: the greatest number of hosts.
    """

    show: Show = Show.ALL
    text: str = ""
    marker: str = ""
    backwards: bool = False
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Arrival:
    """An instance that was moved here out of another group.

    Attributes:
        instance: the instance.
        source: the host where it was first known to be.
        group: the name of that host's group.
    """

    instance: Instance
    source: str
    group: str


@dataclass(frozen=True, slots=True)
class PlacedHost:
    """A host, and its instances that are out of place.

    Attributes:
        host: the host.
        strays: instances that no subnet leads to, because the host is in no group.
        arrivals: instances out of another group.
    """

    host: Host
    strays: tuple[Instance, ...] = ()
    arrivals: tuple[Arrival, ...] = ()

    @property
    def name(self) -> str:
        """The host's name in Nova."""
        return self.host.name


@dataclass(frozen=True, slots=True)
class HostsPage:
    """Some hosts, and how many there are.

    Attributes:
        hosts: on this page.
        counts: how many hosts each choice shows, whatever the text.
        has_previous: whether there are some before.
        has_next: whether there are some after.
        problems: sentences about what Nova did not tell.
    """

    hosts: Sequence[PlacedHost] = ()
    counts: Mapping[Show, int] = field(default_factory=dict)
    has_previous: bool = False
    has_next: bool = False
    problems: Sequence[str] = ()


def load(request: HttpRequest, wanted: Wanted) -> HostsPage:
    """Read groups, hosts and moves in three calls, and the instances of the page's hosts.

    Raises:
        ipcontrol_dashboard.api.host_groups.ServiceError: aggregates or hosts cannot be read.
    """
    overview = build(api.aggregates(request), api.hosts(request))
    problems: list[str] = []
    unknown = _("Earlier moves of instances are not known. %(why)s")
    moves = read_or_note(unknown, problems, api.moves, request) or []
    shown = {show: list(_shown(overview, show, moves)) for show in Show}
    found = [host for host in shown[wanted.show] if wanted.text.lower() in _searched(host)]
    page, has_previous, has_next = _page(found, wanted)
    unknown = _("The instances are not known. %(why)s")
    names = [host.name for host in page]
    instances = read_or_note(unknown, problems, api.instances_on, request, names)
    return HostsPage(
        list(_placed(page, overview.map, instances, moves)),
        {show: len(hosts) for show, hosts in shown.items()},
        has_previous,
        has_next,
        problems,
    )


# --- Which hosts --------------------------------------------------------------


def _shown(overview: Overview, show: Show, moves: Sequence[Move]) -> Iterator[Host]:
    arrived = _arrived(overview.map, moves) if show is Show.ARRIVALS else frozenset()
    for host in overview.hosts or ():
        match show:
            case Show.NO_GROUP:
                wanted = host.group is None
            case Show.UNREADY:
                wanted = not host.compute.ready
            case Show.ARRIVALS:
                wanted = host.name in arrived
            case _:
                wanted = True
        if wanted:
            yield host


def _arrived(groups: HostGroupMap, moves: Sequence[Move]) -> frozenset[str]:
    """The hosts to which some instance was moved out of another group."""
    origins = _origins(moves)
    # The latest moves come first, so the latest one of an instance stays.
    last = {move.instance_id: move.destination for move in reversed(moves)}
    return frozenset(
        host for instance, host in last.items() if _left_behind(groups, origins[instance], host)
    )


def _searched(host: Host) -> str:
    return f"{host.name}\n{sentences.group_of(host)}".lower()


def _page(hosts: Sequence[Host], wanted: Wanted) -> tuple[Sequence[Host], bool, bool]:
    names = [host.name for host in hosts]
    if wanted.backwards:
        end = bisect_left(names, wanted.marker)
        start = max(0, end - wanted.limit)
    else:
        start = bisect_right(names, wanted.marker) if wanted.marker else 0
        end = start + wanted.limit
    return hosts[start:end], start > 0, end < len(hosts)


# --- What is out of place -----------------------------------------------------


def _placed(
    hosts: Iterable[Host],
    groups: HostGroupMap,
    instances: Mapping[str, tuple[Instance, ...]] | None,
    moves: Iterable[Move],
) -> Iterator[PlacedHost]:
    origins = _origins(moves)
    for host in hosts:
        if instances is None:
            yield PlacedHost(host)
            continue
        own = instances[host.name]
        counted = replace(host, instances=len(own))
        if host.group is None:
            yield PlacedHost(counted, strays=own if groups.groups else ())
        else:
            yield PlacedHost(counted, arrivals=tuple(_arrivals(host, own, origins, groups)))


def _arrivals(
    host: Host,
    own: Iterable[Instance],
    origins: Mapping[str, str],
    groups: HostGroupMap,
) -> Iterator[Arrival]:
    for instance in own:
        source = origins.get(instance.id, host.name)
        left = _left_behind(groups, source, host.name)
        if left:
            yield Arrival(instance, source, left)


def _origins(moves: Iterable[Move]) -> dict[str, str]:
    """Instance id -> the host where it was first known to be."""
    # The latest moves come first, so the oldest one of an instance stays.
    return {move.instance_id: move.source for move in moves}


def _left_behind(groups: HostGroupMap, source: str, destination: str) -> str | None:
    """The source's group, where the destination is in another one; else None."""
    before, after = groups.group_of(source), groups.group_of(destination)
    return before.name if before and after and before is not after else None
