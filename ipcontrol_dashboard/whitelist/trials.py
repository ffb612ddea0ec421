# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the metadata beside a list say about trying it out, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ipcontrol.contract import Enforcement
from ipcontrol.entries import is_blank
from ipcontrol.trial import ITEM, NEVER, TrialError, parse_trial
from ipcontrol_dashboard.kit.translation import translated
from ipcontrol_dashboard.whitelist import reach_words, sentences

if TYPE_CHECKING:
    from ipcontrol_dashboard.whitelist.states import State

# Of a value that cannot be read, which may be as long as Swift takes it.
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Trial:
    """An item that says that a list is only tried out.

    Attributes:
        value: the item's.
        at: the moment of the page.
        end: the first moment at which the list is enforced; None where no list is put off by it.
        problem: why that is so; empty where one is.
        known: whether Swift says that it knows such items.
    """

    value: str
    at: datetime
    end: datetime | None = None
    problem: str = ""
    known: bool = True

    @property
    def on(self) -> bool:
        """Whether the list is not enforced at the moment of the page."""
        return self.end is not None and self.at < self.end

    @property
    def unreadable(self) -> bool:
        """Whether the item has to be mended."""
        return self.known and self.end is None

    @property
    def until(self) -> datetime | None:
        """When it ends by itself; None for never, and for what is no trial."""
        return None if self.end == NEVER else self.end

    @property
    def short(self) -> str:
        """Until when the list is on trial, in a few words."""
        if self.until is None:
            return _("On trial, not enforced")
        return _("On trial, enforced from %(moment)s on") % {
            "moment": sentences.moment(self.until)
        }

    @property
    def long(self) -> str:
        """Until when the list is on trial, in a sentence."""
        if self.until is None:
            return _("It is not enforced until somebody says so.")
        return _("It is not enforced until %(moment)s (%(distance)s), and then by itself.") % {
            "moment": sentences.moment(self.until),
            "distance": sentences.distance(self.until, self.at),
        }

    @property
    def shown_value(self) -> str:
        """The item's value, as far as a page shows it."""
        cut = self.value[:MOST_SHOWN]
        return cut if cut == self.value else f"{cut}…"


def read(metadata: Mapping[str, str], enforcement: Enforcement, at: datetime) -> Trial | None:
    """Find out what the metadata of a container or account say; None for nothing.

    Args:
        metadata: names in lower case, and values.
        enforcement: what Swift says about itself.
        at: the moment of the page.
    """
    value = metadata.get(ITEM, "")
    if is_blank(value):
        return None
    if not enforcement.trials:
        return Trial(value, at, problem=_unknown(enforcement), known=False)
    try:
        return Trial(value, at, end=parse_trial(value))
    except TrialError as error:
        return Trial(value, at, problem=translated(error))


def _unknown(enforcement: Enforcement) -> str:
    if enforcement.enforced:
        return _("This Swift knows no trials: the list is enforced.")
    return _("Swift does not say that it knows trials: here, the list counts as any other.")


def can_begin(state: "State") -> bool:
    """Whether there is a list that is enforced and could be tried out."""
    return state.enforcement.trials and state.rules.own.restricts and not is_on(state)


def can_begin_with_first(state: "State") -> bool:
    """Whether a list without entries could get its first one to be tried out."""
    return state.enforcement.trials and not state.rules.own.restricts and not is_on(state)


def is_on(state: "State") -> bool:
    """Whether the list, or what will be one, is not enforced now."""
    trial = state.trial
    return trial is not None and trial.on


def once_enforced(state: "State") -> str:
    """Who will reach it when the trial ends, or would if it ended now; empty where none is on."""
    trial, listed = state.trial, state.rules.lists[0]
    if trial is None or not trial.on or listed.hidden or not listed.whitelist.restricts:
        return ""
    return reach_words.who(listed.whitelist, trial.until or state.at)
