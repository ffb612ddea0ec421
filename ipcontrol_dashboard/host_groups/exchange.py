# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The map as a file, and what a file would change.

The file is JSON, for people and for version control::

    {"host_groups": [
        {"name": "doc", "hostname_prefix": "doc", "subnets": ["10.1.0.0/16"], "default": false}
    ]}

Groups that are not in a file are left alone.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from ipcontrol.addresses import AddressError, Network, parse_network
from ipcontrol.host_groups import (
    HostGroup,
    HostGroupError,
    from_metadata,
    is_host_group,
    metadata_changes,
    parse_hostname_prefix,
    to_metadata,
)
from ipcontrol_dashboard.api.host_groups import Aggregate
from ipcontrol_dashboard.host_groups import edits, sentences
from ipcontrol_dashboard.translation import said

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
        stored = self.aggregate.metadata if self.aggregate else {}
        return metadata_changes(stored, to_metadata(self.group))


def dump(groups: Iterable[HostGroup]) -> str:
    """Return groups as a file that `load` reads back."""
    found = [
        {
            "name": group.name,
            "hostname_prefix": group.hostname_prefix,
            "subnets": [sentences.network(subnet) for subnet in group.subnets],
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
    try:
        items = json.loads(text)[_ROOT]
    except json.JSONDecodeError as error:
        told = _("Line %(number)d is not JSON as Export writes it.") % {"number": error.lineno}
        raise FileError([told]) from error
    except (KeyError, TypeError, IndexError, RecursionError):
        items = None
    if not isinstance(items, list):
        raise FileError([_("The file has no list “host_groups”, as Export writes it.")])
    groups, faults = [], []
    for number, item in enumerate(items, start=1):
        where = _("Group %(number)d") % {"number": number}
        try:
            groups.append(_group(item))
        except FileError as error:
            faults += [f"{where}: {fault}" for fault in error.sentences]
    faults += _same_names(groups)
    if faults:
        raise FileError(faults)
    return groups


def _group(item: object) -> HostGroup:
    if not isinstance(item, dict) or set(item) - set(_KEYS) or "name" not in item:
        keys = ", ".join(_KEYS)
        raise FileError([_("its keys must be %(keys)s; a name is needed.") % {"keys": keys}])
    name, default = item["name"], item.get("default", False)
    if not isinstance(name, str) or not name.strip() or not isinstance(default, bool):
        raise FileError([_("its name must be text, and its default true or false.")])
    prefix, subnets = item.get("hostname_prefix", ""), item.get("subnets", [])
    texts = isinstance(subnets, list) and all(isinstance(subnet, str) for subnet in subnets)
    if not isinstance(prefix, str) or not texts:
        raise FileError([_("its prefix must be text, and its subnets a list of texts.")])
    return HostGroup(name.strip(), *_checked(prefix, subnets), default)


def _checked(prefix: str, subnets: list[str]) -> tuple[str, tuple[Network, ...]]:
    faults: list[str] = []
    found: dict[Network, None] = {}
    try:
        parse_hostname_prefix(prefix)
    except HostGroupError as error:
        faults.append(said(error))
    for subnet in subnets:
        try:
            found.setdefault(parse_network(subnet))
        except AddressError as error:
            faults.append(said(error))
    if faults:
        raise FileError(faults)
    return prefix, tuple(found)


def _same_names(groups: list[HostGroup]) -> Iterator[str]:
    names = [group.name for group in groups]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
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
    stored = {aggregate.name: aggregate for aggregate in aggregates}
    faults = list(_claimed_twice(wanted, stored.values()))
    if faults:
        raise FileError(faults)
    return [_step(group, stored.get(group.name)) for group in wanted]


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
    told = list(edits.differences(aggregate, replace(aggregate, metadata=metadata)))
    if not told and metadata_changes(aggregate.metadata, metadata):
        # Other separators, another order: it is written and counted, so it is told too.
        told.append(_("Its metadata is written in another form, and means the same."))
    return told


def _contents(group: HostGroup) -> dict[str, str]:
    return {
        "prefix": group.hostname_prefix,
        "addresses": sentences.group_addresses(group),
    }


def _claimed_twice(wanted: list[HostGroup], stored: Iterable[Aggregate]) -> Iterator[str]:
    names = {group.name for group in wanted}
    others = [from_metadata(one.name, one.metadata)[0] for one in stored if one.name not in names]
    # What they share among themselves already is no reason to refuse the file.
    owners = {subnet: group.name for group in others for subnet in group.subnets}
    prefixes = {group.hostname_prefix: group.name for group in others}
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
                    "subnet": sentences.network(subnet),
                    "one": owner,
                    "other": group.name,
                }
