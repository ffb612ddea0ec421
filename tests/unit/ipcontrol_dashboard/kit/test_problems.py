# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import pytest

from ipcontrol_dashboard.kit.problems import Problems, shortened


def test_eight_problems_are_told_one_by_one():
    assert shortened("abcdefgh") == list("abcdefgh")


def test_of_more_the_rest_is_counted():
    assert shortened(["x"] * 1_242) == ["x"] * 8 + ["And 1,234 more."]


def test_no_problem_is_none():
    assert not Problems()
    assert shortened([]) == []


def test_a_sentence_that_is_not_shown_is_not_made():
    problems = Problems()
    for _ in range(8):
        problems.add(str, "x")
    problems.add(pytest.fail, "made all the same")
    assert problems.count == 9
