# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Import: the first sending shows what would change, the second does it."""

import hashlib
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from horizon import forms, messages

from ipcontrol.host_groups import to_metadata
from ipcontrol_dashboard.api import host_groups as api
from ipcontrol_dashboard.api.host_group_types import Aggregate
from ipcontrol_dashboard.host_groups import edits, exchange, sentences
from ipcontrol_dashboard.host_groups.aggregate_forms import AggregatesForm, take_default_from
from ipcontrol_dashboard.kit import service_errors
from ipcontrol_dashboard.kit.fields import LimitedCharField, fits
from ipcontrol_dashboard.kit.fresh_forms import FreshForm
from ipcontrol_dashboard.kit.problems import number

# Some 15,000 subnets as Export writes them. The page of what would change carries the
# text, and a quotation mark takes six characters there.
MOST_CHARACTERS = 350_000
MOST_SHOWN_AGAIN = 600_000
# Of more groups, the rest of what would change is counted.
MOST_STEPS = 200


_TOO_LONG = gettext_lazy(
    "These are %(count)s characters, more than can be imported at a time (%(most)s): part the "
    "file, for groups that are not in one stay as they are."
)


class ImportForm(AggregatesForm, FreshForm):
    use_required_attribute = False

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("As Export writes it."),
    )
    text = LimitedCharField(
        label=gettext_lazy("or its text"),
        most=MOST_CHARACTERS,
        most_shown=MOST_SHOWN_AGAIN,
        error_messages={"too_long": _TOO_LONG},
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 12, "class": "ipcontrol-typed", "spellcheck": "false"}
        ),
    )
    steps: list[exchange.Step] | None = None

    def clean_file(self) -> str:
        upload = self.cleaned_data.get("file")
        if not upload:
            return ""
        if upload.size > MOST_CHARACTERS:
            params = {"count": number(upload.size), "most": number(MOST_CHARACTERS)}
            raise forms.ValidationError(_TOO_LONG, params=params)
        try:
            text = upload.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file is not text in UTF-8.")) from error
        # A browser sends no file a second time: the text takes its place.
        self.carry("text", text)
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        text = data.get("file") or data.get("text", "")
        if self.errors:
            return data
        if not text.strip():
            self.api_error(_("Choose a file, or paste its text."))
            return data
        found = self.read()
        if found is not None:
            self.others = found
            self._preview(text, found, data.get("seen"))
        return data

    def _preview(self, text: str, found: list[Aggregate], seen: str | None) -> None:
        if not fits(text, MOST_SHOWN_AGAIN):
            # It could not be sent a second time.
            self.api_error(
                _("The file has too many quotation marks: part it, and import each part.")
            )
            return
        try:
            self.steps = exchange.plan(exchange.load(text), found)
        except exchange.FileError as error:
            for sentence in error.sentences:
                self.api_error(sentence)
            return
        now = _digest(text, found)
        if seen != now:
            self.carry("seen", now)
            # No error to the person, but nothing is written yet either.
            self.add_error("seen", _("Look at what would change, and send once more."))

    @property
    def shown_steps(self) -> list[exchange.Step]:
        """The groups of which the page tells what would change."""
        return (self.steps or [])[:MOST_STEPS]

    @property
    def more_steps(self) -> str:
        """How many others there are, in words; empty for none."""
        more = len(self.steps or ()) - MOST_STEPS
        return sentences.and_more(more) if more > 0 else ""

    def handle(self, request, data) -> bool:
        done = 0
        # The new default comes first: then there is one at every moment.
        for step in sorted(self.steps or (), key=lambda step: not step.group.default):
            try:
                done += self._write(request, step)
            except service_errors.ServiceError as error:
                self._stopped(done, step, error)
                return False
        self._move_default(request)
        messages.success(
            request,
            ngettext(
                "Imported: %(count)d group was written.",
                "Imported: %(count)d groups were written.",
                done,
            )
            % {"count": done},
        )
        return True

    def _stopped(self, done: int, step: exchange.Step, error: service_errors.ServiceError) -> None:
        self.api_error(
            ngettext(
                "%(count)d group was written, %(name)s was not. %(why)s",
                "%(count)d groups were written, %(name)s was not. %(why)s",
                done,
            )
            % {"count": done, "name": step.group.name, "why": error.sentence}
        )
        self.api_error(_("Send once more to see what is left, and to go on from there."))
        self.carry("seen", "")

    def _write(self, request, step: exchange.Step) -> bool:
        if step.aggregate is None:
            api.create(request, step.group.name, to_metadata(step.group))
            return True
        api.set_metadata(request, step.aggregate.id, step.metadata)
        return bool(step.metadata)

    def _move_default(self, request) -> None:
        name = next((step.group.name for step in self.steps or () if step.group.default), None)
        if name is None:
            return
        # Those in the file were written as the file has them.
        written = {step.group.name for step in self.steps or ()}
        others = [one for one in self.others if one.name not in written]
        take_default_from(request, others, keep=0, name=name)


def _digest(text: str, found: list[Aggregate]) -> str:
    state = "".join(sorted(map(edits.dump, found)))
    return hashlib.sha256(f"{text}\0{state}".encode()).hexdigest()
