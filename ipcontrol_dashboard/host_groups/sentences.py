# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Host groups in words.

Pure functions: what the engine and Nova said in, a translated sentence out.
Nothing here is markup: names come from other people, and templates escape them.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ipcontrol.addresses import Network, format_network
from ipcontrol.host_groups import HostGroup
from ipcontrol_dashboard.api.host_group_types import ComputeHost
from ipcontrol_dashboard.host_groups.overview import Host, Overview, Row, Subnet, instances_of

T = TypeVar("T")

# Of a longer list of names the rest is counted.
MOST_NAMES = 5


def first_of(items: Sequence[T], most: int) -> tuple[Sequence[T], int]:
    """The items to show, and how many others there are: never one, which has room itself."""
    shown = items if len(items) <= most + 1 else items[:most]
    return shown, len(items) - len(shown)


def listing(words: Sequence[str]) -> str:
    """Words as a list in a sentence: "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {
        "first": ", ".join(words[:-1]),
        "last": words[-1],
    }


def names(words: Iterable[str]) -> str:
    """Names as a list in a sentence; many are cut short and counted."""
    shown, more = first_of(list(words), MOST_NAMES)
    if not more:
        return listing(shown)
    return _("%(first)s and %(count)d more") % {"first": ", ".join(shown), "count": more}


def subnets(networks: Iterable[Network]) -> str:
    """Networks as a list in a sentence; many are cut short and counted."""
    return names(map(format_network, networks))


# --- Subnets ------------------------------------------------------------------


def all_other_addresses() -> str:
    """What the default group takes."""
    return _("all other addresses")


def all_other_addresses_go(default: HostGroup | None) -> str:
    """What happens to an address that no subnet holds."""
    if default is None:
        return _(
            "No group is the default: [ipcontrol] unmapped in nova.conf says whether these "
            "addresses may use any host, those of no group or none."
        )
    return _("All other addresses belong to %(group)s.") % {"group": default.name}


def no_group() -> str:
    """Beside what belongs to no group."""
    return _("in no group")


def subnet_title(subnet: Subnet) -> str:
    """A subnet, whose it is, and what it is taken out of."""
    params = {"subnet": format_network(subnet.network), "group": subnet.group}
    if subnet.shadowed:
        return _("%(subnet)s of %(group)s has no effect: another group has it too.") % params
    if subnet.inside is None:
        return _("%(subnet)s belongs to %(group)s.") % params
    params |= {"other": subnet.inside.group, "outer": format_network(subnet.inside.network)}
    return _("%(subnet)s belongs to %(group)s, inside %(other)s's %(outer)s.") % params


def more_subnets(count: int) -> str:
    """In place of subnets that are not shown one by one."""
    return ngettext("and %(count)d more subnet", "and %(count)d more subnets", count) % {
        "count": count
    }


# --- Groups -------------------------------------------------------------------


def up_of(row: Row) -> str:
    """How many of a group's hosts can take an instance."""
    if row.hosts is None:
        return _("not known")
    if not row.hosts:
        return _("no hosts")
    return _("%(ready)d of %(count)d up") % {"ready": row.ready, "count": len(row.hosts)}


def group_line(row: Row) -> str:
    """A group, its subnets and hosts, in a sentence."""
    none = _("not known") if row.hosts is None else _("none")
    return _("%(group)s takes %(addresses)s. Its hosts: %(hosts)s.") % {
        "group": row.name,
        "addresses": group_addresses(row.group),
        "hosts": names(host_in_words(host) for host in row.hosts or ()) or none,
    }


def missing(hosts: Sequence[str]) -> str:
    """What it means that some of a group's hosts are not members of its aggregate."""
    return ngettext(
        "%(hosts)s is not a member of the aggregate: where the scheduler is set to "
        "require_aggregates, it takes no instance.",
        "%(hosts)s are not members of the aggregate: where the scheduler is set to "
        "require_aggregates, they take no instance.",
        len(hosts),
    ) % {"hosts": names(hosts)}


def group_addresses(group: HostGroup | None) -> str:
    """Which addresses a group takes."""
    if group is None:
        return _("no address")
    words = [subnets(group.subnets)] if group.subnets else []
    if group.default:
        words.append(all_other_addresses())
    return listing(words) or _("no address")


def without_group(overview: Overview, hosts: Iterable[Host]) -> str:
    """Addresses and hosts that belong to no group, in a sentence."""
    lines = [] if overview.map.default else [all_other_addresses_go(None)]
    loose = names(host.name for host in hosts)
    if loose:
        lines.append(_("Hosts in no group: %(hosts)s.") % {"hosts": loose})
    return " ".join(lines)


# --- Hosts --------------------------------------------------------------------


def state(compute: ComputeHost) -> str:
    """Whether a host can take an instance, in a word or two."""
    if compute.up is None:
        return _("unknown")
    if not compute.up:
        return _("down")
    return _("up") if compute.enabled else _("disabled")


def state_in_full(compute: ComputeHost) -> str:
    """A host's state, and why an operator disabled it."""
    words = [] if compute.up and not compute.enabled else [state(compute)]
    if not compute.enabled and compute.disabled_reason:
        words.append(_("disabled: %(reason)s") % {"reason": compute.disabled_reason})
    elif not compute.enabled:
        words.append(_("disabled"))
    return ", ".join(words)


def instances(count: int) -> str:
    """A number of instances."""
    return ngettext("%(count)d instance", "%(count)d instances", count) % {"count": count}


def group_of(host: Host) -> str:
    """The group that a host belongs to."""
    return host.group or no_group()


def host_note(host: Host) -> str:
    """A host's state, beside its name; a healthy one's only if it is in a group."""
    return no_group() if host.compute.ready and host.group is None else state(host.compute)


def load(host: Host) -> str:
    """How many instances a host runs; empty where that is not known."""
    return "" if host.instances is None else instances(host.instances)


def loads(hosts: Iterable[Host]) -> str:
    """How many instances hosts run together; empty where that is not known."""
    count = instances_of(hosts)
    return "" if count is None else instances(count)


def host_in_words(host: Host) -> str:
    """A host with its state and load, in a list."""
    words = [state_in_full(host.compute)]
    if host.instances is not None:
        words.append(instances(host.instances))
    return _("%(host)s (%(state)s)") % {"host": host.name, "state": ", ".join(words)}


def host_title(host: Host) -> str:
    """A host, its state, and the group that it is in."""
    return _("%(host)s: %(group)s") % {"host": host_in_words(host), "group": group_of(host)}


def hosts_count(hosts: Sequence[Host]) -> str:
    """How many of these hosts can take an instance."""
    if hosts[0].group is None:
        return no_group()
    return _("%(ready)d up") % {"ready": sum(host.compute.ready for host in hosts)}


def hosts_title(hosts: Sequence[Host]) -> str:
    """Hosts that are shown as a number: their names."""
    return _("%(hosts)s: %(up)s") % {
        "hosts": names(host.name for host in hosts),
        "up": hosts_count(hosts),
    }


def and_more(count: int) -> str:
    """In place of what is not listed one by one."""
    return _("and %(count)d more") % {"count": count}
