# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Faults of the embedded Swift, for tests: servers that are down, or accept and never answer."""

import contextlib
import socket
import urllib.request
from collections.abc import Iterator

from devcloud.cloud import Cloud
from devcloud.settings import BIND


class SwiftFaults:
    """Acts on the Swift process of a cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._settings = cloud.settings

    @contextlib.contextmanager
    def stopped(self, *servers: str) -> Iterator[None]:
        """Have ``account``, ``container`` or ``object`` servers, or a proxy, down for a while."""
        for server in servers:
            self._do("stop", server)
        try:
            yield
        finally:
            for server in servers:
                self._do("start", server)

    @contextlib.contextmanager
    def hanging(self, server: str) -> Iterator[None]:
        """Have a storage server accept connections for a while and never answer."""
        with (
            self.stopped(server),
            socket.create_server((BIND, self._settings.ports[f"{server}-server"])),
        ):
            yield

    def _do(self, action: str, server: str) -> None:
        address = (self._settings.folder("swift") / "control").read_text()
        urllib.request.urlopen(
            urllib.request.Request(f"{address}/{action}/{server}", method="POST"), timeout=120
        ).close()
