# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What an administrator waits for in a large cloud: ``python -m tests.bench.bench_panel [HOSTS]``.

The embedded Keystone, Nova and Horizon, with HOSTS compute hosts (10,000) in ten host groups of
100 subnets each and two instances on each host. The hosts and instances stand in Nova's
databases only; every fiftieth is down. Each number is the best of several pages.
"""

import datetime
import sqlite3
import sys
import time
import uuid

from devcloud import sqlite
from devcloud.cloud import Cloud
from devcloud.compute import config
from devcloud.compute_clients import nova
from ipcontrol.addresses import parse_network
from ipcontrol.host_groups.metadata import HostGroup, to_metadata
from tests.functional.horizon import HOST_GROUPS, Person, text_of

GROUPS = ("doc", "ops", "dev", "web", "db", "hpc", "lab", "qa", "stg", "prd")
SUBNETS = 100
INSTANCES = 2
DOWN = 50
NUMBER_OF_TIMES = 3


def host_name(number):
    return f"{GROUPS[number % len(GROUPS)]}{number:05}"


def multiply(database, table, rows):
    """Add copies of a table's first row, each with some columns changed."""
    database.row_factory = sqlite3.Row
    template = dict(database.execute(f"SELECT * FROM {table} LIMIT 1").fetchone())
    del template["id"]
    columns = ", ".join(template)
    values = ", ".join(f":{name}" for name in template)
    database.executemany(
        f"INSERT INTO {table} ({columns}) VALUES ({values})",
        (template | row for row in rows),
    )


def add_hosts(cloud, count):
    """Write services, hypervisors and what maps them to their cell into Nova's databases."""
    numbers = range(count)
    with sqlite.connection(config.database(cloud.settings, "cell1")) as cell:
        multiply(
            cell,
            "services",
            (
                {
                    "host": host_name(n),
                    "binary": "nova-compute",
                    "topic": "compute",
                    "uuid": str(uuid.uuid4()),
                    "last_seen_up": "2000-01-01 00:00:00",
                }
                for n in numbers
            ),
        )
        multiply(
            cell,
            "compute_nodes",
            (
                {
                    "host": host_name(n),
                    "hypervisor_hostname": host_name(n),
                    "uuid": str(uuid.uuid4()),
                    "running_vms": INSTANCES,
                    "mapped": 1,
                }
                for n in numbers
            ),
        )
        cell.executemany(
            "INSERT INTO instances (uuid, host, node, display_name, project_id, user_id, "
            "vm_state, created_at, deleted, hidden, cleaned, locked) "
            "VALUES (?, ?2, ?2, ?3, 'p', 'u', 'active', ?4, 0, 0, 0, 0)",
            (
                (str(uuid.uuid4()), host_name(n), f"server-{n}-{i}", now())
                for n in numbers
                for i in range(INSTANCES)
            ),
        )
    with sqlite.connection(config.database(cloud.settings, "api")) as api:
        multiply(api, "host_mappings", ({"host": host_name(n)} for n in numbers))


def now():
    return str(datetime.datetime.now(datetime.UTC).replace(tzinfo=None))


def report_hosts(cloud):
    """Have all hosts but every fiftieth tell Nova that they are up; that holds for a minute."""
    with sqlite.connection(config.database(cloud.settings, "cell1")) as cell:
        cell.execute("UPDATE services SET last_seen_up = ? WHERE id % ?", (now(), DOWN))


def add_groups(cloud):
    administrator = nova(cloud, "admin")
    for index, name in enumerate(GROUPS):
        subnets = [parse_network(f"10.{index}.{n}.0/24") for n in range(SUBNETS)]
        aggregate = administrator.aggregates.create(name, None)
        metadata = to_metadata(HostGroup(name, name, tuple(subnets), default=name == "prd"))
        administrator.aggregates.set_metadata(aggregate, metadata)


def measure(cloud, person, label, path):
    """Print the seconds and the size of a page."""
    best = None
    for _ in range(NUMBER_OF_TIMES):
        report_hosts(cloud)
        begin = time.perf_counter()
        page = person.get(path)
        seconds = time.perf_counter() - begin
        assert page.status_code == 200, text_of(page)
        best = min(best or seconds, seconds)
    sys.stdout.write(f"  {label:34}{best:7.2f} s{len(page.content) / 1024:9.0f} KiB\n")
    return page


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    # A prefix that no group has; its host is the template of the others.
    with Cloud(services=("nova", "horizon"), hosts={"template": 1}) as cloud:
        add_groups(cloud)
        add_hosts(cloud, count)
        administrator = nova(cloud, "admin")
        sys.stdout.write(f"Host Groups over {count} hosts in {len(GROUPS)} groups:\n")
        person = Person(cloud, "admin")
        page = measure(cloud, person, "the groups and their picture", HOST_GROUPS)
        assert f"{count // len(GROUPS)} up" in text_of(page), text_of(page)
        measure(cloud, person, "an address tried", f"{HOST_GROUPS}?address=10.3.7.9")
        aggregate = administrator.aggregates.find(name="web")
        measure(cloud, person, "the form to edit a group", f"{HOST_GROUPS}{aggregate.id}/update/")
        measure(cloud, person, "the hosts", f"{HOST_GROUPS}?tab=host_groups__hosts")


if __name__ == "__main__":
    main()
