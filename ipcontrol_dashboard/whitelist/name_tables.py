# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The table of names."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from horizon import tables

from ipcontrol_dashboard.api import neutron
from ipcontrol_dashboard.kit import scopes
from ipcontrol_dashboard.kit.cells import cell
from ipcontrol_dashboard.whitelist.pages import TEMPLATES
from ipcontrol_dashboard.whitelist.tables import WIDE_ONLY
from ipcontrol_dashboard.whitelist.targets import URLS


class _NameAction(tables.LinkAction):
    """An action on the account's own names."""

    url_name: str
    classes: tuple[str, ...] = ("ajax-modal",)

    def get_link_url(self, row=None) -> str:
        url = reverse(URLS + self.url_name)
        if row is not None:
            url += "?" + urlencode({"name": row.name})
        return scopes.with_scope(self.table.request, url)

    def allowed(self, request, row=None) -> bool:
        return self.table.changeable if row is None else row.editable


class DefineName(_NameAction):
    name = "define"
    verbose_name = _("Define Name")
    icon = "plus"
    url_name = "network_define"


class ProjectAddresses(_NameAction):
    name = "project_addresses"
    verbose_name = _("My Project's Addresses")
    icon = "cloud"
    url_name = "network_project"

    def allowed(self, request, row=None) -> bool:
        return super().allowed(request, row) and neutron.is_offered(request)


class EditName(_NameAction):
    name = "edit"
    verbose_name = _("Edit")
    url_name = "network_edit"
    classes = ("ajax-modal", "btn", "btn-default", "btn-sm")

    def update(self, request, row) -> None:
        if row.problem:
            self.verbose_name = _("Mend")


class DeleteName(_NameAction):
    name = "delete"
    verbose_name = _("Delete")
    url_name = "network_delete"
    classes = ("ajax-modal", "btn", "btn-default", "btn-sm")


class NamesTable(tables.DataTable):
    """The names that an account's lists can refer to.

    Attributes:
        changeable: whether it offers to change them.
    """

    changeable = True

    name = tables.Column("shown_name", verbose_name=_("Name"), classes=("ipw-label",))
    networks = tables.Column(
        cell(TEMPLATES + "cells/name_networks.html"), verbose_name=_("Networks"), sortable=False
    )
    source = tables.Column(
        "source", verbose_name=_("From"), sortable=False, classes=("ipw-source", *WIDE_ONLY)
    )

    def get_object_display(self, row) -> str:
        return row.shown_name

    def render_row_actions(self, datum, row=True) -> str:
        # Buttons side by side: the dropdown needs JavaScript.
        return super().render_row_actions(datum, row)

    class Meta:
        name = "names"
        verbose_name = _("Networks")
        table_actions = (DefineName, ProjectAddresses)
        row_actions = (EditName, DeleteName)
        no_data_message = _("There are no names yet.")
        multi_select = False
        css_classes = "ipw-entries"
        footer = False
