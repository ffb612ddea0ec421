# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import subprocess
from types import SimpleNamespace

import pytest

from tools import releases
from tools.releases import Environment, Outcome

REPORT = '<testsuites><testsuite tests="9" failures="1" errors="1" skipped="2"/></testsuites>'
FINE = '<testsuites><testsuite tests="9" failures="0" errors="0" skipped="0"/></testsuites>'


@pytest.fixture(autouse=True)
def _known(monkeypatch, tmp_path):
    monkeypatch.setattr(releases, "RELEASES", ["2025.1", "2026.2"])
    monkeypatch.setattr(releases, "FOLDER", tmp_path)


@pytest.fixture
def made(monkeypatch):
    """What make was called with; it does not run."""
    calls = []

    def make(command, stdout, **_options):
        calls.append(command[1:])
        target, *_variables, arguments = command[1:]
        if target == "demo":
            stdout.write("All 19 steps answered as expected.\n")
        else:
            with open(arguments.partition("--junitxml=")[2], "w") as report:
                report.write(FINE)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(releases, "interpreter", lambda version: "")
    monkeypatch.setattr(subprocess, "run", make)
    return calls


class TestCounts:
    def test_of_pytest_leave_out_what_was_skipped(self, tmp_path):
        (tmp_path / "report.xml").write_text(REPORT)
        assert releases.tests(tmp_path / "report.xml") == Outcome("5 of 7, 2 skipped", False)

    def test_of_tests_that_did_not_begin_are_none(self, tmp_path):
        assert releases.tests(tmp_path / "none.xml") == Outcome("did not run", False)

    @pytest.mark.parametrize(
        ("said", "outcome"),
        [
            ("\nAll 19 steps answered as expected.\n", Outcome("19 of 19", True)),
            ("\nNot as expected: step 3, 7 of 19.\n", Outcome("17 of 19", False)),
            ("keystone was not ready", Outcome("did not end", False)),
        ],
    )
    def test_of_the_walkthrough_are_what_it_says(self, said, outcome):
        assert releases.steps(said) == outcome


class TestEnvironments:
    def test_are_every_release_and_the_newest_with_every_python(self, monkeypatch):
        ours = "{}.{}".format(*releases.sys.version_info)
        others = [version for version in releases.PYTHONS if version != ours]
        monkeypatch.setattr(releases, "interpreter", lambda version: f"/bin/python{version}")
        assert list(releases.environments(["2025.1", "2026.2"])) == [
            Environment("2025.1"),
            Environment("2026.2"),
            *(Environment("2026.2", f"/bin/python{version}") for version in others),
        ]

    def test_of_an_older_release_are_one(self):
        assert list(releases.environments(["2025.1"])) == [Environment("2025.1")]

    def test_with_another_python_stand_in_a_folder_of_their_own(self):
        assert Environment("2026.2", "/opt/bin/python3.12").variables() == [
            "RELEASE=2026.2",
            "PYTHON=/opt/bin/python3.12",
            "VENV=.venv-2026.2-python3.12",
        ]

    def test_do_not_need_a_python_that_is_missing(self):
        assert releases.interpreter("3.1") == ""


class TestMain:
    def test_runs_all_suites_on_all_releases(self, made, capsys):
        assert releases.main([]) == 0
        assert [call[:2] for call in made] == [
            [target, f"RELEASE={release}"]
            for release in ("2025.1", "2026.2")
            for target in ("test", "test", "test", "demo")
        ]
        assert capsys.readouterr().out.endswith(
            "| release | unit | functional | browser | walkthrough |\n"
            "| --- | --- | --- | --- | --- |\n"
            "| 2025.1 | 9 of 9, 0.0 min | 9 of 9, 0.0 min | 9 of 9, 0.0 min | 19 of 19, 0.0 min |\n"
            "| 2026.2 | 9 of 9, 0.0 min | 9 of 9, 0.0 min | 9 of 9, 0.0 min | 19 of 19, 0.0 min |\n"
        )

    def test_runs_what_is_named(self, made):
        assert releases.main(["walkthrough", "2025.1"]) == 0
        assert made == [["demo", "RELEASE=2025.1", "ARGS=--walkthrough"]]

    def test_says_what_it_does_not_know(self, made, capsys):
        assert releases.main(["2014.1"]) == 2
        assert "not 2014.1" in capsys.readouterr().out
        assert made == []

    def test_fails_where_make_fails_whatever_the_counts(self, made, monkeypatch, capsys):
        run = subprocess.run

        def failing(*arguments, **options):
            run(*arguments, **options)
            return SimpleNamespace(returncode=2)

        monkeypatch.setattr(subprocess, "run", failing)
        assert releases.main(["2025.1", "unit"]) == 1
        assert "FAILED: 9 of 9" in capsys.readouterr().out
