# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The grammar of allow items in metadata: from text to entry, and back.

An item is named ``allow`` or ``allow-<label>``; its value is::

    network[, network...][; read-only][; until=2026-12-31T18:00Z]

In the place of a network there may be the name of several, ``@office``
(`ipcontrol.named_networks`). An item is valid whole or grants nothing: half of
a rule that somebody wrote is not the rule that somebody meant. Nothing but this
module takes an item apart.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

from ipcontrol.addresses import (
    WHITE_SPACE,
    AddressError,
    Network,
    format_network,
    parse_network,
    split_list,
)
from ipcontrol.errors import IpControlError, gettext_noop
from ipcontrol.metadata_names import lower_case
from ipcontrol.named_networks import MISSING, NO_NAMES, SIGN, DefinitionError, NamedNetworks, Names

NAME = "allow"
LABEL_PREFIX = NAME + "-"
READ_ONLY = "read-only"

_BEGINNINGS = (NAME, LABEL_PREFIX)
_LONGEST_BEGINNING = len(LABEL_PREFIX)

_UNTIL = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?Z", re.ASCII
)
_LONGEST_SHOWN = 40


# What stands between the commas of an item.
Member = Network | NamedNetworks


class EntryError(IpControlError):
    """An item's value is not an entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A valid item: these networks may reach the container.

    Attributes:
        name: the item's name in lower case, ``allow`` or ``allow-<label>``.
        networks: those that are written out.
        read_only: only GET, HEAD and OPTIONS.
        until: the first moment, in UTC, at which the entry no longer holds;
            None for one without end.
        named: those that it refers to by name. It has a network, or a name.
    """

    name: str
    networks: tuple[Network, ...]
    read_only: bool = False
    until: datetime | None = None
    named: tuple[NamedNetworks, ...] = ()

    @property
    def label(self) -> str:
        """The name without ``allow-``; empty for a plain ``allow``."""
        return _label(self.name)

    @property
    def value(self) -> str:
        """The item's value as `parse_item` reads it back."""
        parts = [", ".join(map(format_member, self.members))]
        if self.read_only:
            parts.append(READ_ONLY)
        if self.until is not None:
            parts.append("until=" + format_until(self.until))
        return "; ".join(parts)

    @property
    def members(self) -> tuple[Member, ...]:
        """What it holds, as it is written: names, then networks."""
        return (*self.named, *self.networks)

    def all_networks(self) -> Iterator[Network]:
        """The networks that it admits, those that it names among them."""
        return chain(self.networks, *(each.networks for each in self.named))

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


def format_member(member: Member) -> str:
    """The word of an item that stands for a network, or for a name."""
    return SIGN + member.name if isinstance(member, NamedNetworks) else format_network(member)


def item_name(label: str) -> str:
    """The name of the item that keeps the entry with this label; ``allow`` for an empty one."""
    return LABEL_PREFIX + label if label else NAME


def is_allow_item(name: str) -> bool:
    """Whether a metadata name, without its prefix and in any case, is an allow item's."""
    return lower_case(name[:_LONGEST_BEGINNING]) in _BEGINNINGS


def is_blank(value: str) -> bool:
    """Whether an item with this value is as good as none."""
    return not value.strip(WHITE_SPACE)


def split_item(value: str) -> tuple[str, list[str]]:
    """Part an item's value into the text of its networks and its options, well-formed or not."""
    networks, *options = (part.strip(WHITE_SPACE) for part in value.split(";"))
    return networks, options


def parse_item(name: str, value: str, names: Names = NO_NAMES) -> Entry:
    """Read one item.

    Args:
        name: as `is_allow_item` accepts it.
        value: the text of the module's grammar.
        names: what it may refer to.

    Raises:
        EntryError: the value is not one, or refers to what is not defined; its
            text says what to write.
    """
    text, options = split_item(value)
    read_only, until = _parse_options(options)
    words = split_list(text)
    if not words:
        raise EntryError(MISSING)
    try:
        networks = tuple(parse_network(word) for word in words if not word.startswith(SIGN))
        named = tuple(names.find(name) for name in _references(words))
    except (AddressError, DefinitionError) as error:
        raise EntryError(error.template, **error.params) from error
    return Entry(lower_case(name), networks, read_only, until, named)


def references(value: str) -> list[str]:
    """The names that an item's value refers to, each once, whether they are defined or not."""
    return _references(split_list(split_item(value)[0]))


def _references(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word.removeprefix(SIGN) for word in words if word.startswith(SIGN)))


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


def format_until(until: datetime) -> str:
    """Write an aware moment, to the second, as `parse_until` reads it."""
    # strftime does not pad years before 1000 to four digits on every platform.
    text = until.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()
    return text.removesuffix(":00") + "Z"


def _label(name: str) -> str:
    return name.removeprefix(NAME).removeprefix("-")
