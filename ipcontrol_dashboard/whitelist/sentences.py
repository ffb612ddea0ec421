# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Decisions and lists in words.

Pure functions: what the engine found in, a translated sentence out. Names and
labels come from other people, so whatever is not plain text is escaped here.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ipcontrol.access import Decision, Reason, Source, Whitelist
from ipcontrol.addresses import Address, format_network
from ipcontrol.entries import Entry, Member, format_member
from ipcontrol.named_networks import NamedNetworks
from ipcontrol.redundancy import Redundant
from ipcontrol_dashboard.kit.problems import number
from ipcontrol_dashboard.whitelist.rules import Listed, Rights, Rules

# Horizon's tables strip white space between tags.
_SPACE = mark_safe("&#32;")
MOST_NETWORKS_OF_NAME = 20


def label(text: str) -> str:
    """An entry's label, or what stands for the one without."""
    return text or _("(no label)")


def chips(members: Iterable[Member]) -> SafeString:
    """Networks and names, each marked up so that it stays in one piece."""
    return format_html_join(_SPACE, "{}", ((_chip(member),) for member in members))


def more_networks(count: int) -> str:
    """How many networks are not shown; empty for none."""
    if count <= 0:
        return ""
    return ngettext(" and %(count)s more network", " and %(count)s more networks", count) % {
        "count": number(count)
    }


def _chip(member: Member) -> SafeString:
    if not isinstance(member, NamedNetworks):
        return format_html('<span class="ipcontrol-network">{}</span>', format_network(member))
    # What it stands for is shown to whoever points at it, or comes to it by keyboard.
    return format_html(
        '<span class="ipcontrol-network ipw-name" tabindex="0">{}'
        '<span class="ipw-name-networks">{}</span></span>',
        format_member(member),
        _stands_for(member),
    )


def _stands_for(named: NamedNetworks) -> str:
    if not named.known:
        return _("defined by the operator, who does not show its networks")
    shown = ", ".join(map(format_network, islice(named.networks, MOST_NETWORKS_OF_NAME)))
    others = len(named.networks) - MOST_NETWORKS_OF_NAME
    if others <= 0:
        return shown
    return ngettext(
        "%(networks)s and %(count)d more", "%(networks)s and %(count)d more", others
    ) % {"networks": shown, "count": others}


# --- What one address may do --------------------------------------------------


def rights(found: Rights | None) -> str:
    """An address's rights in a word or two; a question mark where they are not known."""
    return {
        Rights.WRITE: _("admitted"),
        Rights.READ: _("read only"),
        Rights.NONE: _("refused"),
        Rights.OPERATOR: _("admitted by the operator"),
        Rights.UNENFORCED: _("not on the list"),
        None: _("?"),
    }[found]


def entry_rights(*, read_only: bool) -> str:
    """What an entry's networks may do."""
    return _("read") if read_only else _("read and write")


def no_effect(redundant: Redundant) -> str:
    """Why an entry could be removed and nothing would change."""
    if not redundant.covered_by:
        return _("Without effect: it has expired.")
    covers = ", ".join(label(cover.label) for cover in redundant.covered_by)
    if redundant.others:
        covers = _("%(entries)s and others") % {"entries": covers}
    if redundant.entry.read_only and not any(cover.read_only for cover in redundant.covered_by):
        return _("Without effect: these addresses may read and write by %(entries)s.") % {
            "entries": covers
        }
    return _("Without effect: already covered by %(entries)s.") % {"entries": covers}


def answer(address: Address | None, decision: Decision, rules: Rules) -> str:
    """Why an address is admitted or refused: the entry that decides, or the lack of one."""
    params = {
        "address": address,
        "entry": label(decision.entry.label) if decision.entry else "",
        "network": format_network(decision.network) if decision.network else "",
        "until": moment(decision.entry.until) if decision.entry and decision.entry.until else "",
        "whose": _whose(rules.ruling, rules),
    }
    ruling = rules.ruling
    if ruling and ruling.hidden and decision.source is ruling.source:
        return _("Swift does not show you the list that rules here.")
    return _answer_template(decision) % params


def _answer_template(decision: Decision) -> str:
    if decision.reason is Reason.ADMITTED and decision.entry is not None:
        return _admitted_template(decision.entry)
    return {
        Reason.ADMITTED: _("%(address)s is in %(entry)s (%(network)s)%(whose)s."),
        Reason.READ_ONLY: _(
            "%(address)s is in %(entry)s (%(network)s)%(whose)s, which may only read."
        ),
        Reason.EXPIRED: _(
            "%(address)s is in %(entry)s (%(network)s)%(whose)s, which expired on %(until)s."
        ),
        Reason.NOT_LISTED: _("No entry%(whose)s holds %(address)s."),
        Reason.NO_ENTRY: _("There is no entry that could hold %(address)s."),
        Reason.NO_ADDRESS: _("The address is not known, and an unknown caller is refused."),
        Reason.ALWAYS_ALLOWED: _(
            "%(address)s is in %(network)s, which the operator always admits."
        ),
        Reason.UNLISTED_ALLOWED: _(
            "There are no entries, and the operator then admits any address."
        ),
        Reason.UNLISTED_DENIED: _(
            "There are no entries, and the operator then admits no address."
        ),
    }[decision.reason]


def _admitted_template(entry: Entry) -> str:
    if entry.until is None:
        return _("%(address)s is in %(entry)s (%(network)s)%(whose)s.")
    return _("%(address)s is in %(entry)s (%(network)s)%(whose)s, until %(until)s.")


def _whose(ruling: Listed | None, rules: Rules) -> str:
    """Names the list where it is not the one that the page is about."""
    if ruling is None or ruling is rules.lists[0]:
        return ""
    if ruling.source is Source.ACCOUNT:
        return _(" of the account's defaults")
    return _(" of %(container)s") % {"container": ruling.name}


# --- When ---------------------------------------------------------------------


class Expiry(NamedTuple):
    """When an entry ceases, or ceased, to hold.

    Attributes:
        moment: the moment itself.
        distance: how far off it is.
        past: whether it has come.
    """

    moment: str
    distance: str
    past: bool


def expiry(until: datetime | None, at: datetime) -> Expiry | None:
    """When an entry ceases to hold; None for one without end."""
    return Expiry(moment(until), distance(until, at), until <= at) if until else None


def moment(when: datetime) -> str:
    """A moment in UTC, to the minute where it is one."""
    # strftime does not pad years before 1000.
    text = when.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat(sep=" ")
    return _("%(moment)s UTC") % {"moment": text if when.second else text.removesuffix(":00")}


def distance(when: datetime, at: datetime) -> str:
    """How far off a moment is: "in 1 week, 3 days", "2 hours ago"."""
    if when > at:
        return _("in %(span)s") % {"span": timeuntil(when, at)}
    return _("%(span)s ago") % {"span": timesince(when, at)}


def next_expiry(whitelist: Whitelist, at: datetime) -> datetime | None:
    """When the next of the entries ceases to hold; None where none will."""
    ends = (entry.until for entry in whitelist.entries if entry.until and not entry.expired(at))
    return min(ends, default=None)
