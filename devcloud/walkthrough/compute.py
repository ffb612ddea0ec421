# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The second half of the guide's walkthrough: onto which hosts a subnet's instances go."""

import re
import time
from collections.abc import Mapping

from devcloud.addresses import LAB, OUTSIDER, PARTNER
from devcloud.compute_clients import delete_servers, nova
from devcloud.seed_nova import HOST_GROUPS, IMAGE, SMALLEST
from devcloud.settings import BIND
from devcloud.walkthrough.stage import Stage
from ipcontrol.host_groups.metadata import SUBNETS_KEY, to_metadata

SERVICE = "nova"
TITLE = "Onto which hosts do this subnet's instances go?"

_CREATE = f"openstack server create --image {IMAGE} --flavor {SMALLEST} --wait -c id -c status"
_LIST = "openstack server list --long -c Name -c Status -c Host"
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_NAMES = ("from-lab", "from-partner", "from-elsewhere", "from-there-again")
_ELSEWHERE = "127.9.0.0/16"


def play(stage: Stage) -> None:
    """Create servers from three addresses, move one, and change the map."""
    _clear(stage)
    _show_groups(stage)
    _create_from_three_places(stage)
    _move(stage)
    _change(stage)
    _clear(stage)


def _show_groups(stage: Stage) -> None:
    stage.tell(
        "The administrator has mapped subnets to groups of hosts: a group is a host aggregate, "
        "and its hosts are those whose names start with its prefix."
    )
    _administer(
        stage, "openstack aggregate list --long -c Name -c Properties", answer="127.1.0.0/16"
    )


def _create_from_three_places(stage: Stage) -> None:
    stage.tell("alice, in the lab's network, creates a server.")
    _create(stage, LAB, "from-lab")
    stage.tell("The same alice, in the partner's network:")
    _create(stage, PARTNER, "from-partner")
    stage.tell("And from elsewhere, where no group has a subnet:")
    _create(stage, OUTSIDER, "from-elsewhere")
    stage.tell("Where they are, only administrators see.")
    _landed(stage, {"from-lab": "doc", "from-partner": "ops", "from-elsewhere": "dev"})


def _create(stage: Stage, source: str, name: str) -> None:
    output = stage.run(source, f"{_CREATE} {name}", answer="ACTIVE")
    server = _UUID.search(output)
    line = _log_line(stage, server.group()) if server else ""
    stage.show(f"The scheduler's log:\n{line}")
    stage.expect(f"Request from {source} " in line, f"the scheduler has seen {source}")


def _landed(stage: Stage, prefixes: Mapping[str, str]) -> None:
    servers = _administer(stage, _LIST)
    for name, prefix in prefixes.items():
        row = next((line for line in servers.splitlines() if f" {name} " in line), "")
        stage.expect(f"| {prefix}" in row, f"{name} is on a host of the group {prefix}")


def _move(stage: Stage) -> None:
    stage.tell(
        "The administrator migrates the first server, from an address of no group: a move stays "
        "in the server's group, whoever asks."
    )
    _administer(stage, "openstack server migrate --wait from-lab")
    _landed(stage, {"from-lab": "doc"})


def _change(stage: Stage) -> None:
    (ops,) = (group for group in HOST_GROUPS if group.name == "ops")
    subnets = to_metadata(ops)[SUBNETS_KEY]
    change = f"openstack aggregate set --property '{SUBNETS_KEY}={{}}' ops"
    stage.tell(f"The network of {OUTSIDER} is mapped to the group ops. Nothing is restarted.")
    _administer(stage, change.format(f"{subnets}, {_ELSEWHERE}"))
    # The scheduler reads the groups anew when its last reading is a second old.
    time.sleep(1)
    stage.tell("What alice creates there from now on is on a host of ops.")
    _create(stage, OUTSIDER, "from-there-again")
    stage.tell("That is so, and the mapping is taken back.")
    _landed(stage, {"from-there-again": "ops"})
    _administer(stage, change.format(subnets))


def _administer(stage: Stage, command: str, answer: str = "") -> str:
    return stage.run(BIND, command, answer=answer, user="admin")


def _log_line(stage: Stage, server: str) -> str:
    """The line that says why a server landed where it did."""
    with stage.cloud.log("nova").open() as log:
        lines = [line.strip() for line in log if server in line and "ipcontrol" in line]
    return lines[-1] if lines else ""


def _clear(stage: Stage) -> None:
    """Remove what this walkthrough, or an interrupted one in a kept cloud, has made."""
    admin = nova(stage.cloud, "admin")
    delete_servers(admin, [each for each in admin.servers.list() if each.name in _NAMES])
