# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The map as a file, and what a file would change.

The file is JSON, for people and for version control::

    {"host_groups": [
        {"name": "doc", "hostname_prefix": "doc", "subnets": ["10.1.0.0/16"], "default": false}
    ]}

Groups that are not in a file are left alone, so that a long one can be parted.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from ipcontrol.addresses import (
    AddressError,
    Network,
    format_network,
    network_or_none,
    parse_network,
)
from ipcontrol.host_groups import (
    MAX_VALUE_LENGTH,
    HostGroup,
    HostGroupError,
    is_host_group,
    metadata_changes,
    parse_hostname_prefix,
    to_metadata,
)
from ipcontrol_dashboard.api.host_group_types import Aggregate
from ipcontrol_dashboard.host_groups import edits, sentences, stored
from ipcontrol_dashboard.kit import escaping
from ipcontrol_dashboard.kit.problems import Problems, number, shortened
from ipcontrol_dashboard.kit.translation import translated

# Beyond, nobody looks through what would change.
MOST_GROUPS = 1_000

_ROOT = "host_groups"
_KEYS = ("name", "hostname_prefix", "subnets", "default")


class FileError(ValueError):
    """A file cannot be used.

    Attributes:
        sentences: what is wrong, one for each fault, translated.
    """

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(sentences)
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Step:
    """One group of a file, and what writing it means.

    Attributes:
        group: as the file has it.
        aggregate: the one that there is by that name; None to make one.
        what: the changes, in sentences; empty for none.
    """

    group: HostGroup
    aggregate: Aggregate | None
    what: tuple[str, ...]

    @property
    def metadata(self) -> dict[str, str | None]:
        """What to write into the aggregate's metadata."""
        before = self.aggregate.metadata if self.aggregate else {}
        return metadata_changes(before, to_metadata(self.group))


def dump(groups: Iterable[HostGroup]) -> str:
    """Return groups as a file that `load` reads back."""
    found = [
        {
            "name": group.name,
            "hostname_prefix": group.hostname_prefix,
            "subnets": list(map(format_network, group.subnets)),
            "default": group.default,
        }
        for group in groups
    ]
    return json.dumps({_ROOT: found}, indent=2, ensure_ascii=False) + "\n"


# --- Reading a file -------------------------------------------------------------


def load(text: str) -> list[HostGroup]:
    """Read a file.

    Raises:
        FileError: it cannot be used; every fault has its sentence.
    """
    items = _items(text)
    faults = Problems()
    groups = [group for where, item in items if (group := _group(item, where, faults))]
    for sentence in _same_names(groups):
        faults.add(str, sentence)
    if faults:
        raise FileError(faults.sentences)
    return groups


def _items(text: str) -> list[tuple[str, object]]:
    """The file's groups, whatever they are, and how to call each."""
    try:
        items = escaping.load(text)[_ROOT]
    except json.JSONDecodeError as error:
        sentence = _("Line %(number)d is not JSON as Export writes it.") % {"number": error.lineno}
        raise FileError([sentence]) from error
    except (ValueError, LookupError, TypeError):
        items = None
    if not isinstance(items, list):
        raise FileError([_("The file has no list “host_groups”, as Export writes it.")])
    if len(items) > MOST_GROUPS:
        sentence = _("These are %(count)s groups: import no more than %(most)s at a time.")
        raise FileError([sentence % {"count": number(len(items)), "most": number(MOST_GROUPS)}])
    return [
        (_("Group %(number)d") % {"number": place}, item)
        for place, item in enumerate(items, start=1)
    ]


def _group(item: Any, where: str, faults: Problems) -> HostGroup | None:
    """The group; None, with what is wrong with it, where it is none."""
    wrong = _wrong_form(item)
    if wrong:
        faults.add(_of_group, where, wrong)
        return None
    before = faults.count
    prefix = item.get("hostname_prefix", "")
    try:
        parse_hostname_prefix(prefix)
    except HostGroupError as error:
        faults.add(_of_group, where, translated(error))
    subnets: dict[Network | None, None] = {}
    for subnet in item.get("subnets", []):
        network = network_or_none(subnet)
        if network is None:
            faults.add(_unreadable, where, subnet)
        subnets.setdefault(network)
    if faults.count > before:
        return None
    networks = tuple(network for network in subnets if network is not None)
    return HostGroup(item["name"].strip(), prefix, networks, item.get("default", False))


def _wrong_form(item: Any) -> str:
    """What is wrong with the form of a group in a file; empty for nothing."""
    if not isinstance(item, dict) or set(item) - set(_KEYS) or "name" not in item:
        return _("its keys must be %(keys)s; a name is needed.") % {"keys": ", ".join(_KEYS)}
    name, default = item["name"], item.get("default", False)
    if not isinstance(name, str) or not name.strip() or not isinstance(default, bool):
        return _("its name must be text, and its default true or false.")
    if len(name) > MAX_VALUE_LENGTH:
        return _("its name has more than %(most)d characters.") % {"most": MAX_VALUE_LENGTH}
    prefix, subnets = item.get("hostname_prefix", ""), item.get("subnets", [])
    texts = isinstance(subnets, list) and all(isinstance(subnet, str) for subnet in subnets)
    if not isinstance(prefix, str) or not texts:
        return _("its prefix must be text, and its subnets a list of texts.")
    return ""


def _of_group(where: str, fault: str) -> str:
    return f"{where}: {fault}"


def _unreadable(where: str, subnet: str) -> str:
    try:
        parse_network(subnet)
    except AddressError as error:
        return _of_group(where, translated(error))
    return ""


def _same_names(groups: list[HostGroup]) -> Iterator[str]:
    for name, count in Counter(group.name for group in groups).items():
        if count > 1:
            yield _("%(name)s is in the file more than once.") % {"name": name}
    if sum(group.default for group in groups) > 1:
        yield _("More than one group in the file is the default.")


# --- What it would change -------------------------------------------------------


def plan(groups: Iterable[HostGroup], aggregates: Iterable[Aggregate]) -> list[Step]:
    """Say what each group of a file would change.

    Raises:
        FileError: a group of the file would have the same subnet or prefix as
            another one.
    """
    wanted = list(groups)
    by_name = {aggregate.name: aggregate for aggregate in aggregates}
    faults = shortened(_claimed_twice(wanted, by_name.values()))
    if faults:
        raise FileError(faults)
    return [_step(group, by_name.get(group.name)) for group in wanted]


def _step(group: HostGroup, aggregate: Aggregate | None) -> Step:
    if aggregate is None:
        what = [_("is created, with %(prefix)s* and %(addresses)s.") % _contents(group)]
    elif not is_host_group(aggregate.metadata):
        what = [
            _("a host aggregate so far, becomes a host group with %(prefix)s* and %(addresses)s.")
            % _contents(group)
        ]
    else:
        what = _changes(group, aggregate)
    return Step(group, aggregate, tuple(what))


def _changes(group: HostGroup, aggregate: Aggregate) -> list[str]:
    metadata = to_metadata(group)
    differences = list(edits.differences(aggregate, replace(aggregate, metadata=metadata)))
    if not differences and metadata_changes(aggregate.metadata, metadata):
        # Other separators, another order: it is written and counted, so it is told too.
        differences.append(_("Its metadata is written in another form, and means the same."))
    return differences


def _contents(group: HostGroup) -> dict[str, str]:
    return {
        "prefix": group.hostname_prefix,
        "addresses": sentences.group_addresses(group),
    }


def _claimed_twice(wanted: list[HostGroup], aggregates: Iterable[Aggregate]) -> Iterator[str]:
    names = {group.name for group in wanted}
    # What the others share among themselves already is no reason to refuse the file.
    prefixes, owners = stored.owners(one for one in aggregates if one.name not in names)
    for group in wanted:
        owner = prefixes.setdefault(group.hostname_prefix, group.name)
        if owner != group.name:
            yield _("%(prefix)s is the prefix of both %(one)s and %(other)s.") % {
                "prefix": group.hostname_prefix,
                "one": owner,
                "other": group.name,
            }
        for subnet in group.subnets:
            owner = owners.setdefault(subnet, group.name)
            if owner != group.name:
                yield _("%(subnet)s is in both %(one)s and %(other)s.") % {
                    "subnet": format_network(subnet),
                    "one": owner,
                    "other": group.name,
                }
