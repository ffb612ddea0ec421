# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Forms that ask before they shut the person out, now or later."""

from datetime import datetime

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from ipcontrol_dashboard.kit.fields import CarriedField
from ipcontrol_dashboard.kit.fresh_forms import CarryingForm
from ipcontrol_dashboard.whitelist.states import State

_FIELDS = ("confirm_lockout", "lockout_from")


class ConfirmingForm(CarryingForm):
    """A form with a tick, there when it is needed, for who means to be shut out.

    The tick counts for the moment that was told, and for later ones: who agreed
    to be shut out next week has not agreed to be shut out now.

    Args:
        state: the list as it is now.
    """

    confirm_lockout = forms.BooleanField(
        required=False, label=gettext_lazy("Shut me out all the same")
    )
    lockout_from = CarriedField(most=100)

    def __init__(self, request: HttpRequest, *args, state: State, **kwargs) -> None:
        super().__init__(request, *args, **kwargs)
        self.state = state
        self._tick = {name: self.fields.pop(name) for name in _FIELDS}
        if self.data.get(self.add_prefix("confirm_lockout")):
            self._show_tick()

    def agreed_from(self) -> datetime | None:
        """The moment from which the person agrees to be shut out; None for never."""
        if not self.cleaned_data.get("confirm_lockout"):
            return None
        try:
            agreed = datetime.fromisoformat(self.cleaned_data.get("lockout_from", ""))
        except ValueError:
            return None
        return agreed if agreed.tzinfo else None

    def agrees(self, lockout: datetime) -> bool:
        """Whether the person agrees to be shut out from this moment on."""
        agreed = self.agreed_from()
        return agreed is not None and agreed <= lockout

    def agrees_now(self) -> bool:
        """Whether the person agrees to be shut out at once, so that Swift may do it."""
        return self.agrees(self.state.at)

    def ask_to_agree(self, lockout: datetime) -> None:
        """Show the form once more, with a tick for this moment."""
        self._show_tick()
        self.carry("lockout_from", lockout.isoformat())
        self.data.pop(self.add_prefix("confirm_lockout"), None)

    def _show_tick(self) -> None:
        self.fields |= self._tick
