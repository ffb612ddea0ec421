# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The groups with their picture, and the hosts."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from horizon import tabs
from horizon.utils import functions

from ipcontrol_dashboard import conf
from ipcontrol_dashboard.carry import caller
from ipcontrol_dashboard.host_groups import (
    constants,
    landing,
    picture,
    placement,
    tables,
)
from ipcontrol_dashboard.host_groups.overview import Overview, Row, load
from ipcontrol_dashboard.kit.address_forms import AddressForm
from ipcontrol_dashboard.kit.service_errors import ServiceError

_QUESTION = _("Where would an instance start that is created from this address?")
_CHOICES = {
    placement.Show.ALL: _("All"),
    placement.Show.NO_GROUP: _("In no group"),
    placement.Show.UNREADY: _("Down or disabled"),
    placement.Show.ARRIVALS: _("With instances moved in"),
}


class GroupsTab(tabs.TableTab):
    name = _("Groups")
    slug = "groups"
    table_classes = (tables.HostGroupsTable,)
    template_name = constants.TEMPLATES + "groups_tab.html"
    # Nova takes seconds to list the hosts of a large cloud: for one tab at a time.
    preload = False
    overview: Overview | None = None
    error: str | None = None

    def get_groups_data(self) -> list[Row]:
        try:
            self.overview = load(self.request, conf.settings().counted_hosts)
        except ServiceError as error:
            self.error = error.sentence
            return []
        return list(self.overview.rows)

    def get_context_data(self, request, **kwargs):
        context = super().get_context_data(request, **kwargs)
        context["tab_id"] = self.get_id()
        context["error"] = self.error
        context["own_address"] = caller.address(request)
        context["unmapped"] = conf.settings().unmapped
        if self.overview is not None:
            context["problems"] = self.overview.problems
            context["uncounted"] = self.overview.uncounted
            context["most_counted"] = conf.settings().counted_hosts
            context |= self._trial(self.overview)
        return context

    def _trial(self, overview: Overview) -> dict:
        """The form that tries an address, the answer, and the picture."""
        form = AddressForm.of(self.request)
        context: dict = {"test": form, "question": _QUESTION}
        trial = None
        if form.tried is not None:
            trial = overview.try_address(form.tried, conf.settings().unmapped)
            context["answer"] = landing.answer(trial)
        if overview.groups:
            context["picture"] = picture.draw(overview, trial)
        return context


class HostsTab(tabs.TableTab):
    name = _("Hosts")
    slug = "hosts"
    table_classes = (tables.HostsTable,)
    template_name = constants.TEMPLATES + "hosts_tab.html"
    # It asks Nova for the instances of each host: only when somebody looks.
    preload = False
    error: str | None = None
    page = placement.HostsPage()

    @cached_property
    def wanted(self) -> placement.Wanted:
        query, options = self.request.GET, tables.HostsTable._meta
        show = query.get(constants.SHOW_PARAMETER, "")
        backwards = query.get(options.prev_pagination_param)
        return placement.Wanted(
            placement.Show(show) if show in set(placement.Show) else placement.Show.ALL,
            query.get(constants.TEXT_PARAMETER, "").strip(),
            backwards or query.get(options.pagination_param, ""),
            bool(backwards),
            functions.get_page_size(self.request),
        )

    def get_hosts_data(self) -> list[placement.PlacedHost]:
        try:
            self.page = placement.load(self.request, self.wanted)
        except ServiceError as error:
            self.error = error.sentence
        return list(self.page.hosts)

    def has_prev_data(self, table) -> bool:
        return self.page.has_previous

    def has_more_data(self, table) -> bool:
        return self.page.has_next

    def get_context_data(self, request, **kwargs):
        context = super().get_context_data(request, **kwargs)
        return context | {
            "tab_id": self.get_id(),
            "error": self.error,
            "problems": self.page.problems,
            "text": self.wanted.text,
            "show": self.wanted.show,
            "choices": [
                {
                    "show": show,
                    "label": label,
                    "count": self.page.counts.get(show, 0),
                    "chosen": show is self.wanted.show,
                }
                for show, label in _CHOICES.items()
            ],
        }


class HostGroupTabs(tabs.TabGroup):
    slug = "host_groups"
    tabs = (GroupsTab, HostsTab)
    sticky = False
