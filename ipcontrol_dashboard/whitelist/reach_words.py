# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Who may reach what, in words.

What is said is true of every address: it is made from the sets that
`ipcontrol.reach` computes, not from the entries as they were written. Of the
operator's networks it says nothing but that there may be some.
"""

from datetime import datetime

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ipcontrol.access import Source, Whitelist
from ipcontrol.reach import Networks, of_whitelist
from ipcontrol_dashboard.whitelist import sentences
from ipcontrol_dashboard.whitelist.rules import Listed, Rules

# More networks than these are counted rather than shown.
MOST_SHOWN = 2


def reach(rules: Rules, at: datetime) -> str:
    """Who may reach a container, or one without entries in an account."""
    ruling = rules.ruling
    if ruling is None:
        return _("Any address") if rules.policy.unlisted == "allow" else nobody()
    words = _("Not known: Swift does not show you the list") if ruling.hidden else None
    words = words or who(ruling.whitelist, at)
    if ruling is rules.lists[0]:
        return words
    return format_html("{} ({})", words, inherited(ruling))


def inherited(listed: Listed) -> str:
    """Whose list a container follows that has none of its own."""
    if listed.source is Source.ACCOUNT:
        return _("account defaults")
    return _("as %(container)s") % {"container": listed.name}


def who(whitelist: Whitelist, at: datetime) -> str:
    """Who is admitted by the entries that hold at this moment."""
    found = of_whitelist(whitelist, at)
    if not found.read:
        return _all_expired() if whitelist.entries and not whitelist.errors else nobody()
    readers = _subject(found.read)
    if found.write == found.read:
        return readers
    if not found.write:
        return format_html(_("{readers}, read-only"), readers=readers)
    return format_html(
        _("{readers} may read, only {writers} may write"),
        readers=readers,
        writers=_object(found.write),
    )


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


def _all_expired() -> str:
    return _("Nobody but operators: every entry has expired")


def _subject(networks: Networks) -> str:
    """These networks, as a sentence's beginning."""
    v4, v6 = _whole_families(networks)
    if v4 and v6:
        return _("Any address")
    if v4 or v6:
        return _with_others(_("Any IPv4 address") if v4 else _("Any IPv6 address"), networks)
    return format_html(_("Only {networks}"), networks=_shown(networks))


def _object(networks: Networks) -> str:
    """These networks, as they follow an "only"."""
    v4, v6 = _whole_families(networks)
    if v4 or v6:
        return _with_others(_("IPv4 addresses") if v4 else _("IPv6 addresses"), networks)
    return _shown(networks)


def _whole_families(networks: Networks) -> tuple[bool, bool]:
    """Whether the networks hold all of IPv4, and all of IPv6."""
    whole = {network.version for network in networks if network.prefixlen == 0}
    return 4 in whole, 6 in whole


def _with_others(family: str, networks: Networks) -> str:
    others = len(networks) - 1
    if not others:
        return family
    return ngettext(
        "%(family)s and %(count)d other network",
        "%(family)s and %(count)d other networks",
        others,
    ) % {"family": family, "count": others}


def _shown(networks: Networks) -> str:
    if len(networks) <= MOST_SHOWN:
        return sentences.chips(networks)
    return ngettext("%(count)d network", "%(count)d networks", len(networks)) % {
        "count": len(networks)
    }
