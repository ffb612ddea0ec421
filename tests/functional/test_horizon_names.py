# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the page Networks says of names is what Swift does."""

import itertools

import pytest

from devcloud.addresses import LAB, OUTSIDER, PARTNER
from tests.browser.store import Store
from tests.functional.horizon import WHITELIST, Person, text_of

NETWORKS = WHITELIST + "networks/"
OFFICE = {"network_office": "127.2.0.0/16"}
_NUMBERS = itertools.count(960)


@pytest.fixture
def store(cloud):
    made = Store.make(cloud, next(_NUMBERS))
    made.change(None, allow_lab="127.1.0.0/16", **OFFICE)
    for name in ("docs", "more"):
        made.container(name, allow_lab="127.1.0.0/16", allow_partner="@office")
    return made


@pytest.fixture
def owner(cloud, store):
    return Person(cloud, store.user, LAB)


def test_what_is_told_of_a_change_of_a_name_is_what_swift_does(owner, store):
    form = owner.get(NETWORKS + "edit/?name=office")
    told = text_of(owner.send(form, networks="127.9.0.0/16", forecast="page"))
    assert "docs, more Lose reading and writing: 127.2.0.0/16 (partner), now" in told
    assert "Gain reading and writing: 127.9.0.0/16 (partner), now" in told
    before = {source: store.status(source, "docs") for source in (PARTNER, OUTSIDER)}
    assert before == {PARTNER: 200, OUTSIDER: 403}
    owner.send(form, networks="127.9.0.0/16")
    for name in ("docs", "more"):
        after = {source: store.status(source, name) for source in (PARTNER, OUTSIDER)}
        assert after == {PARTNER: 403, OUTSIDER: 200}


def test_who_would_suffer_from_a_deletion_is_told_and_suffers(owner, store):
    form = owner.get(NETWORKS + "delete/?name=office")
    assert "docs, more Lose reading and writing: 127.2.0.0/16 (partner), now" in text_of(form)
    page = owner.send(form)
    assert "@office is not defined, and items that refer to it admit nobody: docs more" in text_of(
        page
    )
    assert store.status(PARTNER, "docs") == 403
    shown = text_of(owner.get(WHITELIST + "container/docs/"))
    assert "No networks are defined by the name @office: define them first." in shown


def test_who_hangs_on_a_name_is_asked_before_he_is_shut_out(owner, store):
    store.change(None, network_home="127.1.0.0/16", allow_lab="@home")
    form = owner.get(NETWORKS + "edit/?name=home")
    asked = owner.send(form, networks="127.9.0.0/16")
    assert "This would shut you out" in text_of(asked)
    assert store.items(None)["network-home"] == "127.1.0.0/16"
    owner.send(asked, confirm_lockout="on")
    assert store.items(None)["network-home"] == "127.9.0.0/16"


def test_a_person_of_another_project_sees_and_changes_nothing_of_it(cloud, store):
    other = Store.make(cloud, next(_NUMBERS))
    other.change(None, allow_lab="127.1.0.0/16")
    stranger = Person(cloud, other.user, LAB)
    assert "@office" not in text_of(stranger.get(NETWORKS)).replace("@office in an entry", "")
    assert stranger.get(NETWORKS + "edit/?name=office").status_code == 404
    form = {"networks": "127.9.0.0/16", "seen": "{}", "container": "docs"}
    told = text_of(stranger.post(NETWORKS + "edit/?name=office", form | {"forecast": "script"}))
    assert "127.2.0.0/16" not in told
    stranger.post(NETWORKS + "edit/?name=office", form)
    assert store.items(None)["network-office"] == "127.2.0.0/16"


def test_a_question_without_the_token_or_without_a_session_is_refused(cloud, owner):
    page = NETWORKS + "edit/?name=office"
    filled = {"networks": "127.9.0.0/16", "forecast": "script"}
    forged = owner.post(page, filled, token="x", allow_redirects=False)
    assert (forged.status_code, "csrf_failure" in forged.headers["location"]) == (302, True)
    assert Person(cloud, None).get(page, allow_redirects=False).status_code == 302
