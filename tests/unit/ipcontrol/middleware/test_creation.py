# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Whoever makes a container changes nothing about who reaches another one.

A container is ruled by the one that it serves as soon as that exists, so that one
which comes to be in between can put a forgotten container under another list.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.containers import base_container
from tests.unit.ipcontrol.middleware.conftest import ACCOUNT, Cloud, FakeSwift

OWNER, OUTSIDER, READER, THIRD = "192.0.2.1", "198.51.100.9", "192.0.2.3", "203.0.113.4"
ADDRESSES = (OWNER, OUTSIDER, READER, THIRD)
ALLOW = "X-Container-Meta-Allow"
RESERVED = {"HTTP_X_BACKEND_ALLOW_RESERVED_NAMES": "true"}
SUFFIXES = ("_segments", "+segments")
NAMES = [
    "docs",
    *(f"docs{one}" for one in SUFFIXES),
    *(f"docs{one}{two}" for one in SUFFIXES for two in SUFFIXES),
    *(f"docs{one}{one}{two}" for one in SUFFIXES for two in SUFFIXES),
    *(f"\x00versions\x00docs{rest}" for rest in ("", "_segments", "+segments_segments")),
]
LISTS = ("", OWNER, OUTSIDER, THIRD, "0.0.0.0/0", f"{READER}; read-only", "10.0.0.1")
ACCOUNT_LISTS = ("", OWNER, f"{OWNER}; read-only", f"{OWNER}, {THIRD}")


@pytest.fixture(params=["deny", "allow"])
def cloud(cloud_with, request):
    """An account that the owner's list rules, under both policies."""
    cloud = cloud_with(unlisted=request.param)
    cloud.swift.account(allow=OWNER)
    return cloud


def put(cloud, name, source, **headers):
    """Make a container; whether it was made."""
    cloud.cache.stored.clear()
    answer = cloud.call("PUT", f"/{name}", source, headers=headers, **RESERVED)
    assert answer.status in (200, 403), answer
    return answer.status == 200


def reached(cloud, name, source=OUTSIDER):
    cloud.cache.stored.clear()
    return cloud.call("GET", f"/{name}/x", source, **RESERVED).status == 200


@pytest.mark.parametrize("outer", SUFFIXES)
@pytest.mark.parametrize("inner", SUFFIXES)
@pytest.mark.parametrize("items", [{}, {ALLOW: OUTSIDER}])
def test_a_forgotten_container_is_not_reached_by_founding_what_it_serves(
    cloud, inner, outer, items
):
    forgotten = f"docs{inner}{outer}"
    cloud.swift.container(forgotten)
    assert put(cloud, "docs", OUTSIDER, **{ALLOW: OUTSIDER})
    assert not put(cloud, f"docs{inner}", OUTSIDER, **items)
    assert not reached(cloud, forgotten)


def test_nor_at_three_removes(cloud):
    cloud.swift.container("docs_segments+segments_segments")
    assert put(cloud, "docs", OUTSIDER, **{ALLOW: OUTSIDER})
    assert put(cloud, "docs_segments", OUTSIDER)
    assert not put(cloud, "docs_segments+segments", OUTSIDER)
    assert not reached(cloud, "docs_segments+segments_segments")


def test_nor_by_making_again_what_was_deleted(cloud):
    cloud.swift.container("docs", allow=OUTSIDER)
    cloud.swift.container("docs_segments", allow=OWNER)
    cloud.swift.container("docs_segments_segments")
    del cloud.swift.metadata[f"{ACCOUNT}/docs_segments"]
    assert not put(cloud, "docs_segments", OUTSIDER)
    assert not reached(cloud, "docs_segments_segments")


def test_what_exists_is_known_as_it_is_and_not_as_it_was_cached(cloud):
    cloud.call("GET", "/docs_segments_segments/x", OWNER)
    cloud.swift.container("docs", allow=OUTSIDER)
    cloud.swift.container("docs_segments_segments")
    assert cloud.call("PUT", "/docs_segments", OUTSIDER).status == 403
    cloud.call("HEAD", "/docs_segments", OUTSIDER)
    del cloud.swift.metadata[f"{ACCOUNT}/docs"]
    assert cloud.call("PUT", "/docs_segments", OUTSIDER).status == 403


def test_a_reader_of_the_account_makes_nothing_that_comes_to_rule(cloud):
    cloud.swift.account(allow=OWNER, allow_reader=f"{READER}; read-only")
    cloud.swift.container("docs_segments")
    assert not put(cloud, "docs", READER, **{ALLOW: READER})


def test_who_rules_the_other_one_makes_what_it_serves(cloud):
    cloud.swift.container("docs_segments")
    assert put(cloud, "docs", OWNER, **{ALLOW: THIRD, "X-Confirm-Lockout": "true"})
    assert reached(cloud, "docs_segments", THIRD)


def test_what_has_a_list_of_its_own_is_no_hindrance(cloud):
    cloud.swift.container("docs_segments", allow=OUTSIDER)
    assert put(cloud, "docs", OUTSIDER, **{ALLOW: OUTSIDER})


def test_an_owner_admitted_by_his_own_items_goes_on_to_make_what_serves_it(cloud):
    assert put(cloud, "docs", OUTSIDER, **{ALLOW: OUTSIDER})
    for serving in ("docs_segments", "docs+segments", "\x00versions\x00docs"):
        assert put(cloud, serving, OUTSIDER)
        assert reached(cloud, serving)
    # As clients do before each upload.
    assert put(cloud, "docs", OUTSIDER)
    assert put(cloud, "docs_segments", OUTSIDER)


def test_the_versions_of_segments_do_not_serve_the_versions_of_what_the_segments_serve(cloud):
    cloud.swift.container("docs", allow=OUTSIDER)
    cloud.swift.container("docs_segments", allow=OUTSIDER)
    cloud.swift.container("\x00versions\x00docs_segments")
    assert put(cloud, "\x00versions\x00docs", OUTSIDER)


def test_nobody_is_led_into_putting_a_container_under_a_list_that_another_wrote(cloud):
    cloud.swift.container("docs_segments_segments")
    assert put(cloud, "docs", OUTSIDER, **{ALLOW: "0.0.0.0/0"})
    answer = cloud.call("PUT", "/docs_segments", OWNER)
    assert answer.status == 403
    assert "docs_segments_segments" in answer.body
    assert not reached(cloud, "docs_segments_segments")
    cloud.swift.container("docs_segments_segments", allow=OWNER)
    assert put(cloud, "docs_segments", OWNER)


# --- Against the rule written down again ------------------------------------------


def admits(text, address, method):
    networks, _, option = text.partition(";")
    listed = address in networks or networks == "0.0.0.0/0"
    return listed and (method == "GET" or not option)


def may(state, name, address, method):
    """Whether the address reaches the container; ``state`` has lists by container, "" is account."""
    if state[name]:
        return admits(state[name], address, method)
    ruling = base_container(name)
    while ruling in state and ruling is not None:
        if state[ruling]:
            return admits(state[ruling], address, method)
        ruling = base_container(ruling)
    return admits(state[""], address, method) if state[""] else state["unlisted"] == "allow"


def reach(state, names):
    return {
        (name, address, method): may(state, name, address, method)
        for name in names
        for address in ADDRESSES
        for method in ("GET", "PUT")
    }


creations = st.lists(
    st.tuples(st.sampled_from(ADDRESSES), st.sampled_from(NAMES), st.sampled_from(LISTS)),
    max_size=6,
)


@given(
    unlisted=st.sampled_from(["deny", "allow"]),
    account=st.sampled_from(ACCOUNT_LISTS),
    there=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(LISTS), max_size=4),
    creations=creations,
)
def test_a_creation_changes_who_reaches_another_only_by_a_list_of_who_could_change_it(
    unlisted, account, there, creations
):
    cloud = Cloud(FakeSwift(), {"unlisted": unlisted})
    cloud.swift.account(**({"allow": account} if account else {}))
    state = {"": account, "unlisted": unlisted, **there}
    for name, items in there.items():
        cloud.swift.container(name, **({"allow": items} if items else {}))
    for creator, name, items in creations:
        if name in state:
            continue
        names = [each for each in state if each not in ("", "unlisted")]
        before = reach(state, names)
        headers = {ALLOW: items, "X-Confirm-Lockout": "true"} if items else {}
        if not put(cloud, name, creator, **headers):
            continue
        state[name] = items
        changed = {key for key, answer in reach(state, names).items() if answer != before[key]}
        assert all(items and before[other, creator, "PUT"] for other, _, _ in changed)
