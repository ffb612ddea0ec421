# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The grammar of allow items in metadata: from text to entry, and back.

An item is named ``allow`` or ``allow-<label>``; its value is::

    network[, network...][; read-only][; until=2026-12-31T18:00Z]

An item is valid whole or grants nothing: half of a rule that somebody wrote is
not the rule that somebody meant. Nothing but this module takes an item apart.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

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

NAME = "allow"
LABEL_PREFIX = NAME + "-"
READ_ONLY = "read-only"

_UNTIL = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?Z", re.ASCII
)
_LONGEST_SHOWN = 40


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


def item_name(label: str) -> str:
    """The name of the item that keeps the entry with this label; ``allow`` for an empty one."""
    return LABEL_PREFIX + label if label else NAME


def is_allow_item(name: str) -> bool:
    """Whether a metadata name, without its prefix and in any case, is an allow item's."""
    return lower_case(name[: len(LABEL_PREFIX)]) in (NAME, LABEL_PREFIX)


def is_blank(value: str) -> bool:
    """Whether an item with this value is as good as none."""
    return not value.strip(WHITE_SPACE)


def split_item(value: str) -> tuple[str, list[str]]:
    """Part an item's value into the text of its networks and its options, well-formed or not."""
    networks, *options = (part.strip(WHITE_SPACE) for part in value.split(";"))
    return networks, options


def parse_item(name: str, value: str) -> Entry:
    """Read one item.

    Args:
        name: as `is_allow_item` accepts it.
        value: the text of the module's grammar.

    Raises:
        EntryError: the value is not one; its text says what to write.
    """
    networks, options = split_item(value)
    read_only, until = _parse_options(options)
    return Entry(lower_case(name), _parse_networks(networks), read_only, until)


def _parse_networks(text: str) -> tuple[Network, ...]:
    words = split_list(text)
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
