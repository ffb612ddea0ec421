# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What one embedded cloud consists of, kept in its state folder as ``cloud.json``."""

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path

# All in the order in which they are reported; each is a module of `devcloud.services`.
SERVICES = ("keystone", "swift", "glance", "placement", "neutron", "nova", "horizon")
# What does not make sense without others.
NEEDS = {
    "swift": ("keystone",),
    "glance": ("keystone",),
    "placement": ("keystone",),
    "neutron": ("keystone",),
    "nova": ("keystone", "glance", "placement", "neutron"),
    "horizon": ("keystone",),
}
DEFAULT_HOSTS = {"doc": 2, "ops": 2, "dev": 2}
DEFAULT_WEIGHERS = (
    "ipcontrol.scheduler.ip_scheduler.SameHostOnResizeWeigher",
    "ipcontrol.scheduler.ip_scheduler.RandomHostWeigher",
)
STORAGE_SERVERS = ("account-server", "container-server", "object-server")
BIND = "127.0.0.1"
# Where a reverse proxy in front of the services connects from.
REVERSE_PROXY = "127.3.0.1"
# Whose forwarding headers Swift and Nova believe: Horizon's and the reverse proxy's.
TRUSTED_PROXIES = (BIND, REVERSE_PROXY)
REGION = "RegionOne"
_FILE = "cloud.json"


@dataclasses.dataclass(frozen=True)
class Proxy:
    """One Swift proxy server.

    Attributes:
        filters: whether `client_address` and `ip_whitelist` are in its pipeline.
        shares_cache: whether it shares the cache of the other proxies that do,
            as with one memcached.
        options: options of the filters and of ``proxy-server``, by name; with ``use`` among
            them, they are all the options there are.
    """

    filters: bool = True
    shares_cache: bool = True
    options: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)


# `backstage` is the same storage without the filters: for seeding what the write check
# refuses, and for looking at what a refused request left behind.
DEFAULT_PROXIES = {"swift": Proxy(), "backstage": Proxy(filters=False)}


@dataclasses.dataclass(frozen=True)
class Settings:
    """One cloud.

    Attributes:
        state: the folder with its files.
        services: names from `SERVICES`.
        hosts: number of computes by the prefix of their names.
        proxies: Swift's proxies by name.
        ports: by service, and by the name of a proxy or storage server of Swift.
        horizon: additional settings of Horizon: name and value.
        nova_filters: whether `client_address` is in the pipeline of Nova's API, and the filter
            by subnet and the weighers are in its scheduler.
        nova_weighers: the scheduler's weighers with them, in place of Nova's own.
        replicas: of everything that Swift stores, each on a device of its own.
    """

    state: Path
    services: tuple[str, ...]
    hosts: dict[str, int]
    proxies: dict[str, Proxy]
    ports: dict[str, int]
    horizon: dict[str, object]
    nova_filters: bool = True
    nova_weighers: tuple[str, ...] = DEFAULT_WEIGHERS
    replicas: int = 1

    @staticmethod
    def exist_in(state: Path) -> bool:
        """Whether the folder holds a cloud already."""
        return (state / _FILE).exists()

    @classmethod
    def load(cls, state: Path) -> "Settings":
        """Read what `save` wrote."""
        data = json.loads((state / _FILE).read_text(encoding="utf-8"))
        data["services"] = tuple(data["services"])
        data["nova_weighers"] = tuple(data.get("nova_weighers", DEFAULT_WEIGHERS))
        data["proxies"] = {name: Proxy(**proxy) for name, proxy in data["proxies"].items()}
        return cls(state=state, **data)

    def save(self) -> None:
        """Write ``cloud.json``."""
        data = dataclasses.asdict(self)
        del data["state"]
        text = json.dumps(data, indent=2)
        # At once or not at all: a cloud that is killed now can still be started again.
        fresh = self.state / f"{_FILE}.new"
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(self.state / _FILE)

    def folder(self, service: str) -> Path:
        """The folder with the files of a service."""
        folder = self.state / service
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def log(self, service: str) -> Path:
        """What a service wrote."""
        return self.state / "logs" / f"{service}.log"

    def url(self, name: str) -> str:
        """The root of the service, or Swift proxy, of that name."""
        return f"http://{BIND}:{self.ports[name]}"

    @property
    def keystone_url(self) -> str:
        """Where tokens are issued, with the version."""
        return self.url("keystone") + "/v3"

    @property
    def computes(self) -> list[str]:
        """The names of the compute hosts."""
        return [
            f"{prefix}{number}"
            for prefix, count in self.hosts.items()
            for number in range(1, count + 1)
        ]


def with_needs(services: tuple[str, ...]) -> tuple[str, ...]:
    """The services and those that they cannot do without, in the order of `SERVICES`."""
    wanted = set(services)
    for service in services:
        wanted.update(NEEDS.get(service, ()))
    return tuple(service for service in SERVICES if service in wanted)


def port_names(services: tuple[str, ...], proxies: Iterable[str]) -> list[str]:
    """What needs a port: each service, and for Swift each of its servers."""
    names = [service for service in services if service != "swift"]
    if "swift" in services:
        names += [*proxies, *STORAGE_SERVERS]
    return names
