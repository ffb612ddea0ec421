# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Clients whose connections come from a chosen loopback address.

127.0.0.0/8 is all on this machine, and a client bound to 127.1.0.5 is another peer than one bound
to 127.2.0.5: the services see real addresses, and nothing needs to be forged.
"""

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from devcloud import accounts
from devcloud.cloud import Cloud
from devcloud.settings import BIND, REGION

LAB = "127.1.0.5"
PARTNER = "127.2.0.5"
OUTSIDER = "127.9.0.9"
VAULT = "127.7.0.5"
_CHUNK = 65536


def environment(cloud: Cloud, user: str = "alice", project: str = "lab") -> dict[str, str]:
    """The ``OS_*`` variables with which the command line tools act as a user."""
    return {
        "OS_AUTH_URL": cloud.keystone_url,
        "OS_IDENTITY_API_VERSION": "3",
        "OS_USERNAME": user,
        "OS_PASSWORD": accounts.PASSWORD,
        "OS_PROJECT_NAME": project,
        "OS_USER_DOMAIN_NAME": accounts.DOMAIN_NAME,
        "OS_PROJECT_DOMAIN_NAME": accounts.DOMAIN_NAME,
        "OS_REGION_NAME": REGION,
    }


def run_from(
    source: str, arguments: Sequence[str], variables: dict[str, str], timeout: float = 120
) -> subprocess.CompletedProcess:
    """Run a Python command line tool of this environment, its connections bound to ``source``.

    Args:
        source: the address to come from, of either family.
        arguments: the tool's name and its arguments.
        variables: environment variables besides the present ones.
        timeout: seconds.
    """
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "devcloud.bound", source, *arguments],
        cwd=Path(__file__).resolve().parents[1],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@contextlib.contextmanager
def bound_to(source: str) -> Iterator[None]:
    """Have the connections that this thread opens in the block come from ``source``."""
    _bound.source = source
    try:
        yield
    finally:
        _bound.source = None


_bound = threading.local()
_connect = socket.socket.connect


def bind_process_to(source: str) -> None:
    """Have all connections of this process come from ``source``."""
    _install()
    _Process.source = source


class _Process:
    source: str | None = None


def _connect_bound(connection: socket.socket, address: Any) -> None:
    source = getattr(_bound, "source", None) or _Process.source
    family = socket.AF_INET6 if source and ":" in source else socket.AF_INET
    if source and connection.family == family and not connection.getsockname()[1]:
        connection.bind((source, 0))
    _connect(connection, address)


def _install() -> None:
    socket.socket.connect = _connect_bound  # type: ignore[method-assign,assignment]


_install()


class Forwarder:
    """A TCP door on loopback: what enters it reaches the target from ``source``.

    For a browser, which cannot be told where to come from.

    Args:
        source: the address that the target sees.
        target_port: the port on 127.0.0.1 to reach.
        port: where to listen; a free port where it is 0.
        bind: the loopback address where to listen.
    """

    def __init__(self, source: str, target_port: int, port: int = 0, bind: str = BIND) -> None:
        self.source = source
        self._target = (BIND, target_port)
        self._listener = socket.create_server((bind, port))
        # It waits for ever, whatever default somebody has set for the process.
        self._listener.settimeout(None)
        self.url = f"http://{bind}:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "Forwarder":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let nobody in any more."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except ConnectionAbortedError:
                continue
            except OSError:
                return
            threading.Thread(target=self._forward, args=(client,), daemon=True).start()

    def _forward(self, client: socket.socket) -> None:
        with client:
            try:
                server = socket.create_connection(self._target, source_address=(self.source, 0))
            except OSError:
                return
            with server:
                client.settimeout(None)
                server.settimeout(None)
                _pump(client, server)


def _pump(one: socket.socket, other: socket.socket) -> None:
    peers = {one: other, other: one}
    with contextlib.suppress(OSError):
        while peers:
            for ready in peers.keys() & set(wait(list(peers))):
                data = ready.recv(_CHUNK)
                if data:
                    peers[ready].sendall(data)
                else:
                    peers.pop(ready).shutdown(socket.SHUT_WR)
                    if ready not in peers.values() and not peers:
                        return


def swift_connection(
    cloud: Cloud, user: str = "alice", project: str = "lab", url: str | None = None, **options
):
    """A python-swiftclient Connection; use it inside `bound_to`.

    Args:
        cloud: the running cloud.
        user: of `devcloud.accounts`.
        project: the user's project.
        url: the root of the proxy to use, where it is not the one of the catalogue.
        **options: of swiftclient.Connection.
    """
    import swiftclient

    connection = swiftclient.Connection(
        authurl=cloud.keystone_url,
        user=user,
        key=accounts.PASSWORD,
        tenant_name=project,
        auth_version="3",
        os_options={
            "user_domain_name": accounts.DOMAIN_NAME,
            "project_domain_name": accounts.DOMAIN_NAME,
            "region_name": REGION,
        },
        **{"retries": 0, **options},
    )
    if url is not None:
        account, _token = connection.get_auth()
        connection.url = account.replace(cloud.swift_url, url)
        connection.os_options["object_storage_url"] = connection.url
    return connection
