# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What becomes of whose placements, said before it happens.

Who takes what afterwards is asked of the engine's map without the group.
"""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ipcontrol.addresses import Network
from ipcontrol.host_groups import HostGroup, HostGroupMap, Unmapped
from ipcontrol_dashboard.host_groups import sentences
from ipcontrol_dashboard.host_groups.confirm_forms import keeps_aggregate
from ipcontrol_dashboard.host_groups.overview import Host, Overview, Row, instances_of


def of_deletion(overview: Overview, row: Row, unmapped: Unmapped) -> list[str]:
    """Say what deleting a group, or an unfinished one, does."""
    found: list[str] = []
    if row.group is not None:
        after = HostGroupMap(group for group in overview.map.groups if group is not row.group)
        found += _addresses(overview.map, after, row.group, unmapped)
        found += _hosts(row, after, unmapped)
    return [*found, _aggregate(row)]


def of_default(overview: Overview, row: Row, unmapped: Unmapped) -> list[str]:
    """Say what making a group the default one does."""
    before = overview.map.default
    if before is None:
        until = _without_group(unmapped)
    else:
        until = _("Until now they started in %(group)s.") % {"group": before.name}
    return [
        _("Instances started from any address that no subnet holds will start in %(group)s.")
        % {"group": row.name},
        until,
        _("Instances that run already stay where they are."),
    ]


def of_members(row: Row) -> list[str]:
    """Say what making a group's hosts members of its aggregate does."""
    return [
        _("These become members of the host aggregate %(name)s: %(hosts)s.")
        % {"name": row.name, "hosts": sentences.names(row.missing)},
        _(
            "The scheduler goes by the hosts' names, members or not. Only where it is set to "
            "require_aggregates, for clouds with more hosts than Placement lists, does it ask "
            "Placement for the members."
        ),
        _("Where instances run and start stays the same otherwise."),
    ]


def _without_group(unmapped: Unmapped) -> str:
    return {
        Unmapped.ANY: _("Until now they started on any host: they belonged to no group."),
        Unmapped.UNGROUPED: _(
            "Until now they started on hosts of no group: they belonged to no group."
        ),
        Unmapped.NONE: _("Until now they did not start at all: they belonged to no group."),
    }[unmapped]


# --- Addresses ----------------------------------------------------------------


def _addresses(
    before: HostGroupMap, after: HostGroupMap, group: HostGroup, unmapped: Unmapped
) -> Iterator[str]:
    successors: dict[str | None, list[Network]] = {}
    for subnet in group.subnets:
        successor = _successor(subnet, before, after, group)
        successors.setdefault(_name(successor), []).append(subnet)
    for name, subnets in successors.items():
        yield _will_start(sentences.subnets(subnets), name, unmapped)
    if before.default is group:
        successor = after.default
        yield _will_start(sentences.all_other_addresses(), _name(successor), unmapped)


def _successor(
    subnet: Network, before: HostGroupMap, after: HostGroupMap, group: HostGroup
) -> HostGroup | None:
    """The group that takes a subnet's addresses when its own group is gone."""
    enclosing = before.enclosing()
    outer = enclosing.get(subnet)
    while outer is not None and outer[1] is group:
        outer = enclosing.get(outer[0])
    return after.owner(subnet) or (outer[1] if outer else after.default)


def _name(group: HostGroup | None) -> str | None:
    return group.name if group else None


def _will_start(addresses: str, group: str | None, unmapped: Unmapped) -> str:
    if group is not None:
        text = _("Instances started from %(addresses)s will start in %(group)s.")
    else:
        text = _no_group_takes(unmapped)
    return text % {"addresses": addresses, "group": group}


def _no_group_takes(unmapped: Unmapped) -> str:
    return {
        Unmapped.ANY: _(
            "Instances started from %(addresses)s will start on any host: no group takes them."
        ),
        Unmapped.UNGROUPED: _(
            "Instances started from %(addresses)s will start on hosts of no group: no group "
            "takes them."
        ),
        Unmapped.NONE: _(
            "Instances started from %(addresses)s will not start: no group takes them."
        ),
    }[unmapped]


# --- Hosts --------------------------------------------------------------------


def _hosts(row: Row, after: HostGroupMap, unmapped: Unmapped) -> Iterator[str]:
    successors: dict[str | None, list[Host]] = {}
    for host in row.hosts or ():
        successor = after.group_of(host.name)
        successors.setdefault(_name(successor), []).append(host)
    for group, hosts in successors.items():
        yield _("Then in %(group)s: %(hosts)s.") % {
            "group": group or _("no group"),
            "hosts": sentences.names(host.name for host in hosts),
        }
        if sentence := _instances_stay(hosts):
            yield sentence
            yield _will_move(group, unmapped)


def _instances_stay(hosts: Iterable[Host]) -> str:
    count = instances_of(hosts)
    if count is None:
        return _("The instances there stay where they are.")
    if not count:
        return ""
    return ngettext(
        "The %(count)d instance there stays where it is.",
        "The %(count)d instances there stay where they are.",
        count,
    ) % {"count": count}


def _will_move(group: str | None, unmapped: Unmapped) -> str:
    if group is not None:
        return _("What is moved from there later may go to hosts of %(group)s alone.") % {
            "group": group
        }
    if unmapped is Unmapped.ANY:
        return _("What is moved from there later may go to any host.")
    return _("What is moved from there later may go to other hosts of no group alone.")


def _aggregate(row: Row) -> str:
    name = {"name": row.name}
    if keeps_aggregate(row.aggregate):
        return (
            _(
                "The host aggregate %(name)s stays, because it also has hosts, an availability "
                "zone or other metadata; only what makes it a host group is removed."
            )
            % name
        )
    return _("The host aggregate %(name)s is deleted.") % name
