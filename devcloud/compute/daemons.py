# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Nova's daemons as parts of one process, each of which can be stopped and started again."""

import sys
import uuid
from pathlib import Path

import nova.conf
from nova import context as nova_context
from nova import service
from nova.objects import host_mapping

from devcloud import releases
from devcloud.compute.config import CONTROLLER
from ipcontrol.scheduler.group_cache import HostGroupCache

CONF = nova.conf.CONF
_SCHEDULER_MODULE = "ipcontrol.scheduler.ip_scheduler"


class Daemons:
    """The conductor, the scheduler and the computes."""

    def __init__(self, computes: list[str]):
        releases.keep_nova_thread_pools()
        self._computes = computes
        self._running: dict[str, service.Service] = {}

    def start_all(self) -> None:
        """Start all in the order of their dependence, and map the computes to their cell."""
        self.start("conductor")
        self.start("scheduler")
        for host in self._computes:
            self.start(host)
        host_mapping.discover_hosts(nova_context.get_admin_context())

    def start(self, name: str) -> None:
        """Start ``conductor``, ``scheduler`` or the nova-compute of the host of that name."""
        if name in self._running:
            return
        if name in ("conductor", "scheduler"):
            self._running[name] = self._launch(CONTROLLER, binary=f"nova-{name}")
        elif name in self._computes:
            self._running[name] = self._launch(
                name, binary="nova-compute", **releases.compute_topics()
            )
        else:
            raise KeyError(f"no daemon is called {name}")

    def stop(self, name: str) -> None:
        """Stop one; messages to it wait in its queue until it is back."""
        self._running.pop(name).stop()
        if name == "scheduler":
            _forget_host_groups()

    def stop_all(self) -> None:
        """Stop all, in the reverse order."""
        for name in reversed(list(self._running)):
            self.stop(name)

    @staticmethod
    def _launch(host: str, **options) -> service.Service:
        # Managers read their host from the configuration, not from the service.
        CONF.set_override("host", host)
        try:
            # Without a longest interval, a periodic task that finds its daemon stopping raises.
            launched = service.Service.create(host=host, periodic_interval_max=60, **options)
            launched.start()
        finally:
            CONF.clear_override("host")
        return launched


def _forget_host_groups() -> None:
    # What a scheduler remembers ends with its process, which here goes on.
    # The scheduler imports the module, or not: importing it is what installs its request filter.
    if _SCHEDULER_MODULE in sys.modules:
        vars(sys.modules[_SCHEDULER_MODULE])["CACHE"] = HostGroupCache()


def write_node_identity(state_path: Path) -> None:
    """Write the file without which a nova-compute refuses to start a second time.

    It names the one node of a host; here it stands for all of them, and the driver gives each
    its own.
    """
    file = state_path / "compute_id"
    if not file.exists():
        file.write_text(str(uuid.uuid5(uuid.NAMESPACE_DNS, CONTROLLER)))
