# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Faults of the embedded Nova, for tests: daemons that stop, databases that do not answer.

faults = NovaFaults(cloud.state)
with faults.stopped("scheduler"): ...
with faults.database_down("api", matching="FROM aggregates LEFT OUTER JOIN"): ...
"""

import contextlib
import json
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

# A daemon finishes what it is doing before it stops.
_TIMEOUT_SECONDS = 120


class NovaFaults:
    """Acts on the Nova process of the cloud with this state folder."""

    def __init__(self, state: Path):
        self._folder = state / "nova"

    @contextlib.contextmanager
    def stopped(self, daemon: str) -> Iterator[None]:
        """Have ``conductor``, ``scheduler`` or the nova-compute of a host stopped for a while."""
        self._do("stop", name=daemon)
        try:
            yield
        finally:
            self._do("start", name=daemon)

    def restart(self, daemon: str) -> None:
        """Stop and start a daemon: what it kept in memory is gone."""
        with self.stopped(daemon):
            pass

    @contextlib.contextmanager
    def database_down(
        self, database: str = "api", matching: str = "", hangs: bool = False
    ) -> Iterator[None]:
        """Have statements on ``api``, ``cell0`` or ``cell1`` fail for a while.

        Args:
            database: the one that is down, for all of Nova's daemons.
            matching: only statements in which this regular expression is found, parameters
                included, fail.
            hangs: whether they wait for the end of the outage instead.
        """
        self._do("database_down", database=database, matching=matching, hangs=hangs)
        try:
            yield
        finally:
            self._do("database_up")

    @contextlib.contextmanager
    def database_locked(self, database: str = "api") -> Iterator[None]:
        """Hold the write lock of a database: readers go on, writers wait for up to a minute."""
        file = self._folder / f"{database}.sqlite"
        connection = sqlite3.connect(file, _TIMEOUT_SECONDS, isolation_level=None)
        with contextlib.closing(connection):
            connection.execute("BEGIN IMMEDIATE")
            yield

    def _do(self, action: str, **arguments: str | bool) -> None:
        address = (self._folder / "control").read_text()
        request = urllib.request.Request(
            f"{address}/{action}", data=json.dumps(arguments).encode()
        )
        try:
            urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS).close()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{action} {arguments}: {error.read().decode()}") from None
