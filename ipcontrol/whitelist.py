# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The grammar of allow items in metadata, and the decision that they lead to.

An item is named ``allow`` or ``allow-<label>``; its value is::

    network[, network...][; read-only][; until=2026-12-31T18:00Z]

An item is valid whole or grants nothing: half of a rule that somebody wrote is
not the rule that somebody meant.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from ipcontrol.addresses import (
    Address,
    AddressError,
    Network,
    PrefixMap,
    format_network,
    parse_network,
)
from ipcontrol.errors import IpControlError, gettext_noop
from ipcontrol.metadata_names import lower_case

NAME = "allow"
LABEL_PREFIX = NAME + "-"
READ_ONLY = "read-only"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# Python's str.strip() drops more than ASCII; another reader of the same item
# would not, so neither do we.
_WHITE_SPACE = " \t\n\r\f\v"
_SEPARATORS = re.compile(rf"[,{_WHITE_SPACE}]+")
_UNTIL = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?Z", re.ASCII
)
_LONGEST_SHOWN = 40
# What Swift's object versioning puts before a container's name; what its
# clients and its S3 API put behind it.
_VERSIONS = "\x00versions\x00"
_SERVING_SUFFIXES = ("_segments", "+segments")


class EntryError(IpControlError):
    """An item's value is not an entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A valid item: these networks may reach the container.

    Attributes:
        name: the item's name in lower case, ``allow`` or ``allow-<label>``.
        networks: at least one.
        read_only: only GET, HEAD and OPTIONS.
        until: the first moment, in UTC, at which the entry no longer holds;
            None for one without end.
    """

    name: str
    networks: tuple[Network, ...]
    read_only: bool = False
    until: datetime | None = None

    @property
    def label(self) -> str:
        """The name without ``allow-``; empty for a plain ``allow``."""
        return _label(self.name)

    @property
    def value(self) -> str:
        """The item's value as `parse_item` reads it back."""
        parts = [", ".join(map(format_network, self.networks))]
        if self.read_only:
            parts.append(READ_ONLY)
        if self.until is not None:
            parts.append("until=" + _format_until(self.until))
        return "; ".join(parts)

    def expired(self, at: datetime) -> bool:
        """Whether the entry no longer holds at this (aware) moment."""
        return self.until is not None and at >= self.until


@dataclass(frozen=True, slots=True)
class InvalidItem:
    """An item that grants nothing, and why.

    Attributes:
        name: the item's name in lower case.
        value: its value as stored.
        error: what is wrong with it.
    """

    name: str
    value: str
    error: IpControlError

    @property
    def label(self) -> str:
        """The name without ``allow-``; empty for a plain ``allow``."""
        return _label(self.name)


class Reason(StrEnum):
    """Why an address is admitted or refused."""

    ADMITTED = "admitted"
    ALWAYS_ALLOWED = "always-allowed"
    UNLISTED_ALLOWED = "unlisted-allowed"
    READ_ONLY = "read-only"
    EXPIRED = "expired"
    NOT_LISTED = "not-listed"
    NO_ENTRY = "no-entry"
    NO_ADDRESS = "no-address"
    UNLISTED_DENIED = "unlisted-denied"


class Source(StrEnum):
    """Whose list decides."""

    OPERATOR = "operator"
    CONTAINER = "container"
    BASE_CONTAINER = "base-container"
    ACCOUNT = "account"


class Decision(NamedTuple):
    """An answer to "may this address do this now?".

    Attributes:
        allowed: the answer.
        reason: why.
        entry: the entry that admits; for READ_ONLY and EXPIRED, the entry that
            would have.
        network: the network, of that entry or of the operator's, that holds the
            address.
        source: whose list decided; None where a `Whitelist` decided by itself.
    """

    allowed: bool
    reason: Reason
    entry: Entry | None = None
    network: Network | None = None
    source: Source | None = None


@dataclass(frozen=True)
class Whitelist:
    """The allow items of one container or account.

    Attributes:
        entries: the valid items, by name.
        errors: the others, by name.
    """

    entries: tuple[Entry, ...] = ()
    errors: tuple[InvalidItem, ...] = ()

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, str]) -> "Whitelist":
        """Read the allow items out of user metadata.

        Args:
            metadata: names without ``X-Container-Meta-`` or
                ``X-Account-Meta-``, in any case, and values. Whatever is not an
                allow item is passed over.
        """
        entries: list[Entry] = []
        errors: list[InvalidItem] = []
        for name, value in sorted(metadata.items()):
            if not is_allow_item(name) or _blank(value):
                continue
            try:
                entries.append(parse_item(name, value))
            except EntryError as error:
                # Without its traceback, which would keep all frames and what is in them.
                fresh = EntryError(error.template, **error.params)
                errors.append(InvalidItem(lower_case(name), value, fresh))
        return cls(tuple(entries), tuple(errors))

    @property
    def restricts(self) -> bool:
        """Whether an allow item with a value is present, readable or not."""
        return bool(self.entries or self.errors)

    def decide(self, address: Address | None, method: str, at: datetime) -> Decision:
        """Decide by these items alone.

        Args:
            address: the caller; None where it is not known: nobody.
            method: the HTTP method, in upper case.
            at: the moment of the request, aware.
        """
        if address is None:
            return Decision(False, Reason.NO_ADDRESS)
        refusal = Decision(False, Reason.NOT_LISTED if self.restricts else Reason.NO_ENTRY)
        for entry, network in self._holding(address):
            if entry.expired(at):
                # That an entry may only read says more than that one expired.
                if refusal.reason is not Reason.READ_ONLY:
                    refusal = Decision(False, Reason.EXPIRED, entry, network)
            elif entry.read_only and method not in SAFE_METHODS:
                refusal = Decision(False, Reason.READ_ONLY, entry, network)
            else:
                return Decision(True, Reason.ADMITTED, entry, network)
        return refusal

    def _holding(self, address: Address) -> Iterator[tuple[Entry, Network]]:
        """The entries that hold an address, in order; each with its first network that does."""
        places = [place for _, found in self._places.holding(address) for place in found]
        last = -1
        for number, place in sorted(places):
            if number != last:
                entry, last = self.entries[number], number
                yield entry, entry.networks[place]

    @cached_property
    def _places(self) -> PrefixMap[list[tuple[int, int]]]:
        """Where each network stands: the entry's place in the list, its own in the entry."""
        places: dict[Network, list[tuple[int, int]]] = {}
        for number, entry in enumerate(self.entries):
            for place, network in enumerate(entry.networks):
                places.setdefault(network, []).append((number, place))
        return PrefixMap(places.items())


class Unlisted(StrEnum):
    """The operator's policy where no list restricts."""

    DENY = "deny"
    ALLOW = "allow"


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """What the operator says, around the owners' lists.

    Attributes:
        unlisted: the answer where no list restricts.
        always_allow: networks that are admitted before any list is read.
    """

    unlisted: Unlisted = Unlisted.DENY
    always_allow: tuple[Network, ...] = field(default=())

    def decide(
        self,
        address: Address | None,
        method: str,
        at: datetime,
        lists: Iterable[tuple[Source, Whitelist]],
    ) -> Decision:
        """Decide as the proxy does.

        Args:
            address: the caller; None where it is not known: nobody.
            method: the HTTP method, in upper case.
            at: the moment of the request, aware.
            lists: the lists that may rule, the nearest first: the container's,
                its base container's, the account's. The first that restricts
                rules, and those behind it are not asked for, so this may be a
                generator that fetches.
        """
        if address is None:
            return Decision(False, Reason.NO_ADDRESS)
        for network in self.always_allow:
            if address in network:
                return Decision(
                    True, Reason.ALWAYS_ALLOWED, network=network, source=Source.OPERATOR
                )
        for source, whitelist in lists:
            if whitelist.restricts:
                return whitelist.decide(address, method, at)._replace(source=source)
        if self.unlisted == Unlisted.ALLOW:
            return Decision(True, Reason.UNLISTED_ALLOWED, source=Source.OPERATOR)
        return Decision(False, Reason.UNLISTED_DENIED, source=Source.OPERATOR)


def is_allow_item(name: str) -> bool:
    """Whether a metadata name, without its prefix and in any case, is an allow item's."""
    return lower_case(name[: len(LABEL_PREFIX)]) in (NAME, LABEL_PREFIX)


def base_container(name: str) -> str | None:
    r"""The container that this one serves, whose list rules where it has none.

    Swift's clients put segments into ``NAME_segments``, the S3 API puts the
    parts of multipart uploads into ``NAME+segments``, and object versioning
    puts old versions into the reserved ``\x00versions\x00NAME``.
    """
    reserved, versions, base = name.partition(_VERSIONS)
    if versions and not reserved:
        return base or None
    for suffix in _SERVING_SUFFIXES:
        if name.endswith(suffix) and name != suffix:
            return name.removesuffix(suffix)
    return None


def serving_containers(name: str) -> tuple[str, ...]:
    """The containers that serve this one directly: those whose `base_container` it is."""
    named = (_VERSIONS + name, *(name + suffix for suffix in _SERVING_SUFFIXES))
    # The old versions of docs_segments do not serve those of docs, as their name would say.
    return tuple(each for each in named if base_container(each) == name)


def governing_containers(name: str) -> Iterator[str]:
    """The container, the one that it serves, the one that this serves, and so on.

    The old versions of ``docs+segments`` belong to ``docs`` at two removes.
    """
    container: str | None = name
    while container:
        yield container
        container = base_container(container)


def parse_item(name: str, value: str) -> Entry:
    """Read one item.

    Args:
        name: as `is_allow_item` accepts it.
        value: the text of the module's grammar.

    Raises:
        EntryError: the value is not one; its text says what to write.
    """
    networks, *options = value.split(";")
    read_only, until = _parse_options([option.strip(_WHITE_SPACE) for option in options])
    return Entry(lower_case(name), _parse_networks(networks), read_only, until)


def _parse_networks(text: str) -> tuple[Network, ...]:
    words = [word for word in _SEPARATORS.split(text) if word]
    if not words:
        raise EntryError(gettext_noop("A network is missing: write one such as 192.0.2.0/24."))
    try:
        return tuple(parse_network(word) for word in words)
    except AddressError as error:
        raise EntryError(error.template, **error.params) from error


def _parse_options(options: list[str]) -> tuple[bool, datetime | None]:
    read_only, until = False, None
    for option in options:
        if option == READ_ONLY and not read_only:
            read_only = True
        elif option.startswith("until=") and until is None:
            until = parse_until(option)
        else:
            raise _option_error(option)
    return read_only, until


def parse_until(option: str) -> datetime:
    """Read the option that ends an entry.

    Raises:
        EntryError: it is another one, or its moment is none.
    """
    if not option.startswith("until="):
        raise _option_error(option)
    return _parse_until(option.removeprefix("until="))


def _option_error(option: str) -> EntryError:
    shown = option[:_LONGEST_SHOWN]
    if not option:
        return EntryError(
            gettext_noop('Nothing follows a ";": write read-only or until=…, or leave it out.')
        )
    if option == READ_ONLY or option.startswith("until="):
        return EntryError(
            gettext_noop('"%(option)s" is one too many: write each option once.'), option=shown
        )
    return EntryError(
        gettext_noop(
            '"%(option)s" is not an option: write read-only or until=2026-12-31T18:00Z '
            "after the networks and a semicolon."
        ),
        option=shown,
    )


def _parse_until(text: str) -> datetime:
    match = _UNTIL.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        return datetime(*(int(number or 0) for number in match.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError:
        raise EntryError(
            gettext_noop(
                '"%(text)s" is not a moment in UTC: write it as 2026-12-31T18:00Z, with the Z.'
            ),
            text=text[:_LONGEST_SHOWN],
        ) from None


def _format_until(until: datetime) -> str:
    # strftime does not pad years before 1000 to four digits on every platform.
    text = until.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()
    return text.removesuffix(":00") + "Z" if until.second == 0 else text + "Z"


def _label(name: str) -> str:
    return name.removeprefix(NAME).removeprefix("-")


def _blank(value: str) -> bool:
    return not value.strip(_WHITE_SPACE)
