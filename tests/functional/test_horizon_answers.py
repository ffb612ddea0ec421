# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the panel says of a list is what Swift does."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from devcloud.addresses import LAB, OUTSIDER, PARTNER
from tests.browser.store import OPERATOR, Store
from tests.functional.horizon import WHITELIST, Person, text_of

LISTS = {
    "docs": {"allow_lab": "127.1.0.0/16", "allow_partner": "127.2.0.0/16; read-only"},
    "covered": {"allow_lab": "127.1.0.0/16", "allow_pc": f"{LAB}; read-only"},
    "everybody": {"allow_all": "0.0.0.0/0, ::/0", "allow_partner": "127.2.0.0/16; read-only"},
    "ends": {
        "allow_lab": "127.1.0.0/16",
        "allow_partner": "127.2.0.0/16; until=2020-01-01T00:00Z",
    },
}
_NUMBERS = itertools.count(900)


@pytest.fixture
def store(cloud):
    made = Store.make(cloud, next(_NUMBERS))
    made.change(None, allow_lab="127.1.0.0/16")
    return made


@pytest.fixture
def sign_in(cloud, store):
    def sign_in(source=LAB):
        return Person(cloud, store.user, source)

    return sign_in


def url(container, page=""):
    return f"{WHITELIST}container/{container}/{page}"


def test_the_test_of_an_address_answers_as_the_proxy_does(sign_in, store):
    for name, items in LISTS.items():
        store.container(name, **items)
    owner = sign_in()
    for name, source, method in itertools.product(LISTS, (LAB, PARTNER, OUTSIDER), ("GET", "PUT")):
        page = owner.get(url(name, f"?address={source}&method={method}"))
        (told,) = page.html.xpath("//p[contains(@class, 'ipcontrol-answer')]/strong")
        refused = store.status(source, name, method) == 403
        expected = "Refused, by the lists." if refused else "Admitted."
        assert told.text_content().strip() == expected, (name, source, method)


def test_a_refusal_by_the_lists_leaves_open_whom_the_operator_admits(sign_in, store):
    store.container("docs", allow_lab="127.1.0.0/16")
    told = text_of(sign_in().get(url("docs", f"?address={OPERATOR}&method=PUT")))
    assert "Refused, by the lists." in told
    assert "The addresses of Swift's own proxies are admitted too." in told
    assert store.status(OPERATOR, "docs", "PUT") == 200
    own = text_of(sign_in(OPERATOR).get(url("docs", f"?address={OPERATOR}&method=PUT")))
    assert "Admitted by the operator." in own


def test_who_may_only_read_is_offered_no_change(sign_in, store):
    store.container("docs", allow_lab="127.1.0.0/16; read-only")
    owner = sign_in()
    page = owner.get(url("docs"))
    assert f"Your address {LAB} may only read here" in text_of(page)
    assert not page.html.xpath(f"//a[contains(@href, '{url('docs', 'add/')}')]")
    assert owner.get(url("docs", "add/")).status_code == 403
    sent = owner.submit(url("docs", "add/?anyway=1"), networks=OUTSIDER)
    assert "is not on the list of addresses that may change this container" in text_of(sent)


def test_who_ends_his_own_entry_tonight_is_told_and_asked_first(sign_in, store):
    store.container("docs", allow_lab="127.1.0.0/16")
    tonight = (datetime.now(UTC) + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    owner = sign_in()
    told = owner.submit(url("docs", "edit/?item=allow-lab"), until=tonight)
    assert f"shut you out on {tonight.replace('T', ' ')} UTC" in text_of(told)
    assert store.items("docs") == {"allow-lab": "127.1.0.0/16"}
    owner.send(told, confirm_lockout="on")
    assert store.items("docs") == {"allow-lab": f"127.1.0.0/16; until={tonight}Z"}


def test_who_agreed_to_be_shut_out_tonight_is_asked_before_he_is_shut_out_now(sign_in, store):
    store.container("docs", allow_lab="127.1.0.0/16")
    tonight = (datetime.now(UTC) + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    owner = sign_in()
    told = owner.submit(url("docs", "edit/?item=allow-lab"), until=tonight)
    again = owner.send(told, confirm_lockout="on", networks=OUTSIDER)
    assert "This would shut you out: you could not change it back." in text_of(again)
    assert store.items("docs") == {"allow-lab": "127.1.0.0/16"}


def test_an_address_and_its_netmask_are_no_two_addresses(sign_in, store):
    store.container("docs", allow_lab="127.1.0.0/16")
    told = sign_in().submit(url("docs", "add/"), label="x", networks="203.0.113.0 255.255.255.0")
    assert "203.0.113.0 255.255.255.0 has a netmask: 203.0.113.0/24?" in text_of(told)
    assert store.items("docs") == {"allow-lab": "127.1.0.0/16"}
