# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Configuration files and rings of a Swift with one device for each replica."""

import json
from pathlib import Path

from devcloud import ini
from devcloud.accounts import DOMAIN, PASSWORD
from devcloud.settings import BIND, TRUSTED_PROXIES, Proxy, Settings

STORAGE_TYPES = ("account", "container", "object")
# Swift's sample pipeline with everything that reaches or changes objects, and the two filters.
PIPELINE = (
    "catch_errors gatekeeper client_address healthcheck proxy-logging cache listing_formats "
    "container_sync bulk tempurl formpost ratelimit authtoken s3api s3token keystoneauth "
    "staticweb copy container-quotas account-quotas slo dlo versioned_writes symlink "
    "keymaster encryption proxy-logging ip_whitelist proxy-server"
).split()
OURS = ("client_address", "ip_whitelist")
# All servers share one process here, and there is no second replica to turn to: what a laptop
# does meanwhile must not look like a server that is down.
_PATIENCE_SECONDS = 30
# Not a key to keep: the objects live as long as the demonstration.
_ROOT_SECRET = "aXBjb250cm9sIGlwY29udHJvbCBpcGNvbnRyb2wgaXBjb250cm9sIQ=="
_STOCK: dict[str, ini.Options] = {
    "gatekeeper": {},
    "catch_errors": {},
    "healthcheck": {},
    "proxy-logging": {"use": "egg:swift#proxy_logging"},
    "listing_formats": {},
    "container_sync": {},
    "bulk": {},
    "tempurl": {},
    "formpost": {},
    "ratelimit": {},
    "s3api": {"s3_acl": "false", "check_bucket_owner": "true", "dns_compliant_bucket_names": "no"},
    "keystoneauth": {
        "operator_roles": "admin, member",
        "reseller_admin_role": "ResellerAdmin",
    },
    "staticweb": {},
    "copy": {},
    "container-quotas": {"use": "egg:swift#container_quotas"},
    "account-quotas": {"use": "egg:swift#account_quotas"},
    "slo": {"rate_limit_after_segment": 1000},
    "dlo": {"rate_limit_after_segment": 1000},
    "versioned_writes": {"allow_versioned_writes": "true", "allow_object_versioning": "true"},
    "symlink": {},
    "keymaster": {"encryption_root_secret": _ROOT_SECRET},
    "encryption": {},
}


# Names of the operator's, for the lists of all accounts.
NAMED_NETWORKS = {
    "laboratory": ["127.1.0.0/16", "2001:db8:1::/48"],
    "campus": ["127.1.0.0/16", "127.2.0.0/16", "2001:db8:1::/48"],
}


def networks_file(settings: Settings) -> Path:
    """The operator's file of names; written unless somebody has made it what he likes."""
    path = settings.folder("swift") / "ipcontrol-networks.json"
    if not path.exists():
        path.write_text(json.dumps(NAMED_NETWORKS, indent=4), encoding="utf-8")
    return path


def write_swift_conf(settings: Settings) -> Path:
    """Write what all servers read."""
    ini.write(
        settings.folder("swift") / "container-sync-realms.conf",
        {"LAB": {"key": PASSWORD, "cluster_HERE": settings.url("swift") + "/v1/"}},
    )
    return ini.write(
        settings.folder("swift") / "swift.conf",
        {
            "swift-hash": {"swift_hash_path_prefix": "lab", "swift_hash_path_suffix": "lab"},
            "storage-policy:0": {"name": "gold", "default": "yes"},
        },
    )


def device_names(settings: Settings) -> list[str]:
    """The devices, each of which holds a replica of everything."""
    return [f"d{number}" for number in range(1, settings.replicas + 1)]


def write_storage(settings: Settings, kind: str) -> Path:
    """Write the configuration and the ring of the account, container or object server."""
    folder = settings.folder("swift")
    for device in device_names(settings):
        (folder / "devices" / device).mkdir(parents=True, exist_ok=True)
    port = settings.ports[f"{kind}-server"]
    _write_ring(folder / f"{kind}.ring.gz", port, device_names(settings))
    sections: dict[str, ini.Options] = {
        "DEFAULT": _default(folder, port)
        | {
            "devices": folder / "devices",
            "mount_check": "false",
            "disable_fallocate": "true",
            "node_timeout": _PATIENCE_SECONDS,
            # No updater runs that would put right a listing that was not written at once.
            "container_update_timeout": _PATIENCE_SECONDS,
        },
        "pipeline:main": {"pipeline": f"{kind}-server"},
        f"app:{kind}-server": {"use": f"egg:swift#{kind}"},
    }
    return ini.write(folder / f"{kind}-server.conf", sections)


def write_proxy(settings: Settings, name: str) -> Path:
    """Write the configuration of one proxy."""
    folder, proxy = settings.folder("swift"), settings.proxies[name]
    pipeline = [step for step in PIPELINE if proxy.filters or step not in OURS]
    sections: dict[str, ini.Options] = {
        "DEFAULT": _default(folder, settings.ports[name]) | {"log_name": name},
        "pipeline:main": {"pipeline": " ".join(pipeline)},
        "app:proxy-server": {
            "use": "egg:swift#proxy",
            "account_autocreate": "true",
            "allow_account_management": "true",
            "node_timeout": 2 * _PATIENCE_SECONDS,
        }
        | proxy.options.get("proxy-server", {}),
    }
    for step in pipeline[:-1]:
        sections[f"filter:{step}"] = _filter(settings, proxy, step)
    return ini.write(folder / f"{name}.conf", sections)


def _filter(settings: Settings, proxy: Proxy, name: str) -> ini.Options:
    special: dict[str, ini.Options] = {
        "client_address": {
            "use": "egg:ipcontrol-dashboard#client_address",
            "trusted_proxies": ", ".join(TRUSTED_PROXIES),
        },
        "ip_whitelist": {
            "use": "egg:ipcontrol-dashboard#ip_whitelist",
            "networks_file": networks_file(settings),
            "publish_networks": "true",
            "callers": "all",
        },
        "cache": {
            "paste.filter_factory": "devcloud.object_store.cache:filter_factory",
            "shared": "yes" if proxy.shares_cache else "no",
        },
        "authtoken": {
            "paste.filter_factory": "keystonemiddleware.auth_token:filter_factory",
            "www_authenticate_uri": settings.keystone_url,
            "delay_auth_decision": "true",
            "include_service_catalog": "false",
            "service_token_roles_required": "true",
            "cache": "swift.cache",
            **_service_user(settings),
        },
        "s3token": {
            "use": "egg:swift#s3token",
            "auth_uri": settings.keystone_url,
            "delay_auth_decision": "true",
            **_service_user(settings),
        },
    }
    options: ini.Options = special.get(name) or {"use": f"egg:swift#{name}", **_STOCK[name]}
    changes: ini.Options = {**proxy.options.get(name, {})}
    return changes if "use" in changes else options | changes


def _default(folder: Path, port: int) -> dict[str, object]:
    return {
        "swift_dir": folder,
        "bind_ip": BIND,
        "bind_port": port,
        "workers": 0,
        "conn_timeout": _PATIENCE_SECONDS,
        "log_custom_handlers": "devcloud.object_store.log.write_to_stderr",
    }


def _service_user(settings: Settings) -> dict[str, object]:
    return {
        "auth_type": "password",
        "auth_url": settings.keystone_url,
        "username": "swift",
        "password": PASSWORD,
        "project_name": "service",
        "user_domain_id": DOMAIN,
        "project_domain_id": DOMAIN,
    }


def _write_ring(path: Path, port: int, devices: list[str]) -> None:
    from swift.common.ring import RingBuilder

    builder = RingBuilder(part_power=4, replicas=len(devices), min_part_hours=0)
    for number, device in enumerate(devices):
        builder.add_dev(
            {
                "id": number,
                "region": 1,
                "zone": 1,
                "ip": BIND,
                "port": port,
                "device": device,
                "weight": 1.0,
                "meta": "",
            }
        )
    builder.rebalance(seed="1")
    builder.get_ring().save(str(path))
