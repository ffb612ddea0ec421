# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Whoever has Horizon do a lot, and does not wait for it, keeps nobody else waiting."""

import contextlib
import threading
import time

import pytest
import requests

from devcloud.addresses import bound_to
from tests.browser.store import OPERATOR, Store
from tests.functional.horizon import WHITELIST, Person, text_of

EVERYBODY = "127.0.0.0/8"
COPY = f"{WHITELIST}account/copy/"
ATTEMPTS = 16
# So many that the form has a field for further names.
CONTAINERS = 101
PATIENCE = 2


@pytest.fixture(scope="module")
def store(cloud):
    made = Store.make(cloud, 8200)
    made.change(None, allow_all=EVERYBODY)
    with bound_to(OPERATOR):
        backstage = made.connection(cloud.backstage_url)
        for number in range(CONTAINERS):
            backstage.put_container(f"c{number:03}")
    return made


@pytest.fixture(scope="module")
def owner(cloud, store):
    return Person(cloud, store.user)


@pytest.fixture(scope="module")
def bystander(cloud):
    other = Store.make(cloud, 8201)
    other.change(None, allow_all=EVERYBODY)
    other.container("docs")
    return Person(cloud, other.user)


@pytest.fixture(scope="module")
def usual(owner, bystander):
    """Seconds that the bystander's page takes while as many merely open the form."""
    at_once(lambda: owner.browser.get(f"{owner.cloud.horizon_url}{COPY}", timeout=0.5))
    return max(seconds_of(bystander) for _ in range(3))


def seconds_of(person):
    begun = time.monotonic()
    assert person.get(WHITELIST).status_code == 200
    return time.monotonic() - begun


def abandon(owner, names):
    """Send the form many times at once, and wait for no answer."""
    fields = {
        "csrfmiddlewaretoken": owner.browser.cookies["csrftoken"],
        "entries": ["allow-all"],
        "existing": "keep",
        "others": "\n".join(names),
    }

    at_once(lambda: owner.browser.post(f"{owner.cloud.horizon_url}{COPY}", fields, timeout=0.5))


def at_once(send):
    def impatiently():
        with contextlib.suppress(requests.Timeout):
            send()

    threads = [threading.Thread(target=impatiently) for _ in range(ATTEMPTS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


@pytest.mark.parametrize("count", [100, 600])
def test_others_see_their_page_while_many_copies_are_abandoned(owner, bystander, usual, count):
    abandon(owner, [f"none{number}" for number in range(count)])
    taken = max(seconds_of(bystander) for _ in range(3))
    assert taken < max(PATIENCE, 2 * usual), (taken, usual)


def test_too_many_names_are_a_sentence_and_stay_in_the_form(owner):
    names = [f"none{number}" for number in range(101)]
    told = owner.submit(COPY, entries=["allow-all"], others="\n".join(names))
    assert "Choose at most 100 containers at a time: these are 101." in text_of(told)
    assert "none100" in told.text


def test_copies_beside_each_other_are_made_or_said_to_wait(cloud, owner, store):
    names = [f"c{number:03}" for number in range(60)]
    pages = []
    opened = [owner.get(COPY) for _ in range(4)]

    def send(page):
        pages.append(owner.send(page, entries=["allow-all"], containers=names))

    threads = [threading.Thread(target=send, args=(page,)) for page in opened]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    texts = [text_of(page) for page in pages]
    assert all(page.status_code in (200, 503) for page in pages)
    done = [text for text in texts if "Copied to" in text or "were there already" in text]
    waiting = [text for text in texts if "Wait until that is there" in text]
    assert done
    assert len(done) + len(waiting) == len(texts), texts
    for page in pages:
        if page.status_code == 503:
            again = owner.send(page)
            assert "were there already" in text_of(again), text_of(again)
    assert [store.items(name) for name in names] == [{"allow-all": EVERYBODY}] * len(names)
