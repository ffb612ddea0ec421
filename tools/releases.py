# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Every test on every release of OpenStack, one after another: `make test-releases`.

Each release runs under the Python that make uses, the newest one also under the other Pythons that
are on this machine. Arguments name releases and suites to run those alone:
`make test-releases ARGS="2025.1 unit walkthrough"`. At the end there is a table of what passed;
what each run printed is in artifacts/releases.
"""

import re
import shlex
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "artifacts" / "releases"
RELEASES = sorted(file.stem for file in (ROOT / "constraints").glob("20*.txt"))
# Where the tests are; the walkthrough is none.
SUITES = {
    "unit": "tests/unit tests/fuzz tests/upstream",
    "functional": "tests/functional",
    "browser": "tests/browser",
    "walkthrough": "",
}
PYTHONS = ("3.11", "3.12", "3.13")
_PYENV = Path.home() / ".pyenv" / "versions"


@dataclass(frozen=True)
class Environment:
    """A release under a Python.

    Attributes:
        release: of OpenStack.
        python: the program; empty for the one that make uses.
    """

    release: str
    python: str = ""

    def __str__(self) -> str:
        return f"{self.release} {Path(self.python).name}".strip()

    def variables(self) -> list[str]:
        """What make is to be told."""
        chosen = [f"RELEASE={self.release}"]
        if self.python:
            name = Path(self.python).name
            chosen += [f"PYTHON={self.python}", f"VENV=.venv-{self.release}-{name}"]
        return chosen


@dataclass(frozen=True)
class Outcome:
    """How a suite went: its counts in words, and whether nothing failed."""

    counts: str
    passed: bool
    seconds: float = 0

    def __str__(self) -> str:
        return f"{self.counts}, {self.seconds / 60:.1f} min"


def environments(releases: Sequence[str]) -> Iterator[Environment]:
    """What is to be tested."""
    yield from map(Environment, releases)
    if RELEASES[-1] in releases:
        ours = "{}.{}".format(*sys.version_info)
        found = {version: interpreter(version) for version in PYTHONS if version != ours}
        yield from (Environment(RELEASES[-1], program) for program in found.values() if program)


def interpreter(version: str) -> str:
    """A Python of this version: on the path, or one of pyenv's; empty where there is none."""
    name = f"python{version}"
    for program in (shutil.which(name), *map(str, _PYENV.glob(f"{version}.*/bin/{name}"))):
        # pyenv puts programs on the path that say that they are not there.
        if program and works(program):
            return program
    return ""


def works(program: str) -> bool:
    """Whether a Python starts."""
    done = subprocess.run([program, "-c", ""], capture_output=True, check=False)
    return done.returncode == 0


def run(environment: Environment, suite: str) -> Outcome:
    """Run a suite, with all that it prints in a file."""
    name = f"{environment}-{suite}".replace(" ", "-")
    log, report = FOLDER / f"{name}.log", FOLDER / f"{name}.xml"
    report.unlink(missing_ok=True)
    if suite == "walkthrough":
        target, arguments = "demo", "--walkthrough"
    else:
        target, arguments = "test", f"{SUITES[suite]} --junitxml={shlex.quote(str(report))}"
    began = time.monotonic()
    with log.open("w", encoding="utf-8") as out:
        command = ["make", target, *environment.variables(), f"ARGS={arguments}"]
        done = subprocess.run(command, cwd=ROOT, stdout=out, stderr=out, check=False)
    read = steps(log.read_text("utf-8")) if suite == "walkthrough" else tests(report)
    passed = read.passed and done.returncode == 0
    return Outcome(read.counts, passed, time.monotonic() - began)


def tests(report: Path) -> Outcome:
    """What stands in a report of pytest."""
    if not report.exists():
        return Outcome("did not run", False)
    suite = ElementTree.parse(report).getroot().find("testsuite")  # noqa: S314
    number = {name: int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")}
    ran = number["tests"] - number["skipped"]
    failed = number["failures"] + number["errors"]
    skipped = f", {number['skipped']} skipped" if number["skipped"] else ""
    return Outcome(f"{ran - failed} of {ran}{skipped}", not failed)


def steps(log: str) -> Outcome:
    """What the walkthrough says at its end."""
    if found := re.search(r"^All (\d+) steps answered as expected", log, re.MULTILINE):
        return Outcome(f"{found[1]} of {found[1]}", True)
    if found := re.search(r"^Not as expected: step (.*) of (\d+)\.", log, re.MULTILINE):
        missed = len(found[1].split(", "))
        return Outcome(f"{int(found[2]) - missed} of {found[2]}", False)
    return Outcome("did not end", False)


def table(rows: dict[str, dict[str, Outcome]], suites: Sequence[str]) -> str:
    """The outcomes as a table in Markdown; what failed is in capitals."""
    lines = [["release", *suites], ["---"] * (len(suites) + 1)]
    for name, outcomes in rows.items():
        told = (
            f"{'' if outcome.passed else 'FAILED: '}{outcome}"
            for outcome in (outcomes[suite] for suite in suites)
        )
        lines.append([name, *told])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main(wanted: Sequence[str]) -> int:
    """Run what is wanted, and print the table.

    Returns:
        The exit status.
    """
    if unknown := set(wanted) - {*RELEASES, *SUITES}:
        print(f"Choose of {' '.join((*RELEASES, *SUITES))}, not {' '.join(unknown)}.")
        return 2
    suites = [each for each in SUITES if each in wanted] or list(SUITES)
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows: dict[str, dict[str, Outcome]] = {}
    for environment in environments([each for each in RELEASES if each in wanted] or RELEASES):
        row = rows[str(environment)] = {}
        for suite in suites:
            row[suite] = run(environment, suite)
            print(f"{environment} {suite}: {row[suite]}", flush=True)
    print(f"\n{table(rows, suites)}")
    return 0 if all(each.passed for row in rows.values() for each in row.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
