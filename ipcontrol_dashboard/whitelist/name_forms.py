# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Forms that define names for networks, in the account's metadata."""

from collections.abc import Mapping
from itertools import chain
from urllib.parse import unquote

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ipcontrol.named_networks import (
    MAX_NAME_LENGTH,
    SIGN,
    DefinitionError,
    check_name,
    parse_definition,
)
from ipcontrol_dashboard.kit.fields import LimitedCharField
from ipcontrol_dashboard.kit.networks_text import Word
from ipcontrol_dashboard.kit.translation import translated
from ipcontrol_dashboard.whitelist import changes, dependents, fields, forecasts
from ipcontrol_dashboard.whitelist.forms import ChangeForm

# Hidden fields, each with the quoted name of a container that refers to the name.
CONTAINER = "container"


class NameField(LimitedCharField):
    """A name, with or without the sign before it."""

    def __init__(self, **kwargs) -> None:
        super().__init__(most=4 * MAX_NAME_LENGTH, **kwargs)

    def to_python(self, value) -> str:
        name = super().to_python(value).removeprefix(SIGN).lower()
        if name in self.empty_values:
            return ""
        try:
            check_name(name)
        except DefinitionError as error:
            raise ValidationError(translated(error)) from None
        return name


class DefinitionField(fields.NetworksField):
    """Networks alone: a name does not stand for another one."""

    def wrong(self, word: Word) -> str:
        if not word.text.startswith(SIGN):
            return super().wrong(word)
        try:
            parse_definition("a", word.text)
        except DefinitionError as error:
            return translated(error)
        return ""


class _NameForm(ChangeForm):
    """A change of what one name stands for.

    Args:
        name: the name; empty for a new one.
    """

    own_items = staticmethod(changes.definitions)

    def __init__(self, request: HttpRequest, *args, name: str = "", **kwargs) -> None:
        super().__init__(request, *args, **kwargs)
        self.name = name

    @property
    def containers(self) -> list[str]:
        """The containers that the page has found, as many as are looked at."""
        sent = self.data.getlist(CONTAINER) if hasattr(self.data, "getlist") else []
        names = (unquote(name) for name in sent[: dependents.MOST_AT_ONCE])
        return list(dict.fromkeys(name for name in names if name))

    def forecast(self) -> forecasts.Forecast:
        if self.errors:
            return forecasts.of_problems(chain.from_iterable(self.errors.values()))
        after = changes.changed(self.state.metadata, self.planned)
        return dependents.forecast(self.request, self.state, after, self.containers)


class EditNameForm(_NameForm):
    """Says what a name stands for."""

    networks = DefinitionField(
        label=gettext_lazy("Networks"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("A network is missing: write one such as 192.0.2.0/24."),
            "too_long": gettext_lazy(
                "These are %(count)s characters, more than a name takes (%(most)s): write wider "
                "networks in place of narrow ones."
            ),
            "too_many": gettext_lazy(
                "These are %(count)s networks, more than a name takes (%(most)s): write wider "
                "networks in place of narrow ones."
            ),
        },
    )
    field_order = ("name", "networks", "confirm_lockout")

    def change(self, data: Mapping) -> dict[str, str]:
        most = self.state.limits.value
        return changes.definition_change(self.state.metadata, self.name, data["networks"], most)

    def success(self, data: Mapping) -> str:
        return _("The name @%(name)s is saved.") % {"name": self.name}


class DefineNameForm(EditNameForm):
    """Defines a name that there is not yet."""

    name = NameField(label=gettext_lazy("Name"))

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if name in changes.names_defined(self.state.metadata):
            raise ValidationError(
                _("There is a name @%(name)s already: edit that, or choose another name.")
                % {"name": name}
            )
        self.name = name
        return name


class DeleteNameForm(_NameForm):
    """Takes a definition away."""

    field_order = ("confirm_lockout",)

    def change(self, data: Mapping) -> dict[str, str]:
        return changes.definition_change(self.state.metadata, self.name, (), 0)

    def success(self, data: Mapping) -> str:
        return _("The name @%(name)s is deleted.") % {"name": self.name}
