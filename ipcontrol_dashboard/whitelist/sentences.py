# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Decisions and lists in words.

Pure functions: what the engine found in, a translated sentence out. Names and
labels come from other people, so whatever is not plain text is escaped here.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from ipaddress import collapse_addresses
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ipcontrol.addresses import Address, Network, format_network
from ipcontrol.whitelist import Decision, Entry, Reason, Source, Whitelist
from ipcontrol_dashboard.whitelist.access import Access, Listed, Rights

# Horizon's tables strip white space between tags.
_SPACE = mark_safe("&#32;")
# More networks than these are counted rather than shown.
MOST_SHOWN = 2


def label(text: str) -> str:
    """An entry's label, or what stands for the one without."""
    return text or _("(no label)")


def chips(networks: Iterable[Network]) -> SafeString:
    """Networks, each marked up so that it stays in one piece."""
    return format_html_join(
        _SPACE,
        '<span class="ipw-network">{}</span>',
        ((format_network(network),) for network in networks),
    )


# --- Who may reach it ---------------------------------------------------------


def reach(access: Access, at: datetime) -> SafeString | str:
    """Who may reach a container, or one without entries in an account."""
    ruling = access.ruling
    if ruling is None:
        return _("Any address") if access.policy.unlisted == "allow" else nobody()
    words = who(ruling.whitelist, at)
    if ruling is access.lists[0]:
        return words
    return format_html("{} ({})", words, inherited(ruling))


def inherited(listed: Listed) -> str:
    """Whose list a container follows that has none of its own."""
    if listed.source is Source.ACCOUNT:
        return _("account defaults")
    return _("as %(container)s") % {"container": listed.name}


def who(whitelist: Whitelist, at: datetime) -> SafeString | str:
    """Who is admitted by the entries that hold at this moment."""
    live = [entry for entry in whitelist.entries if not entry.expired(at)]
    write = _networks(entry for entry in live if not entry.read_only)
    read = [network for network in _networks(live) if network not in write]
    everybody = _whole_families(write + read)
    if not live:
        return nobody()
    if everybody:
        return _everybody_may(everybody, len(write), len(read))
    if len(write + read) <= MOST_SHOWN and not (write and read):
        return _only_shown(write, read)
    return _only_counted(len(write) + len(read), len(read))


def nobody() -> str:
    """Who reaches what no entry opens: the networks that the operator always admits."""
    return _("Nobody but operators")


def attention(count: int) -> str:
    """How many items cannot be left as they are; empty for none."""
    if not count:
        return ""
    return ngettext("%(count)d item needs attention", "%(count)d items need attention", count) % {
        "count": count
    }


def _networks(entries: Iterable[Entry]) -> list[Network]:
    found = (network for entry in entries for network in entry.networks)
    return list(dict.fromkeys(found))


def _whole_families(networks: list[Network]) -> str:
    """Which addresses, where the networks together hold a whole family; else empty."""
    whole = {
        version
        for version in (4, 6)
        for network in collapse_addresses(n for n in networks if n.version == version)
        if network.prefixlen == 0
    }
    if len(whole) == 2:
        return _("Any address")
    if whole == {4}:
        return _and_others(_("Any IPv4 address"), [n for n in networks if n.version == 6])
    if whole == {6}:
        return _and_others(_("Any IPv6 address"), [n for n in networks if n.version == 4])
    return ""


def _and_others(family: str, others: list[Network]) -> str:
    if not others:
        return family
    return ngettext(
        "%(family)s and %(count)d other network",
        "%(family)s and %(count)d other networks",
        len(others),
    ) % {"family": family, "count": len(others)}


def _everybody_may(everybody: str, write: int, read: int) -> str:
    if not read:
        return everybody
    if not write:
        return _("%(everybody)s, read-only") % {"everybody": everybody}
    return ngettext(
        "%(everybody)s may read, only %(count)d network may write",
        "%(everybody)s may read, only %(count)d networks may write",
        write,
    ) % {"everybody": everybody, "count": write}


def _only_shown(write: list[Network], read: list[Network]) -> SafeString:
    if read:
        return format_html(_("Only {}, read-only"), chips(read))
    return format_html(_("Only {}"), chips(write))


def _only_counted(count: int, read: int) -> str:
    only = ngettext("Only %(count)d network", "Only %(count)d networks", count)
    rights = ""
    if read == count:
        rights = _(", all of them read-only")
    elif read:
        rights = ngettext(", one of them read-only", ", %(read)d of them read-only", read)
    return (only + rights) % {"count": count, "read": read}


# --- What one address may do --------------------------------------------------


def rights(found: Rights | None) -> str:
    """An address's rights in a word or two; a question mark where they are not known."""
    return {
        Rights.WRITE: _("admitted"),
        Rights.READ: _("read only"),
        Rights.NONE: _("refused"),
        Rights.OPERATOR: _("admitted by the operator"),
        None: _("?"),
    }[found]


def entry_rights(*, read_only: bool) -> str:
    """What an entry's networks may do."""
    return _("read") if read_only else _("read and write")


def answer(address: Address | None, decision: Decision, access: Access) -> str:
    """Why an address is admitted or refused: the entry that decides, or the lack of one."""
    params = {
        "address": address,
        "entry": label(decision.entry.label) if decision.entry else "",
        "network": format_network(decision.network) if decision.network else "",
        "until": moment(decision.entry.until) if decision.entry and decision.entry.until else "",
        "whose": _whose(access.ruling, access),
    }
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


def _whose(ruling: Listed | None, access: Access) -> str:
    """Names the list where it is not the one that the page is about."""
    if ruling is None or ruling is access.lists[0]:
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
    return until and Expiry(moment(until), distance(until, at), until <= at)


def moment(when: datetime) -> str:
    """A moment in UTC, to the minute where it is one."""
    # strftime does not pad years before 1000.
    text = when.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat(sep=" ")
    return _("%(moment)s UTC") % {"moment": text if when.second else text.removesuffix(":00")}


def distance(when: datetime, at: datetime) -> str:
    """How far off a moment is: "in 10 days", "2 hours ago"."""
    span = _span(abs((when - at).total_seconds()))
    if when > at:
        return _("in %(span)s") % {"span": span}
    return _("%(span)s ago") % {"span": span}


def next_expiry(whitelist: Whitelist, at: datetime) -> datetime | None:
    """When the next of the entries ceases to hold; None where none will."""
    ends = (entry.until for entry in whitelist.entries if entry.until and not entry.expired(at))
    return min(ends, default=None)


_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def _span(seconds: float) -> str:
    """Whole minutes below two hours, hours below two days, else days."""
    if seconds < 2 * _HOUR:
        count = max(1, round(seconds / _MINUTE))
        return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}
    if seconds < 2 * _DAY:
        count = round(seconds / _HOUR)
        return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}
    count = round(seconds / _DAY)
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
