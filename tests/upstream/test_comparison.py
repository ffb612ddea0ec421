# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import pytest

from tests.upstream import comparison
from tests.upstream.comparison import FAILED, MISSING, PASSED, SKIPPED


def run(seconds=1.0, **outcomes):
    return comparison.Run(seconds, {name: {"outcome": each} for name, each in outcomes.items()})


@pytest.mark.parametrize("outcome", [FAILED, SKIPPED, MISSING])
def test_what_passes_without_the_filters_must_pass_with_them(outcome):
    after = run() if outcome == MISSING else run(test=outcome)
    assert comparison.regressions(run(test=PASSED), after) == ["test"]


@pytest.mark.parametrize("outcome", [PASSED, FAILED, SKIPPED])
def test_what_ends_the_same_with_the_filters_is_no_regression(outcome):
    assert comparison.regressions(run(test=outcome), run(test=outcome)) == []


@pytest.mark.parametrize("outcome", [SKIPPED, MISSING])
def test_what_fails_with_the_filters_must_have_failed_without_them(outcome):
    before = run() if outcome == MISSING else run(test=outcome)
    assert comparison.regressions(before, run(test=FAILED)) == ["test"]


def test_what_passes_only_with_the_filters_is_no_regression():
    assert comparison.regressions(run(test=FAILED), run(test=PASSED)) == []


def test_regressions_are_listed_by_name():
    before, after = run(b=PASSED, c=PASSED, a=PASSED), run(b=FAILED, c=PASSED)
    assert comparison.regressions(before, after) == ["a", "b"]


def test_shares_of_a_suite_are_one_run_that_takes_as_long_as_the_longest():
    both = run(5.0, a=PASSED) | run(7.0, b=FAILED)
    assert (both.seconds, both.of(PASSED), both.of(FAILED)) == (7.0, ["a"], ["b"])


def test_the_table_counts_each_outcome():
    counted = run(12.3, a=PASSED, b=PASSED, c=FAILED, d=SKIPPED, e=SKIPPED, f=SKIPPED)
    lines = comparison.table({("compute", "without"): counted}).splitlines()
    assert lines[0].split() == ["passed", "failed", "skipped", "seconds"]
    assert lines[1].split() == ["compute,", "without", "2", "1", "3", "12.3"]
