# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import json
import subprocess

import pytest

from tools import mutants

NAME = "ipcontrol.reach.x_smallest__mutmut_"
KILLED = {f"ipcontrol.access.x_decide__mutmut_{number}": 1 for number in range(98)}


@pytest.fixture
def judged(monkeypatch, tmp_path):
    """Run it on what mutmut leaves."""
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: None)
    monkeypatch.setattr(mutants, "FOLDER", tmp_path)

    def run(**modules):
        for name, ends in modules.items():
            (tmp_path / f"{name}.py.meta").write_text(json.dumps({"exit_code_by_key": ends}))
        return mutants.main()

    return run


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (0, ""),
        (33, " (its tests ended with 33)"),
        (255, " (its tests ended with 255)"),
        (None, " (its tests ended with None)"),
    ],
)
def test_two_percent_of_survivors_are_too_many_and_each_is_named(judged, capsys, end, told):
    assert judged(access=KILLED, reach={f"{NAME}1": end, f"{NAME}2": end}) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{NAME}1{told}",
        f"{NAME}2{told}",
        "2 of 100 changes survive: 2.0 %",
    ]


def test_fewer_will_do(judged):
    assert judged(access=KILLED, reach={f"{NAME}1": 0, f"{NAME}2": 3}) == 0


def test_an_endless_loop_is_noticed(judged):
    assert judged(reach={f"{NAME}1": -24, f"{NAME}2": 152}) == 0
