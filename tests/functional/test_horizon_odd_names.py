# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Items stored past the filter, whose names hide others from Python's HTTP: Horizon shows all."""

import itertools

import pytest

from devcloud.addresses import LAB, OUTSIDER, bound_to
from ipcontrol_dashboard.carry.header_lines import read_all
from tests.browser.store import OPERATOR, Store
from tests.functional.horizon import WHITELIST, Person, text_of

LAB_NETWORK, DOOR = "127.1.0.0/16", "127.9.0.0/16"
EVERYBODY = "127.0.0.0/8"
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def store(cloud):
    made = Store.make(cloud, 8100)
    made.change(None, allow_all=EVERYBODY)
    return made


@pytest.fixture(scope="module")
def owner(cloud, store):
    return Person(cloud, store.user)


def backstage(store):
    return read_all(store.connection(store.cloud.backstage_url))


def plant(store, container, *items):
    """Store items, in this order, where no filter looks."""
    with bound_to(OPERATOR):
        connection = backstage(store)
        if container is not None:
            connection.put_container(container)
        for name, value in items:
            if container is None:
                connection.post_account({f"X-Account-Meta-{name}": value})
            else:
                connection.post_container(container, {f"X-Container-Meta-{name}": value})


def stored(store, container):
    """The metadata as they are, names in lower case."""
    with bound_to(OPERATOR):
        found = backstage(store).head_container(container)
    start = "x-container-meta-"
    return {k.removeprefix(start): v for k, v in found.items() if k.startswith(start)}


@pytest.fixture(params=[0, 1, 2], ids=["in front", "between", "behind"])
def docs(request, store):
    """A container with a door that an odd name may hide."""
    name = f"docs{next(_NUMBERS)}"
    items = [("Allow-lab", LAB_NETWORK), ("Allow-door", DOOR)]
    items.insert(request.param, ("A b", "1"))
    plant(store, name, *items)
    return name


def test_the_page_shows_what_swift_enforces(store, owner, docs):
    assert [store.status(each, docs) for each in (LAB, OUTSIDER)] == [200, 200]
    page = text_of(owner.get(f"{WHITELIST}container/{docs}/"))
    assert DOOR in page
    assert "HTTP does not allow its name" in page
    assert "3 of 90 items" in page


def test_the_tester_answers_as_swift_does(owner, docs):
    query = f"?address={OUTSIDER}&method=GET"
    page = owner.get(f"{WHITELIST}container/{docs}/{query}")
    assert f"{OUTSIDER} is in door ({DOOR})" in text_of(page)


def test_the_row_among_the_containers_does_too(owner, docs):
    page = owner.get(f"{WHITELIST}?address={OUTSIDER}")
    (row,) = page.html.xpath(f"//tr[@data-object-id='{docs}']")
    text = " ".join(row.text_content().split())
    assert DOOR in text
    assert "admitted" in text
    assert "1 item needs attention" in text


def test_what_only_stands_in_the_way_is_removed(store, owner, docs):
    owner.submit(f"{WHITELIST}container/{docs}/remove/?item=a+b")
    assert stored(store, docs) == {"allow-lab": LAB_NETWORK, "allow-door": DOOR}
    assert "HTTP does not allow" not in text_of(owner.get(f"{WHITELIST}container/{docs}/"))


def test_the_lock_out_is_judged_by_all_entries(store, owner):
    plant(store, "mine", ("A b", "1"), ("Allow-lab", LAB_NETWORK))
    told = owner.submit(f"{WHITELIST}container/mine/remove/?item=allow-lab")
    # Where the only entry goes the account's rules, which admits everybody.
    assert "Removed the entry lab." in text_of(told)
    plant(store, "mine", ("Allow-lab", LAB_NETWORK), ("Allow-other", "192.0.2.1"))
    told = owner.submit(f"{WHITELIST}container/mine/remove/?item=allow-lab")
    assert "This would shut you out" in text_of(told)
    assert "allow-lab" in stored(store, "mine")


def test_the_entry_that_admits_may_have_an_odd_name_itself(store, owner):
    plant(store, "odd", ("Allow-a b", LAB_NETWORK), ("Allow-c d", DOOR))
    assert store.status(OUTSIDER, "odd") == 200
    page = text_of(owner.get(f"{WHITELIST}container/odd/"))
    assert DOOR in page
    assert "Give it another label" in page
    told = owner.submit(f"{WHITELIST}container/odd/remove/?item=allow-c+d")
    assert "Removed the entry c d." in text_of(told)
    assert store.status(OUTSIDER, "odd") == 403


def test_a_container_behind_shows_its_entries_too(store, owner):
    plant(store, "base", ("A b", "1"), ("Allow-door", DOOR), ("Allow-lab", LAB_NETWORK))
    plant(store, "base_segments")
    assert store.status(OUTSIDER, "base_segments") == 200
    page = text_of(owner.get(f"{WHITELIST}container/base_segments/"))
    assert DOOR in page


def test_a_copy_counts_what_is_there(store, owner):
    plant(store, "source", ("Allow-lab", LAB_NETWORK))
    plant(store, "full", *((f"A {number}", "1") for number in range(90)))
    told = owner.submit(f"{WHITELIST}container/source/copy/", containers=["full"])
    assert "There would be 91 items of metadata" in text_of(told)


def test_an_account_with_an_odd_name_is_listed_at_once(store, owner):
    plant(store, None, ("A b", "1"), ("Allow-door", DOOR))
    page = owner.get(WHITELIST, timeout=10)
    assert "your account's defaults (2 entries)" in text_of(page)
    page = text_of(owner.get(f"{WHITELIST}account/"))
    assert DOOR in page
    assert "HTTP does not allow its name" in page
    owner.submit(f"{WHITELIST}account/remove/?item=a+b&item=allow-door")
    page = text_of(owner.get(f"{WHITELIST}account/"))
    assert "HTTP does not allow" not in page
    assert DOOR not in page
