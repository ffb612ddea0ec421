# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The version stands in ipcontrol/__init__.py alone; what else tells it takes it from there."""

import re
import runpy
import sys
from pathlib import Path

from ipcontrol import __version__

ROOT = Path(__file__).parents[2]
# What is shipped, what builds it, and what people read of it. Release notes tell of each version.
TOLD = ("*.md", "*.py", "*.toml", "*.ini", "docs", "devstack", "enabled", "ipcontrol*", "tools")


def texts():
    """The texts of these files by path."""
    found = {}
    for pattern in TOLD:
        for top in ROOT.glob(pattern):
            for path in [top, *top.rglob("*")]:
                if path.suffix in (".cfg", ".ini", ".md", ".py", ".sh", ".toml", ".html"):
                    found[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8")
    return found


def test_the_version_stands_in_one_file():
    alone = re.compile(rf"(?<![\d.]){re.escape(__version__)}(?![\d./-])")
    assert [path for path, text in texts().items() if alone.search(text)] == [
        "ipcontrol/__init__.py"
    ]


def test_the_documentation_takes_it_from_there(monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])
    assert runpy.run_path(str(ROOT / "docs" / "conf.py"))["release"] == __version__


def test_it_is_one_that_packages_can_have():
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
