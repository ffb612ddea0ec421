# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""uWSGI, under which nova-api runs, with an application that answers with its caller."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

from devcloud.ports import Reservations
from devcloud.settings import BIND
from tests.functional.nginx import wait_for_ports

ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def behind_uwsgi(header):
    """The address of an application that answers with its caller."""
    reserved = Reservations()
    port = reserved.reserve_any()
    # uWSGI does not share a port with whoever reserved it.
    reserved.release()
    process = subprocess.Popen(
        [
            *(Path(sys.prefix, "bin", "uwsgi"), "--master", "--die-on-term", "--disable-logging"),
            *("--http-socket", f"{BIND}:{port}", "--virtualenv", sys.prefix),
            *("--pythonpath", ROOT, "--module", "tests.functional.caller_app"),
        ],
        env={**os.environ, "CALLER_HEADER": header},
    )
    try:
        wait_for_ports([port])
        yield f"http://{BIND}:{port}"
    finally:
        process.terminate()
        process.wait(10)
