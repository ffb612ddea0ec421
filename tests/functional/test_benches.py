# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BENCHES = sorted(path.stem for path in (ROOT / "tests" / "bench").glob("bench_*.py"))


@pytest.mark.parametrize("bench", BENCHES)
def test_a_bench_finds_what_it_imports_where_its_command_runs(bench):
    command = [sys.executable, "-W", "ignore", "-c", f"import tests.bench.{bench}"]
    subprocess.run(command, check=True, cwd=ROOT, timeout=60)
