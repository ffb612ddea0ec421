# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The picture: a row for each group, its subnets to the left and its hosts to the right.

What belongs together is the overview's, that is, the engine's answer. Of many subnets and
hosts each group shows some, counts the others, and names those that need looking after.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ipcontrol.addresses import format_network
from ipcontrol_dashboard.host_groups import sentences
from ipcontrol_dashboard.host_groups.overview import Host, Overview, Row, Subnet, Trial

# Colours in the style sheet; they repeat.
HUES = 6
# How many subnets all groups together show; but each group shows one.
MOST_SUBNETS = 60
# Of more hosts than these, those of each group are counted.
MOST_HOSTS = 24
# Hosts of one group that are always shown, and those in trouble shown by name.
FEW_HOSTS = 3

_ICONS = {"disabled": "fa-ban", "down": "fa-arrow-down", "empty": "fa-exclamation-triangle"}


@dataclass(frozen=True, slots=True)
class Box:
    """A box, and what it says.

    Attributes:
        text: what it is: a network, a host's name, a group's name.
        note: what else there is to say, shorter and paler.
        extra: more of it, where there is room.
        title: the whole of it, for the pointer.
        marks: style classes without their prefix: ``down``, ``match``, ``dashed``, …
        depth: indentation steps.
    """

    text: str
    note: str = ""
    extra: str = ""
    title: str = ""
    marks: tuple[str, ...] = ()
    depth: int = 0

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
        return next((sign for mark, sign in _ICONS.items() if mark in self.marks), "")


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A group with what belongs to it; or, last, what belongs to none.

    Attributes:
        hue: the number of its colour; None for what belongs to no group.
        group: the group's box; None for no group.
        subnets: to the left, sorted by address; all other addresses stand last.
        hosts: to the right, sorted by name.
        sentence: the row in a sentence.
    """

    hue: int | None
    group: Box | None
    subnets: Sequence[Box]
    hosts: Sequence[Box]
    sentence: str


def draw(overview: Overview, trial: Trial | None = None) -> list[PictureRow]:
    """Draw the groups, their subnets and hosts, and the way of an address that was tried."""
    rows = sorted(overview.groups, key=_order(overview))
    most = max(1, MOST_SUBNETS // max(1, len(rows)))
    drawn = [
        PictureRow(
            index % HUES,
            _group_box(row, trial),
            [
                *_subnets(overview.subnets_of(row.name), most, trial),
                *([_other_addresses(overview, trial)] if row.default else ()),
            ],
            list(_hosts(overview, row.hosts or (), trial)),
            sentences.group_line(row),
        )
        for index, row in enumerate(rows)
    ]
    return [*drawn, *_without_group(overview, trial)]


def _order(overview: Overview):
    """Groups in the order of their first subnet; the default group last."""
    first: dict[str, int] = {}
    for index, subnet in enumerate(overview.subnets):
        first.setdefault(subnet.group, index)
    return lambda row: (row.default, first.get(row.name, len(first)), row.name)


def _without_group(overview: Overview, trial: Trial | None) -> Iterator[PictureRow]:
    hosts = [host for host in overview.hosts or () if host.group is None]
    others = [] if overview.map.default else [_other_addresses(overview, trial)]
    if hosts or others:
        boxes = list(_hosts(overview, hosts, trial))
        yield PictureRow(None, None, others, boxes, sentences.without_group(overview, hosts))


def _marks(**marks: bool) -> tuple[str, ...]:
    """The names of the marks that are wanted."""
    return tuple(name for name, wanted in marks.items() if wanted)


# --- Left: subnets ------------------------------------------------------------


def _subnets(subnets: Sequence[Subnet], most: int, trial: Trial | None) -> Iterator[Box]:
    match = trial.subnet if trial else None
    shown, more = sentences.first_of(subnets, most)
    if match is not None and match in subnets and match not in shown:
        shown = [*shown[:-1], match]
    for subnet in shown:
        yield _subnet_box(subnet, match)
    if more:
        yield Box(sentences.more_subnets(more), marks=("words", "more"))


def _subnet_box(subnet: Subnet, match: Subnet | None) -> Box:
    return Box(
        format_network(subnet.network),
        # In a narrow window the frame says it alone, and the address is readable.
        extra=_("no effect") if subnet.shadowed else _inside(subnet),
        title=sentences.subnet_title(subnet),
        marks=_marks(code=True, dashed=subnet.shadowed, match=subnet == match),
        depth=min(subnet.depth, 3),
    )


def _inside(subnet: Subnet) -> str:
    inside = subnet.inside
    if inside is None or inside.group == subnet.group:
        return ""
    return _("inside %(group)s") % {"group": inside.group}


def _other_addresses(overview: Overview, trial: Trial | None) -> Box:
    default = overview.map.default
    match = trial is not None and trial.subnet is None
    return Box(
        sentences.all_other_addresses(),
        extra="" if default else sentences.no_group(),
        title=sentences.all_other_addresses_go(default),
        marks=_marks(words=True, dashed=not default, match=match),
    )


# --- Middle: groups -----------------------------------------------------------


def _group_box(row: Row, trial: Trial | None) -> Box:
    return Box(
        row.name,
        note="" if row.hosts is None else sentences.up_of(row),
        # Lost where what is stored cannot be read.
        extra=f"{row.group.hostname_prefix}*" if row.group and row.group.hostname_prefix else "",
        title=sentences.group_line(row),
        marks=_marks(
            group=True,
            default=row.default,
            empty=row.hosts is not None and not row.ready,
            match=trial is not None and trial.group is row.group,
        ),
    )


# --- Right: hosts -------------------------------------------------------------


def _hosts(overview: Overview, hosts: Sequence[Host], trial: Trial | None) -> Iterator[Box]:
    """The hosts of one group, or of none."""
    ready = frozenset(trial.ready or ()) if trial else frozenset()
    if len(overview.hosts or ()) <= MOST_HOSTS or len(hosts) <= FEW_HOSTS:
        yield from (_host_box(host, host in ready) for host in hosts)
        return
    yield Box(
        ngettext("%(count)d host", "%(count)d hosts", len(hosts)) % {"count": len(hosts)},
        note=sentences.hosts_count(hosts),
        extra=sentences.loads(hosts),
        title=sentences.hosts_title(hosts),
        marks=_marks(code=True, dashed=hosts[0].group is None, match=not ready.isdisjoint(hosts)),
    )
    trouble = [host for host in hosts if not host.compute.ready]
    shown, more = sentences.first_of(trouble, FEW_HOSTS)
    yield from (_host_box(host, False) for host in shown)
    if more:
        yield Box(
            ngettext(
                "and %(count)d more down or disabled", "and %(count)d more down or disabled", more
            )
            % {"count": more},
            title=sentences.names(host.name for host in trouble[len(shown) :]),
            marks=("words", "more", "down"),
        )


def _host_box(host: Host, match: bool) -> Box:
    return Box(
        host.name,
        note=sentences.host_note(host),
        extra=sentences.load(host),
        title=sentences.host_title(host),
        marks=_marks(
            code=True,
            dashed=host.group is None,
            down=host.compute.up is not True,
            disabled=not host.compute.enabled,
            match=match,
        ),
    )
