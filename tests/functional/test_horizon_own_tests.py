# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Horizon's own tests of its Swift calls, with the plugin: what docs/admin/limits.md says of them."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SUITE = "openstack_dashboard.test.unit.api.test_swift"


def run_suite(settings):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "test", SUITE, "--settings", settings],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stderr


def test_they_pass_without_the_plugin():
    assert "\nOK" in run_suite("openstack_dashboard.test.settings")


def test_with_it_nothing_but_the_mocked_client_is_refused():
    output = run_suite("tests.unit.settings")
    raised = re.findall(r"^([\w.]+): ", output.partition("Ran ")[0], re.MULTILINE)
    assert set(raised) - {"ERROR"} == {"ipcontrol_dashboard.carry.caller.CarryError"}
    assert f"FAILED (errors={len(raised) - raised.count('ERROR')})" in output
