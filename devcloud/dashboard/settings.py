# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Horizon's settings, with the enabled files of this checkout."""

import sys
from pathlib import Path

from devcloud.dashboard import local_settings

# Horizon reads its local settings from a module of this name.
sys.modules["local.local_settings"] = local_settings

from openstack_dashboard.local import enabled  # noqa: E402

enabled.__path__.append(str(Path(__file__).resolve().parents[2] / "enabled"))

from openstack_dashboard.settings import *  # noqa: E402, F403

if local_settings.CLOUD and "nova" not in local_settings.CLOUD.services:
    # Horizon's own front page is an overview of instances.
    HORIZON_CONFIG["user_home"] = "/project/ip_whitelist/"  # type: ignore[name-defined]  # noqa: F405

ROOT_URLCONF = "devcloud.dashboard.urls"
