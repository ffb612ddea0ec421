# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What stands in the cells of the tables."""

from django.utils.translation import gettext as _

from ipcontrol.addresses import format_network
from ipcontrol.host_groups import Severity
from ipcontrol_dashboard.host_groups import constants, sentences
from ipcontrol_dashboard.host_groups.overview import Row
from ipcontrol_dashboard.host_groups.placement import PlacedHost
from ipcontrol_dashboard.kit.cells import cell
from ipcontrol_dashboard.kit.translation import translated

# Of more subnets, and of more instances, in one cell the rest is counted.
MOST_SUBNETS = 12
MOST_INSTANCES = 8

_TEMPLATES = constants.TEMPLATES + "cells/"
# The style and the icon of a note.
_LOOKS = {
    Severity.NOTE: ("", ""),
    Severity.WARNING: ("text-warning", "fa-exclamation-triangle"),
    Severity.ERROR: ("text-danger", "fa-exclamation-circle"),
}


# --- Groups -------------------------------------------------------------------


def _subnets(row: Row) -> dict[str, object]:
    shown, more = sentences.first_of(row.group.subnets if row.group else (), MOST_SUBNETS)
    return {
        "shown": list(map(format_network, shown)),
        "more": sentences.more_subnets(more) if more else "",
    }


def _hosts(row: Row) -> dict[str, object]:
    short = row.hosts is not None and (not row.hosts or row.ready < len(row.hosts))
    load = "" if row.instances is None else sentences.instances(row.instances)
    return {"text": sentences.up_of(row), "short": short, "load": load}


def _notes(row: Row) -> dict[str, object]:
    complaints = sorted(row.complaints, key=lambda one: -one.severity)
    # An aggregate without members is as good: the scheduler goes by names.
    partly = bool(row.aggregate.members and row.missing)
    return {
        "missing": sentences.missing(row.missing) if partly else "",
        "notes": [(translated(one), *_LOOKS[one.severity]) for one in complaints],
    }


name = cell(_TEMPLATES + "name.html")
prefix = cell(_TEMPLATES + "prefix.html")
subnets = cell(_TEMPLATES + "subnets.html", _subnets)
hosts = cell(_TEMPLATES + "hosts.html", _hosts)
notes = cell(_TEMPLATES + "notes.html", _notes)


def instances(row: Row) -> str:
    """How many instances the group's hosts run."""
    return _number(row.instances) if row.group else ""


# --- Hosts --------------------------------------------------------------------


def _state(placed: PlacedHost) -> dict[str, object]:
    compute = placed.host.compute
    return {"compute": compute, "text": sentences.state_in_full(compute)}


def _misplaced(placed: PlacedHost) -> dict[str, object]:
    every = [
        *((one, _("on a host of no group")) for one in placed.strays),
        *(
            (
                one.instance,
                _("moved here from %(host)s of %(group)s")
                % {"host": one.source, "group": one.group},
            )
            for one in placed.arrivals
        ),
    ]
    shown, more = sentences.first_of(every, MOST_INSTANCES)
    return {"shown": shown, "more": sentences.and_more(more) if more else ""}


state = cell(_TEMPLATES + "state.html", _state)
misplaced = cell(_TEMPLATES + "misplaced.html", _misplaced)


def group(placed: PlacedHost) -> str:
    """The group that a host belongs to."""
    return sentences.group_of(placed.host)


def host_instances(placed: PlacedHost) -> str:
    """How many instances a host runs."""
    return _number(placed.host.instances)


def _number(count: int | None) -> str:
    return _("not known") if count is None else str(count)
