# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What a form can show of an item that cannot be read, and what has to be chosen anew.

Nothing is guessed: what an option may have meant that cannot be read is left
open, so that a form sent untouched does not grant what nobody wrote.
"""

from dataclasses import dataclass
from datetime import datetime

from ipcontrol.entries import (
    READ_ONLY,
    Entry,
    EntryError,
    InvalidItem,
    Member,
    parse_until,
    split_item,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """An item as a form shows it at first.

    Attributes:
        label: its label.
        networks: its networks and names; of an unreadable item, their text.
        rights: ``read`` or ``write``; empty where they have to be chosen.
        until: its end; None for none, and where it has to be chosen.
        rights_unread: options that may have been rights, where these have to be chosen.
        until_unread: options that may have been an end, where it has to be chosen.
    """

    label: str
    networks: tuple[Member, ...] | str
    rights: str
    until: datetime | None
    rights_unread: tuple[str, ...] = ()
    until_unread: tuple[str, ...] = ()

    @property
    def initial(self) -> dict:
        """What the form's fields show."""
        return {name: getattr(self, name) for name in ("label", "networks", "rights", "until")}


def draft(item: Entry | InvalidItem) -> Draft:
    """What a form shows of an item; of an unreadable one, as much as can be read."""
    if isinstance(item, Entry):
        return Draft(item.label, item.members, _rights(item.read_only), item.until)
    networks, options = split_item(item.value)
    read_only = READ_ONLY in options
    ends = {option: parsed for option in options if (parsed := _end(option))}
    unread = [option for option in options if option != READ_ONLY and option not in ends]
    rights_unread = () if read_only else tuple(each for each in unread if not _like_end(each))
    until_unread = _until_unread(ends, unread)
    return Draft(
        item.label,
        networks,
        "" if rights_unread else _rights(read_only),
        None if until_unread else next(iter(ends.values()), None),
        rights_unread,
        until_unread,
    )


def _until_unread(ends: dict[str, datetime], unread: list[str]) -> tuple[str, ...]:
    like_ends = tuple(filter(_like_end, unread))
    if like_ends or len(ends) > 1:
        return (*ends, *like_ends)
    return () if ends else tuple(each for each in unread if not _like_rights(each))


def _rights(read_only: bool) -> str:
    return "read" if read_only else "write"


def _end(option: str) -> datetime | None:
    try:
        return parse_until(option)
    except EntryError:
        return None


def _like_end(option: str) -> bool:
    return option.lower().startswith("until")


def _like_rights(option: str) -> bool:
    return option.lower().replace("-", "").replace("_", "").replace(" ", "") == "readonly"
