# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Each environment of tox.ini calls what make calls."""

import configparser
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOX = configparser.ConfigParser(interpolation=None)
TOX.read(ROOT / "tox.ini")
ENVIRONMENTS = [name for name in TOX.sections() if name.startswith("testenv")]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_environment_is_one_target_of_make(name):
    (command,) = TOX[name]["commands"].splitlines()
    target = re.match(r"make ([a-z-]+)", command)[1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_there_is_one_for_every_python_that_the_package_names():
    named = re.findall(r"Python :: 3\.(\d+)", (ROOT / "pyproject.toml").read_text())
    listed = re.split(r", *", TOX["tox"]["env_list"])
    assert [name for name in listed if name.startswith("py3")] == [f"py3{each}" for each in named]


def test_each_that_is_listed_is_there():
    listed = re.split(r", *", TOX["tox"]["env_list"])
    assert {f"testenv:{name}" for name in listed if not name.startswith("py")} <= {*ENVIRONMENTS}
