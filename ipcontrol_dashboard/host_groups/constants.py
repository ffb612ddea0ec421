# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Names of URLs and templates, and Nova's policy rules, each in one place."""

INDEX_URL = "horizon:admin:host_groups:index"
CREATE_URL = "horizon:admin:host_groups:create"
UPDATE_URL = "horizon:admin:host_groups:update"
MAKE_DEFAULT_URL = "horizon:admin:host_groups:make_default"
MEMBERS_URL = "horizon:admin:host_groups:members"
EXPORT_URL = "horizon:admin:host_groups:export"
IMPORT_URL = "horizon:admin:host_groups:import"
DELETE_URL = "horizon:admin:host_groups:delete"

_TEMPLATES = "ipcontrol_dashboard/host_groups/"
INDEX_TEMPLATE = _TEMPLATES + "index.html"
GROUPS_TAB_TEMPLATE = _TEMPLATES + "groups_tab.html"
HOSTS_TAB_TEMPLATE = _TEMPLATES + "hosts_tab.html"
HOST_GROUP_TEMPLATE = _TEMPLATES + "_host_group.html"
CONFIRM_TEMPLATE = _TEMPLATES + "_confirm.html"
IMPORT_TEMPLATE = _TEMPLATES + "_import.html"

# Which hosts are shown, in the address of their tab.
SHOW_PARAMETER = "show"
TEXT_PARAMETER = "text"


def _rules(*actions: str) -> tuple[tuple[str, str], ...]:
    return tuple(("compute", f"os_compute_api:os-aggregates:{action}") for action in actions)


# What Nova asks for in the calls that an action makes.
VIEW_RULES = _rules("index")
CREATE_RULES = _rules("index", "create", "set_metadata")
UPDATE_RULES = _rules("index", "set_metadata", "update")
MAKE_DEFAULT_RULES = _rules("index", "set_metadata")
MEMBERS_RULES = _rules("index", "add_host")
DELETE_RULES = _rules("index", "set_metadata", "delete")
