# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

# What this file adds is no panel: it carries the caller's address to Swift and
# Nova. The panels below may be left out; this one may not.
FEATURE = "ipcontrol"

# The Django application.
ADD_INSTALLED_APPS = ["ipcontrol_dashboard"]

# Shows the sentence of a refusal in the pages that are made in the browser.
ADD_ANGULAR_MODULES = ["ipcontrol.refusals"]
ADD_JS_FILES = ["ipcontrol_dashboard/refusals.js"]
ADD_SCSS_FILES = ["ipcontrol_dashboard/refusals.scss"]
