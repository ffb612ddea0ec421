# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The table of groups and the table of hosts."""

from django.utils.translation import gettext_lazy as _
from horizon import tables

from ipcontrol_dashboard.host_groups import cells, constants
from ipcontrol_dashboard.host_groups.overview import Row
from ipcontrol_dashboard.host_groups.placement import PlacedHost
from ipcontrol_dashboard.kit.paging import QueryPreservingTable


class CreateHostGroup(tables.LinkAction):
    name = "create"
    verbose_name = _("Create Host Group")
    url = constants.URLS + "create"
    classes = ("ajax-modal",)
    icon = "plus"
    policy_rules = constants.CREATE_RULES


class ImportHostGroups(tables.LinkAction):
    name = "import"
    verbose_name = _("Import")
    url = constants.URLS + "import"
    icon = "upload"
    policy_rules = constants.CREATE_RULES


class ExportHostGroups(tables.LinkAction):
    name = "export"
    verbose_name = _("Export")
    url = constants.URLS + "export"
    icon = "download"
    policy_rules = constants.VIEW_RULES


class EditHostGroup(tables.LinkAction):
    name = "update"
    verbose_name = _("Edit")
    url = constants.URLS + "update"
    classes = ("ajax-modal",)
    icon = "pencil"
    policy_rules = constants.UPDATE_RULES

    def allowed(self, request, row: Row | None = None) -> bool:
        return row is None or row.group is not None


class FinishHostGroup(EditHostGroup):
    name = "finish"
    verbose_name = _("Finish")

    def allowed(self, request, row: Row | None = None) -> bool:
        return row is None or row.group is None


class MakeDefault(tables.LinkAction):
    name = "make_default"
    verbose_name = _("Make Default")
    url = constants.URLS + "make_default"
    classes = ("ajax-modal",)
    icon = "asterisk"
    policy_rules = constants.MAKE_DEFAULT_RULES

    def allowed(self, request, row: Row | None = None) -> bool:
        # With two so marked, making one of them the default unmarks the other.
        return row is None or (row.group is not None and not row.sole_default)


class AddMembers(tables.LinkAction):
    name = "members"
    verbose_name = _("Add Hosts to Aggregate")
    url = constants.URLS + "members"
    classes = ("ajax-modal",)
    icon = "plus"
    policy_rules = constants.MEMBERS_RULES

    def allowed(self, request, row: Row | None = None) -> bool:
        return row is None or bool(row.missing)


class DeleteHostGroup(tables.LinkAction):
    """A page of its own, because it says what becomes of whose placements."""

    name = "delete"
    verbose_name = _("Delete")
    url = constants.URLS + "delete"
    classes = ("ajax-modal", "btn-danger")
    icon = "trash"
    policy_rules = constants.DELETE_RULES


class HostGroupsFilter(tables.FilterAction):
    name = "filter_groups"

    def filter(self, table, rows: list[Row], filter_string: str) -> list[Row]:
        wanted = filter_string.lower()
        return [row for row in rows if any(wanted in text.lower() for text in _searched(row))]


def _searched(row: Row) -> list[str]:
    if row.group is None:
        return [row.name]
    return [row.name, row.group.hostname_prefix, *map(str, row.group.subnets)]


# Where there is no room for these columns, the cells beside them say it too.
_ROOM_PERMITTING = ("hidden-sm", "hidden-xs")


class HostGroupsTable(tables.DataTable):
    name = tables.Column(cells.name, verbose_name=_("Group"))
    prefix = tables.Column(
        cells.prefix, verbose_name=_("Hostname Prefix"), classes=_ROOM_PERMITTING
    )
    subnets = tables.Column(cells.subnets, verbose_name=_("Subnets"))
    hosts = tables.Column(cells.hosts, verbose_name=_("Hosts"))
    instances = tables.Column(
        cells.instances, verbose_name=_("Instances"), classes=_ROOM_PERMITTING
    )
    notes = tables.Column(cells.notes, verbose_name=_("Notes"))

    def get_object_display(self, row: Row) -> str:
        return row.name

    class Meta:
        name = "groups"
        verbose_name = _("Host Groups")
        multi_select = False
        table_actions = (HostGroupsFilter, CreateHostGroup, ImportHostGroups, ExportHostGroups)
        row_actions = (EditHostGroup, FinishHostGroup, MakeDefault, AddMembers, DeleteHostGroup)


class HostsTable(QueryPreservingTable):
    name = tables.Column("name", verbose_name=_("Host"))
    group = tables.Column(cells.group, verbose_name=_("Group"))
    state = tables.Column(cells.state, verbose_name=_("State"))
    instances = tables.Column(cells.host_instances, verbose_name=_("Instances"))
    misplaced = tables.Column(cells.misplaced, verbose_name=_("Instances out of Place"))

    preserved_parameters = ("tab", constants.SHOW_PARAMETER, constants.TEXT_PARAMETER)

    def get_object_id(self, placed: PlacedHost) -> str:
        return placed.name

    def get_object_display(self, placed: PlacedHost) -> str:
        return placed.name

    class Meta:
        name = "hosts"
        verbose_name = _("Hosts")
        multi_select = False
        pagination_param = "hosts_marker"
        prev_pagination_param = "prev_hosts_marker"
