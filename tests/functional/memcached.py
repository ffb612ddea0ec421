# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A memcached of a test's own."""

import os
import shutil
import subprocess

from devcloud.ports import Reservations
from devcloud.settings import BIND
from tests.functional.nginx import wait_for_ports


class Memcached:
    """A memcached on loopback, which may be away for a while and then has forgotten all."""

    def __init__(self):
        program = shutil.which("memcached", path="/usr/bin:/usr/local/bin")
        assert program, "memcached is missing: on Debian, 'apt-get install memcached'"
        self._reserved = Reservations()
        self.port = self._reserved.reserve_any()
        user = ("-u", "nobody") if os.getuid() == 0 else ()
        self._command = [program, "-l", BIND, "-p", str(self.port), "-U", "0", "-m", "16", *user]
        self._process = None

    @property
    def options(self):
        """What makes a proxy of the embedded Swift use it."""
        servers = f"{BIND}:{self.port}"
        # A server that does not answer is asked again at once: it is there again in a moment.
        return {
            "use": "egg:swift#memcache",
            "memcache_servers": servers,
            "memcache_max_connections": "8",
            "error_suppression_interval": "0",
        }

    def __enter__(self):
        """Start it."""
        self._process = subprocess.Popen(self._command)
        wait_for_ports([self.port])
        return self

    def __exit__(self, *_):
        """Stop it."""
        self._process.terminate()
        self._process.wait(10)

    def forget(self):
        """Restart it."""
        self.__exit__()
        self.__enter__()
