# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What ``[ipcontrol] require_aggregates`` gains: ``python -m tests.bench.bench_placement [HOSTS]``.

The real Placement over sqlite, with HOSTS compute hosts (10,000) in ten
aggregates, answers the scheduler's question with and without the aggregate.
"""

import json
import os
import sqlite3
import sys
import tempfile
import time
import uuid
from collections import Counter
from pathlib import Path

import webob

GROUPS = ("doc", "ops", "dev", "web", "db", "hpc", "lab", "qa", "stg", "prd")
LIMIT = 1000
# Standard resource classes by their numbers: VCPU, MEMORY_MB, DISK_GB.
INVENTORY = ((0, 64), (1, 256_000), (2, 1000))
NUMBER_OF_TIMES = 3


def start(folder):
    Path(folder, "placement.conf").write_text(
        f"[DEFAULT]\nlog_file = {folder}/placement.log\n[api]\nauth_strategy = noauth2\n"
        f"[placement_database]\nconnection = sqlite:///{folder}/placement.sqlite\n"
        "sync_on_startup = true\n"
    )
    os.environ["OS_PLACEMENT_CONFIG_DIR"] = folder
    sys.argv = ["placement"]
    from placement import wsgi

    return wsgi.init_application()


def fill(folder, count):
    """Write the hosts, in the order of their groups, straight into the database."""
    hosts = [
        (number, str(uuid.UUID(int=number)), host_name(number, count))
        for number in range(1, count + 1)
    ]
    with sqlite3.connect(f"{folder}/placement.sqlite") as database:
        database.executemany(
            "INSERT INTO resource_providers (id, uuid, name, generation, root_provider_id) "
            "VALUES (?1, ?2, ?3, 1, ?1)",
            hosts,
        )
        database.executemany(
            "INSERT INTO inventories (resource_provider_id, resource_class_id, total, reserved, "
            "min_unit, max_unit, step_size, allocation_ratio) VALUES (?1, ?2, ?3, 0, 1, ?3, 1, 1)",
            [(number, resource, total) for number, _, _ in hosts for resource, total in INVENTORY],
        )
        database.executemany(
            "INSERT INTO placement_aggregates (id, uuid) VALUES (?, ?)",
            [(number, aggregate(name)) for number, name in enumerate(GROUPS, start=1)],
        )
        database.executemany(
            "INSERT INTO resource_provider_aggregates (resource_provider_id, aggregate_id) "
            "VALUES (?, ?)",
            [(number, GROUPS.index(name.rstrip("0123456789")) + 1) for number, _, name in hosts],
        )
    return {identity: name.rstrip("0123456789") for _, identity, name in hosts}


def host_name(number, count):
    return f"{GROUPS[(number - 1) * len(GROUPS) // count]}{number:05}"


def aggregate(group):
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, group))


def ask(application, member_of=None):
    """The hosts of the answer and the seconds that it took."""
    query = f"?resources=VCPU:1,MEMORY_MB:64,DISK_GB:1&limit={LIMIT}"
    query += f"&member_of={member_of}" if member_of else ""
    request = webob.Request.blank("/allocation_candidates" + query)
    request.headers.update({"X-Auth-Token": "admin", "OpenStack-API-Version": "placement 1.36"})
    start = time.perf_counter()
    answer = request.get_response(application)
    seconds = time.perf_counter() - start
    return json.loads(answer.body)["provider_summaries"], seconds


def main():
    write = sys.stdout.write
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        application = start(folder)
        groups = fill(folder, count)
        write(f"Placement over {count} hosts, answers cut at {LIMIT}:\n")
        for label, member_of in (("all hosts", None), ("the aggregate of hpc", aggregate("hpc"))):
            answers = [ask(application, member_of) for _ in range(NUMBER_OF_TIMES)]
            found = Counter(groups[identity] for identity in answers[-1][0])
            write(
                f"  asked for {label:22}{min(seconds for _, seconds in answers):7.2f} s,"
                f"{sum(found.values()):6} hosts, of hpc {found['hpc']}; of {dict(found)}\n"
            )


if __name__ == "__main__":
    main()
