# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import subprocess

import pytest

from devcloud.walkthrough import stage as stage_module
from devcloud.walkthrough.stage import Stage

REFUSAL = "Container GET failed: 403 Forbidden You shall not pass!"


class Cloud:
    keystone_url = "http://127.0.0.1:5000/v3"


@pytest.fixture
def lines():
    return []


@pytest.fixture
def stage(lines):
    return Stage(Cloud(), lines.append)


@pytest.fixture
def answers(monkeypatch):
    """Set what the next command answers."""
    calls = []

    def answer(code, output="", error=""):
        def run_from(source, arguments, variables):
            calls.append((source, arguments, variables["OS_USERNAME"]))
            return subprocess.CompletedProcess(arguments, code, output, error)

        monkeypatch.setattr(stage_module, "run_from", run_from)
        return calls

    return answer


def test_a_command_runs_from_its_address_as_its_user(stage, answers):
    calls = answers(0)

    stage.run("127.1.0.5", "swift post --meta 'allow-dev:127.9.0.9; read-only' box", user="bob")

    arguments = ["swift", "post", "--meta", "allow-dev:127.9.0.9; read-only", "box"]
    assert calls == [("127.1.0.5", arguments, "bob")]


def test_the_command_and_its_answer_are_shown(stage, answers, lines):
    answers(0, "LICENSE\n")

    stage.run("127.1.0.5", "swift list box")

    assert "    127.1.0.5 $ swift list box" in lines
    assert "    LICENSE" in lines


def exports(lines):
    return [line.strip() for line in lines if line.strip().startswith("export ")]


def test_who_acts_is_shown_when_it_changes(stage, answers, lines):
    answers(0)
    for user in ("alice", "alice", "bob"):
        stage.run("127.1.0.5", "swift list box", user=user)

    first, second = exports(lines)
    assert first.startswith("export OS_AUTH_URL=http://127.0.0.1:5000/v3")
    assert second == "export OS_USERNAME=bob"


def test_a_chapter_begins_with_all_that_a_shell_needs(stage, answers, lines):
    answers(0)
    for _ in range(2):
        stage.open("Chapter")
        stage.run("127.1.0.5", "swift list box")

    assert len(exports(lines)) == 2


def test_an_expected_refusal_is_no_surprise(stage, answers):
    answers(1, error=REFUSAL)

    stage.run("127.9.0.9", "swift list box", refused=True, answer="You shall not pass!")

    assert stage.surprises == []


@pytest.mark.parametrize(
    ("code", "output", "expected"),
    [
        (0, "LICENSE", {"refused": True}),
        (1, REFUSAL, {}),
        (1, "500 Internal Error", {"refused": True, "answer": "You shall not pass!"}),
        (0, "", {"answer": "LICENSE"}),
    ],
)
def test_another_answer_than_expected_is_a_surprise(stage, answers, lines, code, output, expected):
    answers(code, output)
    stage.tell("A step.")

    stage.run("127.9.0.9", "swift list box", **expected)
    stage.close()

    assert stage.surprises == [1]
    assert "UNEXPECTED" in lines[-2]
    assert "step 1 of 1" in lines[-1]


def test_the_end_counts_the_steps(stage, lines):
    stage.tell("One.")
    stage.tell("Two.")

    stage.close()

    assert lines[-1].strip() == "All 2 steps answered as expected."
