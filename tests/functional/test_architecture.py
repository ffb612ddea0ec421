# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What loads where; the arrows between the rooms are held by import-linter, in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HORIZON = ("django", "horizon", "openstack_dashboard", "openstack_auth")
SERVICES = ("swift", "nova", "oslo_config", "eventlet", "webob", "swiftclient", "novaclient")
# Runs pytest where the modules in the first argument cannot be imported.
COLLECT = """
import sys
sys.modules.update(dict.fromkeys(sys.argv[1].split(",")))
import pytest
sys.exit(pytest.main(["--collect-only", "-q", "-p", "no:django", *sys.argv[2:]]))
"""


def collected_without(modules, *paths):
    command = [sys.executable, "-c", COLLECT, ",".join(modules), *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_tests_of_the_engine_need_neither_horizon_nor_swift_nor_nova():
    folder = ROOT / "tests" / "unit" / "ipcontrol"
    paths = [*folder.glob("test_*.py"), *folder.glob("host_groups/test_*.py")]
    assert "test_access.py" in collected_without(HORIZON + SERVICES, *paths)


@pytest.mark.parametrize("service", ["middleware", "scheduler"])
def test_the_tests_of_a_service_need_no_horizon(service):
    folder = ROOT / "tests" / "unit" / "ipcontrol" / service
    assert "test_" in collected_without(HORIZON, folder)
