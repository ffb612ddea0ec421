# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The configuration of Nova, as sections of options."""

import configparser
import sys
from pathlib import Path

from devcloud import sqlite
from devcloud.authtoken import authtoken, service_user
from devcloud.settings import Settings

PASTE_SNIPPET = Path(__file__).resolve().parents[2] / "docs" / "install" / "nova-api-paste.ini"
CONTROLLER = "controller"

_MODULE = "ipcontrol.scheduler.ip_scheduler"
_SUBNET_FILTER = "SubnetHostGroupFilter"
_FILTERS = (
    "ComputeFilter",
    "ComputeCapabilitiesFilter",
    "ImagePropertiesFilter",
    "ServerGroupAntiAffinityFilter",
    "ServerGroupAffinityFilter",
)

_LOG_LEVELS = (
    "alembic=WARN",
    "keystoneauth=WARN",
    # One process needs no shared cache of tokens.
    "keystonemiddleware=ERROR",
    # Nova still uses it, and is reminded with every call.
    "neutronclient=ERROR",
    "oslo.messaging=INFO",
    "oslo_policy=WARN",
    "routes=INFO",
    "sqlalchemy=WARN",
    # oslo.cache tries all its backends, also those whose clients are not installed.
    "stevedore=CRITICAL",
    "urllib3=WARN",
    # The line that says why an instance landed where it did.
    "ipcontrol=DEBUG",
)
_LOG_FORMAT = "%(asctime)s.%(msecs)03d %(levelname)s %(name)s %(instance)s%(message)s"


def database(settings: Settings, name: str) -> Path:
    """The file of Nova's database ``api``, ``cell0`` or ``cell1``."""
    return settings.folder("nova") / f"{name}.sqlite"


def nova_conf(settings: Settings) -> dict[str, dict]:
    """The options of nova.conf for the API, the conductor, the scheduler and all computes."""
    folder = settings.folder("nova")
    account = service_user(settings, "nova")
    return {
        "DEFAULT": {
            "host": CONTROLLER,
            "my_ip": "127.0.0.1",
            "state_path": folder,
            "instances_path": folder / "instances",
            "log_file": settings.log("nova"),
            "use_stderr": "false",
            "default_log_levels": ",".join(_LOG_LEVELS),
            "logging_context_format_string": _LOG_FORMAT,
            "logging_default_format_string": _LOG_FORMAT,
            "logging_debug_format_suffix": "",
            # All daemons are threads of one process, so messages need no broker.
            "transport_url": "fake:///",
            "compute_driver": "fake.Hypervisor",
            "allow_resize_to_same_host": "true",
            "report_interval": 10,
            # A laptop that was asleep, or busy, has no host that is down.
            "service_down_time": 600,
            "graceful_shutdown_timeout": 10,
            "manager_shutdown_timeout": 5,
            # Daemons of one process share its pools, which Nova sizes for one daemon each.
            "default_thread_pool_size": 32,
            "cell_worker_thread_pool_size": 16,
            "max_concurrent_builds": 10,
            "max_concurrent_snapshots": 10,
            "max_concurrent_live_migrations": 10,
            # Nobody plugs a real interface, so nobody reports that it is plugged.
            "vif_plugging_is_fatal": "false",
            "vif_plugging_timeout": 0,
        },
        "oslo_concurrency": {"lock_path": folder / "lock"},
        "oslo_messaging_notifications": {"driver": "noop"},
        "database": _database(database(settings, "cell1")),
        "api_database": _database(database(settings, "api")),
        "wsgi": {"api_paste_config": folder / "api-paste.ini"},
        "filter_scheduler": _filter_scheduler(settings),
        # Nobody who changes a group in a demonstration wants to wait for it.
        "ipcontrol": {"refresh_interval": 1},
        # Without one, listing the compute services takes time by the square of their number.
        "cache": {"enabled": "true", "backend": "dogpile.cache.memory"},
        "scheduler": {"discover_hosts_in_cells_interval": -1},
        "compute": {
            "live_migration_wait_for_vif_plug": "false",
            "update_resources_max_workers": len(settings.computes),
        },
        "quota": {"instances": -1, "cores": -1, "ram": -1},
        "vnc": {"enabled": "false"},
        "key_manager": {
            "backend": "nova.keymgr.conf_key_mgr.ConfKeyManager",
            "fixed_key": "0" * 64,
        },
        "keystone_authtoken": authtoken(settings, "nova"),
        "glance": {"endpoint_override": settings.url("glance"), "num_retries": 1},
        "neutron": {"endpoint_override": settings.url("neutron"), **account},
        "placement": {"endpoint_override": settings.url("placement"), **account},
    }


def api_paste(trusted_proxies: str, filters: bool = True) -> dict[str, dict[str, str]]:
    """Nova's own api-paste.ini; with the filters, changed as the snippet for operators says."""
    # "/v2.1: app" is a key of its own; a colon inside a value is none.
    paste = configparser.RawConfigParser(delimiters=("=", ": "))
    paste.read(Path(sys.prefix, "etc", "nova", "api-paste.ini"))
    if filters:
        paste.read(PASTE_SNIPPET)
        paste["filter:client_address"]["trusted_proxies"] = trusted_proxies
    return {section: dict(paste[section]) for section in paste.sections()}


def _filter_scheduler(settings: Settings) -> dict[str, object]:
    if not settings.nova_filters:
        return {"enabled_filters": ",".join(_FILTERS)}
    return {
        "available_filters": [
            "nova.scheduler.filters.all_filters",
            f"{_MODULE}.{_SUBNET_FILTER}",
        ],
        "enabled_filters": ",".join((_SUBNET_FILTER, *_FILTERS)),
        "weight_classes": ",".join(settings.nova_weighers),
    }


def _database(file: Path) -> dict[str, object]:
    # A cloud that lives as long as a demonstration need not survive a power cut.
    return {"connection": sqlite.url(file), "sqlite_synchronous": "false"}
