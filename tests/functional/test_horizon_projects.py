# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Forms that were opened in one project, and sent after a switch to another."""

import pytest
from keystoneauth1 import session
from keystoneclient.v3 import client as keystone

from devcloud import accounts
from tests.browser.store import Store, _admin
from tests.functional.horizon import WHITELIST, Person, fields_of, text_of

EVERYBODY = "127.0.0.0/8"
DOCS = f"{WHITELIST}container/docs/"


@pytest.fixture(scope="module")
def stores(cloud):
    """Two projects with a container of the same name, of which one person is a member."""
    one, two = Store.make(cloud, 8300), Store.make(cloud, 8301)
    for each in (one, two):
        each.change(None, allow_all=EVERYBODY)
        each.container("docs", allow_all=EVERYBODY, allow_old="192.0.2.9")
    admin = keystone.Client(session=session.Session(_admin(cloud)))
    (user,) = admin.users.list(name=one.user, domain=accounts.DOMAIN)
    (project,) = admin.projects.list(name=two.user, domain=accounts.DOMAIN)
    (role,) = admin.roles.list(name="member")
    admin.roles.grant(role, user=user, project=project)
    return one, two


@pytest.fixture
def person(cloud, stores):
    one, _ = stores
    made = Person(cloud, one.user)
    made.project(one.user)
    return made


def follow(person, page):
    """Go where the page leads back to."""
    (link,) = page.html.xpath("//a[contains(@class, 'btn-primary')]")
    return person.get(link.get("href"))


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        ("add/", {"label": "fresh", "networks": "203.0.113.0/24"}),
        ("edit/?item=allow-old", {"networks": "203.0.113.0/24"}),
        ("remove/?item=allow-old", {}),
        ("copy/", {"entries": ["allow-old"]}),
    ],
)
def test_a_form_changes_nothing_elsewhere_and_goes_on_where_it_was(stores, person, form, typed):
    one, two = stores
    opened = person.get(DOCS + form)
    person.project(two.user)
    before = one.items("docs"), two.items("docs")
    told = person.send(opened, **typed)
    assert told.status_code == 409
    assert f"opened in the project {one.user}, and you are in {two.user} now" in text_of(told)
    assert (one.items("docs"), two.items("docs")) == before
    again = follow(person, told)
    assert one.user in text_of(again) or DOCS in again.url
    fields = fields_of(again)
    for name, value in typed.items():
        assert fields[name] == (value if isinstance(value, list) else [value]) or (
            fields[name][0].strip() == value
        )


def test_sent_again_there_it_is_done(stores, person):
    one, two = stores
    opened = person.get(f"{DOCS}add/")
    person.project(two.user)
    again = follow(person, person.send(opened, label="later", networks="203.0.113.7"))
    assert "is saved." in text_of(person.send(again))
    assert one.items("docs")["allow-later"] == "203.0.113.7"
    assert "allow-later" not in two.items("docs")


def test_entries_selected_elsewhere_are_not_removed_here(stores, person):
    one, two = stores
    page = person.get(DOCS)
    (action,) = {
        form.action
        for form in page.html.forms
        if DOCS in (form.action or "") and form.method == "POST"
    }
    person.project(two.user)
    told = person.post(action, {"action": "entries__remove_selected", "object_ids": "allow-old"})
    assert told.status_code == 409
    assert f"opened in the project {one.user}" in text_of(told)


def test_a_link_of_an_old_page_does_not_lead_into_the_other_project(stores, person):
    _, two = stores
    page = person.get(DOCS)
    (link,) = page.html.xpath("//a[@id='entries__row_allow-old__action_edit']")
    person.project(two.user)
    assert person.get(link.get("href")).status_code == 409
