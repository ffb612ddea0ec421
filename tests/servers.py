# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Waiting for what Nova does with a server."""

import time
from collections.abc import Callable
from typing import Any

from devcloud.compute_clients import host_of

_POLL_SECONDS = 0.1


def wait_for(
    administrator,
    server,
    status: str,
    until: Callable[[Any], bool] = lambda server: True,
    seconds: float = 180,
):
    """Wait until a server has a status and nothing more is being done to it.

    Args:
        administrator: a novaclient that sees hosts and tasks.
        server: the server, as it was at some time.
        status: one of the API's, such as ``ACTIVE``.
        until: what besides must hold of the server as administrators see it.
        seconds: how long.

    Returns:
        The server as administrators see it.

    Raises:
        AssertionError: it has failed, or the time is up; with what Nova says of it.
    """
    deadline = time.monotonic() + seconds
    while True:
        server = administrator.servers.get(server.id)
        task = getattr(server, "OS-EXT-STS:task_state")
        # Nova writes down why a server failed after it has written that it did.
        told = status != "ERROR" or "fault" in server.to_dict()
        if server.status == status and task is None and told and until(server):
            return server
        if server.status == "ERROR" != status:
            raise AssertionError(f"{server.name} failed: {getattr(server, 'fault', {})}")
        if time.monotonic() > deadline:
            raise AssertionError(f"{server.name} is {server.status} ({task}), not {status}")
        time.sleep(_POLL_SECONDS)


def wait_until_refused(administrator, server, action: str, seconds: float = 180) -> None:
    """Wait until the last thing that was asked for a server has failed.

    The API had accepted it: that no host was found stands in the server's actions alone, which
    are written after the server's status.

    Raises:
        AssertionError: the time is up, or it was something else that was asked for last.
    """
    deadline = time.monotonic() + seconds
    while True:
        last = administrator.instance_action.list(server)[0]
        events = administrator.instance_action.get(server, last.request_id).events
        if last.action == action and any(event["result"] == "Error" for event in events):
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"{last.action} was not refused: {events}")
        time.sleep(_POLL_SECONDS)


def evacuated(administrator, server, lost: str) -> bool:
    """Whether a server has left a host that is down, and Nova has written that to the end.

    It is active again a moment before, and a host that came back meanwhile would be believed to
    have it still.
    """
    migrations = administrator.migrations.list(instance_uuid=server.id)
    return host_of(server) != lost and {each.status for each in migrations} == {"done"}
