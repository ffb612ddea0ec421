# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What stands in the cells of the tables.

Names, prefixes and reasons come from other people: templates escape them.
"""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ipcontrol.host_groups import Severity
from ipcontrol_dashboard.host_groups import sentences
from ipcontrol_dashboard.host_groups.overview import Row
from ipcontrol_dashboard.host_groups.placement import PlacedHost
from ipcontrol_dashboard.kit.translation import translated

# Of more subnets, and of more instances, in one cell the rest is counted.
MOST_SUBNETS = 12
MOST_INSTANCES = 8

_ICONS = {
    Severity.NOTE: "",
    Severity.WARNING: "fa-exclamation-triangle",
    Severity.ERROR: "fa-exclamation-circle",
}
_STYLES = {
    Severity.NOTE: "",
    Severity.WARNING: "text-warning",
    Severity.ERROR: "text-danger",
}


def _render(name: str, **context: object) -> SafeString:
    return render_to_string(f"ipcontrol_dashboard/host_groups/_cell_{name}.html", context)


def _number(count: int | None) -> str:
    return _("not known") if count is None else str(count)


# --- Groups -------------------------------------------------------------------


def name(row: Row) -> SafeString:
    """The group's name, and whether it is the default."""
    return _render("name", row=row)


def prefix(row: Row) -> SafeString:
    """The hostname prefix."""
    return _render("prefix", row=row)


def subnets(row: Row) -> SafeString:
    """The first subnets, and how many more."""
    every = row.group.subnets if row.group else ()
    more = len(every) - MOST_SUBNETS
    # "And 1 more" would take the room of that one.
    shown = every if more < 2 else every[:MOST_SUBNETS]
    return _render(
        "subnets",
        row=row,
        shown=[sentences.network(one) for one in shown],
        more=sentences.more_subnets(more) if len(shown) < len(every) else "",
    )


def hosts(row: Row) -> SafeString:
    """How many of the group's hosts can take an instance."""
    short = row.hosts is not None and (not row.hosts or row.ready < len(row.hosts))
    load = "" if row.instances is None else sentences.instances(row.instances)
    return _render("hosts", row=row, text=sentences.up_of(row), short=short, load=load)


def instances(row: Row) -> str:
    """How many instances the group's hosts run."""
    return _number(row.instances) if row.group else ""


def notes(row: Row) -> SafeString:
    """What the engine complains about, the worst first."""
    complaints = sorted(row.complaints, key=lambda one: -one.severity)
    # An aggregate without members is as good: the scheduler goes by names.
    partly = bool(row.aggregate.members and row.missing)
    return _render(
        "notes",
        row=row,
        missing=sentences.missing(row.missing) if partly else "",
        notes=[
            {
                "sentence": translated(one),
                "icon": _ICONS[one.severity],
                "style": _STYLES[one.severity],
            }
            for one in complaints
        ],
    )


# --- Hosts --------------------------------------------------------------------


def group(placed: PlacedHost) -> str:
    """The group that a host belongs to."""
    return sentences.group_of(placed.host)


def state(placed: PlacedHost) -> SafeString:
    """Whether a host can take an instance, and why it is disabled."""
    compute = placed.host.compute
    return _render("state", compute=compute, text=sentences.state_in_full(compute))


def host_instances(placed: PlacedHost) -> str:
    """How many instances a host runs."""
    return _number(placed.host.instances)


def misplaced(placed: PlacedHost) -> SafeString:
    """The instances that are not where their group would have them, and why."""
    every = [
        *({"instance": one, "why": sentences.stray()} for one in placed.strays),
        *(
            {"instance": one.instance, "why": sentences.arrival(one.source, one.group)}
            for one in placed.arrivals
        ),
    ]
    more = len(every) - MOST_INSTANCES
    shown = every if more < 2 else every[:MOST_INSTANCES]
    return _render(
        "misplaced",
        shown=shown,
        more=sentences.and_more(more) if len(shown) < len(every) else "",
    )
