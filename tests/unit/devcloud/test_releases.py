# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What differs between releases goes with them."""

import re
from pathlib import Path

import pytest

from devcloud import releases
from tools.constraints import FOLDER
from tools.constraints import releases as known

NAMING = [Path(releases.__file__), FOLDER / "build.txt"]


@pytest.mark.parametrize("file", NAMING, ids=lambda file: file.name)
def test_differences_of_a_release_that_is_gone_are_gone(file):
    named = re.findall(r"\b20\d\d\.\d\b", file.read_text())
    assert named
    assert set(named) - set(known()) == set()


def test_no_difference_is_named_after_the_newest_release():
    named = re.findall(r"# --- (20\d\d\.\d)", Path(releases.__file__).read_text())
    assert list(known())[-1] not in named


@pytest.mark.parametrize("version", ["31.3.1", "34.0.1.dev7", "31.0.0.0rc1"])
def test_a_projects_first_number_is_its_release(monkeypatch, version):
    monkeypatch.setattr(releases.metadata, "version", {"nova": version}.__getitem__)
    assert releases.major("nova") == int(version[:2])
