# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Create and edit a host group."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from horizon import forms, messages

from ipcontrol.addresses import Network, format_network
from ipcontrol.host_groups import (
    MAX_VALUE_LENGTH,
    HostGroup,
    is_host_group,
    metadata_changes,
    to_metadata,
)
from ipcontrol_dashboard.api import host_groups as api
from ipcontrol_dashboard.api.host_group_types import Aggregate, HalfCreatedError
from ipcontrol_dashboard.host_groups import edits, stored
from ipcontrol_dashboard.host_groups.aggregate_forms import (
    AggregatesForm,
    ExistingForm,
    take_default_from,
)
from ipcontrol_dashboard.host_groups.fields import HostnamePrefixField, SubnetsField, in_line
from ipcontrol_dashboard.kit import escaping, service_errors
from ipcontrol_dashboard.kit.fields import LimitedCharField, LimitedIntegerField
from ipcontrol_dashboard.kit.problems import Problems


class _HostGroupForm(AggregatesForm):
    """What a host group is made of."""

    use_required_attribute = False

    name = LimitedCharField(
        label=gettext_lazy("Name"),
        most=MAX_VALUE_LENGTH,
        help_text=gettext_lazy("The group is a host aggregate of this name."),
    )
    hostname_prefix = HostnamePrefixField(
        label=gettext_lazy("Hostname prefix"),
        help_text=gettext_lazy(
            "The group's hosts are those whose name in Nova begins with it: doc for doc1, doc2."
        ),
        widget=forms.TextInput(attrs={"class": "ipcontrol-typed", "spellcheck": "false"}),
    )
    subnets = SubnetsField(
        label=gettext_lazy("Subnets, one a line"),
        required=False,
        help_text=gettext_lazy("Such as 10.1.0.0/16 or 2001:db8:1::/48."),
        widget=forms.Textarea(
            attrs={"rows": 8, "class": "ipcontrol-typed", "spellcheck": "false"}
        ),
    )
    default = forms.BooleanField(
        label=gettext_lazy("All other addresses belong to this group"),
        required=False,
        help_text=gettext_lazy("One group is the default; the one that was is not any more."),
    )

    def group(self, data: Mapping[str, Any]) -> HostGroup:
        """Return the group as it was typed."""
        return HostGroup(
            data["name"], data["hostname_prefix"], tuple(data["subnets"]), data["default"]
        )

    def check_against(self, others: list[Aggregate], data: Mapping[str, Any]) -> None:
        """Refuse a name, a prefix or a subnet that another aggregate has already."""
        same = next((other for other in others if other.name == data.get("name")), None)
        if same is not None:
            self.name_is_taken(same)
        prefixes, subnets = stored.owners(others)
        prefix = data.get("hostname_prefix")
        if prefix and prefix in prefixes:
            sentence = _("%(prefix)s is the prefix of %(group)s already.")
            params = {"prefix": prefix, "group": prefixes[prefix]}
            self.add_error("hostname_prefix", sentence % params)
        problems = Problems()
        for network, line in self.fields["subnets"].read.items():
            if network in subnets:
                problems.add(_belongs_to, line, network, subnets[network])
        for sentence in problems.sentences:
            self.add_error("subnets", sentence)

    def name_is_taken(self, by: Aggregate) -> None:
        """Refuse a name."""
        if is_host_group(by.metadata):
            sentence = _("There is a host group of this name already: choose another one.")
        else:
            sentence = _("There is a host aggregate of this name already: choose another one.")
        self.add_error("name", sentence)


def _belongs_to(line: int, network: Network, group: str) -> str:
    sentence = _("%(subnet)s belongs to %(group)s already.") % {
        "subnet": format_network(network),
        "group": group,
    }
    return in_line(line, sentence)


class CreateHostGroupForm(_HostGroupForm):
    # An aggregate to use, after the person was told of it: one of the same name,
    # or one that an earlier attempt made and whose metadata was refused.
    existing = LimitedIntegerField(most=20, widget=forms.HiddenInput, required=False)
    aggregate: Aggregate | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        found = self.read()
        if found is not None:
            self.aggregate = next((one for one in found if self._may_use(one, data)), None)
            self.others = [one for one in found if one is not self.aggregate]
            self.check_against(self.others, data)
        return data

    def _may_use(self, aggregate: Aggregate, data: Mapping[str, Any]) -> bool:
        # Whoever changes the number renames nothing that somebody uses.
        usable = aggregate.bare or aggregate.name == data.get("name")
        return (
            aggregate.id == data.get("existing")
            and usable
            and not is_host_group(aggregate.metadata)
        )

    def name_is_taken(self, by: Aggregate) -> None:
        if is_host_group(by.metadata):
            super().name_is_taken(by)
            return
        self.carry("existing", str(by.id))
        self.add_error(
            "name",
            _(
                "There is a host aggregate of this name already, which is no host group. Send "
                "the form once more to make it one (whatever else it has stays as it is), or "
                "choose another name."
            ),
        )

    def write(self, request, data) -> bool:
        group = self.group(data)
        try:
            aggregate_id = self._make(request, group)
        except HalfCreatedError as error:
            self.carry("existing", str(error.aggregate_id))
            self.api_error(
                _(
                    "The aggregate is there, but what makes it a host group was not saved. "
                    "%(why)s Send the form once more to finish it, or remove it in the list."
                )
                % {"why": error.sentence}
            )
            return False
        messages.success(request, _("Created host group %(name)s.") % {"name": group.name})
        if group.default:
            take_default_from(request, self.others, aggregate_id, group.name)
        return True

    def _make(self, request, group: HostGroup) -> int:
        if self.aggregate is None:
            return api.create(request, group.name, to_metadata(group))
        number = self.aggregate.id
        try:
            if self.aggregate.name != group.name:
                api.rename(request, number, group.name)
            api.set_metadata(request, number, to_metadata(group))
        except service_errors.ServiceError as error:
            raise HalfCreatedError(error, number) from error
        return number


class UpdateHostGroupForm(ExistingForm, _HostGroupForm):
    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if hasattr(self, "aggregate"):
            if "name" in data:
                data["name"] = escaping.restored(data["name"], self.aggregate.name)
            self.check_against(self.others, data)
        return data

    def write(self, request, data) -> bool:
        group = self.group(data)
        renamed = group.name != self.aggregate.name
        if renamed:
            api.rename(request, self.aggregate_id, group.name)
        try:
            changes = metadata_changes(self.aggregate.metadata, to_metadata(group))
            api.set_metadata(request, self.aggregate_id, changes)
        except service_errors.ServiceError as error:
            if not renamed:
                raise
            self._half_saved(group.name, error)
            return False
        messages.success(request, _("Saved host group %(name)s.") % {"name": group.name})
        if group.default:
            take_default_from(request, self.others, self.aggregate_id, group.name)
        return True

    def _half_saved(self, name: str, error: service_errors.ServiceError) -> None:
        renamed = Aggregate(self.aggregate_id, name, self.aggregate.metadata)
        self.carry("seen", edits.dump(renamed))
        self.api_error(
            _("The name was saved, the rest was not. %(why)s") % {"why": error.sentence}
        )
