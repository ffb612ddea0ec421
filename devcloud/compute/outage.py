# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""An outage of Nova's databases, whole or of chosen statements, that a test can begin and end."""

import re
import threading

import sqlalchemy

# What sqlite itself says of it: "unable to open database".
_UNAVAILABLE = "ATTACH DATABASE '/nonexistent/outage' AS outage"


class Outage:
    """Makes statements fail inside sqlite, so that all layers above meet a real error, or wait."""

    def __init__(self) -> None:
        self._database: str | None = None
        self._matching = re.compile("")
        self._hangs = False
        self._over = threading.Event()
        sqlalchemy.event.listen(
            sqlalchemy.Engine, "before_cursor_execute", self._before_execute, retval=True
        )

    def begin(self, database: str, matching: str = "", hangs: bool = False) -> None:
        """From now on, fail the statements on a database that match a regular expression.

        Args:
            database: ``api``, ``cell0`` or ``cell1``.
            matching: searched for in the statement followed by its parameters; empty: all fail.
            hangs: whether they wait until the outage ends, and then succeed, instead.
        """
        self._hangs = hangs
        self._over.clear()
        self._matching = re.compile(matching)
        self._database = database

    def end(self) -> None:
        """Let all statements through again."""
        self._database = None
        self._over.set()

    def _before_execute(self, conn, cursor, statement, parameters, context, executemany):
        if self._hits(conn.engine.url.database, f"{statement} {parameters}"):
            if not self._hangs:
                return _UNAVAILABLE, ()
            self._over.wait()
        return statement, parameters

    def _hits(self, file: str, text: str) -> bool:
        if self._database is None or not file.endswith(f"/{self._database}.sqlite"):
            return False
        return self._matching.search(text) is not None
