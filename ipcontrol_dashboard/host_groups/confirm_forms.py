# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Forms without fields: the page says what will happen, and sending does it."""

import time

from django.utils.translation import gettext as _
from horizon import messages

from ipcontrol.host_groups import (
    DEFAULT_KEY,
    NO_HOST,
    HostGroupMap,
    HostSet,
)
from ipcontrol_dashboard.api import host_groups as api
from ipcontrol_dashboard.api.host_group_types import Aggregate
from ipcontrol_dashboard.host_groups import edits, sentences
from ipcontrol_dashboard.host_groups.aggregate_forms import ExistingForm, take_default_from
from ipcontrol_dashboard.kit import service_errors

# Nova takes hosts one by one, and whoever stands in front of Horizon does not wait for ever.
ADDING_SECONDS = 20


class MakeDefaultForm(ExistingForm):
    def write(self, request, data) -> bool:
        api.set_metadata(request, self.aggregate_id, {DEFAULT_KEY: "true"})
        name = self.aggregate.name
        messages.success(request, _("%(name)s is the default group now.") % {"name": name})
        take_default_from(request, self.others, self.aggregate_id, name)
        return True


class AddMembersForm(ExistingForm):
    def write(self, request, data) -> bool:
        hosts = self._hosts()
        added: list[str] = []
        until = time.monotonic() + ADDING_SECONDS
        try:
            missing = [
                host.name
                for host in api.hosts(request)
                if host.name in hosts and host.name not in self.aggregate.members
            ]
            for host in missing:
                if time.monotonic() > until:
                    self.api_error(
                        _(
                            "%(added)d of %(all)d hosts are added. Nova takes them one by one: "
                            "send the form once more to go on."
                        )
                        % {"added": len(added), "all": len(missing)}
                    )
                    return False
                api.add_host(request, self.aggregate_id, host)
                added.append(host)
        except service_errors.ServiceError as error:
            self.api_error(
                _("Added: %(hosts)s. The others were not added. %(why)s")
                % {"hosts": sentences.names(added) or "-", "why": error.sentence}
            )
            return False
        messages.success(
            request,
            _("Added to the host aggregate %(name)s: %(hosts)s.")
            % {"name": self.aggregate.name, "hosts": sentences.names(added) or "-"},
        )
        return True

    def _hosts(self) -> HostSet:
        every = (self.aggregate, *self.others)
        groups = HostGroupMap.from_aggregates((one.name, one.metadata) for one in every)
        own = (group for group in groups.groups if group.name == self.aggregate.name)
        return next(map(groups.hosts_of, own), NO_HOST)


class DeleteHostGroupForm(ExistingForm):
    def write(self, request, data) -> bool:
        if keeps_aggregate(self.aggregate):
            # Mistyped keys too: an aggregate that keeps one still is meant to be a group.
            changes = dict.fromkeys(edits.own_metadata(self.aggregate.metadata))
            api.set_metadata(request, self.aggregate_id, changes)
        else:
            api.delete(request, self.aggregate_id)
        name = {"name": self.aggregate.name}
        messages.success(request, _("Deleted host group %(name)s.") % name)
        return True


def keeps_aggregate(aggregate: Aggregate) -> bool:
    """Whether an aggregate serves somebody else too, and so outlives its host group.

    It does with member hosts (Nova would not delete it then), an availability
    zone, or metadata that is not about host groups.
    """
    foreign = len(aggregate.metadata) > len(edits.own_metadata(aggregate.metadata))
    return bool(aggregate.members or aggregate.availability_zone or foreign)
