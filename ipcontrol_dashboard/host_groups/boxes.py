# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The boxes of the picture: which subnets, groups and hosts are shown, and what they say.

A few subnets and hosts are all shown, subnets as a tree. Many are shown group
by group: some subnets of each, and its hosts as a number, with those that need
looking after by name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ipcontrol_dashboard.host_groups import sentences
from ipcontrol_dashboard.host_groups.overview import Host, Overview, Row, Subnet, Trial

# A column of more boxes is put together group by group.
MOST_BOXES = 24
# How many rows of subnets all groups together get then.
MOST_SUBNETS = 60
# Hosts of one group that are always shown, and those in trouble shown by name.
FEW_HOSTS = 3


@dataclass(slots=True)
class Box:
    """A box, and what it says.

    Attributes:
        links: indexes of the groups that it is connected to.
        text: what it is; a network, a host's name, a group's name.
        note: what else there is to say, shorter and paler.
        extra: more of it, where there is room.
        title: the whole of it, for the pointer.
        marks: style classes without their prefix: ``down``, ``match``, ``dashed``, …
        depth: indentation steps.
        height: in pixels.
        centre: in pixels from the top.
    """

    links: tuple[int, ...] = ()
    text: str = ""
    note: str = ""
    extra: str = ""
    title: str = ""
    marks: tuple[str, ...] = ()
    depth: int = 0
    height: int = 0
    centre: float = 0

    @property
    def top(self) -> int:
        """Its upper edge in pixels."""
        return round(self.centre - self.height / 2)

    @property
    def classes(self) -> str:
        """Its style classes."""
        return " ".join(f"ipcontrol-{mark}" for mark in self.marks)

    @property
    def is_default(self) -> bool:
        """Whether it is the default group's."""
        return "default" in self.marks

    @property
    def icon(self) -> str:
        """A sign besides the colour for what needs looking after; empty for none."""
        signs = {"disabled": "fa-ban", "down": "fa-arrow-down", "empty": "fa-exclamation-triangle"}
        return next((sign for mark, sign in signs.items() if mark in self.marks), "")

    @property
    def marked(self) -> bool:
        """Whether the tried address leads here."""
        return "match" in self.marks


def chosen(**marks: bool) -> tuple[str, ...]:
    """Return the names of the marks that are wanted."""
    return tuple(name for name, wanted in marks.items() if wanted)


# --- Left: subnets ------------------------------------------------------------


def _trees(subnets: Sequence[Subnet], index: dict[str, int]) -> list[Subnet]:
    """Subnets, each right after the one that it is inside; trees of one group side by side."""
    trees: list[list[Subnet]] = []
    for subnet in subnets:
        if subnet.inside is None:
            trees.append([])
        trees[-1].append(subnet)
    trees.sort(key=lambda tree: index[tree[0].group])
    return [subnet for tree in trees for subnet in tree]


def left(overview: Overview, rows: Sequence[Row], trial: Trial | None) -> Iterator[Box]:
    """Return the subnets' boxes from top to bottom; all other addresses stand last."""
    index = {row.name: number for number, row in enumerate(rows)}
    match = trial.subnet if trial else None
    if len(overview.subnets) <= MOST_BOXES:
        for subnet in _trees(overview.subnets, index):
            yield _subnet_box(subnet, index[subnet.group], match)
    else:
        yield from _by_group(overview.subnets, index, match)
    default = overview.map.default
    yield Box(
        links=(index[default.name],) if default else (),
        text=sentences.all_other_addresses(),
        extra="" if default else sentences.no_group(),
        title=sentences.all_other_addresses_go(default),
        marks=chosen(
            words=True, dashed=not default, match=trial is not None and trial.subnet is None
        ),
    )


def _by_group(
    subnets: Sequence[Subnet], index: dict[str, int], match: Subnet | None
) -> Iterator[Box]:
    groups: dict[str, list[Subnet]] = {name: [] for name in index}
    for subnet in subnets:
        groups[subnet.group].append(subnet)
    most = _share([len(own) for own in groups.values()])
    for name, own in groups.items():
        shown = own if len(own) <= most + 1 else own[:most]
        if match in own and match not in shown:
            shown = [*shown[:-1], match]
        for subnet in shown:
            yield _subnet_box(subnet, index[name], match)
        if len(shown) < len(own):
            more = sentences.more_subnets(len(own) - len(shown))
            yield Box(links=(index[name],), text=more, marks=chosen(words=True, more=True))


def _share(counts: Sequence[int]) -> int:
    """How many subnets each group may show so that all together stay in bounds."""
    most = 1
    while most < max(counts) and sum(min(c, most + 2) for c in counts) <= MOST_SUBNETS:
        most += 1
    return most


def _subnet_box(subnet: Subnet, group: int, match: Subnet | None) -> Box:
    return Box(
        links=(group,),
        text=sentences.network(subnet.network),
        # In a narrow window the frame says it alone, and the address is readable.
        extra=sentences.no_effect() if subnet.shadowed else _inside(subnet),
        title=sentences.subnet_title(subnet),
        marks=chosen(code=True, dashed=subnet.shadowed, match=subnet == match),
        depth=min(subnet.depth, 3),
    )


def _inside(subnet: Subnet) -> str:
    inside = subnet.inside
    return sentences.inside(inside) if inside and inside.group != subnet.group else ""


# --- Middle: groups -----------------------------------------------------------


def group_box(row: Row, trial: Trial | None) -> Box:
    """Return a group's box."""
    return Box(
        text=row.name,
        note=sentences.group_note(row),
        extra=sentences.group_prefix(row),
        title=sentences.group_line(row),
        marks=chosen(
            group=True,
            default=row.default,
            empty=row.hosts is not None and not row.ready,
            match=trial is not None and trial.group is row.group,
        ),
    )


# --- Right: hosts -------------------------------------------------------------


def right(overview: Overview, rows: Sequence[Row], trial: Trial | None) -> Iterator[Box]:
    """Return the hosts' boxes from top to bottom; those in no group stand last."""
    index = {row.name: number for number, row in enumerate(rows)}
    clusters: dict[tuple[int, ...], list[Host]] = {}
    for host in overview.hosts or ():
        key = () if host.group is None else (index[host.group],)
        clusters.setdefault(key, []).append(host)
    ready = set(trial.ready or ()) if trial else set()
    # Hosts in no group stand last.
    for key in sorted(clusters, key=lambda links: (not links, links)):
        hosts = clusters[key]
        if len(overview.hosts or ()) <= MOST_BOXES or len(hosts) <= FEW_HOSTS:
            yield from (_host_box(host, key, host in ready) for host in hosts)
        else:
            yield from _counted(hosts, key, ready)


def _host_box(host: Host, links: tuple[int, ...], ready: bool) -> Box:
    return Box(
        links=links,
        text=host.name,
        note=sentences.host_note(host),
        extra=sentences.load(host),
        title=sentences.host_title(host),
        marks=chosen(
            code=True,
            dashed=not links,
            down=host.compute.up is not True,
            disabled=not host.compute.enabled,
            match=ready,
        ),
    )


def _counted(hosts: Sequence[Host], links: tuple[int, ...], ready: set[Host]) -> Iterator[Box]:
    trouble = [host for host in hosts if not host.compute.ready]
    yield Box(
        links=links,
        text=sentences.hosts_together(hosts),
        note=sentences.hosts_count(hosts),
        extra=sentences.loads(hosts),
        title=sentences.hosts_title(hosts),
        marks=chosen(code=True, dashed=not links, many=True, match=not ready.isdisjoint(hosts)),
    )
    shown = trouble if len(trouble) <= FEW_HOSTS + 1 else trouble[:FEW_HOSTS]
    for host in shown:
        yield _host_box(host, links, ready=False)
    if len(shown) < len(trouble):
        yield Box(
            links=links,
            text=sentences.more_trouble(len(trouble) - len(shown)),
            title=sentences.names(host.name for host in trouble[len(shown) :]),
            marks=chosen(words=True, more=True, down=True),
        )
