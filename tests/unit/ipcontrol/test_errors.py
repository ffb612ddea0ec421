# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from ipcontrol.errors import IpControlError


def test_an_error_is_a_sentence_and_keeps_what_it_was_made_of():
    error = IpControlError("%(text)s is no address.", text="x")
    assert str(error) == "x is no address."
    assert (
        (error.template, error.params) == error.args == ("%(text)s is no address.", {"text": "x"})
    )


def test_an_error_inside_another_is_part_of_its_sentence():
    inner = IpControlError("%(text)s is no address.", text="x")
    assert str(IpControlError("Line 1: %(error)s", error=inner)) == "Line 1: x is no address."
