# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the pages say of a list that is only tried out is what Swift does."""

import itertools

import pytest

from devcloud.addresses import LAB, OUTSIDER, PARTNER
from tests.browser.store import Store
from tests.functional.horizon import WHITELIST, Person, text_of

DOCS = WHITELIST + "container/docs/"
ENTRY = {"label": "partner", "networks": "127.2.0.0/16", "rights": "write"}
_NUMBERS = itertools.count(980)


@pytest.fixture
def store(cloud):
    made = Store.make(cloud, next(_NUMBERS))
    made.change(None, allow_all="0.0.0.0/0")
    made.container("docs")
    return made


@pytest.fixture
def owner(cloud, store):
    return Person(cloud, store.user, LAB)


def statuses(store):
    return {source: store.status(source, "docs") for source in (LAB, PARTNER, OUTSIDER)}


def test_a_first_entry_that_is_tried_out_refuses_nobody_until_it_is_enforced(owner, store):
    form = owner.get(DOCS + "add/")
    told = text_of(owner.send(form, **ENTRY, try_out="on", forecast="page"))
    assert "Nobody gains or loses by this, now or later." in told
    page = text_of(owner.send(form, **ENTRY, try_out="on"))
    assert "This list is on trial. It is not enforced until somebody says so." in page
    assert "Who reaches it meanwhile: Any IPv4 address (account defaults)." in page
    assert "Once it is enforced: Only 127.2.0.0/16." in page
    assert "On trial, not enforced" in text_of(owner.get(WHITELIST))
    assert store.items("docs")["whitelist-trial"] == "true"
    assert statuses(store) == {LAB: 200, PARTNER: 200, OUTSIDER: 200}

    form = owner.get(DOCS + "enforce/")
    assert "lose reading and writing" in text_of(form).lower()
    asked = owner.send(form)
    assert "This would shut you out" in text_of(asked)
    assert statuses(store)[OUTSIDER] == 200
    owner.send(asked, confirm_lockout="on")
    assert "whitelist-trial" not in store.items("docs")
    assert statuses(store) == {LAB: 403, PARTNER: 200, OUTSIDER: 403}


def test_who_would_be_shut_out_when_a_trial_ends_is_asked_once(owner, store):
    store.change("docs", allow_partner="127.2.0.0/16", whitelist_trial="true")
    asked = owner.send(owner.get(DOCS + "try-out/"), enforced_from="2999-01-01 00:00")
    assert "This would shut you out on 2999-01-01 00:00 UTC" in text_of(asked)
    page = text_of(owner.send(asked, confirm_lockout="on"))
    assert "It is not enforced until 2999-01-01 00:00 UTC" in page
    assert store.items("docs")["whitelist-trial"] == "2999-01-01T00:00Z"


def test_an_enforced_list_is_put_off(owner, store):
    store.change("docs", allow_lab="127.1.0.0/16")
    assert statuses(store) == {LAB: 200, PARTNER: 403, OUTSIDER: 403}
    page = text_of(owner.submit(DOCS + "try-out/"))
    assert "This list is on trial." in page
    assert statuses(store) == {LAB: 200, PARTNER: 200, OUTSIDER: 200}
