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

from ipcontrol.addresses import parse_network
from ipcontrol.named_networks import (
    MAX_NAME_LENGTH,
    SIGN,
    DefinitionError,
    check_name,
    parse_definition,
)
from ipcontrol_dashboard.api.neutron import Kind, ProjectAddress
from ipcontrol_dashboard.kit.fields import LimitedCharField
from ipcontrol_dashboard.kit.networks_text import Word
from ipcontrol_dashboard.kit.translation import translated
from ipcontrol_dashboard.whitelist import changes, dependents, fields, forecasts, project_addresses
from ipcontrol_dashboard.whitelist.forms import ChangeForm
from ipcontrol_dashboard.whitelist.project_addresses import Origin

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

    own_items = staticmethod(project_addresses.own_items)

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
        metadata, most = self.state.metadata, self.state.limits.value
        definition = changes.definition_change(metadata, self.name, data["networks"], most)
        # What somebody writes is his own.
        return {**definition, **project_addresses.removal(metadata, self.name)}

    def success(self, data: Mapping) -> str:
        return _("The name @%(name)s is saved.") % {"name": self.name}


class _NewNameForm(_NameForm):
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


class DefineNameForm(_NewNameForm, EditNameForm):
    """Defines a name that there is not yet, for networks that are written."""


class ProjectAddressesForm(_NewNameForm):
    """Defines a name for addresses of the project, or brings it up to date.

    Args:
        addresses: those that Neutron knows.
        name: the name that was made so before; empty for a new one.
    """

    addresses = forms.MultipleChoiceField(
        label=gettext_lazy("Addresses"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one address."),
            "invalid_choice": gettext_lazy(
                "An address that you chose is not the project's any more: "
                "look through them and send again."
            ),
        },
    )
    field_order = ("name", "addresses", "confirm_lockout")

    def __init__(
        self, request: HttpRequest, *args, addresses: list[ProjectAddress], **kwargs
    ) -> None:
        super().__init__(request, *args, **kwargs)
        self.origin = Origin.from_metadata(self.state.metadata)
        self.addresses = {str(each.address): each for each in addresses}
        left_out = set(map(str, self.origin.left_out)) if self.name else set()
        choices = self.fields["addresses"]
        choices.choices = [(text, _words(each)) for text, each in self.addresses.items()]
        choices.initial = [text for text in self.addresses if text not in left_out]
        if self.name:
            del self.fields["name"]
        else:
            self.fields["name"].initial = "project"

    def change(self, data: Mapping) -> dict[str, str]:
        metadata, most = self.state.metadata, self.state.limits.value
        chosen = [parse_network(text) for text in data["addresses"]]
        left_out = [
            each.address for text, each in self.addresses.items() if text not in data["addresses"]
        ]
        definition = changes.definition_change(metadata, self.name, chosen, most)
        return {**definition, **project_addresses.change(self.name, left_out, most)}

    def success(self, data: Mapping) -> str:
        return _("The name @%(name)s stands for %(count)d of the project's addresses.") % {
            "name": self.name,
            "count": len(data["addresses"]),
        }


def _words(each: ProjectAddress) -> str:
    params = {"address": each.address, "owner": each.owner}
    if each.kind is Kind.ROUTER:
        return _("%(address)s: gateway of the router %(owner)s") % params
    if each.owner:
        return _("%(address)s: floating IP of %(owner)s") % params
    return _("%(address)s: floating IP, not in use") % params


class DeleteNameForm(_NameForm):
    """Takes a definition away."""

    field_order = ("confirm_lockout",)

    def change(self, data: Mapping) -> dict[str, str]:
        metadata = self.state.metadata
        definition = changes.definition_change(metadata, self.name, (), 0)
        return {**definition, **project_addresses.removal(metadata, self.name)}

    def success(self, data: Mapping) -> str:
        return _("The name @%(name)s is deleted.") % {"name": self.name}
