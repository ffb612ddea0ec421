# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the page Networks says of names is what Swift does."""

import itertools

import pytest
import requests

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


# --- The project's own addresses --------------------------------------------------


@pytest.fixture
def neutron(cloud, store):
    """Makes floating IPs and routers of the project."""
    url, _token = store.connection(cloud.backstage_url).get_auth()
    project = url.rpartition("AUTH_")[2]

    def make(kind, **resource):
        url = f"{cloud.settings.url('neutron')}/v2.0/{kind}s"
        answer = requests.post(url, json={kind: {"tenant_id": project, **resource}}, timeout=30)
        assert answer.status_code == 201
        return f"{url}/{answer.json()[kind]['id']}"

    return make


def test_the_projects_own_addresses_become_a_name_and_are_brought_up_to_date(
    owner, store, neutron
):
    web = neutron("floatingip", floating_ip_address="127.9.0.9", fixed_ip_address="192.168.0.9")
    gateway = {"network_id": "n", "external_fixed_ips": [{"ip_address": "127.8.0.8"}]}
    neutron("router", name="edge", external_gateway_info=gateway)
    form = owner.get(NETWORKS + "project/")
    assert "127.9.0.9: floating IP of 192.168.0.9" in text_of(form)
    assert "127.8.0.8: gateway of the router edge" in text_of(form)
    owner.send(form, name="project")
    store.change("docs", allow_project="@project")
    assert [store.status(source, "docs") for source in ("127.9.0.9", "127.8.0.8")] == [200, 200]
    requests.delete(web, timeout=30)
    neutron("floatingip", floating_ip_address="127.9.0.10")
    told = "have changed since @project was made from them: 1 new, 1 gone. Refresh"
    assert told in text_of(owner.get(NETWORKS))
    form = owner.get(NETWORKS + "project/")
    told = text_of(owner.send(form, forecast="page"))
    assert "docs Lose reading and writing: 127.9.0.9 (project), now" in told
    assert "Gain reading and writing: 127.9.0.10 (project), now" in told
    owner.send(form)
    assert "have changed since" not in text_of(owner.get(NETWORKS))
    assert [store.status(source, "docs") for source in ("127.9.0.9", "127.9.0.10")] == [403, 200]
