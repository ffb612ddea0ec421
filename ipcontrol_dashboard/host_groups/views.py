# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The page, and a form for each action."""

from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import View
from horizon import exceptions, tabs
from openstack_dashboard import policy

from ipcontrol.host_groups import PREFIX_KEY
from ipcontrol_dashboard import conf
from ipcontrol_dashboard.host_groups import confirm_forms, consequences, constants, edits, stored
from ipcontrol_dashboard.host_groups import forms as group_forms
from ipcontrol_dashboard.host_groups.overview import Overview, Row, load, load_groups
from ipcontrol_dashboard.host_groups.tabs import HostGroupTabs
from ipcontrol_dashboard.kit.form_pages import FormPage
from ipcontrol_dashboard.kit.service_errors import NOVA, NotFoundError, ServiceError


class IndexView(tabs.TabbedTableView):
    tab_group_class = HostGroupTabs
    template_name = constants.TEMPLATES + "index.html"
    page_title = _("Host Groups")


class PolicyMixin(View):
    """Lets only those in whom Nova allows the calls."""

    policy_rules: tuple[tuple[str, str], ...] = ()

    def dispatch(self, request, *args, **kwargs):
        # A link that is not shown can still be typed, and a form be forged.
        if not policy.check(self.policy_rules, request):
            raise exceptions.NotAuthorized
        return super().dispatch(request, *args, **kwargs)


class ActionView(PolicyMixin, FormPage):
    """A form that leads back to the list."""

    of_project = False
    success_url = back = reverse_lazy(constants.INDEX_URL)
    back_label = _("Back to the host groups")


class CreateView(ActionView):
    form_class = group_forms.CreateHostGroupForm
    ajax_template_name = constants.TEMPLATES + "_host_group.html"
    heading = _("Create Host Group")
    submit_label = _("Create Host Group")
    policy_rules = constants.CREATE_RULES


class _GroupView(ActionView):
    """A form about one group.

    Opening it reads the groups, sending it leaves that to the form: where Nova
    does not answer then, what was typed must come back all the same.
    """

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"aggregate_id": self.kwargs["aggregate_id"]}

    def get_initial(self):
        if self.request.method != "GET":
            return {}
        seen = {"seen": edits.dump(self.row.aggregate)}
        return seen | self.typed(self.row) | super().get_initial()

    def typed(self, row: Row) -> dict[str, object]:
        """Return what stands in the form's fields when it is opened."""
        return {}

    def read(self) -> Overview:
        """Read what the form needs to know."""
        return load_groups(self.request)

    @cached_property
    def overview(self) -> Overview:
        return self.read()

    @cached_property
    def row(self) -> Row:
        row = self.overview.row(self.kwargs["aggregate_id"])
        if row is None:
            raise NotFoundError(service=NOVA)
        return row


class _ConfirmView(_GroupView):
    """A form without fields that says what will happen."""

    ajax_template_name = constants.TEMPLATES + "_confirm.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        try:
            context["row"] = self.row
            context["consequences"] = self.consequences()
        except ServiceError:
            # The form that was sent says so itself.
            if self.request.method == "GET":
                raise
        return context

    def consequences(self) -> list[str]:
        """Say what sending the form does."""
        raise NotImplementedError


class UpdateView(_GroupView):
    form_class = group_forms.UpdateHostGroupForm
    ajax_template_name = constants.TEMPLATES + "_host_group.html"
    heading = _("Edit Host Group")
    submit_label = _("Save")
    policy_rules = constants.UPDATE_RULES

    def typed(self, row: Row) -> dict[str, object]:
        # As stored: what cannot be read would be gone when the rest is saved.
        metadata = row.aggregate.metadata
        return {
            "name": row.name,
            "hostname_prefix": metadata.get(PREFIX_KEY, ""),
            "subnets": "\n".join(stored.lines(metadata)),
            "default": bool(row.group and row.group.default),
        }


class MakeDefaultView(_ConfirmView):
    form_class = confirm_forms.MakeDefaultForm
    heading = _("Make Default Host Group")
    submit_label = _("Make Default")
    policy_rules = constants.MAKE_DEFAULT_RULES

    def consequences(self) -> list[str]:
        return consequences.of_default(self.overview, self.row, conf.settings().unmapped)


class MembersView(_ConfirmView):
    form_class = confirm_forms.AddMembersForm
    heading = _("Add Hosts to Aggregate")
    submit_label = _("Add Hosts")
    policy_rules = constants.MEMBERS_RULES

    def read(self) -> Overview:
        return load(self.request)

    def consequences(self) -> list[str]:
        return consequences.of_members(self.row)


class DeleteView(_ConfirmView):
    form_class = confirm_forms.DeleteHostGroupForm
    heading = _("Delete Host Group")
    removes = True
    submit_label = _("Delete Host Group")
    policy_rules = constants.DELETE_RULES

    def read(self) -> Overview:
        return load(self.request, conf.settings().counted_hosts)

    def consequences(self) -> list[str]:
        return consequences.of_deletion(self.overview, self.row, conf.settings().unmapped)
