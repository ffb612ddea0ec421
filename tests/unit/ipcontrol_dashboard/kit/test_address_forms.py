# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.test import RequestFactory

from ipcontrol.addresses import parse_address
from ipcontrol_dashboard.kit.address_forms import AddressField, AddressForm


def asked(**query):
    return AddressForm.of(RequestFactory().get("/", query))


def test_an_address_is_read():
    assert str(AddressField().clean(" 203.0.113.77 ")) == "203.0.113.77"


def test_what_is_no_address_is_told_why():
    with pytest.raises(ValidationError, match=r"is a network, not one address: 203\.0\.113\.0\?"):
        AddressField().clean("203.0.113.0/24")


def test_a_page_that_was_asked_nothing_answers_for_no_address():
    form = asked(other="10.0.0.1")
    assert (form.tried, form.errors) == (None, {})


def test_a_page_answers_for_the_address_that_it_was_asked_about():
    assert asked(address="2001:db8::1").tried == parse_address("2001:db8::1")


def test_what_cannot_be_read_is_kept_and_told_in_place_of_an_answer():
    form = asked(address="10.1.2.3/16")
    assert form.tried is None
    page = render_to_string(
        "ipcontrol_dashboard/_try_address.html", {"test": form, "answer": "Yes.", "question": "?"}
    )
    assert 'value="10.1.2.3/16"' in page
    assert "is a network, not one address" in page
    assert "Yes." not in page
