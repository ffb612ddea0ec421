# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""How Sphinx makes the documentation: `make docs`."""

import sys
from pathlib import Path

from ipcontrol import __version__

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

project = "ipcontrol"
copyright = "The ipcontrol authors"
version = release = __version__

extensions = [
    "myst_parser",
    "openstackdocstheme",
    "oslo_config.sphinxext",
    "reno.sphinxext",
    "settings_reference",
]
source_suffix = {".md": "markdown"}
# Headings that links name, down to which level.
myst_heading_anchors = 3
# The domain of oslo.config fails where a name is none of its own.
myst_ref_domains = ["std"]

html_theme = "openstackdocs"
html_title = "ipcontrol"
html_static_path = ["_static"]
html_css_files = ["ipcontrol.css"]
# These take the place of the theme's links to OpenStack's own pages.
templates_path = ["_templates"]
html_theme_options = {
    "sidebar_mode": "toctree",
    # Who reads this is nobody's business: the theme would tell OpenStack's Google Analytics.
    "analytics_tracking_code": "",
}
openstackdocs_auto_name = False
openstackdocs_auto_version = False
openstackdocs_pdf_link = False
openstackdocs_use_storyboard = False
