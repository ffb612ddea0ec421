# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""sqlite under services that were written for MariaDB.

Two things make it hold under their concurrency: write-ahead logging, so that readers and the
writer do not exclude each other; and taking the write lock when a writing transaction begins.

oslo.db starts every transaction with a plain ``BEGIN``. On sqlite that is a *deferred* one: it
takes a read lock first, and when it comes to write after another transaction has committed, it
fails at once with "database is locked" - the busy timeout never applies, for waiting could not
make its snapshot current again. ``BEGIN IMMEDIATE`` waits its turn instead. Reading transactions
must stay deferred: Placement opens an independent reader inside a writer, in one thread, and
would wait for itself.

The wait is ours and not sqlite's. Nova up to 2025.2 runs in one thread under eventlet; where
sqlite waits in it, nobody else goes on, not even whoever holds the lock.
"""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

BUSY_SECONDS = 60
# Seconds between two attempts to take the write lock.
_PAUSE = 0.01
_WRITER = "devcloud_writer"


def url(path: Path) -> str:
    """The SQLAlchemy URL of a database file; writers wait for each other that long."""
    return f"sqlite:///{path}?timeout={BUSY_SECONDS}"


def prepare(*paths: Path) -> None:
    """Put databases in write-ahead mode, which their files keep. Absent ones are made."""
    for path in paths:
        with connection(path) as database:
            database.execute("PRAGMA journal_mode=WAL")


@contextlib.contextmanager
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    """A plain connection that is committed and closed at the end of the block."""
    with contextlib.closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as database, database:
        yield database


def copy(source: Path, target: Path) -> None:
    """Copy a database, including what still stands in its write-ahead log."""
    with connection(source) as origin, connection(target) as duplicate:
        origin.backup(duplicate)


def begin_writers_immediately() -> None:
    """Make the writer sessions of oslo.db's enginefacade start with ``BEGIN IMMEDIATE``.

    Call once per process, before the first transaction.
    """
    import sqlalchemy
    from oslo_db.sqlalchemy import enginefacade

    factory = enginefacade._TransactionFactory
    create_session = factory._create_session

    def create_marked_session(self, mode, bind=None):
        if bind is None and mode is enginefacade._WRITER:
            bind = self.get_writer_engine().execution_options(**{_WRITER: True})
        return create_session(self, mode, bind)

    factory._create_session = create_marked_session
    sqlalchemy.event.listen(
        sqlalchemy.Engine, "before_cursor_execute", _begin_immediate, retval=True
    )


def _begin_immediate(conn, cursor, statement, parameters, context, executemany):
    if statement == "BEGIN" and conn.get_execution_options().get(_WRITER):
        statement = "SELECT 1" if _locked(cursor) else "BEGIN IMMEDIATE"
    return statement, parameters


def _locked(cursor: sqlite3.Cursor) -> bool:
    """Begin with the write lock as soon as it is free; False if it is not in time."""
    deadline = time.monotonic() + BUSY_SECONDS
    cursor.execute("PRAGMA busy_timeout = 0")
    try:
        while time.monotonic() < deadline:
            with contextlib.suppress(sqlite3.OperationalError):
                cursor.execute("BEGIN IMMEDIATE")
                return True
            time.sleep(_PAUSE)
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    return False
