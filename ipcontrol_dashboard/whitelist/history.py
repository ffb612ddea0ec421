# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Who changed a list, as Swift's filter has written it down, and how to take it back."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ipcontrol.history import Change, Identity, ItemChange
from ipcontrol_dashboard.kit.problems import number
from ipcontrol_dashboard.whitelist import changes, sentences
from ipcontrol_dashboard.whitelist.targets import Target

Metadata = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """What a change did to one item.

    Attributes:
        label: the item's, as the tables show it.
        was: its value before; empty where there was none.
        became: its value since; empty where it was removed.
        now: its value now, where that is another one again; None where it is not.
    """

    label: str
    was: str
    became: str
    now: str | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change.

    Attributes:
        when: the moment, and how long ago that is.
        who: the user, and the project where the authorization told it.
        address: from where; empty where that was not known.
        items: what it did.
        left_out: what is not told, in a sentence; empty where everything is.
        undo_url: where it is taken back; empty where it cannot be.
        undone: whether nothing is left to be taken back.
    """

    when: sentences.Expiry
    who: str
    address: str
    items: tuple[ItemRow, ...]
    left_out: str
    undo_url: str
    undone: bool


def rows(
    target: Target, metadata: Metadata, known: Iterable[Change], at: datetime
) -> list[ChangeRow]:
    """The changes of a list as its page shows them, the last one first.

    Args:
        target: whose list it is.
        metadata: of it, as they are now.
        known: the changes.
        at: the moment of the page.
    """
    return [_row(target, metadata, change, at) for change in known]


def _row(target: Target, metadata: Metadata, change: Change, at: datetime) -> ChangeRow:
    whole = is_whole(change)
    undone = whole and not undoing(metadata, change)
    return ChangeRow(
        when=sentences.Expiry(
            sentences.moment(change.at), sentences.distance(change.at, at), True
        ),
        who=who(change),
        address=change.address,
        items=tuple(_item_row(item, metadata) for item in change.items),
        left_out=_left_out(change),
        undo_url=target.url("undo", change=key(change.items)) if whole and not undone else "",
        undone=undone,
    )


def _item_row(item: ItemChange, metadata: Metadata) -> ItemRow:
    was, became, now = item.was or "", item.became or "", metadata.get(item.name, "")
    changed_again = not item.shortened and now not in (was, became)
    return ItemRow(changes.shown(item.name), was, became, now if changed_again else None)


def who(change: Change) -> str:
    """Who made a change, in words."""
    user = _name(change.user)
    if not user:
        return _("somebody whom the authorization did not name")
    project = _name(change.project)
    return _("%(user)s (%(project)s)") % {"user": user, "project": project} if project else user


def _name(identity: Identity) -> str:
    return identity.name or identity.id


def _left_out(change: Change) -> str:
    if change.left_out:
        return ngettext(
            "%(count)s more item was changed, for which there was no room here.",
            "%(count)s more items were changed, for which there was no room here.",
            change.left_out,
        ) % {"count": number(change.left_out)}
    if any(item.shortened for item in change.items):
        return _("Too long to be kept whole.")
    return ""


# --- Taking a change back -------------------------------------------------------


def is_whole(change: Change) -> bool:
    """Whether all that it did is known."""
    return not change.left_out and not any(item.shortened for item in change.items)


def undoing(metadata: Metadata, change: Change) -> dict[str, str]:
    """The change of metadata after which everything that a change did is as before it.

    Args:
        metadata: as they are now.
        change: all of which is known.

    Returns:
        New values by name; an empty one removes. Nothing where it is so already.
    """
    before = {item.name: item.was or "" for item in change.items}
    return {name: was for name, was in before.items() if metadata.get(name, "") != was}


def find(known: Iterable[Change], wanted: str) -> Change | None:
    """The last change with this `key` of which everything is known."""
    return next((each for each in known if is_whole(each) and key(each.items) == wanted), None)


def key(items: Iterable[ItemChange]) -> str:
    """What a change goes by in a URL: by what it did, for it has no number."""
    told = sorted((item.name, item.was or "", item.became or "") for item in items)
    return sha256(json.dumps(told).encode()).hexdigest()[:16]
