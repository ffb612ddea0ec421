# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Horizon's own test settings, with this repository's enabled files and policy rules."""

from pathlib import Path

from openstack_dashboard import defaults, enabled

# Before Horizon's settings read the enabled files.
enabled.__path__.append(str(Path(__file__).resolve().parents[2] / "enabled"))

from openstack_dashboard.test.settings import *  # noqa: E402, F403

# Horizon's tests switch the policy off, and a panel's permissions with it.
POLICY_CHECK_FUNCTION = "openstack_auth.policy.check"
POLICY_FILES = defaults.POLICY_FILES
POLICY_DIRS = defaults.POLICY_DIRS
DEFAULT_POLICY_FILES = defaults.DEFAULT_POLICY_FILES

SECRET_KEY = "for the tests alone"

# Nor do they know where the themes are, whose variables the styles use.
STATICFILES_DIRS = (
    theme_settings.get_theme_static_dirs(AVAILABLE_THEMES, THEME_COLLECTION_DIR, ROOT_PATH)  # noqa: F405
    + STATICFILES_DIRS  # noqa: F405
)

# Nor do they keep what they compile of a template for the next page, as a server does.
TEMPLATES[0]["OPTIONS"]["loaders"] = [  # noqa: F405
    ("django.template.loaders.cached.Loader", TEMPLATES[0]["OPTIONS"]["loaders"])  # noqa: F405
]
