# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The page Networks, and its forms."""

from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from horizon import tables

from ipcontrol.addresses import format_network
from ipcontrol.named_networks import MAX_NAME_LENGTH, SIGN, defined_name
from ipcontrol_dashboard.api import neutron
from ipcontrol_dashboard.kit.service_errors import ServiceError
from ipcontrol_dashboard.whitelist import changes, dependents, name_forms, names
from ipcontrol_dashboard.whitelist.dependents_pages import DependentsPage
from ipcontrol_dashboard.whitelist.form_views import ListFormView
from ipcontrol_dashboard.whitelist.name_tables import NamesTable
from ipcontrol_dashboard.whitelist.pages import TEMPLATES
from ipcontrol_dashboard.whitelist.project_addresses import Origin
from ipcontrol_dashboard.whitelist.targets import URLS

NETWORKS_URL = reverse_lazy(URLS + "networks")


class NamesView(DependentsPage, tables.DataTableView):
    """All names, and where they are used."""

    table_class = NamesTable
    template_name = TEMPLATES + "names.html"
    heading = gettext_lazy("Networks")
    page_title = heading

    def get_table(self) -> NamesTable:
        table = super().get_table()
        table.changeable = self.blocked is None
        return table

    def get_data(self) -> list[names.NameRow]:
        return names.rows(self.state, changeable=self.blocked is None)

    def get_context_data(self, **kwargs) -> dict:
        state = self.state
        return super().get_context_data(
            **kwargs,
            state=state,
            enforcement=state.enforcement,
            usage=changes.Usage.of(state.metadata, state.limits),
            blocked=self.blocked,
            by_account=sorted(state.rules.own.references),
            **self._project_addresses(),
        )

    def _project_addresses(self) -> dict:
        """What has become of the project's addresses, where a name was made from them."""
        name = Origin.from_metadata(self.state.metadata).name
        if not name or not neutron.is_offered(self.request):
            return {}
        try:
            addresses = neutron.project_addresses(self.request)
        except ServiceError as error:
            return {"project_name": name, "drift_unknown": error.sentence}
        return {"project_name": name, "drift": names.drift(self.state, addresses)}


class NameFormView(ListFormView):
    """A form about one name."""

    back = NETWORKS_URL
    back_label = gettext_lazy("Back to the networks")

    @property
    def of(self) -> str:
        """The name."""
        return self.request.GET.get("name", "").lower()[:MAX_NAME_LENGTH]

    def get_success_url(self) -> str:
        return str(NETWORKS_URL)

    get_cancel_url = get_success_url

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"name": self.of}

    def get(self, request, *args, **kwargs) -> HttpResponse:
        if self.of not in changes.names_defined(self.state.metadata):
            sentence = _("There is no name @%(name)s in this project (any more).")
            return self.problem(sentence % {"name": self.of}, 404)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict:
        shown = {"custom_breadcrumb": [(_("Networks"), str(NETWORKS_URL))], "name": self.of}
        return super().get_context_data(**kwargs) | shown


class DefineNameView(ListFormView):
    form_class = name_forms.DefineNameForm
    ajax_template_name = TEMPLATES + "_name.html"
    heading = gettext_lazy("Define Name")
    submit_label = gettext_lazy("Define Name")
    forecasts = False
    back = NETWORKS_URL

    def get_success_url(self) -> str:
        return str(NETWORKS_URL)

    get_cancel_url = get_success_url


class ProjectAddressesView(ListFormView):
    """The project's own addresses, to be ticked and given a name."""

    form_class = name_forms.ProjectAddressesForm
    ajax_template_name = TEMPLATES + "_project_addresses.html"
    heading = gettext_lazy("My Project's Addresses")
    submit_label = gettext_lazy("Save")
    back = NETWORKS_URL
    back_label = gettext_lazy("Back to the networks")

    @property
    def of(self) -> str:
        """The name that was made so before; empty for none."""
        return Origin.from_metadata(self.state.metadata).name

    @cached_property
    def addresses(self) -> list[neutron.ProjectAddress]:
        """What Neutron knows."""
        return neutron.project_addresses(self.request)

    def get(self, request, *args, **kwargs) -> HttpResponse:
        if not self.addresses:
            return self.problem(_("The project has no floating IPs and no router gateways."), 404)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"name": self.of, "addresses": self.addresses}

    def get_success_url(self) -> str:
        return str(NETWORKS_URL)

    get_cancel_url = get_success_url

    def get_context_data(self, **kwargs) -> dict:
        breadcrumb = [(_("Networks"), str(NETWORKS_URL))]
        drift = names.drift(self.state, self.addresses)
        shown = {"custom_breadcrumb": breadcrumb, "name": self.of, "drift": drift}
        return super().get_context_data(**kwargs) | shown


class EditNameView(NameFormView):
    form_class = name_forms.EditNameForm
    ajax_template_name = TEMPLATES + "_name.html"
    submit_label = gettext_lazy("Save")

    @property
    def heading(self) -> str:
        return _("Edit Name %(name)s") % {"name": SIGN + self.of}

    def get_initial(self) -> dict:
        named = self.state.rules.names.defined.get(self.of)
        if named is not None:
            return {"networks": "\n".join(map(format_network, named.networks))}
        items = changes.definitions(self.state.metadata).items()
        stored = (value for item, value in items if defined_name(item) == self.of)
        return {"networks": "\n".join(stored)}


class DeleteNameView(NameFormView):
    form_class = name_forms.DeleteNameForm
    ajax_template_name = TEMPLATES + "_delete_name.html"
    removes = True
    submit_label = gettext_lazy("Delete")

    @property
    def heading(self) -> str:
        return _("Delete Name %(name)s") % {"name": SIGN + self.of}

    def get_context_data(self, **kwargs) -> dict:
        change = changes.definition_change(self.state.metadata, self.of, (), 0)
        after = changes.changed(self.state.metadata, change)
        containers = self.search.found.by_name.get(self.of, [])
        forecast = dependents.forecast(self.request, self.state, after, containers)
        published = self.state.enforcement.names
        shown = {"forecast": forecast, "by_operator": published and self.of in published.networks}
        return super().get_context_data(**shown | kwargs)
