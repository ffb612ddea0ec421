# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import pytest
from django.test import RequestFactory

from ipcontrol_dashboard.kit import limits

PAGES = ("/project/ip_whitelist/account/add/", "/admin/host_groups/import/")


@pytest.mark.parametrize("path", PAGES)
def test_a_body_longer_than_any_form_is_refused_before_it_is_read(path):
    request = RequestFactory().post(path, CONTENT_LENGTH="3000000")
    answer = limits.answer(request)
    assert answer.status_code == 413
    assert answer.content == b"These are 3,000,000 bytes: send no more than 2,621,440."
    assert not request._read_started


@pytest.mark.parametrize("path", PAGES)
def test_a_url_longer_than_any_of_ours_is_refused(path):
    answer = limits.answer(RequestFactory().get(path + "?item=" + "x" * 20_000))
    assert answer.status_code == 414
    assert answer.content.startswith(b"The address of this page has 20,0")


@pytest.mark.parametrize("path", PAGES)
def test_what_fits_is_let_through(path):
    assert limits.answer(RequestFactory().post(path, {"networks": "x" * 1_000_000})) is None


@pytest.mark.parametrize("path", ["/project/images/create/", "/nowhere/"])
def test_what_others_pages_take_is_not_our_business(path):
    assert limits.answer(RequestFactory().post(path, CONTENT_LENGTH="3000000")) is None
