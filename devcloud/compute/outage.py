# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""An outage of Nova's databases, whole or of chosen statements, that a test can begin and end."""

import re

import sqlalchemy

# What sqlite itself says of it: "unable to open database".
_UNAVAILABLE = "ATTACH DATABASE '/nonexistent/outage' AS outage"


class Outage:
    """Makes statements fail inside sqlite, so that all layers above meet a real error."""

    def __init__(self) -> None:
        self._database: str | None = None
        self._matching = re.compile("")
        sqlalchemy.event.listen(
            sqlalchemy.Engine, "before_cursor_execute", self._before_execute, retval=True
        )

    def begin(self, database: str, matching: str = "") -> None:
        """From now on, fail the statements on a database that match a regular expression.

        Args:
            database: ``api``, ``cell0`` or ``cell1``.
            matching: searched for in the statement followed by its parameters; empty: all fail.
        """
        self._matching = re.compile(matching)
        self._database = database

    def end(self) -> None:
        """Let all statements through again."""
        self._database = None

    def _before_execute(self, conn, cursor, statement, parameters, context, executemany):
        if self._hits(conn.engine.url.database, f"{statement} {parameters}"):
            return _UNAVAILABLE, ()
        return statement, parameters

    def _hits(self, file: str, text: str) -> bool:
        if self._database is None or not file.endswith(f"/{self._database}.sqlite"):
            return False
        return self._matching.search(text) is not None
