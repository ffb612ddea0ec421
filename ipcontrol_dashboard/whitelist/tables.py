# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The table of containers, and the table of one list's entries."""

from collections.abc import Callable
from typing import Any

from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from horizon import tables

from ipcontrol_dashboard.kit import scopes
from ipcontrol_dashboard.kit.cells import cell
from ipcontrol_dashboard.kit.paging import QueryPreservingTable
from ipcontrol_dashboard.whitelist import sentences
from ipcontrol_dashboard.whitelist.pages import ANYWAY, TEMPLATES
from ipcontrol_dashboard.whitelist.targets import URLS, Target


def _cell(name: str) -> Callable[[Any], SafeString]:
    return cell(f"{TEMPLATES}cells/{name}.html")


# Bootstrap's: columns that a narrow window has no room for. What they say that
# matters stands in another column then.
WIDE_ONLY = ("hidden-xs", "hidden-sm")


# --- Containers ---------------------------------------------------------------


class ContainerFilter(tables.FilterAction):
    """Asks Swift, so that containers on other pages are found too."""

    filter_type = "server"
    filter_choices = (("prefix", _("Name begins with ="), True),)


class AccountDefaults(tables.LinkAction):
    name = "account"
    verbose_name = _("Account Defaults")
    icon = "users"

    def get_link_url(self, datum=None) -> str:
        return Target(None).url()


class Networks(tables.LinkAction):
    name = "networks"
    verbose_name = _("Networks")
    icon = "at"
    url = URLS + "networks"


class EditContainer(tables.LinkAction):
    """One action a row, named by what there is to do."""

    name = "edit"
    verbose_name = _("Edit Entries")

    def allowed(self, request, row=None) -> bool:
        return row is None or row.problem is None

    def update(self, request, row) -> None:
        if row.only_read:
            self.verbose_name = _("View Entries")
        elif row.rules.own.errors or row.invalid_names or (row.trial and row.trial.unreadable):
            self.verbose_name = _("Mend")
        elif not row.rules.own.entries:
            self.verbose_name = _("Add Entries")

    def get_link_url(self, row=None) -> str:
        return row.target.url()


def _container_link(row) -> str:
    return row.target.url()


class ContainersTable(QueryPreservingTable):
    name = tables.Column(
        "name", verbose_name=_("Container"), link=_container_link, classes=("ipw-name",)
    )
    who = tables.Column(_cell("who"), verbose_name=_("Who may reach it"), sortable=False)
    entries = tables.Column(
        _cell("entries"), verbose_name=_("Entries"), sortable=False, classes=WIDE_ONLY
    )
    rights = tables.Column(_cell("rights"), verbose_name=_("You"), sortable=False)
    expiry = tables.Column(
        _cell("expiry"), verbose_name=_("Next expiry"), sortable=False, classes=WIDE_ONLY
    )

    # For whom the page is shown.
    preserved_parameters = ("address",)

    def get_absolute_url(self) -> str:
        """Where Horizon leads when the filter has changed: the first page."""
        return "?".join(filter(None, (super().get_absolute_url(), self.preserved_query)))

    class Meta:
        name = "containers"
        verbose_name = _("Containers")
        table_actions = (ContainerFilter, AccountDefaults, Networks)
        row_actions = (EditContainer,)
        multi_select = False
        css_classes = "ipw-containers"


# --- Entries ------------------------------------------------------------------


class _ListAction(tables.LinkAction):
    """An action on the list that the page is about."""

    url_name: str
    classes: tuple[str, ...] = ("ajax-modal",)

    @property
    def target(self) -> Target:
        return Target(self.table.kwargs.get("container"))

    def get_link_url(self, datum=None) -> str:
        return scopes.with_scope(self.table.request, self.page_url(datum))

    def page_url(self, row) -> str:
        """Where the action is, as a page of the list or of one of its items."""
        return self.target.url(self.url_name, **self.anyway)

    @property
    def anyway(self) -> dict:
        """What tells the action's page that the person wants to try it in any case."""
        return {ANYWAY: 1} if ANYWAY in self.table.request.GET else {}


class _ChangingAction(_ListAction):
    """One that is offered to who may change the list."""

    def allowed(self, request, row=None) -> bool:
        return self.table.changeable


class AddEntry(_ChangingAction):
    name = "add"
    verbose_name = _("Add Entry")
    icon = "plus"
    url_name = "add"


class AddMyAddress(_ChangingAction):
    name = "add_mine"
    verbose_name = _("Add My Address")
    icon = "map-marker"
    url_name = "add_mine"


class TryOut(_ChangingAction):
    """Offered for a list that is enforced; one on trial has it in its notice."""

    name = "try_out"
    verbose_name = _("Try Out")
    icon = "hourglass-half"
    url_name = "try_out"

    def allowed(self, request, row=None) -> bool:
        return super().allowed(request, row) and self.table.can_be_tried_out


class CopyEntries(_ListAction):
    name = "copy"
    verbose_name = _("Copy to Containers")
    icon = "copy"
    url_name = "copy"

    def allowed(self, request, row=None) -> bool:
        return any(datum.own for datum in self.table.data or ())


class History(_ListAction):
    name = "history"
    verbose_name = _("History")
    icon = "history"
    url_name = "history"
    classes = ()

    def allowed(self, request, row=None) -> bool:
        return self.table.has_history


class RemoveEntries(tables.BatchAction):
    """Leads to the page that shows what will be removed, and what that means.

    Not one of Horizon's dangerous buttons: those ask by JavaScript, which cannot
    tell whether the person would be shut out.
    """

    name = "remove_selected"
    icon = "trash"

    @staticmethod
    def action_present(count):
        return ngettext_lazy("Remove Selected", "Remove Selected", count)

    action_past = action_present

    def allowed(self, request, row=None) -> bool:
        return any(datum.editable for datum in self.table.data or ())

    def get_default_attrs(self) -> dict:
        attrs = super().get_default_attrs()
        attrs.pop("data-batch-action")
        return attrs

    def handle(self, table, request, obj_ids):
        url = Target(table.kwargs.get("container")).url("remove", item=obj_ids)
        return redirect(scopes.with_scope(request, url))


class _EntryAction(_ListAction):
    """An action on one of the list's own items."""

    classes = ("ajax-modal", "btn", "btn-default", "btn-sm")

    def allowed(self, request, row=None) -> bool:
        return row is None or row.editable

    def page_url(self, row) -> str:
        return self.target.url(self.url_name, item=row.id, **self.anyway)


class EditEntry(_EntryAction):
    name = "edit"
    verbose_name = _("Edit")
    url_name = "edit"

    def allowed(self, request, row=None) -> bool:
        return super().allowed(request, row) and not (row and row.stray)

    def update(self, request, row) -> None:
        if row.problem:
            self.verbose_name = _("Mend")


class RemoveEntry(_EntryAction):
    name = "remove"
    verbose_name = _("Remove")
    url_name = "remove"


class SelectableRow(tables.Row):
    """Only the list's own items can be selected; unreadable ones stand out."""

    def can_be_selected(self, row) -> bool:
        return row.editable

    def load_cells(self, datum=None) -> None:
        super().load_cells(datum)
        if self.datum.problem:
            self.classes.append("ipw-invalid")


class EntriesTable(tables.DataTable):
    """One list.

    Attributes:
        changeable: whether it offers to change the list.
        has_history: whether Swift tells who changed it.
        can_be_tried_out: whether it is enforced, and Swift knows lists that are not.
    """

    changeable = True
    has_history = False
    can_be_tried_out = False

    label = tables.Column(_cell("label"), verbose_name=_("Label"), classes=("ipw-label",))
    networks = tables.Column(_cell("networks"), verbose_name=_("Networks"), sortable=False)
    rights = tables.Column(
        _cell("entry_rights"), verbose_name=_("May"), sortable=False, classes=("ipw-rights",)
    )
    until = tables.Column(_cell("until"), verbose_name=_("Until"), classes=("ipw-until",))
    source = tables.Column(
        "source", verbose_name=_("From"), sortable=False, classes=("ipw-source", *WIDE_ONLY)
    )

    def get_full_url(self) -> str:
        """What the form around the table is sent to."""
        return scopes.with_scope(self.request, super().get_full_url())

    def get_object_display(self, row) -> str:
        return sentences.label(row.label)

    def render_row_actions(self, datum, row=True) -> str:
        # Buttons side by side: the dropdown needs JavaScript.
        return super().render_row_actions(datum, row)

    class Meta:
        name = "entries"
        verbose_name = _("Entries")
        table_actions = (AddEntry, AddMyAddress, TryOut, CopyEntries, History, RemoveEntries)
        row_actions = (EditEntry, RemoveEntry)
        row_class = SelectableRow
        no_data_message = _("There are no entries yet.")
        css_classes = "ipw-entries"
        footer = False
