# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Who called a container lately, as Swift tells it, and what its list says of them now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ipcontrol.access import Reason
from ipcontrol.addresses import Network, format_network
from ipcontrol.callers import Caller, Callers, Recorded
from ipcontrol.reach import Reach, of_policy
from ipcontrol_dashboard.api import swift
from ipcontrol_dashboard.kit import scopes, service_errors
from ipcontrol_dashboard.kit.problems import number
from ipcontrol_dashboard.whitelist import sentences
from ipcontrol_dashboard.whitelist.pages import ANYWAY
from ipcontrol_dashboard.whitelist.rules import READ, Rights
from ipcontrol_dashboard.whitelist.states import State

# What a page shows; more than these are seldom read.
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class CallerRow:
    """One caller.

    Attributes:
        caller: what is known of him.
        rights: what the lists say of him now; None where that is not known, or not the same
            for all addresses of his network.
        words: the rights in words.
        by: the label of the entry that lets him in now; empty where none does.
        at: the moment of the page.
        add_url: where he is added to the list; empty where that is not offered.
    """

    caller: Caller
    rights: Rights | None
    words: str
    by: str
    at: datetime
    add_url: str = ""

    @property
    def address(self) -> str:
        """His address, or his network of IPv6."""
        return format_network(self.caller.network)

    @property
    def seen(self) -> sentences.Expiry:
        """When he called last."""
        moment = self.caller.last_seen
        return sentences.Expiry(sentences.moment(moment), _ago(moment, self.at), True)

    @property
    def admitted(self) -> str:
        """How many of his requests were let in."""
        caller = self.caller
        if not caller.writes:
            return ngettext("%(n)s read", "%(n)s reads", caller.reads) % {
                "n": number(caller.reads)
            }
        return _("%(reads)s reads, %(writes)s writes") % {
            "reads": number(caller.reads),
            "writes": number(caller.writes),
        }

    @property
    def refused(self) -> str:
        """How many of them were refused, and why; empty for none."""
        return _refusals(_("%(n)s refused"), self.caller.refusals)

    @property
    def refused_by_trial(self) -> str:
        """How many would have been refused by a list that is only tried out; empty for none."""
        return _refusals(_("%(n)s would have been refused"), self.caller.trial_refusals)

    @property
    def stands_outside(self) -> bool:
        """Whether he wanted in, and is not let in, or not to all that he tried."""
        tried = self.caller.refused or self.caller.trial_refusals
        return bool(tried) and self.rights is not Rights.WRITE


@dataclass(frozen=True, slots=True)
class Recent:
    """The callers of a container, for a page.

    Attributes:
        told: what Swift tells; None where it does not.
        problem: why it does not; empty where it does, or is not asked.
        at: the moment of the page.
        rows: those who stand outside first, then those last seen.
    """

    at: datetime
    told: Callers | None = None
    problem: str = ""
    rows: tuple[CallerRow, ...] = ()

    @property
    def off(self) -> bool:
        """Whether nothing is recorded."""
        return self.told is None and not self.problem

    @property
    def more(self) -> int:
        """How many callers are not shown."""
        return len(self.told.callers) - len(self.rows) if self.told else 0

    @property
    def since(self) -> str:
        """Before which moment nothing is known."""
        if self.told is None:
            return ""
        if self.told.since is None:
            return _("Nothing is known yet. What is recorded shows here within a minute.")
        return _("Nothing is known before %(moment)s (%(distance)s).") % {
            "moment": sentences.moment(self.told.since),
            "distance": _ago(self.told.since, self.at),
        }

    @property
    def refusals_only(self) -> bool:
        """Whether nothing is known of those who were let in."""
        return self.told is not None and self.told.recorded is Recorded.REFUSED

    def use_of(self, source: str, item: str) -> str:
        """How often an item let somebody in, and when last; empty where that is not known."""
        if self.told is None or self.told.recorded is not Recorded.ALL or not self.told.since:
            return ""
        for use in self.told.entries:
            if (use.source, use.entry) == (source, item):
                return ngettext(
                    "Used by %(n)s request, %(distance)s.",
                    "Used by %(n)s requests, the last %(distance)s.",
                    use.requests,
                ) % {"n": number(use.requests), "distance": _ago(use.last_used, self.at)}
        days = timedelta(self.told.days)
        if self.at - self.told.since >= days:
            return _("Not used for %(days)d days.") % {"days": self.told.days}
        return _("Not used since %(moment)s, when the records begin.") % {
            "moment": sentences.moment(self.told.since)
        }


def load(request: HttpRequest, state: State, *, changeable: bool = True) -> Recent:
    """Ask Swift who called, and the engine what the list says of them.

    Args:
        request: of the person who looks.
        state: the list.
        changeable: whether the page offers to change it.
    """
    container = state.target.container
    if container is None or state.enforcement.callers is Recorded.OFF:
        return Recent(state.at)
    try:
        told = swift.callers(request, container)
    except service_errors.ServiceError as error:
        return Recent(state.at, problem=error.sentence)
    if told.recorded is Recorded.OFF:
        return Recent(state.at)
    rows = _rows(state, told.callers)[:MOST_SHOWN]
    if changeable:
        rows = [_with_link(request, state, row) for row in rows]
    return Recent(state.at, told, rows=tuple(rows))


def _with_link(request: HttpRequest, state: State, row: CallerRow) -> CallerRow:
    if row.rights is Rights.WRITE:
        return row
    query = {ANYWAY: 1} if ANYWAY in request.GET else {}
    url = state.target.url("add", network=row.address, **query)
    return replace(row, add_url=scopes.with_scope(request, url))


def _rows(state: State, callers: Iterable[Caller]) -> list[CallerRow]:
    rules = state.rules
    lists = [(listed.source, listed.whitelist) for listed in rules.lists]
    reach = of_policy(rules.policy, state.at, lists)
    rows = [_row(state, caller, reach) for caller in callers]
    return sorted(rows, key=lambda row: not row.stands_outside)


def _row(state: State, caller: Caller, reach: Reach) -> CallerRow:
    rights, words = _rights(state, caller.network, reach)
    decision = state.rules.decide(caller.network[0], READ, state.at)
    named = decision.allowed and decision.entry is not None and rights is not None
    by = sentences.label(decision.entry.label) if named and decision.entry else ""
    return CallerRow(caller, rights, words, by, state.at)


def _rights(state: State, network: Network, reach: Reach) -> tuple[Rights | None, str]:
    ruling, enforcement = state.rules.ruling, state.enforcement
    if ruling is not None and ruling.hidden:
        return None, sentences.rights(None)
    if _within(network, reach.write):
        return Rights.WRITE, sentences.rights(Rights.WRITE)
    if any(network.overlaps(each) for each in reach.write if each.version == network.version):
        return None, _("partly admitted")
    if _within(network, reach.read):
        return Rights.READ, sentences.rights(Rights.READ)
    if any(network.overlaps(each) for each in reach.read if each.version == network.version):
        return None, _("partly admitted")
    # Where the operator may admit him besides, nobody can say that he is refused.
    certain = enforcement.enforced and enforcement.exceptions_known
    return Rights.NONE, sentences.rights(Rights.NONE if certain else Rights.UNENFORCED)


def _within(network: Network, networks: Iterable[Network]) -> bool:
    return any(
        network.version == each.version and network.subnet_of(each)  # type: ignore[arg-type]
        for each in networks
    )


def _refusals(template: str, counts: Mapping[str, int]) -> str:
    if not counts:
        return ""
    words: dict[str, str] = {
        Reason.NOT_LISTED: _("not on the list"),
        Reason.READ_ONLY: _("may only read"),
        Reason.EXPIRED: _("its entry had expired"),
        Reason.UNLISTED_DENIED: _("there was no list"),
    }
    why = ", ".join(words.get(reason, reason) for reason in counts)
    total = template % {"n": number(sum(counts.values()))}
    return f"{total} ({why})"


def _ago(moment: datetime, at: datetime) -> str:
    """How long ago; what is younger than the page's moment is so by a clock that differs."""
    if at - moment < timedelta(minutes=1):
        return _("just now")
    return sentences.distance(moment, at)
