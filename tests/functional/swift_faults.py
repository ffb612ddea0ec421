# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Faults of the embedded Swift, for tests: servers that are down, slow or hang, absent devices."""

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
            self._do(f"stop/{server}")
        try:
            yield
        finally:
            for server in servers:
                self._do(f"start/{server}")

    @contextlib.contextmanager
    def hanging(self, server: str) -> Iterator[None]:
        """Have a storage server accept connections for a while and never answer."""
        with (
            self.stopped(server),
            socket.create_server((BIND, self._settings.ports[f"{server}-server"])),
        ):
            yield

    def delay(self, server: str, seconds: float, count: int) -> None:
        """Have a storage server hold back its next answers to HEAD for so long."""
        self._do(f"delay/{server}/{seconds}/{count}")

    @contextlib.contextmanager
    def device_away(self, device: str) -> Iterator[None]:
        """Have the device of a replica away for a while: it misses what is written meanwhile."""
        there = self._settings.folder("swift") / "devices" / device
        elsewhere = there.rename(there.with_suffix(".away"))
        try:
            yield
        finally:
            elsewhere.rename(there)

    def _do(self, action: str) -> None:
        address = (self._settings.folder("swift") / "control").read_text()
        urllib.request.urlopen(
            urllib.request.Request(f"{address}/{action}", method="POST"), timeout=120
        ).close()
