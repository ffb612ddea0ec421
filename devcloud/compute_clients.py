# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Clients of Nova and Glance whose connections to Nova come from a chosen address."""

import contextlib
import time
from collections.abc import Iterable
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
