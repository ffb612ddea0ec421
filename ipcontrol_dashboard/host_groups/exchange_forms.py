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
from ipcontrol_dashboard.host_groups import edits, exchange
from ipcontrol_dashboard.host_groups.fresh_forms import FreshForm, take_default_from

MOST_BYTES = 1_000_000


class ImportForm(FreshForm):
    use_required_attribute = False

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("As Export writes it."),
    )
    text = forms.CharField(
        label=gettext_lazy("or its text"),
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 12, "class": "ipcontrol-typed", "spellcheck": "false"}
        ),
    )
    # What the person has seen the consequences of.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    steps: list[exchange.Step] | None = None

    def clean_file(self) -> str:
        upload = self.cleaned_data.get("file")
        if not upload:
            return ""
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB."))
        try:
            text = upload.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file is not text in UTF-8.")) from error
        # A browser sends no file a second time: the text takes its place.
        self.renew("text", text)
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

    def _preview(self, text: str, found: list[api.Aggregate], seen: str | None) -> None:
        try:
            self.steps = exchange.plan(exchange.load(text), found)
        except exchange.FileError as error:
            for sentence in error.sentences:
                self.api_error(sentence)
            return
        now = _digest(text, found)
        if seen != now:
            self.renew("seen", now)
            # No error to the person, but nothing is written yet either.
            self.add_error("seen", _("Look at what would change, and send once more."))

    def handle(self, request, data) -> bool:
        done = 0
        # The new default comes first: then there is one at every moment.
        for step in sorted(self.steps or (), key=lambda step: not step.group.default):
            try:
                done += self._write(request, step)
            except api.NovaError as error:
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

    def _stopped(self, done: int, step: exchange.Step, error: api.NovaError) -> None:
        self.api_error(
            ngettext(
                "%(count)d group was written, %(name)s was not. %(why)s",
                "%(count)d groups were written, %(name)s was not. %(why)s",
                done,
            )
            % {"count": done, "name": step.group.name, "why": error.sentence}
        )
        self.api_error(_("Send once more to see what is left, and to go on from there."))
        self.renew("seen", "")

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


def _digest(text: str, found: list[api.Aggregate]) -> str:
    state = "".join(sorted(map(edits.opened, found)))
    return hashlib.sha256(f"{text}\0{state}".encode()).hexdigest()
