# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What a change does, in words, before it is saved.

What is said is true of every address and every moment to come: it is made from what
`ipcontrol.forecast` computes. Of whom the operator admits besides, without that Swift shows
it, nothing is said but that there may be somebody.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ipcontrol.addresses import Address, parse_network
from ipcontrol.contract import Enforcement
from ipcontrol.entries import Entry
from ipcontrol.forecast import Lists, Right, Shift, forecast, grounds
from ipcontrol.lockout import trial_ends
from ipcontrol_dashboard.kit.problems import number, shortened
from ipcontrol_dashboard.whitelist import answers, sentences
from ipcontrol_dashboard.whitelist.rules import Rules
from ipcontrol_dashboard.whitelist.states import State

# In the POST of a form: it is not to be saved, but to say what it would do. The value tells
# whether a script asks, for this part of the page alone.
ASKED, BY_SCRIPT = "forecast", "script"

TEMPLATE = "ipcontrol_dashboard/whitelist/_forecast.html"

# More networks than these are counted, up to a number that is counted quickly.
MOST_NETWORKS = 12
MOST_COUNTED = 1_000
MOST_LINES = 20
MOST_LABELS = 4
# Lists of thousands of networks, in a hundred containers that are all different.
MOST_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """Addresses for which a change does the same.

    Attributes:
        lost: whether they lose by it.
        what: what they lose, gain or keep.
        who: the addresses, as markup.
        labels: the entries by which they were, or will be, admitted; empty for none.
        when: from when on, and until when.
        yours: whether the person's address is among them.
    """

    lost: bool
    what: str
    who: SafeString
    labels: str
    when: str
    yours: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What a change does to one list, or to several alike.

    Attributes:
        unknown: why it cannot be told; empty where it can.
        lines: what it does, losses first; none where nobody would notice.
        more: how many lines are left out.
        you: what it does to the person's own address.
    """

    unknown: str = ""
    lines: tuple[Line, ...] = ()
    more: int = 0
    you: str = ""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a change does.

    Attributes:
        problems: why the form could not be saved as it is; nothing else is told then.
        parts: each with the containers that it is told of; none for the one list that the
            page is about.
        late: the containers for which there was not the time to tell it.
        notes: under what circumstances it does something else.
    """

    problems: tuple[str, ...] = ()
    parts: tuple[tuple[tuple[str, ...], Part], ...] = ()
    late: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def of_problems(problems: Iterable[str]) -> Forecast:
    """Of a form that cannot be saved as it is."""
    return Forecast(problems=tuple(shortened(problems)))


def of_change(state: State, after: Rules) -> Forecast:
    """Of a change of one list.

    Args:
        state: the list as it is now.
        after: the rules as they would be.
    """
    return Forecast(parts=(((), part(state, after)),), notes=_notes(state.enforcement))


def of_changes(state: State, changed: Iterable[tuple[State, Rules]]) -> Forecast:
    """Of a change of many containers, those for which it does the same together.

    Args:
        state: what the page is about.
        changed: each container's list as it is now, and its rules as they would be.
    """
    end = time.monotonic() + MOST_SECONDS
    known: dict[object, Part] = {}
    parts: dict[Part, list[str]] = {}
    late = []
    for each, after in changed:
        name, key = each.target.title, (_whitelists(each.rules), _whitelists(after))
        if key not in known:
            if time.monotonic() > end:
                late.append(name)
                continue
            known[key] = part(each, after)
        parts.setdefault(known[key], []).append(name)
    told = tuple((tuple(names), part) for part, names in parts.items())
    return Forecast(parts=told, late=tuple(late), notes=_notes(state.enforcement))


def _whitelists(rules: Rules) -> tuple[object, ...]:
    return tuple((listed.whitelist, listed.hidden) for listed in rules.lists)


def part(state: State, after: Rules) -> Part:
    """What a change does to one list; see `of_change`."""
    if _hidden(state.rules) or _hidden(after):
        return Part(unknown=_("Swift does not show you a list that rules here."))
    lists = _lists(state.rules), _lists(after)
    shifts = forecast(after.policy, *lists, state.at)
    lines = [_line(pair, lists, state) for pair in _paired(shifts)]
    return Part(
        lines=tuple(lines[:MOST_LINES]),
        more=len(lines[MOST_LINES:]),
        you=_you(state.caller, lines),
    )


def _notes(enforcement: Enforcement) -> tuple[str, ...]:
    if enforcement.enforced:
        return tuple(answers.exceptions(enforcement))
    return (_("Nothing is known to enforce the lists. Where they are enforced, this is so."),)


def _hidden(rules: Rules) -> bool:
    """Whether a list that is hidden rules, now or when one that is tried out does not."""
    for listed in rules.lists:
        if listed.hidden:
            return True
        if listed.whitelist.restricts and listed.whitelist.trial is None:
            return False
    return False


def _lists(rules: Rules) -> Lists:
    return [(listed.source, listed.whitelist) for listed in rules.lists]


def _paired(shifts: Iterable[Shift]) -> list[list[Shift]]:
    """The shifts, those of reading and of writing together where nothing else differs."""
    found: dict[object, list[Shift]] = {}
    for shift in shifts:
        found.setdefault((shift.ranges, shift.before, shift.after), []).append(shift)
    return list(found.values())


def _line(pair: list[Shift], lists: tuple[Lists, Lists], state: State) -> Line:
    shift = pair[0]
    entries = dict.fromkeys(entry for each in pair for entry in grounds(each, *lists, state.at))
    yours = state.caller is not None and shift.overlaps(parse_network(str(state.caller)))
    what = _what(shift, {each.right for each in pair})
    return Line(
        shift.lost, what, who(shift), _labels(entries), _when(shift, lists, state.at), yours=yours
    )


def _what(shift: Shift, rights: set[Right]) -> str:
    place = 2 if len(rights) == 2 else 0 if Right.READ in rights else 1
    if shift.lost:
        return (_("lose reading"), _("lose writing"), _("lose reading and writing"))[place]
    return (_("gain reading"), _("gain writing"), _("gain reading and writing"))[place]


def _when(shift: Shift, lists: tuple[Lists, Lists], at: datetime) -> str:
    params = {
        "starts": _moment(shift.starts, at),
        "ends": _moment(shift.ends, at) if shift.ends else "",
    }
    now = shift.starts <= at
    if shift.ends is None:
        template = _("now") if now else _("from %(starts)s on")
    elif shift.lost and shift.ends not in trial_ends(
        (each for _source, each in chain(*lists)), at
    ):
        # They would lose it then in any case.
        template = _("now, not only on %(ends)s") if now else _("on %(starts)s, not on %(ends)s")
    else:
        template = _("until %(ends)s") if now else _("from %(starts)s until %(ends)s")
    return template % params


def _moment(when: datetime, at: datetime) -> str:
    params = {"moment": sentences.moment(when), "distance": sentences.distance(when, at)}
    return _("%(moment)s (%(distance)s)") % params


def _labels(entries: Iterable[Entry]) -> str:
    labels = [entry.label for entry in entries if entry.label]
    shown = ", ".join(labels[:MOST_LABELS])
    if len(labels) <= MOST_LABELS:
        return shown
    return _("%(entries)s and others") % {"entries": shown}


def _you(address: Address | None, lines: list[Line]) -> str:
    if address is None:
        return _("Your address is not known.")
    yours = [f"{line.what} {line.when}" for line in lines if line.yours]
    told = "; ".join(yours) or _("nothing changes")
    return _("You (%(address)s): %(told)s.") % {"address": address, "told": told}


# --- Addresses ------------------------------------------------------------------


def who(shift: Shift) -> SafeString:
    """The addresses of a shift, exactly: as networks, or as all but some."""
    families = dict.fromkeys(first.version for first, _last in shift.ranges)
    return format_html_join("; ", "{}", ((_of_family(shift, each),) for each in families))


def _of_family(shift: Shift, version: int) -> SafeString:
    inside = list(islice(shift.networks(version), MOST_COUNTED + 1))
    outside = list(islice(shift.others(version), MOST_NETWORKS + 1))
    family = _("all IPv4 addresses") if version == 4 else _("all IPv6 addresses")
    if not outside:
        return format_html("{}", family)
    if len(outside) <= min(MOST_NETWORKS, len(inside) - 1):
        words = _("{family} but {networks}")
        return format_html(words, family=family, networks=sentences.chips(outside))
    shown = sentences.chips(inside[:MOST_NETWORKS])
    return format_html("{}{}", shown, _more(len(inside) - MOST_NETWORKS))


def _more(count: int) -> str:
    if count > MOST_COUNTED - MOST_NETWORKS:
        return _(" and more than %(count)s more") % {"count": number(MOST_COUNTED - MOST_NETWORKS)}
    return sentences.more_networks(count)
