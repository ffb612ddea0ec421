# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What an operator writes into Horizon's ``local_settings.py``.

The cloud is the one whose state folder is in the environment variable ``DEVCLOUD_STATE``. Without
it the settings are good for what needs no cloud: ``manage.py check``, ``makemessages``.
"""

import os
from pathlib import Path

from devcloud.dashboard import static_files
from devcloud.settings import BIND, REVERSE_PROXY, Settings

_STATE = os.environ.get("DEVCLOUD_STATE")
CLOUD = Settings.load(Path(_STATE)) if _STATE else None

DEBUG = False
ALLOWED_HOSTS = [BIND, "localhost"]
# Horizon would write one into its own package.
SECRET_KEY = "the embedded cloud keeps no secrets"
OPENSTACK_KEYSTONE_URL = CLOUD.keystone_url if CLOUD else "http://127.0.0.1:5000/v3"
OPENSTACK_KEYSTONE_DEFAULT_ROLE = "member"
TIME_ZONE = "UTC"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
COMPRESS_OFFLINE = True
STATIC_ROOT = str(static_files.folder(CLOUD)) if CLOUD else None
# The stand-in for Neutron knows one network.
OPENSTACK_NEUTRON_NETWORK = {
    "enable_router": False,
    "enable_quotas": False,
    "enable_security_group": False,
    "enable_fip_topology_check": False,
}
IPCONTROL = {"TRUSTED_PROXIES": [REVERSE_PROXY]}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"log": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["log"], "level": "WARNING"},
    "loggers": {
        "ipcontrol_dashboard": {"level": "INFO"},
        "iso8601": {"level": "ERROR"},
        "scss": {"level": "ERROR"},
    },
}

globals().update(CLOUD.horizon if CLOUD else {})
