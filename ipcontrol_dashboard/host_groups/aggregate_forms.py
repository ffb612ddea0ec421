# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Forms that read the groups when they are sent. Whatever Nova says, what was typed stays."""

from typing import Any

from django.utils.translation import gettext as _
from horizon import messages

from ipcontrol.host_groups import DEFAULT_KEY, from_metadata, is_host_group
from ipcontrol_dashboard.api import host_groups as api
from ipcontrol_dashboard.api.host_group_types import Aggregate
from ipcontrol_dashboard.host_groups import edits
from ipcontrol_dashboard.kit import service_errors
from ipcontrol_dashboard.kit.fields import CarriedField
from ipcontrol_dashboard.kit.fresh_forms import CarryingForm, FreshForm


class AggregatesForm(CarryingForm):
    """A form that reads the aggregates when it is sent."""

    others: list[Aggregate]

    def read(self) -> list[Aggregate] | None:
        """Read the aggregates; None, with an error on the form, where Nova does not tell."""
        try:
            return api.aggregates(self.request)
        except service_errors.ServiceError as error:
            self.not_saved(error)
            return None

    def handle(self, request, data) -> bool:
        try:
            return self.write(request, data)
        except service_errors.ServiceError as error:
            self.not_saved(error)
            return False

    def write(self, request, data) -> bool:
        """Do what the form is for; whether it is done, if not with an error on the form.

        Raises:
            service_errors.ServiceError: nothing was written.
        """
        raise NotImplementedError

    def not_saved(self, error: service_errors.ServiceError) -> None:
        """Say why nothing was written."""
        self.api_error(_("Nothing was saved. %(why)s") % {"why": error.sentence})


class ExistingForm(AggregatesForm, FreshForm):
    """A form about a group that was there when it was opened."""

    seen = CarriedField(most=edits.MOST_SEEN)
    aggregate: Aggregate

    def __init__(self, request, *args, aggregate_id: int, **kwargs) -> None:
        super().__init__(request, *args, **kwargs)
        self.aggregate_id = aggregate_id

    def clean(self) -> dict[str, Any]:
        """Compare with what is there now, and say what somebody else has changed."""
        data = super().clean()
        found = self.read()
        if found is None:
            return data
        self.others = [one for one in found if one.id != self.aggregate_id]
        aggregate = next((one for one in found if one.id == self.aggregate_id), None)
        if aggregate is None:
            self.api_error(
                _(
                    "Somebody has deleted this host group since you opened the form. What you "
                    "typed is still here: copy it into a new host group if it is still wanted."
                )
            )
            return data
        self.aggregate = aggregate
        differences = edits.differences_since(data.get("seen", ""), aggregate)
        self.changed_meanwhile(differences, edits.dump(aggregate))
        return data


def take_default_from(request, others: list[Aggregate], keep: int, name: str) -> None:
    """Take the mark of the default group from all but one, after that one got it.

    In this order there is a default group at every moment. Where Nova refuses,
    a message says that there are two.
    """
    for other in others:
        group, _complaints = from_metadata(other.name, other.metadata)
        if other.id == keep or not is_host_group(other.metadata) or not group.default:
            continue
        try:
            api.set_metadata(request, other.id, {DEFAULT_KEY: None})
        except service_errors.ServiceError as error:
            messages.warning(
                request,
                _(
                    "%(old)s is still marked as the default group as well: make %(new)s the "
                    "default once more. %(why)s"
                )
                % {"old": other.name, "new": name, "why": error.sentence},
            )
