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
    server = wsgi.Server((bind, port), application, numthreads=threads, request_queue_size=128)
    server.shutdown_timeout = 1
    server.prepare()
    return server
