# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Export and Import of the whole map."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views import View

from ipcontrol.host_groups import HostGroupMap
from ipcontrol_dashboard.api import host_groups as api
from ipcontrol_dashboard.host_groups import constants, exchange
from ipcontrol_dashboard.host_groups.exchange_forms import ImportForm
from ipcontrol_dashboard.host_groups.views import ActionView, PolicyMixin
from ipcontrol_dashboard.kit.problem_pages import ProblemPage


class ExportView(PolicyMixin, ProblemPage, View):
    heading = _("Export Host Groups")
    back = reverse_lazy(constants.INDEX_URL)
    back_label = _("Back to the host groups")
    policy_rules = constants.VIEW_RULES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Send the map as a file."""
        found = api.aggregates(request)
        groups = HostGroupMap.from_aggregates((one.name, one.metadata) for one in found)
        response = HttpResponse(exchange.dump(groups.groups), content_type="application/json")
        response["Content-Disposition"] = 'attachment; filename="host-groups.json"'
        return response


class ImportView(ActionView):
    form_class = ImportForm
    ajax_template_name = constants.TEMPLATES + "_import.html"
    heading = _("Import Host Groups")
    submit_label = _("Continue")
    policy_rules = constants.CREATE_RULES

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if kwargs.get("form") is not None and kwargs["form"].steps:
            context["submit_label"] = _("Import")
        return context

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form))
