# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What people at Horizon meet while something is broken: a sentence, and what they typed."""

import time
from importlib import metadata

import pytest
from keystoneauth1 import session as keystone_session
from keystoneauth1.identity import v3
from keystoneclient.v3 import client as keystone

from devcloud import accounts, seed_nova
from devcloud.cloud import Cloud
from devcloud.compute_clients import nova
from devcloud.settings import Proxy
from ipcontrol.host_groups import PREFIX_KEY, SUBNETS_KEY
from tests.browser.store import Store
from tests.functional.horizon import (
    CRASHES,
    HOST_GROUPS,
    LOGIN,
    WHITELIST,
    Person,
    fields_of,
    text_of,
)
from tests.functional.nova_faults import NovaFaults
from tests.functional.swift_faults import SwiftFaults

EVERYBODY = "127.0.0.0/8"
DOCS = f"{WHITELIST}container/docs/"
WHITELIST_PAGES = (
    WHITELIST,
    f"{WHITELIST}account/",
    DOCS,
    f"{DOCS}add/",
    f"{DOCS}edit/?item=allow-all",
    f"{DOCS}remove/?item=allow-all",
    f"{DOCS}copy/",
)
GROUP_FORMS = tuple(
    f"{HOST_GROUPS}{page}/" for page in ("create", "1/update", "1/delete", "1/make_default")
)
GROUP_PAGES = (HOST_GROUPS, f"{HOST_GROUPS}?tab=host_groups__hosts", *GROUP_FORMS)
# Errors of storage servers are forgotten soon after these are back.
_PROXY = {"error_suppression_interval": "1"}
HORIZON = tuple(map(int, metadata.version("horizon").split(".")[:2]))
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    """A cloud of which parts may stop; nobody else uses it."""
    proxies = {"swift": Proxy(options={"proxy-server": _PROXY})}
    with Cloud(proxies=proxies, state=tmp_path_factory.mktemp("horizon-faults")) as running:
        seed_nova.seed(running)
        yield running


@pytest.fixture(scope="module")
def store(cloud):
    made = Store.make(cloud, 1)
    made.change(None, allow_all=EVERYBODY)
    made.container("docs", allow_all=EVERYBODY)
    return made


@pytest.fixture(scope="module")
def owner(cloud, store):
    return Person(cloud, store.user)


@pytest.fixture(scope="module")
def admin(cloud):
    return Person(cloud, "admin")


@pytest.fixture(scope="module")
def groups(cloud):
    """The host groups as Nova keeps them."""

    def read():
        found = nova(cloud, "admin").aggregates.list()
        return {each.name: dict(each.metadata) for each in found}

    return read


@pytest.fixture
def spare(cloud, groups):
    """A host group for one test: its name, and the page to edit it."""
    administrator = nova(cloud, "admin")
    made = administrator.aggregates.create("spare", None)
    metadata = {PREFIX_KEY: "spare", SUBNETS_KEY: "10.7.0.0/16"}
    administrator.aggregates.set_metadata(made, metadata)
    yield f"{HOST_GROUPS}{made.id}/update/"
    administrator.aggregates.delete(made)


def drop_group(cloud, name):
    administrator = nova(cloud, "admin")
    for each in administrator.aggregates.list():
        if each.name == name:
            administrator.aggregates.delete(each)


def assert_calm(page):
    """Nothing of the inside shows."""
    assert page.status_code != 500
    assert not [word for word in CRASHES if word in page.text]


class Outage:
    """A service is stopped, people go on, and it comes back.

    Attributes:
        pages: what was got meanwhile, by its path.
        forms: what was opened before, by its path.
        sent: what was answered to the forms that were sent meanwhile, by their path.
    """

    def __init__(self, cloud, service):
        self._cloud, self._service = cloud, service
        self.pages, self.forms, self.sent = {}, {}, {}

    def open(self, person, *paths):
        self.forms |= {path: person.get(path) for path in paths}

    def __enter__(self):
        self._cloud.stop_service(self._service)
        return self

    def __exit__(self, *_):
        self._cloud.start_service(self._service)
        self._cloud.wait_for_service(self._service)

    def look(self, person, *paths):
        self.pages |= {path: person.get(path) for path in paths}

    def send(self, person, path, **typed):
        self.sent[path] = person.send(self.forms[path], **typed)


# --- Keystone -----------------------------------------------------------------

KEYSTONE_SENTENCE = "does not answer at the moment. Try again in a few seconds."


@pytest.fixture(scope="module")
def without_keystone(cloud, owner, admin):
    outage = Outage(cloud, "keystone")
    outage.open(owner, f"{DOCS}add/")
    outage.open(admin, f"{HOST_GROUPS}create/")
    with outage:
        outage.look(owner, *WHITELIST_PAGES)
        outage.look(admin, *GROUP_PAGES)
        outage.send(owner, f"{DOCS}add/", label="typed", networks="oops")
        outage.send(
            admin,
            f"{HOST_GROUPS}create/",
            name="typed",
            hostname_prefix="typed",
            subnets="10.3.0.0/16\n10.4.0.0/16",
        )
        stranger = Person(cloud, None)
        outage.sent[LOGIN] = stranger.submit(
            LOGIN, username="alice", password=accounts.PASSWORD, region="default"
        )
    return outage


@pytest.mark.parametrize("path", [*WHITELIST_PAGES, *GROUP_PAGES])
def test_without_keystone_a_page_is_a_sentence(without_keystone, path):
    page = without_keystone.pages[path]
    assert_calm(page)
    assert (page.status_code, KEYSTONE_SENTENCE in text_of(page)) == (503, True)


def test_without_keystone_nobody_signs_in_and_is_told_why(without_keystone):
    page = without_keystone.sent[LOGIN]
    assert "Unable to establish connection to keystone endpoint." in text_of(page)


@pytest.mark.parametrize("path", [*WHITELIST_PAGES, *GROUP_PAGES])
def test_when_keystone_is_back_so_are_the_pages(without_keystone, owner, admin, path):
    page = (admin if path in GROUP_PAGES else owner).get(path)
    assert (page.status_code, page.url.endswith(path)) == (200, True)


def test_an_entry_that_was_sent_without_keystone_can_be_sent_again(without_keystone, owner, store):
    page = without_keystone.sent[f"{DOCS}add/"]
    assert page.status_code == 503
    again = owner.send(page)
    assert '"oops" is' in text_of(again)
    assert fields_of(again)["label"] == ["typed"]
    assert "allow-typed" not in store.items("docs")


def test_a_host_group_that_was_sent_without_keystone_can_be_sent_again(
    without_keystone, cloud, admin, groups
):
    page = without_keystone.sent[f"{HOST_GROUPS}create/"]
    assert (page.status_code, "typed" in groups()) == (503, False)
    again = admin.send(page)
    assert "Created host group typed." in text_of(again)
    assert groups()["typed"][SUBNETS_KEY] == "10.3.0.0/16, 10.4.0.0/16"
    drop_group(cloud, "typed")


# --- Swift --------------------------------------------------------------------

SWIFT_SENTENCE = "Swift does not answer at the moment. Try again in a few seconds."


@pytest.fixture(scope="module")
def without_swift(cloud, owner, admin):
    outage = Outage(cloud, "swift")
    outage.open(owner, f"{DOCS}add/", f"{DOCS}edit/?item=allow-all")
    with outage:
        outage.look(owner, *WHITELIST_PAGES)
        outage.look(admin, HOST_GROUPS)
        outage.send(owner, f"{DOCS}add/", label="kept", networks="192.0.2.1\n192.0.2.2")
        outage.send(owner, f"{DOCS}edit/?item=allow-all", networks=f"{EVERYBODY}, 10.0.0.0/8")
    return outage


@pytest.mark.parametrize("path", WHITELIST_PAGES)
def test_without_swift_a_page_is_a_sentence(without_swift, path):
    page = without_swift.pages[path]
    assert_calm(page)
    assert (page.status_code, SWIFT_SENTENCE in text_of(page)) == (503, True)


def test_without_swift_the_host_groups_are_there(without_swift):
    assert "doc1" in text_of(without_swift.pages[HOST_GROUPS])


@pytest.mark.parametrize(
    ("path", "item", "value"),
    [
        (f"{DOCS}add/", "allow-kept", "192.0.2.1, 192.0.2.2"),
        (f"{DOCS}edit/?item=allow-all", "allow-all", f"{EVERYBODY}, 10.0.0.0/8"),
    ],
)
def test_an_entry_that_was_sent_without_swift_can_be_sent_again(
    without_swift, owner, store, path, item, value
):
    page = without_swift.sent[path]
    assert (page.status_code, SWIFT_SENTENCE in text_of(page)) == (503, True)
    assert store.items("docs").get(item) != value
    assert "is saved." in text_of(owner.send(page))
    assert store.items("docs")[item] == value


class TestContainerServersDown:
    """One list cannot be read; the others, and the account's, can."""

    @pytest.fixture(scope="class")
    def met(self, cloud, owner, store):
        store.container("dark", allow_all=EVERYBODY)
        dark = f"{WHITELIST}container/dark/"
        opened = owner.get(f"{dark}add/")
        with SwiftFaults(cloud).stopped("container"):
            # What the proxy has in its cache it still decides by; the panel reads anew.
            pages = {path: owner.get(path) for path in (WHITELIST, dark, f"{dark}add/")}
            pages["sent"] = owner.send(opened, label="late", networks="192.0.2.9")
        # So long an error is remembered.
        time.sleep(2)
        return pages

    def test_the_rows_say_so(self, met):
        page = met[WHITELIST]
        assert page.status_code == 200
        assert SWIFT_SENTENCE in text_of(page)
        assert "dark" in text_of(page)

    def test_the_list_and_its_forms_are_a_sentence(self, met):
        for path in (f"{WHITELIST}container/dark/", f"{WHITELIST}container/dark/add/"):
            assert (met[path].status_code, SWIFT_SENTENCE in text_of(met[path])) == (503, True)

    def test_what_was_sent_can_be_sent_again(self, met, owner, store):
        assert met["sent"].status_code == 503
        assert "allow-late" not in store.items("dark")
        assert "is saved." in text_of(owner.send(met["sent"]))
        assert store.items("dark")["allow-late"] == "192.0.2.9"


# --- Nova ---------------------------------------------------------------------

NOVA_SENTENCE = "Nova does not answer at the moment. Try again in a few seconds."
TYPED = {"name": "paper", "hostname_prefix": "paper", "subnets": "10.5.0.0/16\n2001:db8::/48"}


@pytest.fixture(scope="module")
def without_nova(cloud, owner, admin):
    outage = Outage(cloud, "nova")
    outage.open(admin, *GROUP_FORMS)
    with outage:
        outage.look(admin, *GROUP_PAGES)
        outage.look(owner, WHITELIST)
        for path in GROUP_FORMS:
            typed = TYPED if path.endswith(("create/", "update/")) else {}
            outage.send(admin, path, **typed)
    return outage


@pytest.mark.parametrize("path", GROUP_PAGES)
def test_without_nova_a_page_is_a_sentence(without_nova, path):
    page = without_nova.pages[path]
    assert_calm(page)
    # Who creates a group reads nothing first.
    assert NOVA_SENTENCE in text_of(page) or path == f"{HOST_GROUPS}create/"


def test_without_nova_the_lists_are_there(without_nova):
    assert "docs" in text_of(without_nova.pages[WHITELIST])


@pytest.mark.parametrize("path", GROUP_FORMS)
def test_a_form_that_was_sent_without_nova_says_that_nothing_was_saved(without_nova, path):
    page = without_nova.sent[path]
    assert_calm(page)
    assert f"Nothing was saved. {NOVA_SENTENCE}" in text_of(page)


@pytest.mark.parametrize("path", GROUP_FORMS[:2])
def test_what_was_typed_without_nova_stays_in_the_form(without_nova, path):
    fields = fields_of(without_nova.sent[path])
    assert {name: fields[name][0].strip() for name in TYPED} == TYPED


def test_nothing_was_half_written_and_saving_again_works(without_nova, cloud, admin, groups):
    before = groups()
    assert sorted(before) == ["dev", "doc", "ops"]
    assert before["doc"][PREFIX_KEY] == "doc"
    again = admin.send(without_nova.sent[f"{HOST_GROUPS}create/"])
    assert "Created host group paper." in text_of(again)
    assert groups()["paper"] == {PREFIX_KEY: "paper", SUBNETS_KEY: "10.5.0.0/16, 2001:db8::/48"}
    drop_group(cloud, "paper")


def test_a_group_that_nova_made_by_half_is_finished_by_sending_it_again(cloud, admin, groups):
    with NovaFaults(cloud.state).database_down(
        "api", matching="(INSERT INTO|UPDATE) aggregate_metadata"
    ):
        page = admin.submit(f"{HOST_GROUPS}create/", **TYPED)
    assert "what makes it a host group was not saved" in text_of(page)
    assert groups()["paper"] == {}
    again = admin.send(page)
    assert "Created host group paper." in text_of(again)
    assert groups()["paper"][PREFIX_KEY] == "paper"
    drop_group(cloud, "paper")


# --- A session that ended in the middle of a form -----------------------------

SIGNED_IN_AGAIN = "You had to sign in again, so nothing was saved."


def end_session(person):
    """What the time does to a session: the browser's cookie is worth nothing any more."""
    person.browser.cookies.set("sessionid", "ended", domain="127.0.0.1", path="/")


def sign_in_again(person, page):
    """From the page of sign in where Horizon has led."""
    assert LOGIN in page.url
    return person.send(page, username=person.user, password=accounts.PASSWORD, region="default")


def test_an_entry_waits_for_a_new_sign_in(cloud, store):
    person = Person(cloud, store.user)
    opened = person.get(f"{DOCS}add/")
    end_session(person)
    typed = {"label": "waits", "networks": "192.0.2.7, 2001:db8::7", "rights": "read"}
    page = sign_in_again(person, person.send(opened, until="2999-12-01T18:00", **typed))
    assert f"{DOCS}add/?project=" in page.url
    assert SIGNED_IN_AGAIN in text_of(page)
    fields = {name: value[0].strip() for name, value in fields_of(page).items()}
    assert typed.items() <= fields.items()
    assert fields["until"].startswith("2999-12-01T18:00")
    assert "allow-waits" not in store.items("docs")
    assert "is saved." in text_of(person.send(page))
    value = "192.0.2.7, 2001:db8::7; read-only; until=2999-12-01T18:00Z"
    assert store.items("docs")["allow-waits"] == value


def test_a_choice_of_several_waits_too(cloud, store):
    store.container("one")
    store.container("two")
    person = Person(cloud, store.user)
    opened = person.get(f"{DOCS}copy/")
    end_session(person)
    page = sign_in_again(person, person.send(opened, containers=["one", "two"]))
    assert fields_of(page)["containers"] == ["one", "two"]


def test_it_waits_once(cloud, store):
    person = Person(cloud, store.user)
    opened = person.get(f"{DOCS}add/")
    end_session(person)
    sign_in_again(person, person.send(opened, label="once", networks="192.0.2.7"))
    page = person.get(f"{DOCS}add/")
    assert "once" not in fields_of(page).get("label", [])
    assert SIGNED_IN_AGAIN not in text_of(page)


def test_it_waits_for_its_own_form(cloud, store):
    person = Person(cloud, store.user)
    opened = person.get(f"{DOCS}add/")
    end_session(person)
    assert LOGIN in person.send(opened, label="elsewhere", networks="192.0.2.7").url
    page = person.sign_in(after=f"{WHITELIST}account/add/")
    assert page.url.endswith("account/add/")
    assert "elsewhere" not in page.text


def test_a_host_group_waits_for_a_new_sign_in(cloud, groups, spare):
    person = Person(cloud, "admin")
    opened = person.get(spare)
    end_session(person)
    typed = {"name": "renamed", "subnets": "10.7.0.0/16\n10.8.0.0/16"}
    page = sign_in_again(person, person.send(opened, **typed))
    assert page.url.endswith(spare)
    assert SIGNED_IN_AGAIN in text_of(page)
    assert "renamed" not in groups()
    assert "Saved host group renamed." in text_of(person.send(page))
    assert groups()["renamed"][SUBNETS_KEY] == "10.7.0.0/16, 10.8.0.0/16"


def test_what_others_changed_before_the_new_sign_in_is_told(cloud, groups, spare):
    person = Person(cloud, "admin")
    opened = person.get(spare)
    end_session(person)
    login = person.send(opened, subnets="10.8.0.0/16")
    aggregate = spare.removeprefix(HOST_GROUPS).partition("/")[0]
    nova(cloud, "admin").aggregates.set_metadata(aggregate, {SUBNETS_KEY: "10.9.0.0/16"})
    page = person.send(sign_in_again(person, login))
    assert "Somebody has changed this since" in text_of(page)
    assert groups()["spare"][SUBNETS_KEY] == "10.9.0.0/16"


@pytest.mark.parametrize("panel", ["whitelist", "host groups"])
def test_in_a_modal_too_the_way_leads_to_the_sign_in(cloud, store, panel):
    """Horizon's script goes where the header says; from 25.7 on it is told besides why."""
    user, path = (
        (store.user, f"{DOCS}add/") if panel == "whitelist" else ("admin", f"{HOST_GROUPS}create/")
    )
    person = Person(cloud, user)
    opened = person.get(path)
    end_session(person)
    answer = person.send(opened, headers=SCRIPT)
    told = (200, None) if HORIZON < (25, 7) else (401, "True")
    assert (answer.status_code, answer.headers.get("logout")) == told
    assert answer.headers["X-Horizon-Location"].startswith(f"{LOGIN}?next={path}")


class TestRevokedToken:
    """Horizon still thinks that the person is signed in; Keystone does not."""

    @pytest.fixture(scope="class")
    def people(self, cloud):
        identity = v3.Password(
            auth_url=cloud.keystone_url,
            username="admin",
            password=accounts.PASSWORD,
            project_name="lab",
            user_domain_id=accounts.DOMAIN,
            project_domain_id=accounts.DOMAIN,
        )
        return keystone.Client(session=keystone_session.Session(identity))

    @pytest.fixture
    def boss(self, cloud, people):
        """An administrator, and what makes all tokens issued so far worthless."""
        user = people.users.create("boss", accounts.DOMAIN, password=accounts.PASSWORD)
        lab = next(each for each in people.projects.list() if each.name == "lab")
        people.roles.grant(people.roles.list(name="admin")[0], user=user, project=lab)

        def revoke():
            # Times are kept by the second.
            time.sleep(1.1)
            people.users.update(user, password=accounts.PASSWORD)
            time.sleep(1.1)

        yield Person(cloud, "boss"), revoke
        people.users.delete(user)

    def test_leads_to_the_sign_in_and_back_to_what_was_typed(self, cloud, boss, groups):
        person, revoke = boss
        opened = person.get(f"{HOST_GROUPS}create/")
        revoke()
        page = person.get(HOST_GROUPS)
        assert LOGIN in page.url, text_of(page)
        page = sign_in_again(person, person.send(opened, **TYPED))
        fields = fields_of(page)
        assert {name: fields[name][0].strip() for name in TYPED} == TYPED
        assert "paper" not in groups()

    def test_shows_nobody_else_what_was_typed(self, cloud, boss):
        person, revoke = boss
        opened = person.get(f"{HOST_GROUPS}create/")
        revoke()
        login = person.send(opened, **TYPED)
        person.user = "admin"
        page = sign_in_again(person, login)
        assert page.url.endswith(f"{HOST_GROUPS}create/")
        assert "paper" not in page.text


# --- Two people ---------------------------------------------------------------


def test_of_two_who_edit_an_entry_the_second_is_told_and_loses_nothing(cloud, store):
    store.container("shared", allow_all=EVERYBODY, allow_office="192.0.2.1")
    one, two = Person(cloud, store.user), Person(cloud, store.user)
    path = f"{WHITELIST}container/shared/edit/?item=allow-office"
    first, second = one.get(path), two.get(path)
    assert "is saved." in text_of(one.send(first, networks="192.0.2.2"))
    told = two.send(second, networks="192.0.2.3")
    assert "office was changed from 192.0.2.1 to 192.0.2.2" in text_of(told)
    assert fields_of(told)["networks"][0].strip() == "192.0.2.3"
    assert store.items("shared")["allow-office"] == "192.0.2.2"
    assert "is saved." in text_of(two.send(told))
    assert store.items("shared")["allow-office"] == "192.0.2.3"


def test_two_who_add_entries_do_not_undo_each_other(cloud, store):
    store.container("both", allow_all=EVERYBODY)
    one, two = Person(cloud, store.user), Person(cloud, store.user)
    path = f"{WHITELIST}container/both/add/"
    first, second = one.get(path), two.get(path)
    one.send(first, label="one", networks="192.0.2.1")
    two.send(second, label="two", networks="192.0.2.2")
    assert {"allow-one", "allow-two", "allow-all"} <= store.items("both").keys()


def test_of_two_who_edit_a_host_group_the_second_is_told_and_loses_nothing(cloud, groups, spare):
    one, two = Person(cloud, "admin"), Person(cloud, "admin")
    first, second = one.get(spare), two.get(spare)
    assert "Saved host group spare." in text_of(one.send(first, subnets="10.8.0.0/16"))
    told = two.send(second, subnets="10.9.0.0/16")
    assert "Added: 10.8.0.0/16." in text_of(told)
    assert fields_of(told)["subnets"][0].strip() == "10.9.0.0/16"
    assert groups()["spare"][SUBNETS_KEY] == "10.8.0.0/16"
    assert "Saved host group spare." in text_of(two.send(told))
    assert groups()["spare"][SUBNETS_KEY] == "10.9.0.0/16"


def test_of_two_who_edit_and_delete_a_host_group_the_second_keeps_what_was_typed(
    cloud, groups, admin
):
    made = nova(cloud, "admin").aggregates.create("brief", None)
    nova(cloud, "admin").aggregates.set_metadata(made, {PREFIX_KEY: "brief"})
    two = Person(cloud, "admin")
    opened = two.get(f"{HOST_GROUPS}{made.id}/update/")
    admin.submit(f"{HOST_GROUPS}{made.id}/delete/")
    assert "brief" not in groups()
    told = two.send(opened, subnets="10.9.0.0/16")
    assert "Somebody has deleted this host group" in text_of(told)
    assert fields_of(told)["subnets"][0].strip() == "10.9.0.0/16"
