# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the host groups cost nova-scheduler: ``python -m tests.bench.bench_scheduler [HOSTS]``.

Nova's own host states, filter handler, weighers and SchedulerManager._schedule
over HOSTS hosts (10,000) in ten groups; Placement is a stub that grants every
claim, and the host groups stand in a real sqlite database. Each number is the
best of several runs.
"""

import gc
import logging
import sys
import tempfile
import time
import uuid
from pathlib import Path
from unittest import mock

import nova.conf
from nova import config, context, objects
from nova.db import migration
from nova.db.api import api as api_database
from nova.db.api import models
from nova.scheduler import filters, host_manager, manager, weights
from nova.scheduler.filters import (
    aggregate_multitenancy_isolation,
    compute_capabilities_filter,
    compute_filter,
    image_props_filter,
)
from oslo_utils import timeutils

from ipcontrol.addresses import parse_address, parse_network
from ipcontrol.host_groups import HostGroup, HostGroupMap, Severity, to_metadata
from ipcontrol.scheduler import group_cache, ip_scheduler
from ipcontrol.scheduler.group_reader import GroupReader

CONF = nova.conf.CONF
NAMES = ("doc", "ops", "dev", "web", "db", "hpc", "lab", "qa", "stg", "prd")
CALLER = "10.4.7.9"
LOOK_UPS = 10_000
CELL = str(uuid.UUID(int=1))
INSTANCE = str(uuid.UUID(int=2))
BUILT_IN = (
    compute_filter.ComputeFilter,
    compute_capabilities_filter.ComputeCapabilitiesFilter,
    image_props_filter.ImagePropertiesFilter,
)


class PassAll(filters.BaseHostFilter):
    """What calling any filter costs."""

    def filter_all(self, filter_obj_list, spec_obj):
        return filter_obj_list


def configure(folder):
    path = Path(folder, "nova.conf")
    path.write_text(
        "[DEFAULT]\ntransport_url = fake:///\nservice_down_time = 86400\n"
        f"[api_database]\nconnection = sqlite:///{folder}/api.sqlite\n"
        "[oslo_messaging_notifications]\ndriver = noop\n"
    )
    config.parse_args(["bench", "--config-file", str(path)], default_config_files=[])
    # Set after Nova's own: as in production, debug messages are not even built.
    logging.getLogger().setLevel(logging.CRITICAL)
    objects.register_all()
    migration.db_sync(database="api")


def fill_database(hosts, plain=20, members=True):
    """Ten groups with their hosts, three availability zones over all hosts, other aggregates."""
    admin = context.get_admin_context()
    with api_database.context_manager.writer.using(admin) as session:
        for table in (models.AggregateHost, models.AggregateMetadata, models.Aggregate):
            session.query(table).delete()
    for number, name in enumerate(NAMES, start=1):
        group = HostGroup(name, name, (parse_network(f"10.{number}.0.0/16"),), name == "dev")
        own = [host for host in hosts if host.startswith(name)] if members else []
        add_aggregate(admin, name, to_metadata(group), own)
    for number in range(3):
        own = hosts[number::3] if members else []
        add_aggregate(admin, f"az{number}", {"availability_zone": f"az{number}"}, own)
    for number in range(plain):
        add_aggregate(admin, f"plain{number}", {"ssd": "true"}, [])


def add_aggregate(admin, name, metadata, hosts):
    aggregate = objects.Aggregate(admin, name=name, metadata=metadata)
    with mock.patch("nova.compute.utils.notify_about_aggregate_update"):
        aggregate.create()
    with api_database.context_manager.writer.using(admin) as session:
        session.bulk_insert_mappings(
            models.AggregateHost,
            [{"host": host, "aggregate_id": aggregate.id} for host in hosts],
        )


def host_states(count):
    now = timeutils.utcnow()
    aggregates = {
        name: objects.Aggregate(
            id=number,
            uuid=str(uuid.UUID(int=number)),
            name=name,
            hosts=[],
            metadata={"filter_tenant_id": "project,other", "ssd": "true"},
        )
        for number, name in enumerate(NAMES, start=1)
    }
    return [
        host_state(number, NAMES[number * len(NAMES) // count], aggregates, now)
        for number in range(count)
    ]


def host_state(number, group, aggregates, now):
    name = f"{group}{number:05}"
    state = host_manager.HostState(name, name, CELL)
    state.uuid = str(uuid.UUID(int=1000 + number))
    state.total_usable_ram_mb = state.free_ram_mb = 256_000
    state.free_disk_mb, state.total_usable_disk_gb = 10**6, 1000
    state.vcpus_total = 64
    state.cpu_allocation_ratio = state.ram_allocation_ratio = state.disk_allocation_ratio = 1.0
    state.service = host_manager.ReadOnlyDict(
        {
            "id": number,
            "uuid": state.uuid,
            "host": name,
            "binary": "nova-compute",
            "topic": "compute",
            "disabled": False,
            "forced_down": False,
            "last_seen_up": now,
            "updated_at": now,
            "created_at": now,
            "report_count": 1,
            "version": 75,
            "availability_zone": None,
            "disabled_reason": None,
        }
    )
    state.aggregates = [aggregates[group]]
    state.supported_instances = [("x86_64", "qemu", "hvm")]
    state.hypervisor_type, state.hypervisor_version = "QEMU", 1
    state.metrics = objects.MonitorMetricList(objects=[])
    state.stats = {}
    return state


def request():
    caller = context.RequestContext("user", "project", remote_address=CALLER)
    flavor = objects.Flavor(
        id=1,
        name="small",
        flavorid="1",
        memory_mb=64,
        vcpus=1,
        root_gb=1,
        ephemeral_gb=0,
        swap=0,
        rxtx_factor=1.0,
        extra_specs={},
    )
    image = objects.ImageMeta(
        id=INSTANCE,
        properties=objects.ImageMetaProps(),
        disk_format="raw",
        container_format="bare",
        size=1,
        min_ram=0,
        min_disk=0,
    )
    return objects.RequestSpec(
        caller,
        project_id="project",
        user_id="user",
        flavor=flavor,
        image=image,
        scheduler_hints={},
        ignore_hosts=None,
        force_hosts=None,
        force_nodes=None,
        requested_destination=None,
        instance_uuid=INSTANCE,
        num_instances=1,
        instance_group=None,
        retry=None,
        pci_requests=objects.InstancePCIRequests(requests=[]),
        numa_topology=None,
        requested_resources=[],
        availability_zone=None,
        is_bfv=False,
        security_groups=objects.SecurityGroupList(objects=[]),
        limits=objects.SchedulerLimits(),
    )


def host_manager_with(classes):
    """Nova's host manager, without reading the cloud's hosts at its start."""
    made = object.__new__(host_manager.HostManager)
    made.filter_handler = filters.HostFilterHandler()
    made.enabled_filters = [each() for each in classes]
    made.weight_handler = weights.HostWeightHandler()
    names = CONF.filter_scheduler.weight_classes
    made.weighers = [each() for each in made.weight_handler.get_matching_classes(names)]
    return made


def best(work, runs):
    """Seconds of the fastest run, without the garbage of the others."""
    seconds = []
    for _ in range(runs):
        gc.collect()
        gc.disable()
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
        gc.enable()
    return min(seconds)


def bench_filters(states, write):
    write(f"One filter over {len(states)} hosts:\n")
    spec, base = request(), 0.0
    for classes in (
        (),
        (PassAll,),
        (ip_scheduler.SubnetHostGroupFilter,),
        (aggregate_multitenancy_isolation.AggregateMultiTenancyIsolation,),
        *((each,) for each in BUILT_IN),
    ):
        made = host_manager_with(classes)
        seconds = best(lambda made=made: list(made.get_filtered_hosts(states, spec)), 9)
        name = classes[0].__name__ if classes else "no filter"
        base = base if classes else seconds
        write(
            f"  {name:34}{seconds * 1e3:8.2f} ms{(seconds - base) / len(states) * 1e6:8.3f} µs a host\n"
        )


def bench_schedule(states, write):
    write(f"SchedulerManager._schedule over {len(states)} hosts:\n")
    ours = ip_scheduler.SubnetHostGroupFilter
    for label, classes in (
        ("three built-in filters", BUILT_IN),
        ("ours first, then the three", (ours, *BUILT_IN)),
        ("the three, then ours", (*BUILT_IN, ours)),
    ):
        seconds = best(lambda classes=classes: schedule(states, classes), 4)
        write(f"  {label:34}{seconds * 1e3:8.1f} ms\n")


def schedule(states, classes):
    made = object.__new__(manager.SchedulerManager)
    made.host_manager = host_manager_with(classes)
    made._get_all_host_states = lambda *_: iter(states)
    candidates = {
        state.uuid: [{"allocations": {state.uuid: {"resources": {"VCPU": 1}}}, "mappings": {}}]
        for state in states
    }
    spec = request()
    placement = mock.patch.object(
        manager.SchedulerManager, "placement_client", new_callable=mock.PropertyMock
    )
    with placement, mock.patch.object(manager.utils, "claim_resources", return_value=True):
        made._schedule(spec._context, spec, [INSTANCE], candidates, {}, "1.36", True)


def bench_reading(hosts, write):
    write("Reading the host groups, once every refresh_interval:\n")
    for label, plain, members in (
        ("ten groups", 0, False),
        ("ten groups, 1000 other aggregates", 1000, False),
        (f"{len(hosts)} hosts in groups and zones", 20, True),
    ):
        fill_database(hosts, plain, members)
        seconds = best(lambda: group_cache.HostGroupCache().current(), 5)
        write(f"  {label:34}{seconds * 1e3:8.1f} ms\n")


def bench_renewal(write):
    write("Making the map out of what was read, without the database:\n")
    for groups, subnets in ((10, 10), (100, 20), (1000, 20), (1000, 100)):
        aggregates = [many_subnets(number, subnets) for number in range(groups)]
        reader = GroupReader()
        times = [timed(reader, aggregates)]
        times.append(min(timed(reader, aggregates) for _ in range(5)))
        changed = []
        for number in range(5):
            aggregates[number] = many_subnets(number, subnets - 1)
            changed.append(timed(reader, aggregates))
        times.append(min(changed))
        first, unchanged, one = (f"{seconds * 1e3:.1f} ms" for seconds in times)
        write(
            f"  {groups:4} groups of {subnets:3} subnets: first {first}, nothing changed {unchanged}, "
            f"one group changed {one}\n"
        )


def many_subnets(number, count):
    networks = [
        parse_network(f"{10 + (n >> 16)}.{n >> 8 & 255}.{n & 255}.0/24")
        for n in range(100 * number, 100 * number + count)
    ]
    group = HostGroup(f"group{number:04}", f"g{number:04}-", tuple(networks))
    return group.name, to_metadata(group)


def timed(reader, aggregates):
    copies = [(name, dict(metadata)) for name, metadata in aggregates]
    started = time.perf_counter()
    reader.read(copies).complaints(least=Severity.WARNING)
    return time.perf_counter() - started


def bench_lookup(write):
    write("One look-up of an address:\n")
    for count in (10, 1000, 100_000):
        subnets = tuple(
            parse_network(f"10.{n >> 8 & 255}.{n & 255}.{n >> 16 << 6}/26") for n in range(count)
        )
        groups = HostGroupMap([HostGroup("many", "many", subnets)])
        seconds = best(lambda groups=groups: look_up(groups), 5) / LOOK_UPS
        write(f"  {count:7} subnets{seconds * 1e6:28.2f} µs\n")


def look_up(groups):
    address = parse_address("10.0.7.9")
    for _ in range(LOOK_UPS):
        groups.resolve(address)


def main():
    write = sys.stdout.write
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        configure(folder)
        CONF.set_override("refresh_interval", 10**6, group="ipcontrol")
        states = host_states(count)
        hosts = [state.host for state in states]
        fill_database(hosts)
        bench_filters(states, write)
        bench_schedule(states, write)
        bench_reading(hosts, write)
    bench_renewal(write)
    bench_lookup(write)


if __name__ == "__main__":
    main()
