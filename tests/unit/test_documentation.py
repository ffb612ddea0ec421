# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What README and docs tell people to run or to open is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FOLDERS = (
    "ipcontrol ipcontrol_dashboard devcloud devstack docs enabled tests tools constraints".split()
)
BENCHES = sorted((ROOT / "tests" / "bench").glob("bench_*.py"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
class TestPages:
    def test_name_only_files_that_are_there(self, page):
        links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
        assert [link for link in links if not (page.parent / link).exists()] == []

    def test_name_only_targets_that_make_has(self, page):
        makefile = (ROOT / "Makefile").read_text()
        named = re.findall(r"(?:^ {4}|`)make ([a-z-]+)", page.read_text(), re.MULTILINE)
        assert [name for name in named if f"\n{name}:" not in makefile] == []

    def test_name_only_paths_that_are_there(self, page):
        named = re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*)`", page.read_text())
        # Three folders are elsewhere in the wheel (see setup.py).
        places = {
            path: (ROOT / path, ROOT / path.removeprefix("ipcontrol_dashboard/")) for path in named
        }
        assert [path for path in named if not any(each.exists() for each in places[path])] == []

    def test_name_only_modules_that_are_there(self, page):
        named = re.findall(r"`python -m (tests\.[a-z_.]+)`", page.read_text())
        missing = [each for each in named if not (ROOT / f"{each.replace('.', '/')}.py").exists()]
        assert missing == []


@pytest.mark.parametrize("bench", BENCHES, ids=lambda bench: bench.stem)
class TestBenches:
    def test_say_how_to_run_them(self, bench):
        assert f"``python -m tests.bench.{bench.stem}" in bench.read_text()
