# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Names of URLs and templates, and Nova's policy rules, each in one place."""

URLS = "horizon:admin:host_groups:"
INDEX_URL = URLS + "index"
TEMPLATES = "ipcontrol_dashboard/host_groups/"

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
