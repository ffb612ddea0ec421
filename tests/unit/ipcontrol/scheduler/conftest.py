# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Real objects of Nova, made by hand: no database, no services."""

import threading
from types import SimpleNamespace

import nova.conf
import pytest
from nova import context, objects
from nova.scheduler import host_manager
from oslo_utils.fixture import uuidsentinel as uuids

from ipcontrol.scheduler import group_cache, group_report, ip_scheduler

objects.register_all()

CELL = objects.CellMapping(
    uuid=uuids.cell1, name="cell1", transport_url="none:///", database_connection="sqlite://"
)


HOSTS = "doc1 doc2 ops1 ops2 dev1 dev2 gpu7"


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Aggregates:
    """Nova's API database, as far as the cache reads it."""

    def __init__(self):
        self.rows = []
        self.error = None
        self.reads = 0
        self.meanwhile = None

    def __call__(self):
        self.reads += 1
        if self.meanwhile:
            self.meanwhile()
        if self.error:
            raise self.error
        return list(self.rows)

    def add(self, name, subnets="", hosts=(), **metadata):
        metadata = {"ipcontrol:hostname_prefix": name, "ipcontrol:subnets": subnets, **metadata}
        self.rows.append(
            objects.Aggregate(
                id=len(self.rows) + 1,
                uuid=getattr(uuids, name),
                name=name,
                hosts=list(hosts),
                metadata=metadata,
            )
        )

    def add_default(self, name, **kwargs):
        self.add(name, **{"ipcontrol:default": "true", **kwargs})


@pytest.fixture(scope="session", autouse=True)
def _no_configuration_files():
    nova.conf.CONF([], project="nova", default_config_files=[], default_config_dirs=[])


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def aggregates():
    return Aggregates()


@pytest.fixture
def cache(aggregates, clock, monkeypatch):
    """The cache that the filter uses, over three groups: doc, ops, and dev for the rest.

    Nothing renews it in the background: tests do, when the clock has gone on.
    """
    aggregates.add("doc", "10.1.0.0/16 2001:db8:1::/48")
    aggregates.add("ops", "10.2.0.0/16 10.1.9.0/24")
    aggregates.add_default("dev")
    cache = group_cache.HostGroupCache(
        aggregates,
        clock=clock,
        start_reader=lambda cache: threading.current_thread(),
        report=group_report.GroupReport(HOSTS.split, clock),
    )
    monkeypatch.setattr(ip_scheduler, "CACHE", cache)
    return cache


@pytest.fixture
def flags():
    """Set options of [ipcontrol] for one test."""
    overridden = []

    def set_flags(**options):
        for name, value in options.items():
            nova.conf.CONF.set_override(name, value, group="ipcontrol")
            overridden.append(name)

    yield set_flags
    for name in overridden:
        nova.conf.CONF.clear_override(name, group="ipcontrol")


@pytest.fixture
def states():
    """Host states by their names."""

    def make(names=HOSTS):
        return [host_manager.HostState(name, name, uuids.cell1) for name in names.split()]

    return make


@pytest.fixture
def boot():
    """The request specification of a first boot from an address."""

    def make(address, **fields):
        request = context.RequestContext(
            "user", "project", remote_address=address, roles=["member"]
        )
        defaults = {
            "instance_uuid": uuids.instance,
            "force_hosts": None,
            "force_nodes": None,
            "ignore_hosts": None,
            "scheduler_hints": {},
            "requested_destination": None,
        }
        return objects.RequestSpec(request, **{**defaults, **fields})

    return make


@pytest.fixture
def move(boot, instances):
    """The request specification of a move of an instance from a host."""

    def make(address, host, shelved_host=None, **fields):
        metadata = {"shelved_host": shelved_host} if shelved_host else {}
        instances.found = objects.Instance(
            uuid=uuids.instance, host=host, system_metadata=metadata, instance_type_id=1
        )
        fields.setdefault("flavor", objects.Flavor(id=1))
        destination = objects.Destination(cell=CELL, **fields.pop("destination", {}))
        return boot(address, requested_destination=destination, **fields)

    return make


@pytest.fixture
def resize(move):
    """The request specification of a resize: a move with another flavor."""
    return lambda address, host: move(address, host, flavor=objects.Flavor(id=2))


@pytest.fixture
def instances(monkeypatch):
    """The cell database, which holds one instance."""
    database = SimpleNamespace(found=None, error=None, asked=[])

    def get_by_uuid(cell_context, uuid, expected_attrs=None):
        database.asked.append((cell_context, uuid, expected_attrs))
        if database.error:
            raise database.error
        return database.found

    monkeypatch.setattr(objects.Instance, "get_by_uuid", get_by_uuid)
    return database
