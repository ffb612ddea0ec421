# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The proxy's answer to one address, as far as a panel can know it."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ipcontrol.addresses import Address
from ipcontrol.contract import Enforcement, Mode
from ipcontrol_dashboard.kit.address_forms import AddressForm
from ipcontrol_dashboard.kit.fields import LimitedChoiceField
from ipcontrol_dashboard.whitelist import sentences
from ipcontrol_dashboard.whitelist.rules import Rights
from ipcontrol_dashboard.whitelist.states import State


class RequestForm(AddressForm):
    """Asks whether an address may do one thing."""

    METHODS = (
        ("GET", gettext_lazy("read or list")),
        ("PUT", gettext_lazy("upload")),
        ("POST", gettext_lazy("change metadata")),
        ("DELETE", gettext_lazy("delete")),
        ("HEAD", gettext_lazy("look at metadata")),
    )
    method = LimitedChoiceField(label=gettext_lazy("Wants to"), choices=METHODS, most=100)


class Outcome(StrEnum):
    """What the proxy answers."""

    ADMITTED = "admitted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Answer(NamedTuple):
    """An answer, and the sentences that belong to it.

    Attributes:
        outcome: which.
        title: the answer in words.
        why: what decides.
        but: under what circumstances it is another one; empty for none.
    """

    outcome: Outcome
    title: str
    why: str
    but: str = ""


def answer_to(state: State, address: Address, method: str) -> Answer:
    """Whether this address may do this now."""
    rules = state.rules
    decision = rules.decide(address, method, state.at)
    why = sentences.answer(address, decision, rules)
    if decision.allowed:
        return Answer(Outcome.ADMITTED, _("Admitted."), why)
    if state.enforcement.mode is Mode.UNKNOWN:
        return Answer(Outcome.UNKNOWN, _("Not known."), _by_the_lists(why))
    if not state.enforcement.enforced:
        return Answer(
            Outcome.ADMITTED, _("Admitted, for nothing enforces the lists."), _by_the_lists(why)
        )
    if address == state.caller and state.viewer.rights(rules) is Rights.OPERATOR:
        return Answer(Outcome.ADMITTED, _("Admitted by the operator."), _no_list(address))
    if rules.ruling and rules.ruling.hidden:
        return Answer(Outcome.UNKNOWN, _("Not known."), why)
    but = " ".join(exceptions(state.enforcement))
    title = _("Refused, by the lists.") if but else _("Refused.")
    return Answer(Outcome.REFUSED, title, why, but)


def exceptions(enforcement: Enforcement) -> Iterator[str]:
    """Whom the operator may admit besides, without that Swift shows it."""
    if not enforcement.always_allow_known:
        yield _("The operator may admit further addresses, which Swift does not show.")
    if enforcement.admit_local:
        yield _("The addresses of Swift's own proxies are admitted too.")


def _by_the_lists(why: str) -> str:
    return _("By the lists it would be refused: %(why)s") % {"why": why}


def _no_list(address: Address) -> str:
    return _("No list admits %(address)s, and Swift answers it all the same.") % {
        "address": address
    }
