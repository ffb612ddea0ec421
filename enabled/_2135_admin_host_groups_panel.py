# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import openstack_dashboard

# The slug of the panel.
PANEL = "host_groups"
# The slug of the dashboard that it belongs to.
PANEL_DASHBOARD = "admin"
# The slug of the group that it stands in, after Host Aggregates.
PANEL_GROUP = "compute"

# The panel's class.
ADD_PANEL = "ipcontrol_dashboard.host_groups.panel.HostGroups"

# The panel's styles. Horizon up to 25.5 (2025.2) compiles this template, which names the theme and
# after it all files; later ones compile each file by itself.
_AS_ONE = Path(openstack_dashboard.__file__).with_name("templates") / "themes" / "themes.scss"
ADD_SCSS_FILES = [
    "ipcontrol_dashboard/host_groups_without_theme.scss"
    if _AS_ONE.exists()
    else "ipcontrol_dashboard/host_groups.scss"
]
