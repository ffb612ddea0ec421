# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Forms that write nothing over what somebody else has changed meanwhile.

Neither Swift nor Nova can be told to write only if nothing changed. So a form carries what
was there when it was shown, and reads it again right before it writes; what differs is told,
and the form then carries the newer state: sending it once more is a decision and no accident.
The moment between reading and writing remains.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from horizon.forms import SelfHandlingForm

from ipcontrol_dashboard.kit.fields import CarriedField
from ipcontrol_dashboard.kit.problems import shortened


class CarryingForm(SelfHandlingForm):
    """A form that is shown once more with something else in a field than was sent."""

    data: Any

    def carry(self, name: str, value: str) -> None:
        """Replace what a field holds when the form is shown once more."""
        self.data = self.data.copy()
        self.data[self.add_prefix(name)] = value


class FreshForm(CarryingForm):
    """A form that carries what the person has seen.

    Attributes:
        seen: what that is; each form writes it in its own way, and sets how long it may be.
    """

    seen = CarriedField(most=100)

    def changed_meanwhile(self, differences: Iterable[str], now: str) -> None:
        """Tell what somebody else has changed, where it is anything.

        Args:
            differences: a sentence for each.
            now: what the form carries then.
        """
        sentences = shortened(differences)
        if not sentences:
            return
        self.carry("seen", now)
        self.api_error(
            _(
                "Somebody has changed this since you opened the form. Nothing was saved yet, and "
                "what you typed is still here: send the form once more if you still want it. "
                "What was changed:"
            )
        )
        for sentence in sentences:
            self.api_error(sentence)
