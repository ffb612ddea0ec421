# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""How Sphinx makes the documentation: `make docs`."""

from ipcontrol import __version__

project = "ipcontrol"
copyright = "The ipcontrol authors"
version = release = __version__

extensions = ["myst_parser", "openstackdocstheme", "oslo_config.sphinxext", "reno.sphinxext"]
source_suffix = {".md": "markdown"}
# Headings that links name, down to which level.
myst_heading_anchors = 3

html_theme = "openstackdocs"
html_title = "ipcontrol"
html_theme_options = {
    "root_title": "ipcontrol",
    "sidebar_mode": "toctree",
    "sidebar_search": True,
    # Who reads this is nobody's business: the theme would tell OpenStack's Google Analytics.
    "analytics_tracking_code": "",
}
openstackdocs_auto_name = False
openstackdocs_auto_version = False
openstackdocs_pdf_link = False
openstackdocs_use_storyboard = False
templates_path = ["_templates"]
