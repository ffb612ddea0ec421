# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import subprocess
from types import SimpleNamespace

import pytest

from tools import mutants

KILLED = [f"    ipcontrol.access.x_decide__mutmut_{number}: killed" for number in range(98)]


@pytest.fixture
def judged(monkeypatch):
    """Run it on what mutmut says."""

    def run(lines):
        answer = SimpleNamespace(stdout="\n".join(lines))
        monkeypatch.setattr(subprocess, "run", lambda *_, **__: answer)
        return mutants.main()

    return run


@pytest.mark.parametrize("verdict", ["survived", "no tests", "timeout"])
def test_two_percent_of_survivors_are_too_many_and_each_is_named(judged, capsys, verdict):
    name = "ipcontrol.reach.x_smallest__mutmut_"
    assert judged([*KILLED, f"    {name}1: {verdict}", f"    {name}2: {verdict}"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{verdict}: {name}1",
        f"{verdict}: {name}2",
        "2 of 100 changes survive: 2.0 %",
    ]


def test_fewer_will_do(judged):
    assert judged([*KILLED, "    x: survived", "    y: killed", "    z: killed"]) == 0
