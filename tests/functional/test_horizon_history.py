# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What was changed, by whatever program, stands on the page History and can be undone there."""

import itertools

import pytest

from devcloud.addresses import LAB, OUTSIDER, PARTNER
from tests.browser.store import Store
from tests.functional.horizon import WHITELIST, Person, text_of

DOCS = WHITELIST + "container/docs/"
# As people write items by hand: no form of Horizon's writes spaces so.
BY_HAND = {"allow_lab": "127.1.0.0/16", "allow_partner": "127.2.0.0/16,   203.0.113.7;read-only"}
_NUMBERS = itertools.count(940)


@pytest.fixture
def store(cloud):
    made = Store.make(cloud, next(_NUMBERS))
    made.change(None, allow_lab="127.1.0.0/16", network_office="127.2.0.0/16")
    made.container("docs", **BY_HAND)
    return made


@pytest.fixture
def owner(cloud, store):
    return Person(cloud, store.user, LAB)


def undo(owner, page):
    """Follow the first way to take a change back, and take it."""
    (link, *_) = page.html.xpath("//a[normalize-space()='Undo']/@href")
    form = owner.get(link)
    return form, owner.send(form)


def test_a_change_in_horizon_is_undone_from_its_message_byte_for_byte(owner, store):
    before = store.items("docs")
    form = owner.get(DOCS + "edit/?item=allow-partner")
    saved = owner.send(form, networks="127.3.0.0/16", rights="write")
    assert store.items("docs") != before
    assert store.status(PARTNER, "docs") == 403
    form, undone = undo(owner, saved)
    assert "Gain reading: 127.2.0.0/16" in text_of(form)
    assert "is undone" in text_of(undone)
    assert store.items("docs") == before
    assert store.status(PARTNER, "docs") == 200


def test_what_another_program_did_is_told_and_undone_too(owner, store):
    before = store.items("docs")
    store.change("docs", allow_partner="", allow_all="127.0.0.0/8")
    page = owner.get(DOCS + "history/")
    told = text_of(page)
    assert f"{store.user} (" in told
    assert "from 127.0.0.1" in told
    assert "all added: 127.0.0.0/8" in told
    assert "partner removed; it was: 127.2.0.0/16, 203.0.113.7;read-only" in told
    assert store.status(OUTSIDER, "docs") == 200
    undo(owner, page)
    assert store.items("docs") == before
    assert store.status(OUTSIDER, "docs") == 403
    assert "undone" in text_of(owner.get(DOCS + "history/"))


def test_a_name_of_the_account_is_told_and_undone_like_an_entry(owner, store):
    store.change(None, network_office="127.9.0.0/16")
    page = owner.get(WHITELIST + "account/history/")
    assert "@office 127.2.0.0/16 became 127.9.0.0/16" in text_of(page)
    undo(owner, page)
    assert store.items(None)["network-office"] == "127.2.0.0/16"


def test_an_undoing_that_would_shut_its_person_out_is_asked_about(owner, store):
    store.change("docs", allow_lab="127.1.0.0/16, 127.2.0.0/16")
    store.change("docs", allow_partner="127.1.0.0/16")
    store.change("docs", allow_lab="")
    first = owner.get(DOCS + "history/")
    links = first.html.xpath("//a[normalize-space()='Undo']/@href")
    form = owner.get(links[1])
    asked = owner.send(form)
    assert "This would shut you out" in text_of(asked)
    assert store.items("docs")["allow-partner"] == "127.1.0.0/16"


def test_who_may_not_see_the_list_learns_nothing_of_its_changes(cloud, store):
    other = Store.make(cloud, next(_NUMBERS))
    other.change(None, allow_lab="127.1.0.0/16")
    stranger = Person(cloud, other.user, LAB)
    answer = stranger.get(DOCS + "history/")
    assert "203.0.113.7" not in text_of(answer)
    assert answer.status_code in {403, 404}
