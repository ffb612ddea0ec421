# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""tempest.conf for the embedded cloud."""

import json
import urllib.request
from collections.abc import Iterable
from pathlib import Path

from devcloud import ini, seed_nova
from devcloud.accounts import DOMAIN_NAME, PASSWORD
from devcloud.cloud import Cloud
from devcloud.compute_clients import glance, nova
from devcloud.settings import REGION
from tests.upstream import accounts

SECOND_IMAGE = "example-2"
_FLAVORS = ("m1.tiny", "m1.small")
_SECONDS_TO_BUILD = 120


def write(cloud: Cloud, folder: Path, chosen: Iterable[accounts.Account]) -> Path:
    """Write the file for a seeded cloud.

    Args:
        cloud: with Swift and Nova.
        folder: where it goes, with Tempest's log, locks and accounts.
        chosen: the accounts to work with.
    """
    accounts_file, locks = folder / "accounts.yaml", folder / "locks"
    accounts.write_file(accounts_file, chosen)
    locks.mkdir()
    return ini.write(
        folder / "tempest.conf",
        {
            "DEFAULT": {"log_file": folder / "tempest.log", "use_stderr": "false"},
            "oslo_concurrency": {"lock_path": locks},
            "auth": {
                "use_dynamic_credentials": "false",
                "test_accounts_file": accounts_file,
                "create_isolated_networks": "false",
                "admin_username": "admin",
                "admin_password": PASSWORD,
                "admin_project_name": "lab",
                "admin_domain_name": DOMAIN_NAME,
            },
            "identity": {"uri_v3": cloud.keystone_url, "auth_version": "v3", "region": REGION},
            "service_available": {"swift": "true", "cinder": "false"},
            "validation": {"run_validation": "false"},
            **_object_storage(cloud),
            **_compute(cloud),
        },
    )


def _object_storage(cloud: Cloud) -> dict[str, dict[str, object]]:
    return {
        "object-storage": {
            "operator_role": accounts.OPERATOR,
            "reseller_admin_role": accounts.RESELLER_ADMIN,
        },
        "object-storage-feature-enabled": {
            "discoverable_apis": ",".join(_apis(cloud)),
            "container_sync": "false",
        },
    }


def _apis(cloud: Cloud) -> list[str]:
    """What the proxy says it can do; for synchronization, the embedded cloud has no daemon."""
    with urllib.request.urlopen(f"{cloud.swift_url}/info") as answer:
        return [name for name in json.load(answer) if name != "container_sync"]


def _compute(cloud: Cloud) -> dict[str, dict[str, object]]:
    images = {image.name: image.id for image in glance(cloud).images.list()}
    flavors = {flavor.name: flavor.id for flavor in nova(cloud, "admin").flavors.list()}
    return {
        "compute": {
            "image_ref": images[seed_nova.IMAGE],
            "image_ref_alt": images[SECOND_IMAGE],
            "flavor_ref": flavors[_FLAVORS[0]],
            "flavor_ref_alt": flavors[_FLAVORS[1]],
            "min_compute_nodes": 2,
            "max_microversion": "latest",
            "build_timeout": _SECONDS_TO_BUILD,
        },
        # What the fake hypervisor does, and what it does not.
        "compute-feature-enabled": {
            "resize": "true",
            "vnc_console": "false",
            "console_output": "false",
            "snapshot": "false",
        },
    }
