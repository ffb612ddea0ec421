# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""An OpenStack of real services, started and stopped together.

::

    with Cloud(services=("swift", "horizon")) as cloud:
        print(cloud.horizon_url)

Each service is a process of its own (`devcloud.services`); all its files stand under one state
folder, and ``cloud.log(service)`` is what it wrote. A folder that the caller named is kept, and a
later cloud goes on from it, on the same ports where they are free; another is removed. No service
outlives the process that started it.
"""

import importlib.util
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

from devcloud import loopback, signals
from devcloud.errors import DevCloudError
from devcloud.ports import Reservations
from devcloud.process import ServiceProcess
from devcloud.settings import (
    DEFAULT_HOSTS,
    DEFAULT_PROXIES,
    DEFAULT_WEIGHERS,
    SERVICES,
    Proxy,
    Settings,
    port_names,
    with_needs,
)
from devcloud.state_folder import StateFolder

_START_SECONDS = 300
_STOP_SECONDS = 15
_POLL_SECONDS = 0.05
_PACKAGES = {"horizon": "openstack_dashboard", "neutron": "devcloud"}

Report = Callable[[str, float], None]

__all__ = ["Cloud", "DevCloudError", "Report"]


class Cloud:
    """The embedded cloud; a context manager, ready when entered.

    Args:
        services: names of `devcloud.settings.SERVICES`; what they need is added.
        hosts: number of Nova's computes by the prefix of their names.
        proxies: Swift's proxies by name, besides the default ones or in place of them.
        horizon: additional Django settings for Horizon.
        horizon_port: Horizon's port; a free one where it is None.
        nova_filters: whether Nova runs with the filters and weighers, or as it comes.
        nova_weighers: the scheduler's weighers with them, in place of Nova's own.
        replicas: of everything that Swift stores, each on a device of its own.
        state: the folder for its files; a temporary one where it is None.
        report: called with a service's name and the seconds that it took, as each gets ready.
    """

    state: Path
    settings: Settings

    def __init__(
        self,
        services: Iterable[str] = SERVICES,
        hosts: Mapping[str, int] = DEFAULT_HOSTS,
        proxies: Mapping[str, Proxy] | None = None,
        horizon: Mapping[str, object] | None = None,
        horizon_port: int | None = None,
        nova_filters: bool = True,
        nova_weighers: Iterable[str] = DEFAULT_WEIGHERS,
        replicas: int = 1,
        state: Path | None = None,
        report: Report = lambda _service, _seconds: None,
    ) -> None:
        self._services = tuple(services)
        self._hosts = dict(hosts)
        self._proxies = {**DEFAULT_PROXIES, **(proxies or {})}
        self._horizon = dict(horizon or {})
        self._wished_ports = {} if horizon_port is None else {"horizon": horizon_port}
        self._nova_filters = nova_filters
        self._nova_weighers = tuple(nova_weighers)
        self._replicas = replicas
        self._wished_state = state
        self._report = report
        self._processes: dict[str, ServiceProcess] = {}
        self._folder: StateFolder
        self._cleanup = ExitStack()
        self._signals = ExitStack()

    # --- Where things are ----------------------------------------------------

    @property
    def keystone_url(self) -> str:
        """Keystone, with the version."""
        return self.settings.keystone_url

    @property
    def swift_url(self) -> str:
        """The root of the Swift proxy with the filters."""
        return self.settings.url("swift")

    @property
    def backstage_url(self) -> str:
        """The root of a Swift proxy without the filters, on the same storage."""
        return self.settings.url("backstage")

    @property
    def horizon_url(self) -> str:
        """Horizon's root."""
        return self.settings.url("horizon")

    @property
    def nova_url(self) -> str:
        """Nova's API, with the version."""
        return self.settings.url("nova") + "/v2.1"

    def log(self, service: str) -> Path:
        """What a service wrote."""
        return self.settings.log(service)

    def pid(self, service: str) -> int:
        """The process of a service."""
        return self._processes[service].pid

    # --- All services --------------------------------------------------------

    def __enter__(self) -> "Cloud":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start all services and wait until they answer.

        Raises:
            DevCloudError: the state folder or a port cannot be used, a service is unknown or not
                installed, has died or did not get ready.
        """
        self._check_services()
        self._signals.enter_context(signals.ends_as_exceptions())
        self._cleanup.enter_context(loopback.called_directly())
        self._settle()
        for service in self.settings.services:
            self.start_service(service)
        self._wait(list(self.settings.services), self._report)

    def check(self) -> None:
        """Make sure that all services live.

        Raises:
            DevCloudError: one has died.
        """
        for service, process in self._processes.items():
            if process.end:
                log = self._folder.preserved(self.log(service))
                raise DevCloudError(f"{service} {process.end}: see its log, {log}")

    def stop(self) -> None:
        """Stop all services; remove the state folder unless it is to be kept."""
        with signals.ignored():
            for process in self._processes.values():
                process.terminate()
            deadline = time.monotonic() + _STOP_SECONDS
            for process in self._processes.values():
                process.wait(max(0.1, deadline - time.monotonic()))
            self._processes.clear()
            self._cleanup.close()
        self._signals.close()

    # --- One service ---------------------------------------------------------

    def start_service(self, service: str) -> None:
        """Start the process of one service; it may not answer yet."""
        self._processes[service] = ServiceProcess(service, self.settings)

    def stop_service(self, service: str, kill: bool = False) -> None:
        """Stop the process of one service; with ``kill``, without a chance to clean up."""
        process = self._processes.pop(service)
        if kill:
            process.kill()
        else:
            process.terminate()
            process.wait(_STOP_SECONDS)

    def wait_for_service(self, service: str) -> None:
        """Wait until a service that was started alone answers.

        Raises:
            DevCloudError: it, or another one, has died, or it did not get ready.
        """
        self._wait([service], lambda _service, _seconds: None)

    # --- How -----------------------------------------------------------------

    def _check_services(self) -> None:
        for service in self._services:
            if service not in SERVICES:
                known = ", ".join(SERVICES)
                raise DevCloudError(f'There is no service "{service}": choose from {known}.')
            if importlib.util.find_spec(_PACKAGES.get(service, service)) is None:
                raise DevCloudError(
                    f"{service} is not installed in this Python environment: start with "
                    "`make demo`, which makes one with all that is needed."
                )

    def _settle(self) -> None:
        """Make the state folder this cloud's, and decide on everything that stands in it."""
        self._folder = StateFolder(self._wished_state)
        self._cleanup.callback(self._folder.close)
        self.state = self._folder.path
        services = with_needs(self._services)
        ports = self._reserve(port_names(services, self._proxies))
        self.settings = Settings(
            self.state,
            services,
            self._hosts,
            self._proxies,
            ports,
            self._horizon,
            self._nova_filters,
            self._nova_weighers,
            self._replicas,
        )
        self.settings.save()

    def _reserve(self, names: list[str]) -> dict[str, int]:
        saved_ports = Settings.load(self.state).ports if Settings.exist_in(self.state) else {}
        reservations = Reservations()
        self._cleanup.callback(reservations.release)
        # A port that was wished for must not be given to another service before.
        wished = {
            name: reservations.reserve(name, port)
            for name, port in self._wished_ports.items()
            if name in names
        }
        others = {
            name: reservations.reserve_any(saved_ports.get(name))
            for name in names
            if name not in wished
        }
        return wished | others

    def _wait(self, services: list[str], report: Report) -> None:
        began = time.monotonic()
        while services:
            self.check()
            for service in [name for name in services if self._processes[name].answers()]:
                services.remove(service)
                report(service, time.monotonic() - began)
            if services and time.monotonic() - began > _START_SECONDS:
                log = self._folder.preserved(self.log(services[0]))
                raise DevCloudError(
                    f"{services[0]} was not ready within {_START_SECONDS} s: see its log, {log}"
                )
            time.sleep(_POLL_SECONDS)
