# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Forms that begin and end the trial of a list."""

from collections.abc import Mapping
from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ipcontrol.trial import ITEM, NEVER, format_trial
from ipcontrol_dashboard.whitelist import sentences, trials
from ipcontrol_dashboard.whitelist.fields import UntilField
from ipcontrol_dashboard.whitelist.forms import ChangeForm, EntryForm, check_later


class TryOutForm(ChangeForm):
    """Puts off a list, without an end or until a moment."""

    enforced_from = UntilField(label=gettext_lazy("Enforced from (UTC)"), required=False)
    field_order = ("enforced_from", "confirm_lockout")

    def clean_enforced_from(self) -> datetime | None:
        return check_later(self.cleaned_data["enforced_from"], self.state.at)

    def change(self, data: Mapping) -> dict[str, str]:
        return {ITEM: format_trial(data["enforced_from"] or NEVER)}

    def success(self, data: Mapping) -> str:
        moment = data["enforced_from"]
        if moment is None:
            return _("The list is on trial.")
        return _("The list is on trial, and enforced from %(moment)s on.") % {
            "moment": sentences.moment(moment)
        }


class EnforceForm(ChangeForm):
    """Ends a trial: the list is enforced at once."""

    field_order = ("confirm_lockout",)

    def change(self, data: Mapping) -> dict[str, str]:
        return {ITEM: ""}

    def success(self, data: Mapping) -> str:
        return _("The list is not on trial any more: it is enforced.")


class AddForm(EntryForm):
    """Adds an entry; with the first one, the list may be put off in the same change."""

    try_out = forms.BooleanField(
        required=False, label=gettext_lazy("Try out first: refuse nobody by this list yet")
    )
    enforced_from = UntilField(label=gettext_lazy("Enforced from (UTC)"), required=False)
    field_order = (
        *EntryForm.field_order[:-1],
        "try_out",
        "enforced_from",
        *EntryForm.field_order[-1:],
    )

    def __init__(self, request: HttpRequest, *args, **kwargs) -> None:
        super().__init__(request, *args, **kwargs)
        # Who ticked it when there was no entry is to be told that there is one.
        if not (trials.can_begin_with_first(self.state) or self.data.get("try_out")):
            del self.fields["try_out"], self.fields["enforced_from"]

    def clean_try_out(self) -> bool:
        tried = self.cleaned_data["try_out"]
        if tried and not trials.can_begin_with_first(self.state):
            raise ValidationError(
                _(
                    "This is not the first entry, or this Swift knows no trials (any more). "
                    "Take the tick away to add the entry as the list is."
                )
            )
        return tried

    def clean_enforced_from(self) -> datetime | None:
        moment = check_later(self.cleaned_data["enforced_from"], self.state.at)
        if moment and "try_out" not in self.errors and not self.cleaned_data["try_out"]:
            raise ValidationError(_('Tick "Try out first", or leave this empty.'))
        return moment

    def change(self, data: Mapping) -> dict[str, str]:
        change = super().change(data)
        if not data.get("try_out"):
            return change
        return change | {ITEM: format_trial(data["enforced_from"] or NEVER)}
