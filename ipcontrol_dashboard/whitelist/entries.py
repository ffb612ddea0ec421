# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The rows of one list's page: its items, and what rules besides or instead."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ipcontrol.access import Source
from ipcontrol.entries import Entry, InvalidItem, Member
from ipcontrol.metadata_names import is_token
from ipcontrol.redundancy import Redundant, redundant_entries
from ipcontrol_dashboard.kit.translation import translated
from ipcontrol_dashboard.whitelist import changes, sentences
from ipcontrol_dashboard.whitelist.rules import Listed
from ipcontrol_dashboard.whitelist.states import State


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One item, or what the operator always admits.

    Attributes:
        id: the item's name; unique in the table.
        label: its label.
        source: whose it is, in words.
        own: whether it belongs to the list that the page is about.
        editable: whether it can be changed here.
        at: the moment of the page.
        networks: whom it holds; empty for an unreadable item.
        read_only: whether they may only read.
        until: the first moment at which it no longer holds.
        stored: an unreadable item's value.
        problem: why it cannot be read, and what to write instead.
        stray: whether it is no entry at all, and can only be removed.
        warning: what is the matter with it though it holds.
        hidden: whether it stands for a list that Swift does not show.
        no_effect: why its removal would change nothing; empty where it would.
        use: how often it let somebody in; empty where that is not known.
    """

    id: str
    label: str
    source: str
    own: bool
    editable: bool
    at: datetime
    networks: tuple[Member, ...] = ()
    read_only: bool = False
    until: datetime | None = None
    stored: str = ""
    problem: str = ""
    stray: bool = False
    warning: str = ""
    hidden: bool = False
    no_effect: str = ""
    use: str = ""

    @property
    def shown_label(self) -> str:
        """The label, or what stands for the one without."""
        return sentences.label(self.label)

    @property
    def chips(self) -> str:
        """The networks as markup."""
        return sentences.chips(self.networks)

    @property
    def rights(self) -> str:
        """What its networks may do."""
        return sentences.entry_rights(read_only=self.read_only)

    @property
    def expiry(self) -> sentences.Expiry | None:
        """When it ceases to hold."""
        return sentences.expiry(self.until, self.at)


# How often an item let somebody in, by its source and its name, in words.
UseOf = Callable[[str, str], str]


def _not_known(_source: str, _item: str) -> str:
    return ""


def rows(state: State, use_of: UseOf = _not_known, *, changeable: bool = True) -> list[EntryRow]:
    """The list's own items; those that rule in their stead; the operator's networks.

    Args:
        state: the list.
        use_of: how often an item let somebody in.
        changeable: whether the page offers to change it.
    """
    shown = [state.rules.lists[0]]
    if state.rules.inherited:
        shown.append(state.rules.inherited)
    return [
        *_stray(state, changeable),
        *(row for listed in shown for row in _listed(state, listed, use_of, changeable)),
        *_operators(state),
    ]


def _stray(state: State, changeable: bool) -> Iterator[EntryRow]:
    source = _source(state.rules.lists[0])
    for item in changes.stray(state.metadata).values():
        row = EntryRow(item.name, item.label, source, True, changeable, state.at)
        yield _unreadable(row, item, stray=True)


def _listed(state: State, listed: Listed, use_of: UseOf, changeable: bool) -> Iterator[EntryRow]:
    own = listed is state.rules.lists[0]
    prefix = "" if own else f"{listed.source}/{listed.name}/"
    redundant = {each.entry: each for each in redundant_entries(listed.whitelist, state.at)}
    items: tuple[Entry | InvalidItem, ...] = (*listed.whitelist.errors, *listed.whitelist.entries)
    for item in items:
        row = EntryRow(
            prefix + item.name,
            item.label,
            _source(listed),
            own,
            own and changeable,
            state.at,
        )
        if isinstance(item, Entry):
            used = replace(row, use=use_of(listed.source, item.name))
            yield _readable(used, item, redundant.get(item))
        else:
            yield _unreadable(row, item, hidden=listed.hidden)


def _unreadable(row: EntryRow, item: InvalidItem, **kind: Any) -> EntryRow:
    return replace(row, stored=item.value, problem=translated(item.error), **kind)


def _readable(row: EntryRow, entry: Entry, redundant: Redundant | None) -> EntryRow:
    return replace(
        row,
        networks=entry.members,
        read_only=entry.read_only,
        until=entry.until,
        warning="" if is_token(entry.name) else _name_warning(),
        no_effect=sentences.no_effect(redundant) if redundant else "",
    )


def _name_warning() -> str:
    return _(
        "HTTP does not allow its name: other programs "
        "may not show the items that follow it. Give it another label."
    )


def _source(listed: Listed) -> str:
    return {
        Source.CONTAINER: _("container"),
        Source.BASE_CONTAINER: _("container %(name)s") % {"name": listed.name},
        Source.ACCOUNT: _("account"),
    }[listed.source]


def _operators(state: State) -> Iterator[EntryRow]:
    networks = state.enforcement.policy.always_allow
    if networks:
        label, source = _("always admitted"), _("operator")
        yield EntryRow("operator/", label, source, False, False, state.at, networks)
