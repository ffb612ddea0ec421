# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What `make bench` runs still measures what it says; of each kind but a few rounds."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def printed(bench, rounds):
    """The numbers in each line, by how it begins."""
    command = [sys.executable, "-W", "ignore", "-m", f"tests.bench.{bench}", str(rounds)]
    output = subprocess.run(
        command, check=True, cwd=ROOT, timeout=120, capture_output=True, text=True
    ).stdout
    lines = (re.split(r"\s{2,}", line) for line in output.splitlines())
    return {
        name: [float(each.rstrip("%")) for each in numbers] for name, *numbers in lines if name
    }


def test_the_filters_are_measured_beside_swifts_look_up_and_the_guides_filter():
    lines = printed("bench_swift_filters", 2)
    for name in (
        "Swift's look-up alone",
        "the guide's filter",
        "both filters",
        "both, behind a trusted proxy",
    ):
        assert len(lines[name]) == 7
        assert all(number > 0 for number in lines[name])


def test_the_filters_part_in_the_work_of_a_real_proxy_is_measured():
    lines = printed("bench_swift_share", 3)
    (whole,), (share,) = lines["with both filters"], lines["both filters, of the whole"]
    filters = lines["client_address by itself"][0] + lines["ip_whitelist by itself"][0]
    assert 0 < filters < whole
    assert share == pytest.approx(100 * filters / whole, abs=0.1)
