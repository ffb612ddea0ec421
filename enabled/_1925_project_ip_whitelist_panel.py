# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

# The slug of the panel.
PANEL = "ip_whitelist"
# The slug of the dashboard that it belongs to.
PANEL_DASHBOARD = "project"
# The slug of the group that it stands in, after Containers.
PANEL_GROUP = "object_store"

# The panel's class.
ADD_PANEL = "ipcontrol_dashboard.whitelist.panel.IPWhitelist"

# Shows what a form changes while it is filled in; offers names of networks in it.
ADD_JS_FILES = ["ipcontrol_dashboard/forecast.js", "ipcontrol_dashboard/names.js"]
# The panel's styles.
ADD_SCSS_FILES = ["ipcontrol_dashboard/whitelist.scss"]
