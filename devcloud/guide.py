# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What a person is told when the demonstration is ready: where to go, and as whom."""

import shlex
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from devcloud import accounts
from devcloud.addresses import LAB, OUTSIDER, PARTNER, Forwarder, environment
from devcloud.cloud import Cloud
from devcloud.settings import BIND

_VISITORS = {
    BIND: "the operator's own machine, admitted everywhere",
    LAB: "in the lab's network",
    PARTNER: "in the partner's network",
    OUTSIDER: "in nobody's network",
}
HORIZON_NAMES = [*_VISITORS, "localhost"]
_COMMAND_USER = "alice"
_LOGINS = {
    "alice": "works in the project lab",
    "bob": "works there too",
    "carol": "works in the project partner",
    "admin": "administrates the cloud",
}


def lines(cloud: Cloud, doors: ExitStack) -> Iterator[str]:
    """Open the doors, and say what there is.

    Args:
        cloud: the running cloud.
        doors: closes the doors to Horizon.
    """
    yield ""
    if "horizon" in cloud.settings.services:
        yield "Open Horizon; which address you open decides which address you have:"
        yield ""
        for address, who in _VISITORS.items():
            yield f"  {_door(cloud, address, doors):<28}you are {address:<11} {who}"
        yield ""
    yield f"Logins, all with the password {accounts.PASSWORD}:"
    yield ""
    for name, who in _LOGINS.items():
        yield f"  {name:<8}{who}"
    yield ""
    yield "On the command line, from an address of your choice:"
    yield ""
    yield f"  . {_write_variables(cloud)}"
    yield f"  {_python()} -m devcloud.bound {LAB} {_example(cloud)}"
    yield ""
    yield f"Logs: {cloud.state / 'logs'}"
    yield "Ctrl-C stops everything."


def _python() -> Path:
    """The interpreter as a person in this folder would type it."""
    python = Path(sys.executable)
    return python.relative_to(Path.cwd()) if python.is_relative_to(Path.cwd()) else python


def _example(cloud: Cloud) -> str:
    if "swift" in cloud.settings.services:
        return "swift list"
    return (
        "openstack server list" if "nova" in cloud.settings.services else "openstack token issue"
    )


def _door(cloud: Cloud, address: str, doors: ExitStack) -> str:
    """Horizon's address for a browser that is to be seen at ``address``."""
    port = cloud.settings.ports["horizon"]
    if address == BIND:
        return cloud.horizon_url
    try:
        door = Forwarder(address, port, port, bind=address)
    except OSError:
        # Somebody else has this port on that address.
        door = Forwarder(address, port, bind=address)
    return doors.enter_context(door).url


def _write_variables(cloud: Cloud) -> Path:
    """Write the file that a shell reads to act as a user; return its path."""
    variables = environment(cloud, _COMMAND_USER)
    file = cloud.state / f"{_COMMAND_USER}.sh"
    file.write_text(
        "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
    )
    return file
