# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import pytest
from django import forms
from django.core.exceptions import ValidationError

from ipcontrol_dashboard.kit.fields import (
    CarriedField,
    LimitedCharField,
    LimitedIntegerField,
    NetworksField,
)


class Form(forms.Form):
    name = LimitedCharField(most=10)
    text = LimitedCharField(most=30_000, widget=forms.Textarea)
    number = LimitedIntegerField(most=10)


def refused(field, value):
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    return caught.value.messages


@pytest.mark.parametrize("field", [LimitedCharField(most=10), LimitedIntegerField(most=10)])
def test_what_is_too_long_is_refused_in_a_sentence(field):
    assert refused(field, "1" * 2_000) == [
        "These are 2,000 characters, which is too much to look at: write no more than 10."
    ]


def test_what_is_too_long_is_not_read():
    class Field(LimitedCharField):
        def to_python(self, value):
            pytest.fail("it was read")

    assert refused(Field(most=10), "1" * 11)


def test_what_fits_is_read():
    assert LimitedCharField(most=10).clean("1" * 10) == "1" * 10
    assert LimitedIntegerField(most=10).clean("17") == 17


@pytest.mark.parametrize("text", ["x" * 30_001, '"' * 5_001])
def test_what_would_make_a_page_endless_is_not_shown_again(text):
    page = Form({"name": "x", "text": text, "number": "1"}).as_p()
    assert len(page) < 2_000


def test_what_fits_is_shown_again_as_it_was_sent():
    page = Form({"name": '"' * 10, "text": "y" * 30_000, "number": "x" * 10}).as_p()
    assert "&quot;" * 10 in page
    assert "y" * 30_000 in page
    assert "x" * 10 in page


def test_a_browser_keeps_to_the_limit_of_a_line_but_cuts_no_pasted_text():
    assert 'maxlength="10"' in str(Form()["name"])
    assert "maxlength" not in str(Form()["text"])


@pytest.mark.parametrize("text", ["x" * 30_001, '"' * 5_001, "a\0b"])
def test_what_no_form_carries_counts_as_nothing(text):
    assert CarriedField(most=20_000).clean(text) == ""


def test_networks_that_are_repeated_count_once():
    field = NetworksField(most=100, most_networks=3)
    assert list(map(str, field.clean("10.0.0.0/8 ::1 10.0.0.0/8"))) == ["10.0.0.0/8", "::1/128"]


def test_too_many_networks_are_counted_and_not_read():
    field = NetworksField(most=100, most_networks=3)
    assert refused(field, "x x x x") == ["These are 4 networks: write no more than 3."]
