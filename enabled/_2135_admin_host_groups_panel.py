# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

# The slug of the panel.
PANEL = "host_groups"
# The slug of the dashboard that it belongs to.
PANEL_DASHBOARD = "admin"
# The slug of the group that it stands in, after Host Aggregates.
PANEL_GROUP = "compute"

# The panel's class.
ADD_PANEL = "ipcontrol_dashboard.host_groups.panel.HostGroups"

# The panel's styles.
ADD_SCSS_FILES = ["ipcontrol_dashboard/host_groups.scss"]
