# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Clients of Nova and Glance whose connections to Nova come from a chosen address."""

import contextlib
import time
from collections.abc import Callable, Iterable
from typing import Any

import requests
from keystoneauth1 import session as keystone_session
from keystoneauth1.identity import v3
from novaclient import exceptions
from requests.adapters import HTTPAdapter

from devcloud import accounts
from devcloud.cloud import Cloud
from devcloud.settings import BIND, REGION

# Servers without a network, forced_down by the service's UUID, and all else that tests ask for.
MICROVERSION = "2.90"
_RETRIES_WHILE_STARTING = 2
_POLL_SECONDS = 0.1


class _From(HTTPAdapter):
    """Connections from one address."""

    def __init__(self, source: str):
        self._source = source
        super().__init__(max_retries=_RETRIES_WHILE_STARTING)

    def init_poolmanager(self, *arguments, **options):
        super().init_poolmanager(*arguments, source_address=(self._source, 0), **options)


def session(cloud: Cloud, user: str, project: str, source: str = BIND) -> keystone_session.Session:
    """A session whose connections to Nova, and to nothing else, come from ``source``."""
    transport = requests.Session()
    transport.mount(nova_url(cloud, source), _From(source))
    identity = v3.Password(
        auth_url=cloud.keystone_url,
        username=user,
        password=accounts.PASSWORD,
        project_name=project,
        user_domain_id=accounts.DOMAIN,
        project_domain_id=accounts.DOMAIN,
    )
    return keystone_session.Session(auth=identity, session=transport)


def nova_url(cloud: Cloud, source: str) -> str:
    """Nova's API, on its address of the same family as ``source``."""
    return cloud.nova_url.replace(BIND, "[::1]") if ":" in source else cloud.nova_url


def nova(cloud: Cloud, user: str = "alice", project: str = "lab", source: str = BIND):
    """A novaclient.

    Args:
        cloud: the running cloud.
        user: of `devcloud.accounts`.
        project: one of the user's.
        source: the address that its connections to Nova come from, of either family.
    """
    from novaclient import client

    return client.Client(
        MICROVERSION,
        session=session(cloud, user, project, source),
        region_name=REGION,
        # The catalogue knows the address of IPv4.
        endpoint_override=nova_url(cloud, source) if ":" in source else None,
    )


def glance(cloud: Cloud, user: str = "admin", project: str = "lab"):
    """A glanceclient."""
    from glanceclient import client

    return client.Client("2", session=session(cloud, user, project), region_name=REGION)


def host_of(server) -> str | None:
    """The compute where a server is, as administrators see it; None for one that is nowhere."""
    return getattr(server, "OS-EXT-SRV-ATTR:host")


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


def delete_servers(administrator, servers: Iterable[Any], seconds: float = 300) -> None:
    """Delete servers, and wait until none of them is left; one that is already gone will do.

    Args:
        administrator: a novaclient that may delete them.
        servers: the servers, as they were at some time.
        seconds: how long.

    Raises:
        TimeoutError: one is still there.
    """
    servers = list(servers)
    for server in servers:
        with contextlib.suppress(exceptions.NotFound):
            administrator.servers.delete(server)
    deadline = time.monotonic() + seconds
    for server in servers:
        while _is_there(administrator, server):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{server.name} ({server.id}) is not deleted")
            time.sleep(_POLL_SECONDS)


def _is_there(administrator, server) -> bool:
    try:
        administrator.servers.get(server.id)
    except exceptions.NotFound:
        return False
    return True
