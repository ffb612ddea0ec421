# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Serving a WSGI application until the process is terminated."""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable

from cheroot import wsgi

from devcloud.settings import BIND

_STOP_SECONDS = 2
# A client that comes back to its connection just as that is closed for idleness fails.
_IDLE_SECONDS = 600
_MOST_IDLE = 100


class _Server(wsgi.Server):
    """Gives a connection to a thread when something is said on it.

    cheroot has a thread wait for the first word of each new connection. Chromium opens some in
    advance, and a few people who say nothing would hold all threads.
    """

    def process_conn(self, connection) -> None:
        """Take up a connection: a new one, or one on which something is said."""
        if connection.last_used is None:
            self.put_conn(connection)
        else:
            super().process_conn(connection)


def serve(
    application: Callable, port: int, binds: Iterable[str] = (BIND,), threads: int = 8
) -> None:
    """Serve on one port of several addresses until SIGTERM; does not return.

    Requests that are being answered then have a moment to end, and nothing else is waited for:
    what the services keep is safe in transactions.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    servers = [listen(application, port, bind, threads) for bind in binds]
    for server in servers[1:]:
        threading.Thread(target=server.serve, daemon=True).start()
    with contextlib.suppress(SystemExit):
        servers[0].serve()
    hurry = threading.Timer(_STOP_SECONDS, os._exit, (0,))
    hurry.daemon = True
    hurry.start()
    for server in servers:
        server.stop()
    # An ordinary exit would wait for every thread that a service has.
    os._exit(0)


def listen(application: Callable, port: int, bind: str = BIND, threads: int = 8) -> wsgi.Server:
    """A server that listens already; its ``serve()`` accepts."""
    server = _Server(
        (bind, port),
        application,
        numthreads=threads,
        request_queue_size=128,
        timeout=_IDLE_SECONDS,
        shutdown_timeout=1,
    )
    server.keep_alive_conn_limit = _MOST_IDLE
    server.prepare()
    return server
