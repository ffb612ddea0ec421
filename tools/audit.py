# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Look for known vulnerabilities of the newest release's versions in constraints/: `make audit`.

pip-audit asks the vulnerability service. Where the service does not answer, this says so and
succeeds. A vulnerability makes it fail, unless its id stands, with the reason, in
tools/audit-ignored.txt.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CONSTRAINTS = max((Path(__file__).resolve().parents[1] / "constraints").glob("20*.txt"))
IGNORED = Path(__file__).with_name("audit-ignored.txt")
# GHSA-9wx4-h78v-vm56. A service that knows nothing of it is none, and its silence about other
# packages means nothing.
CONTROL = "requests==2.31.0"
_CONTROL_SECONDS = 20
_SECONDS = 120


class UnavailableError(Exception):
    """Nobody can be asked at the moment."""


@dataclass(frozen=True)
class Vulnerability:
    """A known vulnerability of a pinned version."""

    package: str
    version: str
    ids: tuple[str, ...]
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        fixed = f"fixed in {', '.join(self.fixed_in)}" if self.fixed_in else "not fixed"
        return f"{self.package} {self.version}: {' '.join(self.ids)}, {fixed}"


def found_in(report: Mapping) -> list[Vulnerability]:
    """The vulnerabilities in a report of pip-audit."""
    return [
        Vulnerability(
            each["name"],
            each["version"],
            (vulnerability["id"], *vulnerability["aliases"]),
            tuple(vulnerability["fix_versions"]),
        )
        for each in report["dependencies"]
        for vulnerability in each.get("vulns", [])
    ]


def unknown_in(report: Mapping) -> list[str]:
    """The packages that the service does not know."""
    return [each["name"] for each in report["dependencies"] if "skip_reason" in each]


def read_ignored(path: Path) -> dict[str, str]:
    """The reasons by id.

    Raises:
        ValueError: a line is not of the form ``ID: reason``.
    """
    ignored = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        identity, _, reason = (part.strip() for part in line.partition(":"))
        if not reason:
            raise ValueError(f'{path.name}: write "ID: reason" instead of "{line}"')
        ignored[identity] = reason
    return ignored


def report_on(report: Mapping, ignored: Mapping[str, str]) -> bool:
    """Print what was found, and return whether all of it may be ignored."""
    found, unknown = found_in(report), unknown_in(report)
    print(f"Audited {len(report['dependencies']) - len(unknown)} packages.")
    if unknown:
        print(f"Unknown to the vulnerability service: {', '.join(unknown)}.")
    fine = True
    for each in found:
        reasons = [ignored[identity] for identity in each.ids if identity in ignored]
        print(f"Ignored: {each} ({reasons[0]})" if reasons else f"VULNERABLE: {each}")
        fine = fine and bool(reasons)
    for identity in sorted(ignored.keys() - {identity for each in found for identity in each.ids}):
        print(f"{identity} is found no more: take it out of {IGNORED.name}.")
    return fine


def ask(requirements: Path, seconds: float) -> Mapping:
    """Have pip-audit report about a file of pinned versions.

    Raises:
        UnavailableError: it does not get an answer within ``seconds``.
    """
    options = ["--no-deps", "--disable-pip", "--format=json", "--progress-spinner=off"]
    command = [sys.executable, "-m", "pip_audit", *options, "--timeout=10"]
    try:
        done = subprocess.run(
            [*command, "--requirement", requirements],
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        return json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise UnavailableError(f"no answer within {seconds} s") from None
    except ValueError:
        raise UnavailableError(reason_in(done.stderr)) from None


def reason_in(said: str) -> str:
    """Why pip-audit gave no report: what the system said, or else its last line."""
    last = (said.strip().splitlines() or ["no report"])[-1]
    by_system = re.search(r"\[Errno -?\d+\] ([^'\")]+)", last)
    return by_system[1] if by_system else last


def check_service() -> None:
    """Make sure that somebody answers who knows of vulnerabilities.

    Raises:
        UnavailableError: nobody does.
    """
    with tempfile.TemporaryDirectory() as folder:
        control = Path(folder, "control.txt")
        control.write_text(CONTROL, encoding="utf-8")
        if not found_in(ask(control, _CONTROL_SECONDS)):
            raise UnavailableError(f"it knows no vulnerability of {CONTROL}, which has some")


def main() -> int:
    """Audit.

    Returns:
        The exit status.
    """
    ignored = read_ignored(IGNORED)
    try:
        check_service()
        report = ask(CONSTRAINTS, _SECONDS)
    except UnavailableError as error:
        print(f"Audit skipped, for the vulnerability service does not answer: {error}.")
        return 0
    return 0 if report_on(report, ignored) else 1


if __name__ == "__main__":
    sys.exit(main())
