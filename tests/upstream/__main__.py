# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Tempest's own tests, without and with the filters: `make upstream`.

The outcomes of all tests, with their reasons, and the logs are left in ``artifacts/upstream``. It
fails where a test passes without the filters and does not with them.
"""

import functools
import itertools
import json
import operator
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from devcloud.cloud import Cloud
from tests.upstream import accounts, clouds, comparison, configuration
from tests.upstream.comparison import FAILED, PASSED, Run

ARTIFACTS = Path("artifacts", "upstream")
ADMIN = "tempest.api.compute.admin"
SERIAL = "tempest.serial_tests.api.compute.admin"
SERVERS = "tempest.api.compute.servers"
# Left out are those about networks, volumes and consoles, and those that log in to guests.
SERVERS_MODULES = (
    "availability_zone",
    "create_server",
    "delete_server",
    "disk_config",
    "instance_actions",
    "list_server_filters",
    "list_servers_negative",
    "multiple_create",
    "multiple_create_negative",
    "server_actions",
    "server_group",
    "server_metadata",
    "servers",
    "servers_microversions",
    "servers_negative",
)
_TIMEOUT_SECONDS = 1800


@dataclass(frozen=True)
class Suite:
    """Modules and packages of tests.

    Attributes:
        names: the modules and packages.
        accounts: what its tests work with.
        processes: among how many its classes are shared.
    """

    names: tuple[str, ...]
    accounts: tuple[accounts.Account, ...]
    processes: int = 1


# Those of one dictionary run at the same time.
SUITES = (
    {
        "object storage": Suite(("tempest.api.object_storage",), accounts.STORAGE),
        "servers": Suite(
            (
                f"{ADMIN}.test_create_server",
                f"{ADMIN}.test_live_migration",
                f"{ADMIN}.test_migrations",
                f"{ADMIN}.test_servers",
                f"{ADMIN}.test_servers_on_multinodes",
                *(f"{SERVERS}.test_{name}" for name in SERVERS_MODULES),
            ),
            accounts.COMPUTE,
            accounts.COMPUTE_PROCESSES,
        ),
    },
    {
        "aggregates": Suite(
            (
                f"{ADMIN}.test_aggregates_negative",
                f"{SERIAL}.test_aggregates",
                # Last: it disables all hosts but two and leaves them so.
                f"{SERIAL}.test_server_affinity",
            ),
            accounts.COMPUTE,
        ),
    },
)
NAMES = [name for group in SUITES for name in group]
ROUNDS = {"without": False, "with": True}


def run_round(label: str, filters: bool) -> dict[tuple[str, str], Run]:
    """Run all suites against a fresh cloud; the keys name suite and round."""
    folder = (ARTIFACTS / label).absolute()
    shutil.rmtree(folder, ignore_errors=True)
    runs: dict[str, Run] = {}
    with clouds.running(filters) as cloud:
        try:
            print("  " + clouds.check_swift(cloud, filters), flush=True)
            for group in SUITES:
                runs |= _run_together(cloud, group, folder)
            print("  " + clouds.check_nova(cloud, filters), flush=True)
        finally:
            shutil.copytree(cloud.state / "logs", folder / "logs")
    return {(suite, label): run for suite, run in runs.items()}


def _run_together(cloud: Cloud, group: Mapping[str, Suite], folder: Path) -> dict[str, Run]:
    processes: dict[str, list[subprocess.Popen]] = {}
    try:
        for name, suite in group.items():
            processes[name] = _start(cloud, suite, _folder(folder, name))
        for name, shares in processes.items():
            ends = [share.wait(_TIMEOUT_SECONDS) for share in shares]
            if any(ends):
                sys.exit(f"Tempest did not run: see {_folder(folder, name)}/output-*.txt")
    finally:
        for share in itertools.chain(*processes.values()):
            share.kill()
    return {name: _read(_folder(folder, name)) for name in group}


def _folder(folder: Path, suite: str) -> Path:
    return folder / suite.replace(" ", "-")


def _start(cloud: Cloud, suite: Suite, folder: Path) -> list[subprocess.Popen]:
    folder.mkdir(parents=True)
    tempest_conf = configuration.write(cloud, folder, suite.accounts)
    return [_start_share(suite, number, tempest_conf) for number in range(suite.processes)]


def _start_share(suite: Suite, number: int, tempest_conf: Path) -> subprocess.Popen:
    folder = tempest_conf.parent
    runner = [sys.executable, "-W", "ignore", "-m", "tests.upstream.run_tempest", tempest_conf]
    target, share = folder / f"tests-{number}.json", f"{number}/{suite.processes}"
    with (folder / f"output-{number}.txt").open("w") as output:
        return subprocess.Popen(
            [*runner, clouds.SOURCE, target, share, *suite.names],
            stdout=output,
            stderr=subprocess.STDOUT,
            # Tempest takes its accounts out of sets: in both rounds, the same.
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )


def _read(folder: Path) -> Run:
    shares = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("tests-*.json")]
    return functools.reduce(operator.or_, [Run(**share) for share in shares])


def report(runs: Mapping[tuple[str, str], Run]) -> bool:
    """Print what came of it, and return whether the filters broke nothing."""
    print("\n" + comparison.table(runs))
    fine = [_report_suite(runs[suite, "without"], runs[suite, "with"]) for suite in NAMES]
    return all(fine)


def _report_suite(without: Run, with_filters: Run) -> bool:
    for name in without.of(FAILED):
        print(f"Fails without the filters: {name}")
    broken = comparison.regressions(without, with_filters)
    for name in broken:
        print(f"BROKEN: {name}: {without.outcome(name)}, now {with_filters.outcome(name)}")
    if not without.of(PASSED):
        print("BROKEN: nothing passes without the filters, so that nothing is shown.")
    return bool(without.of(PASSED)) and not broken


def main() -> None:
    """Run both rounds and compare."""
    began = time.monotonic()
    print(clouds.CONFIGURED)
    runs: dict[tuple[str, str], Run] = {}
    for label, filters in ROUNDS.items():
        print(f"{label.capitalize()} the filters:", flush=True)
        runs |= run_round(label, filters)
    fine = report(runs)
    verdict = "The filters break no test" if fine else "The filters break tests"
    print(f"{verdict}; {time.monotonic() - began:.0f} s. Outcomes and logs: {ARTIFACTS}")
    sys.exit(not fine)


if __name__ == "__main__":
    main()
