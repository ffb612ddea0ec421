# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A host group, and its form in the metadata of a Nova host aggregate.

====================================  =================================================
``ipcontrol:hostname_prefix``         its hosts: those whose name starts with it, and
                                      with no longer prefix of another group
``ipcontrol:subnets``                 networks, separated by commas or white space
``ipcontrol:subnets:2``, ``:3``, …    more of them: Nova keeps 255 characters a value
``ipcontrol:default``                 ``true``: the group of all other addresses
====================================  =================================================

Other hands write there too (``openstack aggregate set --property``), so reading
never fails: what can be read stays in force, the rest is complained about.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ipcontrol.addresses import (
    AddressError,
    Network,
    PrefixMap,
    format_network,
    parse_network,
    split_list,
)
from ipcontrol.errors import IpControlError, gettext_noop
from ipcontrol.host_groups.complaints import Complaint, ComplaintKind, complain

NAMESPACE = "ipcontrol:"
PREFIX_KEY = NAMESPACE + "hostname_prefix"
SUBNETS_KEY = NAMESPACE + "subnets"
DEFAULT_KEY = NAMESPACE + "default"

# Nova's limit on a value, in characters (compute API, "Create Or Update
# Aggregate Metadata").
MAX_VALUE_LENGTH = 255

_CHUNK = re.compile(re.escape(SUBNETS_KEY) + r"(?::([2-9]|[1-9][0-9]{1,8}))?", re.ASCII)
# What Nova accepts in the name of a host.
_HOST_CHARACTERS = re.compile(r"[a-zA-Z0-9._-]+", re.ASCII)
_LONGEST_SHOWN = 60


class HostGroupError(IpControlError):
    """A text is not what a host group needs there."""


@dataclass(frozen=True)
class HostGroup:
    """Hosts by the start of their names, and the subnets whose instances they take.

    Attributes:
        name: the aggregate's name, unique in a cloud.
        hostname_prefix: its hosts' names start with this, and with no longer
            prefix of another group; a group with an empty one has no hosts.
        subnets: networks of the callers; may be empty.
        default: whether it takes the addresses that no subnet holds.
    """

    name: str
    hostname_prefix: str
    subnets: tuple[Network, ...] = ()
    default: bool = False

    @cached_property
    def subnet_map(self) -> PrefixMap["HostGroup"]:
        """Its subnets, to be looked into."""
        return PrefixMap((subnet, self) for subnet in self.subnets)


def parse_hostname_prefix(text: str) -> str:
    """Check a hostname prefix.

    Args:
        text: letters, digits, ``.``, ``_`` and ``-``, 255 at the most.

    Raises:
        HostGroupError: the text is anything else; its text says what to write.
    """
    if len(text) <= MAX_VALUE_LENGTH and _HOST_CHARACTERS.fullmatch(text):
        return text
    if not text.strip():
        raise HostGroupError(
            gettext_noop(
                "A hostname prefix is missing: write what the names of the hosts begin with, "
                "such as doc for doc1 and doc2."
            )
        )
    if len(text) > MAX_VALUE_LENGTH:
        raise HostGroupError(
            gettext_noop("A hostname prefix has at most %(most)d characters, this one %(count)d."),
            most=MAX_VALUE_LENGTH,
            count=len(text),
        )
    shown, suggestion = text[:_LONGEST_SHOWN], text.strip().removesuffix("*").strip()
    if _HOST_CHARACTERS.fullmatch(suggestion):
        raise HostGroupError(
            gettext_noop('"%(text)s" is not a hostname prefix: %(suggestion)s?'),
            text=shown,
            suggestion=suggestion,
        )
    raise HostGroupError(
        gettext_noop(
            '"%(text)s" is not a hostname prefix: write letters, digits, dots, hyphens and '
            "underscores."
        ),
        text=shown,
    )


def to_metadata(group: HostGroup) -> dict[str, str]:
    """Return the group's aggregate metadata, without its name; values fit Nova's limit."""
    metadata = {PREFIX_KEY: group.hostname_prefix}
    for number, chunk in enumerate(_chunks(map(format_network, group.subnets)), start=1):
        metadata[_chunk_key(number)] = chunk
    if group.default:
        metadata[DEFAULT_KEY] = "true"
    return metadata


def _chunk_key(number: int) -> str:
    return SUBNETS_KEY if number == 1 else f"{SUBNETS_KEY}:{number}"


def _chunks(words: Iterable[str]) -> Iterator[str]:
    chunk = ""
    for word in words:
        longer = f"{chunk}, {word}" if chunk else word
        if len(longer) > MAX_VALUE_LENGTH:
            yield chunk
            longer = word
        chunk = longer
    if chunk:
        yield chunk


def metadata_changes(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str | None]:
    """Return what turns the stored metadata of a group into the new one.

    Args:
        old: the aggregate's metadata as stored, other people's keys included.
        new: as `to_metadata` writes it; empty to make the aggregate a plain one.

    Returns:
        New values by key, and None for a key to be removed: chunks that are not
        needed any more, a default no longer wanted. What is equal already, and
        the keys of others, do not appear. It is the form of Nova's
        ``set_metadata`` action.
    """
    changes: dict[str, str | None] = {key: None for key in old if _is_ours(key) and key not in new}
    changes.update({key: value for key, value in new.items() if old.get(key) != value})
    return changes


def _is_ours(key: str) -> bool:
    # Not the whole namespace: a later version may keep more there.
    return key in (PREFIX_KEY, SUBNETS_KEY, DEFAULT_KEY) or key.startswith(SUBNETS_KEY + ":")


def is_host_group(metadata: Mapping[str, str]) -> bool:
    """Whether an aggregate with this metadata is, or was meant to be, a host group.

    One whose prefix is lost but whose subnets are there still is one, without
    hosts: otherwise its addresses would silently go to other groups. One whose
    keys are all mistyped is a group of nothing, that is complained about.
    """
    return any(key.startswith(NAMESPACE) for key in metadata)


def from_metadata(
    name: str, metadata: Mapping[str, str]
) -> tuple[HostGroup, tuple[Complaint, ...]]:
    """Read a group out of an aggregate's metadata.

    Args:
        name: the aggregate's name.
        metadata: all of its metadata; keys outside ``ipcontrol:`` are passed over.

    Returns:
        The group, made of what can be read, and complaints about the rest. An
        unreadable prefix leaves the group without hosts, an unreadable subnet
        takes no address, an unreadable default is none.
    """
    prefix, bad_prefix = _read_prefix(name, metadata)
    subnets, bad_subnets = _read_subnets(name, metadata)
    default, bad_default = _read_default(name, metadata)
    group = HostGroup(name, prefix, subnets, default)
    return group, (*bad_prefix, *bad_subnets, *bad_default, *_complain_of_keys(name, metadata))


def _read_prefix(name: str, metadata: Mapping[str, str]) -> tuple[str, list[Complaint]]:
    text = metadata.get(PREFIX_KEY, "")
    try:
        return parse_hostname_prefix(text), []
    except HostGroupError as error:
        present = bool(text.strip())
        kind = ComplaintKind.UNREADABLE_PREFIX if present else ComplaintKind.NO_PREFIX
        return "", [complain(kind, name, key=PREFIX_KEY, error=error)]


def _read_subnets(
    name: str, metadata: Mapping[str, str]
) -> tuple[tuple[Network, ...], list[Complaint]]:
    complaints = _gap(name, _numbered(metadata))
    subnets: dict[Network, None] = {}
    for key, word in stored_subnets(metadata):
        try:
            subnets.setdefault(parse_network(word))
        except AddressError as error:
            complaints.append(
                complain(ComplaintKind.UNREADABLE_SUBNET, name, key=key, error=error)
            )
    return tuple(subnets), complaints


def stored_subnets(metadata: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Return the key and the text of each stored subnet, readable or not, in their order."""
    for _, key in _numbered(metadata):
        for word in split_list(metadata[key]):
            yield key, word


def _numbered(metadata: Mapping[str, str]) -> list[tuple[int, str]]:
    return sorted(
        (int(match[1] or 1), key) for key in metadata if (match := _CHUNK.fullmatch(key))
    )


def _gap(name: str, chunks: list[tuple[int, str]]) -> list[Complaint]:
    """Complain about the first number that is missing."""
    for expected, (number, key) in enumerate(chunks, start=1):
        if number != expected:
            missing = _chunk_key(expected)
            return [complain(ComplaintKind.CHUNK_GAP, name, key=key, missing=missing)]
    return []


def _read_default(name: str, metadata: Mapping[str, str]) -> tuple[bool, list[Complaint]]:
    text = metadata.get(DEFAULT_KEY, "")
    value = text.strip().lower()
    if value in ("", "true", "false"):
        return value == "true", []
    shown = text[:_LONGEST_SHOWN]
    return False, [complain(ComplaintKind.UNREADABLE_DEFAULT, name, key=DEFAULT_KEY, text=shown)]


def unknown_keys(metadata: Mapping[str, str]) -> list[str]:
    """Return the keys that begin with ``ipcontrol:`` and mean nothing, sorted."""
    return sorted(
        key
        for key in metadata
        if key.startswith(NAMESPACE)
        and key not in (PREFIX_KEY, DEFAULT_KEY)
        and not _CHUNK.fullmatch(key)
    )


def _complain_of_keys(name: str, metadata: Mapping[str, str]) -> Iterator[Complaint]:
    for key in unknown_keys(metadata):
        yield complain(
            ComplaintKind.UNKNOWN_KEY,
            name,
            key=key,
            prefix_key=PREFIX_KEY,
            subnets_key=SUBNETS_KEY,
            default_key=DEFAULT_KEY,
        )
