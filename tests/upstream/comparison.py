# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the filters change in the outcomes of tests."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

PASSED, FAILED, SKIPPED = OUTCOMES = ("passed", "failed", "skipped")
MISSING = "not run"


@dataclass(frozen=True)
class Run:
    """The tests of one suite, run once.

    Attributes:
        seconds: how long all of it took.
        tests: by name: ``outcome``, ``seconds`` and, unless it passed, ``why``.
    """

    seconds: float
    tests: Mapping[str, Mapping]

    def __or__(self, other: "Run") -> "Run":
        """Both, run at the same time."""
        return Run(max(self.seconds, other.seconds), {**self.tests, **other.tests})

    def outcome(self, name: str) -> str:
        """How a test ended; `MISSING` for one that did not run."""
        return self.tests.get(name, {}).get("outcome", MISSING)

    def counts(self) -> list[int]:
        """The number of tests with each of `OUTCOMES`."""
        found = Counter(test["outcome"] for test in self.tests.values())
        return [found[outcome] for outcome in OUTCOMES]

    def of(self, outcome: str) -> list[str]:
        """The names of the tests that ended so."""
        return sorted(name for name in self.tests if self.outcome(name) == outcome)


def regressions(without: Run, with_filters: Run) -> list[str]:
    """The tests that the filters break.

    A test that passes without them must pass with them, not fail, be skipped or be missing; and
    what fails with them, as the tidying up after a class may, must have failed without them.
    """
    passed_before = {name for name in without.of(PASSED) if with_filters.outcome(name) != PASSED}
    failed_only_now = {name for name in with_filters.of(FAILED) if without.outcome(name) != FAILED}
    return sorted(passed_before | failed_only_now)


def table(rows: Mapping[tuple[str, str], Run]) -> str:
    """The counts as text; rows by suite and round."""
    lines = [f"{'':32} {'passed':>7} {'failed':>7} {'skipped':>8} {'seconds':>8}"]
    for (suite, label), run in rows.items():
        passed, failed, skipped = run.counts()
        lines.append(
            f"{suite + ', ' + label:32} {passed:7} {failed:7} {skipped:8} {run.seconds:8.1f}"
        )
    return "\n".join(lines)
