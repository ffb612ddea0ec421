# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""How each public function of the engine is called with hostile text: `CASES`.

Where a function takes more than text, the text becomes as many things as it has room
for: networks, items, groups.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network

from ipcontrol import (
    access,
    address_hints,
    addresses,
    callers,
    client_address,
    containers,
    entries,
    errors,
    forecast,
    history,
    host_groups,
    lockout,
    metadata_names,
    named_networks,
    networks_file,
    proposal,
    reach,
    redundancy,
    tally,
    trial,
)
from ipcontrol.access import AccessPolicy, Decision, Reason, Source, Unlisted, Whitelist
from ipcontrol.contract import Enforcement, Limits, Mode, PublishedNames
from ipcontrol.entries import Entry, InvalidItem
from ipcontrol.host_groups import Complaint, ComplaintKind, HostGroup, HostGroupMap, HostSet
from ipcontrol.host_groups.complaints import complain
from ipcontrol.host_groups.hosts import Prefixes
from ipcontrol.middleware import options as middleware_options
from ipcontrol.middleware.options import Options
from ipcontrol.named_networks import NamedNetworks, Names

ADDRESS = addresses.parse_address("192.0.2.7")
TRUSTED = (addresses.parse_network("1.1.1.1"), addresses.parse_network("127.0.0.0/8"))
AT = datetime(2026, 12, 31, tzinfo=UTC)
HOUR = timedelta(hours=1)
# About what the shortest network, item or name takes.
SHORTEST = 8
# Swift's limit. The names of all containers that one serves are as long as the
# square of its own.
MAX_CONTAINER_NAME = 256
# Nova's limit and Swift's on a value.
MAX_VALUE = 255


# --- What is made of a text before the clock runs -------------------------------


def networks(text: str) -> tuple[IPv4Network, ...]:
    return tuple(IPv4Network((number << 8, 24)) for number in range(len(text) // SHORTEST))


def values(text: str, name: str) -> dict[str, str]:
    """The text as many values, under names with a number in them."""
    starts = range(0, len(text), MAX_VALUE)
    return {
        name % number: text[start : start + MAX_VALUE]
        for number, start in enumerate(starts, start=2)
    }


def items(text: str) -> dict[str, str]:
    return values(text, "allow-%d") | {"allow-" + text: "1.1.1.1", "allow": text}


def definitions(text: str) -> dict[str, str]:
    return values(text, "network-a.%d") | {"network-" + text: "1.1.1.1", "network-a": text}


def names(text: str) -> Names:
    return Names.from_metadata(definitions(text))


def aggregate(text: str) -> dict[str, str]:
    return values(text, host_groups.SUBNETS_KEY + ":%d") | {
        host_groups.PREFIX_KEY: text,
        host_groups.SUBNETS_KEY: text,
        host_groups.DEFAULT_KEY: text,
        host_groups.SUBNETS_KEY + ":" + text: text,
    }


def aggregates(text: str) -> list[tuple[str, dict[str, str]]]:
    metadata = {
        host_groups.PREFIX_KEY: text[:3],
        host_groups.SUBNETS_KEY: "10.0.0.0/8, " + text[:12],
        host_groups.DEFAULT_KEY: "true",
    }
    return [(f"group{number}", metadata) for number in range(len(text) // 64)]


def groups(text: str) -> list[HostGroup]:
    """All share a subnet, and each prefix is another one's or begins with it."""
    shared = IPv4Network("10.0.0.0/8")
    return [
        HostGroup(f"group{number}", "a" * (number % 20 + 1), (shared, network), default=True)
        for number, network in enumerate(networks(text))
    ]


def group_map(text: str) -> HostGroupMap:
    return HostGroupMap(groups(text))


def hosts(text: str) -> list[str]:
    return [f"{text[:3]}{number}" for number in range(len(text) // SHORTEST)]


def entry(text: str) -> Entry:
    return Entry("allow-" + text, networks(text), until=AT)


def invalid(text: str) -> InvalidItem:
    return InvalidItem("allow-" + text, text, errors.IpControlError("%(text)s", text=text))


def a_list(text: str) -> Whitelist:
    count = len(text) // SHORTEST
    return Whitelist((entry(text[:16]),) * count, (invalid(text),) * count)


def overlapping(text: str) -> Whitelist:
    """Entries inside one another and side by side, each of which ends some time."""
    found = [
        Entry(
            f"allow-{number}",
            (IPv4Network((number >> bits << bits, 32 - bits)), network),
            read_only=number % 3 == 0,
            until=AT + timedelta(seconds=number % 50) if number % 2 else None,
        )
        for number, network in enumerate(networks(text))
        for bits in (number % 33,)
    ]
    return Whitelist(tuple(found))


def overlapping_lists(text: str) -> list[tuple[Source, Whitelist]]:
    return [(Source.ACCOUNT, overlapping(text))]


def lists(text: str) -> list[tuple[Source, Whitelist]]:
    return [(Source.CONTAINER, Whitelist())] * len(text) + [(Source.ACCOUNT, a_list(text))]


def policy(text: str) -> AccessPolicy:
    return AccessPolicy(always_allow=networks(text))


def shift(text: str) -> forecast.Shift:
    ranges = tuple((each[1], each[-1]) for each in networks(text))
    return forecast.Shift(forecast.Right.READ, ranges, None, AT)


def answer(text: str) -> dict[str, object]:
    """As the filter tells of callers, with the text wherever one may stand."""
    caller = {
        "address": text,
        "first_seen": "2026-12-31T12:00:00Z",
        "last_seen": text,
        "reads": text,
        "writes": 0,
        "refusals": dict.fromkeys(hosts(text), 1),
        "trial_refusals": dict.fromkeys(hosts(text), 1),
        "admitted_by": {"source": text, "entry": text},
    }
    right = caller | {"address": "192.0.2.1", "last_seen": "2026-12-31T12:00:00Z", "reads": 1}
    use = {"source": text, "entry": text, "requests": 1, "last_used": "2026-12-31T12:00:00Z"}
    return {
        "recorded": "all",
        "days": 30,
        "since": None,
        "callers": [right, caller] * len(text),
        "entries": [use] * len(text),
    }


def caller(text: str) -> callers.Caller:
    return callers.Caller.from_json(answer(text)["callers"][0])


def entry_use(text: str) -> callers.EntryUse:
    return callers.EntryUse.from_json(answer(text)["entries"][0])


def told(text: str) -> callers.Callers:
    return callers.Callers(callers.Recorded.ALL, 30, AT, (caller(text),), (entry_use(text),))


def a_tally(text: str) -> tally.Tally:
    counted = tally.Tally()
    refused = Decision(False, Reason.NOT_LISTED)
    admitted = Decision(True, Reason.ADMITTED, entry(text))
    for number, network in enumerate(networks(text)):
        counted.count(network[1], number, refused, write=False)
        counted.count(network[2], number, admitted, write=True)
    return counted


def a_part(text: str) -> tally.Part:
    return tally.Part(text, 0, a_tally(text))


def a_count(text: str) -> tally.Count:
    count = tally.Count(1)
    count.refusals = dict.fromkeys(hosts(text), 1)
    count.trial_refusals = dict.fromkeys(hosts(text), 1)
    return count


def document(text: str) -> dict[str, object]:
    return tally.merge(None, a_part(text))


def enforcement(text: str) -> Enforcement:
    return Enforcement(
        Mode.ENFORCE, policy(text), always_allow_known=True, version=text, names=published(text)
    )


def published(text: str) -> PublishedNames:
    many = {f"n{number}": (network,) for number, network in enumerate(networks(text))}
    return PublishedNames({**many, "all": networks(text)}, len(many) + 1)


def info(text: str) -> dict[str, object]:
    section = {"version": text, "mode": text, "unlisted": text, "staleness": text}
    names = {**values(text, "n%d"), text: [text], "all": text.split(",")}
    return {
        "ip_whitelist": {
            **section,
            "always_allow": values(text, "%d").values(),
            "names": names,
            "names_total": len(names),
        }
    }


def changed(text: str) -> history.Change:
    who = history.Identity(text, text)
    return history.Change(AT, who, who, text, history.item_changes({}, items(text)))


def kept_history(text: str) -> str:
    return history.add(history.add("", changed(text)), changed(text))


def headers(text: str) -> dict[str, str]:
    return {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": text, "HTTP_FORWARDED": text}


def options(text: str) -> Options:
    return Options("filter", {"name": text}, values(text, "option%d"))


def complaint(text: str) -> Complaint:
    return Complaint(
        ComplaintKind.SAME_SUBNET, text, {"group": text, "subnet": text, "other": text}
    )


def error(text: str) -> errors.IpControlError:
    return errors.IpControlError("%(text)s", text=text)


def same(text: str) -> str:
    return text


def container(text: str) -> str:
    return text[:MAX_CONTAINER_NAME]


def of(value: object) -> Callable[[str], object]:
    """The same argument whatever the text."""
    return lambda _text: value


def refuse(text: str) -> None:
    """A reader that reads nothing, so that every suggestion is tried."""


def exhaust(function: Callable[..., Iterator]) -> Callable[..., list]:
    """The function, with all that it yields."""
    return lambda *arguments: list(function(*arguments))


# --- Function and what makes its arguments, by the function's name --------------

Case = tuple[Callable, ...]
CASES: dict[str, list[Case]] = {
    "address_hints.explain": [
        (address_hints.explain, same, of(refuse), of(False)),
        (address_hints.explain, same, of(refuse), of(True)),
    ],
    "address_hints.is_mask": [(address_hints.is_mask, same)],
    "addresses.parse_address": [(addresses.parse_address, same)],
    "addresses.parse_network": [(addresses.parse_network, same)],
    "addresses.address_or_none": [(addresses.address_or_none, same)],
    "addresses.network_or_none": [(addresses.network_or_none, same)],
    "addresses.split_list": [(addresses.split_list, same)],
    "addresses.format_address": [(addresses.format_address, of(ADDRESS))],
    "addresses.format_network": [(addresses.format_network, of(TRUSTED[0]))],
    "addresses.PrefixMap": [
        (addresses.PrefixMap, lambda text: [(network, text) for network in networks(text)])
    ],
    "addresses.NetworkSet": [(addresses.NetworkSet, networks)],
    "addresses.NetworkSet.__contains__": [
        (
            addresses.NetworkSet.__contains__,
            lambda text: addresses.NetworkSet(networks(text)),
            of(TRUSTED[0]),
        )
    ],
    "addresses.NetworkSet.find": [
        (
            addresses.NetworkSet.find,
            lambda text: addresses.NetworkSet(networks(text)),
            of(ADDRESS),
        )
    ],
    "addresses.PrefixMap.get": [
        (
            addresses.PrefixMap.get,
            lambda text: addresses.PrefixMap((network, text) for network in networks(text)),
            of(TRUSTED[0]),
        )
    ],
    "addresses.PrefixMap.holding": [
        (
            lambda held, address: list(held.holding(address)),
            lambda text: addresses.PrefixMap((network, text) for network in networks(text)),
            of(ADDRESS),
        )
    ],
    "addresses.PrefixMap.join": [
        (
            addresses.PrefixMap.join,
            lambda text: [addresses.PrefixMap([(network, text)]) for network in networks(text)],
        )
    ],
    "addresses.PrefixMap.lookup": [
        (
            addresses.PrefixMap.lookup,
            lambda text: addresses.PrefixMap((network, text) for network in networks(text)),
            of(ADDRESS),
        )
    ],
    "callers.Caller.as_json": [(lambda one: one.as_json(), caller)],
    "callers.Caller.from_json": [
        (callers.Caller.from_json, lambda text: answer(text)["callers"][0]),
        (callers.Caller.from_json, lambda text: answer(text)["callers"][1]),
    ],
    "callers.Caller.refused": [(lambda one: one.refused, caller)],
    "callers.Callers.as_json": [(lambda one: one.as_json(), told)],
    "callers.Callers.from_json": [(callers.Callers.from_json, lambda text: [answer(text)])],
    "callers.EntryUse.as_json": [(lambda one: one.as_json(), entry_use)],
    "callers.EntryUse.from_json": [
        (callers.EntryUse.from_json, lambda text: answer(text)["entries"][0])
    ],
    "client_address.client_address": [
        (client_address.client_address, headers, of(TRUSTED), of(header))
        for header in client_address.HEADERS
    ],
    "client_address.environ_key": [(client_address.environ_key, same)],
    "client_address.forwarded_parameters": [
        (client_address.forwarded_parameters, headers, of(TRUSTED))
    ],
    "errors.gettext_noop": [(errors.gettext_noop, same)],
    "errors.IpControlError": [(str, error)],
    "forecast.Shift.ends": [(lambda shift: shift.ends, shift)],
    "forecast.Shift.lost": [(lambda shift: shift.lost, shift)],
    "forecast.Shift.networks": [(exhaust(forecast.Shift.networks), shift)],
    "forecast.Shift.others": [(exhaust(forecast.Shift.others), shift, of(4))],
    "forecast.Shift.overlaps": [(forecast.Shift.overlaps, shift, of(networks("x" * 80)[-1]))],
    "forecast.Shift.starts": [(lambda shift: shift.starts, shift)],
    "forecast.forecast": [
        (forecast.forecast, policy, overlapping_lists, overlapping_lists, of(AT - HOUR)),
        (forecast.forecast, policy, overlapping_lists, of(()), of(AT - HOUR)),
    ],
    "forecast.grounds": [
        (forecast.grounds, shift, overlapping_lists, of(()), of(AT - HOUR)),
        (forecast.grounds, shift, of(()), overlapping_lists, of(AT - HOUR)),
    ],
    "forecast.losers": [(forecast.losers, lambda text: [shift(text)], networks)],
    "host_groups.complaints.Complaint": [(str, complaint)],
    "host_groups.complaints.Complaint.severity": [(lambda one: one.severity, complaint)],
    "host_groups.complaints.Complaint.template": [(lambda one: one.template, complaint)],
    "host_groups.complaints.complain": [(complain, of(ComplaintKind.NO_PREFIX), same)],
    "host_groups.metadata.HostGroup.subnet_map": [
        (lambda group: group.subnet_map, lambda text: HostGroup(text, text, networks(text)))
    ],
    "host_groups.metadata.from_metadata": [(host_groups.from_metadata, same, aggregate)],
    "history.item_changes": [(history.item_changes, items, definitions)],
    "history.add": [(history.add, same, changed), (history.add, kept_history, changed)],
    "history.read": [(history.read, same), (history.read, kept_history)],
    "history.as_answer": [(history.as_answer, same, lambda text: [changed(text)])],
    "history.from_answer": [
        (history.from_answer, lambda text: history.as_answer(text, [changed(text)]))
    ],
    "history.as_json": [(history.as_json, lambda text: [changed(text)])],
    "history.from_json": [
        (history.from_json, lambda text: history.as_json([changed(text)])),
        (history.from_json, lambda text: [{"at": text}]),
    ],
    "host_groups.metadata.is_host_group": [(host_groups.is_host_group, aggregate)],
    "host_groups.metadata.metadata_changes": [
        (host_groups.metadata_changes, aggregate, lambda text: values(text, "ipcontrol:x%d"))
    ],
    "host_groups.metadata.parse_hostname_prefix": [(host_groups.parse_hostname_prefix, same)],
    "host_groups.metadata.stored_subnets": [(exhaust(host_groups.stored_subnets), aggregate)],
    "host_groups.metadata.to_metadata": [
        (host_groups.to_metadata, lambda text: HostGroup(text, text, networks(text)))
    ],
    "host_groups.metadata.unknown_keys": [
        (host_groups.unknown_keys, aggregate),
        (host_groups.unknown_keys, lambda text: values(text, "ipcontrol:x%d")),
    ],
    "host_groups.group_map.HostGroupMap": [(HostGroupMap, groups)],
    "host_groups.group_map.HostGroupMap.complaints": [
        (HostGroupMap.complaints, group_map, hosts),
        (HostGroupMap.complaints, lambda text: HostGroupMap.from_aggregates(aggregates(text))),
    ],
    "host_groups.group_map.HostGroupMap.enclosing": [(HostGroupMap.enclosing, group_map)],
    "host_groups.group_map.HostGroupMap.from_aggregates": [
        (HostGroupMap.from_aggregates, aggregates),
        (HostGroupMap.from_aggregates, lambda text: [(text, aggregate(text))]),
    ],
    "host_groups.group_map.HostGroupMap.group_of": [
        (HostGroupMap.group_of, group_map, same),
        (HostGroupMap.group_of, group_map, lambda text: "a" * len(text)),
    ],
    "host_groups.group_map.HostGroupMap.hosts_of": [
        (HostGroupMap.hosts_of, group_map, lambda text: groups(text)[0])
    ],
    "host_groups.group_map.HostGroupMap.hosts_for_boot": [
        (HostGroupMap.hosts_for_boot, group_map, of(ADDRESS))
    ],
    "host_groups.group_map.HostGroupMap.hosts_for_move": [
        (HostGroupMap.hosts_for_move, group_map, same),
        (HostGroupMap.hosts_for_move, group_map, lambda text: "a" * len(text)),
    ],
    "host_groups.group_map.HostGroupMap.hosts_without_group": [
        (HostGroupMap.hosts_without_group, group_map)
    ],
    "host_groups.group_map.HostGroupMap.match": [(HostGroupMap.match, group_map, of(ADDRESS))],
    "host_groups.group_map.HostGroupMap.owner": [(HostGroupMap.owner, group_map, of(TRUSTED[0]))],
    "host_groups.group_map.HostGroupMap.resolve": [(HostGroupMap.resolve, group_map, of(ADDRESS))],
    "host_groups.hosts.Prefixes": [(Prefixes, hosts)],
    "host_groups.hosts.Prefixes.longest": [
        (
            Prefixes.longest,
            lambda text: Prefixes(text[:length] for length in range(0, len(text), 64)),
            same,
        )
    ],
    "host_groups.hosts.HostSet.__contains__": [
        (
            lambda ungrouped, host: host in ungrouped,
            lambda text: group_map(text).hosts_without_group(),
            same,
        ),
        (lambda text: text in HostSet(text), same),
    ],
    "middleware.options.option": [(middleware_options.option, same, same)],
    "middleware.options.Options": [(Options, same, items, items)],
    "middleware.options.Options.boolean": [(Options.boolean, options, of("name"), of(True))],
    "middleware.options.Options.choice": [
        (Options.choice, options, of("name"), of(Unlisted.DENY))
    ],
    "middleware.options.Options.networks": [(Options.networks, options, of("name"))],
    "middleware.options.Options.number": [
        (Options.number, options, of("name"), of(1), of(1), of(9))
    ],
    "middleware.options.Options.one_of": [
        (Options.one_of, options, of("name"), lambda text: tuple(hosts(text)) or ("",))
    ],
    "middleware.options.Options.reject_unknown": [
        (Options.reject_unknown, options, hosts),
        (Options.reject_unknown, lambda text: Options("x", dict.fromkeys(hosts(text), "")), hosts),
        (lambda text: Options("x", {text: ""}).reject_unknown(()), same),
    ],
    "middleware.options.Options.text": [(Options.text, options, of("name"), of(""))],
    "lockout.refused_from": [
        (lockout.refused_from, policy, of(ADDRESS), same, of(AT), overlapping_lists)
    ],
    "lockout.turning_points": [(lockout.turning_points, lambda text: [overlapping(text)], of(AT))],
    "metadata_names.is_token": [(metadata_names.is_token, same)],
    "metadata_names.lower_case": [(metadata_names.lower_case, same)],
    "named_networks.NamedNetworks.find": [
        (lambda one: one.find(ADDRESS), lambda text: NamedNetworks(text, networks(text)))
    ],
    "named_networks.Names.find": [(Names.find, names, same)],
    "named_networks.Names.from_metadata": [(Names.from_metadata, definitions, names)],
    "named_networks.Names.usable": [
        (
            exhaust(Names.usable),
            lambda text: Names.from_metadata(definitions(text), published(text).as_names()),
        )
    ],
    "named_networks.check_name": [(named_networks.check_name, same)],
    "named_networks.defined_name": [
        (named_networks.defined_name, same),
        (named_networks.defined_name, lambda text: "network-" + text),
    ],
    "named_networks.parse_definition": [
        (named_networks.parse_definition, of("name"), same),
        (named_networks.parse_definition, same, of("192.0.2.1")),
    ],
    "named_networks.to_metadata": [(named_networks.to_metadata, of("name"), networks)],
    "networks_file.parse_networks_file": [
        (networks_file.parse_networks_file, same),
        (networks_file.parse_networks_file, lambda text: json.dumps({"a": [text]})),
        (networks_file.parse_networks_file, lambda text: json.dumps({"a": text.split(",")})),
        (networks_file.parse_networks_file, lambda text: json.dumps(definitions(text))),
        (
            networks_file.parse_networks_file,
            lambda text: json.dumps({"a": list(map(str, networks(text)))}),
        ),
    ],
    "reach.of_policy": [(reach.of_policy, policy, of(AT), overlapping_lists)],
    "reach.of_whitelist": [(reach.of_whitelist, overlapping, of(AT))],
    "reach.smallest": [(reach.smallest, networks)],
    "proposal.propose": [(proposal.propose, networks)],
    "redundancy.redundant_entries": [(redundancy.redundant_entries, overlapping, of(AT))],
    "tally.Count": [(tally.Count, of(1))],
    "tally.Tally": [(tally.Tally,)],
    "tally.Count.add": [(tally.Count.add, a_count, a_count)],
    "tally.Count.as_json": [(lambda one: one.as_json(), a_count)],
    "tally.Count.from_json": [(tally.Count.from_json, lambda text: a_count(text).as_json())],
    "tally.Tally.add": [(tally.Tally.add, a_tally, a_tally)],
    "tally.Tally.as_json": [(lambda one: one.as_json(), a_tally)],
    "tally.Tally.count": [
        (
            tally.Tally.count,
            a_tally,
            of(ADDRESS),
            of(1),
            lambda text: Decision(True, Reason.ADMITTED, entry(text)),
            of(False),
        )
    ],
    "tally.Tally.from_json": [(tally.Tally.from_json, document)],
    "tally.Tally.limit": [(tally.Tally.limit, a_tally)],
    "tally.Tally.size": [(lambda one: one.size, a_tally)],
    "tally.Tally.told": [(tally.Tally.told, a_tally)],
    "tally.combine": [(tally.combine, lambda text: [document(text)])],
    "tally.holds": [(tally.holds, document, a_part)],
    "tally.merge": [(tally.merge, document, a_part)],
    "tally.read": [(tally.read, document)],
    "access.AccessPolicy.decide": [
        (AccessPolicy.decide, policy, of(ADDRESS), same, of(AT), lists)
    ],
    "entries.Entry.expired": [(Entry.expired, entry, of(AT))],
    "entries.Entry.label": [(lambda one: one.label, entry)],
    "entries.Entry.value": [(lambda one: one.value, entry)],
    "entries.InvalidItem.label": [(lambda one: one.label, invalid)],
    "access.Whitelist.decide": [(Whitelist.decide, a_list, of(ADDRESS), same, of(AT))],
    "access.Whitelist.from_metadata": [
        (Whitelist.from_metadata, items),
        (Whitelist.from_metadata, items, names),
    ],
    "access.Whitelist.references": [
        (
            lambda one: Whitelist(one.entries, one.errors).references,
            lambda text: Whitelist.from_metadata(items(text)),
        )
    ],
    "access.Whitelist.restricts": [(lambda one: one.restricts, a_list)],
    "contract.Limits.as_info": [(lambda one: one.as_info(), lambda text: Limits(len(text)))],
    "contract.Limits.from_info": [(Limits.from_info, lambda text: info(text)["ip_whitelist"])],
    "access.Whitelist.rules": [(lambda one: one.rules(AT), a_list)],
    "access.ruling": [(access.ruling, lists, of(AT))],
    "lockout.trial_ends": [(lockout.trial_ends, lambda text: [overlapping(text)], of(AT))],
    "trial.is_trial_item": [(trial.is_trial_item, same)],
    "trial.format_trial": [(trial.format_trial, of(AT))],
    "trial.parse_trial": [(trial.parse_trial, same)],
    "trial.read_trial": [
        (trial.read_trial, items),
        (trial.read_trial, lambda text: {trial.ITEM: text, text: text}),
    ],
    "contract.PublishedNames.as_info": [(lambda one: one.as_info(), published)],
    "contract.PublishedNames.as_names": [(lambda one: one.as_names(), published)],
    "contract.PublishedNames.complete": [(lambda one: one.complete, published)],
    "contract.PublishedNames.from_info": [
        (PublishedNames.from_info, lambda text: info(text)["ip_whitelist"])
    ],
    "contract.PublishedNames.of": [
        (PublishedNames.of, lambda text: published(text).as_names(), of(True))
    ],
    "contract.Enforcement.as_info": [(lambda one: one.as_info(), enforcement)],
    "contract.Enforcement.enforced": [(lambda one: one.enforced, enforcement)],
    "contract.Enforcement.exceptions_known": [(lambda one: one.exceptions_known, enforcement)],
    "contract.Enforcement.from_info": [(Enforcement.from_info, info)],
    "containers.base_container": [(containers.base_container, same)],
    "containers.governing_containers": [(exhaust(containers.governing_containers), container)],
    "entries.is_blank": [(entries.is_blank, same)],
    "entries.item_name": [(entries.item_name, same)],
    "entries.split_item": [(entries.split_item, same)],
    "entries.is_allow_item": [(entries.is_allow_item, same)],
    "entries.Entry.members": [(lambda one: one.members, entry)],
    "entries.format_member": [(entries.format_member, lambda text: NamedNetworks(text, ()))],
    "entries.Entry.all_networks": [(exhaust(Entry.all_networks), entry)],
    "entries.references": [(entries.references, same)],
    "entries.parse_item": [
        (entries.parse_item, of("allow"), same),
        (entries.parse_item, same, of("1.1.1.1")),
    ],
    "entries.format_until": [(entries.format_until, of(AT))],
    "entries.parse_until": [(entries.parse_until, same)],
    "containers.serving_containers": [(containers.serving_containers, same)],
}


# What they cost depends on how many things there are, not on what stands in them.
COUNTING = frozenset(
    name
    for name in CASES
    if name.startswith(("forecast.", "lockout.", "proposal.", "reach.", "redundancy.", "tally."))
    or ("Map" in name and not name.endswith("from_aggregates"))
)


def prepare(case: Case, text: str) -> Callable[[], object]:
    """The call to be timed. That it raises one of the project's errors is right; its words count."""
    function, *makers = case
    arguments = [make(text) for make in makers]

    def call() -> None:
        try:
            function(*arguments)
        except errors.IpControlError as told:
            str(told)

    return call
