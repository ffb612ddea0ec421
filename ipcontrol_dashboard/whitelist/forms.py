# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Forms that change a list.

All of them work alike (`ChangeForm`): what the person wants becomes one change
of metadata; it is held against what somebody else did since the form was shown,
against Swift's limits and against the person's own address; then Swift is asked
once.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import chain

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from horizon import messages

from ipcontrol.access import Whitelist
from ipcontrol.entries import Entry, item_name
from ipcontrol.history import item_changes
from ipcontrol.metadata_names import is_token
from ipcontrol_dashboard.api import swift
from ipcontrol_dashboard.kit import scopes, service_errors
from ipcontrol_dashboard.kit.fields import LimitedChoiceField
from ipcontrol_dashboard.kit.fresh_forms import FreshForm
from ipcontrol_dashboard.kit.problems import shortened
from ipcontrol_dashboard.whitelist import changes, forecasts, history, mending, sentences
from ipcontrol_dashboard.whitelist.confirming import ConfirmingForm
from ipcontrol_dashboard.whitelist.fields import (
    LabelField,
    NetworksField,
    UntilField,
    split_members,
)
from ipcontrol_dashboard.whitelist.states import State

# Eight times what Swift keeps of a container's metadata, where no operator changed that.
MOST_SEEN = 32_768


def check_later(moment: datetime | None, at: datetime) -> datetime | None:
    """Pass on a moment that a person has chosen, or none.

    Raises:
        ValidationError: it is not to come any more.
    """
    if moment is None or moment > at:
        return moment
    raise ValidationError(
        _("%(until)s has passed: choose a later moment, or leave it empty.")
        % {"until": sentences.moment(moment)}
    )


class ChangeForm(ConfirmingForm, FreshForm):
    """A change of one list.

    Args:
        state: the list as it is now, not as it was when the form was shown.

    Attributes:
        own_items: what of the metadata the form is about.
    """

    own_items = staticmethod(changes.own_items)

    def __init__(self, request: HttpRequest, *args, state: State, **kwargs) -> None:
        super().__init__(request, *args, state=state, **kwargs)
        self.planned: dict[str, str] = {}
        now = changes.dump(self.own_items(state.metadata))
        self.fields["seen"].initial = now
        # Room for what was there when the form was shown: a list seldom becomes a quarter.
        self.fields["seen"].most = max(MOST_SEEN, 4 * len(now))

    def change(self, data: Mapping) -> dict[str, str]:
        """The change that the person wants: names to values, empty to remove."""
        raise NotImplementedError

    def success(self, data: Mapping) -> str:
        """What to say when it is done."""
        raise NotImplementedError

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors:
            self.planned = self.change(data)
            self._check_meanwhile(data)
        if not self.errors:
            self._check_limits()
        # What is forecast tells of the person's own address too, and asks nothing.
        if not self.errors and forecasts.ASKED not in self.data:
            self._check_lockout()
        return data

    def forecast(self) -> forecasts.Forecast:
        """What the change does; of a form that was cleaned."""
        if self.errors:
            return forecasts.of_problems(chain.from_iterable(self.errors.values()))
        after = changes.changed(self.state.metadata, self.planned)
        return forecasts.of_change(self.state, self.state.rules.after(after))

    def handle(self, request: HttpRequest, data: dict) -> bool:
        try:
            self._write()
        except service_errors.LockoutError as error:
            self._ask(self.state.at, error.sentence)
            return False
        except service_errors.ChangedMeanwhileError as error:
            self.state = replace(self.state, metadata=error.current)
            self._check_meanwhile(data)
            return False
        except service_errors.ServiceError as error:
            self.api_error(error.sentence)
            return False
        messages.success(request, self._with_undo(self.success(data)))
        self._tell_of_others(data)
        return True

    def _with_undo(self, sentence: str) -> str:
        """What was done, and the way to take it back where Swift has written it down."""
        done = item_changes(self.state.metadata, self.planned)
        if not done or not self.state.enforcement.history:
            return sentence
        url = self.state.target.url("undo", change=history.key(done))
        link = scopes.with_scope(self.request, url)
        return format_html(
            '{} <a class="ajax-modal ipw-undo" href="{}">{}</a>', sentence, link, _("Undo")
        )

    def _write(self) -> None:
        swift.change_metadata(
            self.request,
            self.state.target.container,
            self.planned,
            expected={name: self.state.metadata.get(name) for name in self.planned},
            confirm_lockout=self._confirms(),
        )

    def _confirms(self) -> bool:
        """Whether the person agrees to what Swift judges: now, and when a trial ends by itself."""
        if self.agrees_now():
            return True
        after = changes.changed(self.state.metadata, self.planned)
        lockout, end = self.state.lockout(after), self.state.rules.after(after).own.trial
        return lockout is not None and lockout == end and self.agrees(lockout)

    def _check_meanwhile(self, data: Mapping) -> None:
        seen, now = changes.load(data.get("seen", "")), self.state.metadata
        differences = changes.differences(seen, now, self.planned)
        self.changed_meanwhile(differences, changes.dump(self.own_items(now)))

    def _check_limits(self) -> None:
        problems = changes.too_much(self.state.metadata, self.planned, self.state.limits)
        for problem in shortened(problems):
            self.add_error(None, problem)

    def _check_lockout(self) -> None:
        after = changes.changed(self.state.metadata, self.planned)
        lockout = self.state.lockout(after)
        if lockout and not self.agrees(lockout):
            self._ask(lockout, self.state.lockout_sentence(after, lockout))

    def _ask(self, lockout: datetime, why: str) -> None:
        self.ask_to_agree(lockout)
        self.add_error(None, why)
        self.add_error(None, _("Nothing has been changed. If you want that, say so below."))

    def _tell_of_others(self, data: Mapping) -> None:
        seen = changes.load(data.get("seen", ""))
        others = (seen.keys() | self.own_items(self.state.metadata).keys()) - self.planned.keys()
        for sentence in shortened(changes.differences(seen, self.state.metadata, others)):
            messages.info(self.request, _("Meanwhile, by somebody else: %s") % sentence)


class EntryForm(ChangeForm):
    """Adds an entry, or writes another in the place of one.

    Args:
        item: the name of the item to write anew; empty to add one.
    """

    label = LabelField(
        label=gettext_lazy("Label"),
        required=False,
    )
    networks = NetworksField(
        label=gettext_lazy("Networks"),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("A network is missing: write one such as 192.0.2.0/24.")
        },
    )
    rights = LimitedChoiceField(
        label=gettext_lazy("These addresses may"),
        most=100,
        choices=(
            ("write", gettext_lazy("read and write")),
            ("read", gettext_lazy("read only")),
        ),
        initial="write",
        widget=forms.RadioSelect,
    )
    until = UntilField(
        label=gettext_lazy("Until (UTC)"),
        required=False,
    )
    # There where an item is mended whose end cannot be read.
    no_end = forms.BooleanField(required=False, label=gettext_lazy("No end"))
    field_order: tuple[str, ...] = (
        "label",
        "networks",
        "rights",
        "until",
        "no_end",
        "confirm_lockout",
    )

    def __init__(self, request: HttpRequest, *args, item: str = "", **kwargs) -> None:
        super().__init__(request, *args, **kwargs)
        self.item = item
        self.fields["networks"].offer(self.state.rules.names)
        self.old = self.state.items.get(item) or self._seen_entry()
        if self.old is not None and is_token(self.old.name):
            self.fields["label"].keep = self.old.label
        self._match_step()
        self._have_chosen_anew()

    def _seen_entry(self):
        """The entry as the form showed it, where somebody has removed it since."""
        seen = changes.load(self.fields["seen"].clean(self.data.get("seen", "")))
        return changes.items(Whitelist.from_metadata(seen, self.state.rules.names)).get(self.item)

    def _match_step(self) -> None:
        # A browser refuses seconds in a picker whose step is a minute.
        until = getattr(self.old, "until", None)
        if until is not None and until.second:
            self.fields["until"].widget.attrs["step"] = "1"

    def _have_chosen_anew(self) -> None:
        """Ask for what cannot be read in the old item."""
        draft = mending.draft(self.old) if self.old is not None else None
        if draft and draft.rights_unread:
            self.fields["rights"].error_messages["required"] = _(
                "Choose one: what stood here cannot be read (%(options)s)."
            ) % {"options": "; ".join(draft.rights_unread)}
        if draft and draft.until_unread:
            self._ends_unread = "; ".join(draft.until_unread)
        else:
            del self.fields["no_end"]

    @property
    def name(self) -> str:
        """The item to write."""
        label = self.cleaned_data["label"]
        if self.old is not None and label == self.old.label:
            return self.old.name
        return item_name(label)

    def clean_label(self) -> str:
        label = self.cleaned_data["label"]
        taken = self.state.items.get(self.name)
        if taken is not None and self.name != self.item:
            raise ValidationError(
                _(
                    'There is an entry "%(label)s" already (%(value)s): choose another label, '
                    "or edit that entry."
                )
                % {"label": sentences.label(label), "value": taken.value}
            )
        room = self.state.limits.name - changes.length(self.name)
        if room < 0:
            raise ValidationError(
                ngettext(
                    "Swift keeps shorter labels: take away %(count)d character.",
                    "Swift keeps shorter labels: take away %(count)d characters.",
                    -room,
                )
                % {"count": -room}
            )
        return label

    def clean_until(self):
        until = self.cleaned_data["until"]
        unchanged = until == getattr(self.old, "until", None)
        return until if unchanged else check_later(until, self.state.at)

    def clean_no_end(self) -> bool:
        no_end, until = self.cleaned_data["no_end"], self.cleaned_data.get("until")
        if no_end and until:
            raise ValidationError(_('Choose either a moment or "No end", not both.'))
        if no_end or until or "until" in self.errors:
            return no_end
        raise ValidationError(
            _(
                "Choose a moment above, or this: when the entry was to end cannot be read "
                "(%(options)s)."
            )
            % {"options": self._ends_unread}
        )

    def change(self, data: Mapping) -> dict[str, str]:
        networks, named = split_members(data["networks"])
        read_only = data["rights"] == "read"
        entry = Entry(self.name, networks, read_only, data["until"], named)
        removed = {self.item: ""} if self.item else {}
        return removed | {entry.name: entry.value}

    def success(self, data: Mapping) -> str:
        label = sentences.label(data["label"])
        return _('The entry "%(label)s" is saved.') % {"label": label}


class RemoveForm(ChangeForm):
    """Removes entries.

    Args:
        names: the items to remove; those that are gone already are passed over.
    """

    field_order = ("confirm_lockout",)

    def __init__(self, request: HttpRequest, *args, names: list[str], **kwargs) -> None:
        super().__init__(request, *args, **kwargs)
        removable = self.state.removable
        self.to_remove = [removable[name] for name in names if name in removable]

    def change(self, data: Mapping) -> dict[str, str]:
        return {item.name: "" for item in self.to_remove}

    def success(self, data: Mapping) -> str:
        if not self.to_remove:
            return _("Somebody else has removed that already.")
        labels = ", ".join(sentences.label(item.label) for item in self.to_remove)
        return ngettext(
            "Removed the entry %(labels)s.", "Removed the entries %(labels)s.", len(self.to_remove)
        ) % {"labels": labels}
