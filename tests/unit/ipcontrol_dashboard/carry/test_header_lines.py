# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""No name of an item hides another item."""

import pytest
from openstack_dashboard.api import swift as horizon_swift

from ipcontrol_dashboard.api import swift
from ipcontrol_dashboard.kit import service_errors

ACCOUNT = "/v1/AUTH_lab"
DOCS = ACCOUNT + "/docs"
# In UTF-8 as the wire has it, read as latin-1.
ODD = {
    "a space": ("A b", "a b"),
    "a tabulator": ("A\tb", "a\tb"),
    "a space at the end": ("A ", "a "),
    "a space at the beginning": (" a", " a"),
    "a space alone": (" ", " "),
    "a control character": ("A\x0bb", "a\x0bb"),
    "a separator of lines": ("A\x1cb", "a\x1cb"),
    "one of Unicode": ("A\u2028b".encode().decode("latin-1"), "a\u2028b"),
    "what is not ASCII": ("日本".encode().decode("latin-1"), "日本"),
}


@pytest.fixture(params=ODD)
def odd(request):
    """A name on the wire, and as it reads."""
    return ODD[request.param]


def with_odd(wire, prefix="X-Container-Meta-"):
    return {
        prefix + "Allow-First": "10.0.0.1",
        prefix + wire: "1",
        prefix + "Allow-Door": "10.0.0.2",
    }


def test_what_follows_an_odd_name_is_read(person, listener, odd):
    wire, name = odd
    listener.answer("HEAD", DOCS, 204, with_odd(wire))
    expected = {"allow-first": "10.0.0.1", name: "1", "allow-door": "10.0.0.2"}
    assert swift.metadata(person(), "docs") == expected


def test_an_odd_name_in_front_hides_nothing(person, listener, odd):
    wire, name = odd
    headers = {"X-Account-Meta-" + wire: "1", "X-Account-Meta-Allow": "10.0.0.1"}
    listener.answer("HEAD", ACCOUNT, 204, headers)
    assert swift.metadata(person(), None) == {name: "1", "allow": "10.0.0.1"}


def test_several_odd_names_hide_nothing(person, listener):
    headers = with_odd("A b") | {"X-Container-Meta-C d": "2", "X-Container-Meta-Allow": "::1"}
    listener.answer("HEAD", DOCS, 204, headers)
    names = ["allow-first", "a b", "allow-door", "c d", "allow"]
    assert list(swift.metadata(person(), "docs")) == names


def test_values_stay_as_they_are(person, listener):
    headers = {"X-Container-Meta-A b": "x: ü; y", "X-Container-Meta-Allow": "zu prüfen"}
    listener.answer("HEAD", DOCS, 204, headers)
    assert swift.metadata(person(), "docs") == {"a b": "x: ü; y", "allow": "zu prüfen"}


def test_horizons_own_pages_read_them_too(person, listener):
    listener.answer("HEAD", DOCS, 204, with_odd("A b"))
    found = horizon_swift.swift_api(person()).head_container("docs")
    assert found["x-container-meta-allow-door"] == "10.0.0.2"


def test_a_listing_does_not_wait_for_a_length_that_was_lost(person, listener):
    body = b'[{"name": "docs"}]'
    headers = {"X-Account-Meta-A b": "1", "Content-Length": str(len(body))}
    listener.answer("GET", ACCOUNT, 200, headers, body)
    listener.keep_alive = True
    assert swift.containers(person()).names == ("docs",)


@pytest.mark.parametrize("line", ["no colon", "A b: 1\r\n folded", "A b: 1\rX-Other: 2"])
def test_lines_that_cannot_be_told_apart_are_no_answer(person, listener, line):
    listener.answer("HEAD", DOCS, 204, {"X-Container-Meta-A b": "1\r\n" + line})
    with pytest.raises(service_errors.UnavailableError):
        swift.metadata(person(), "docs")


def test_two_items_that_read_alike_are_not_shown_as_one(person, listener):
    headers = {
        "X-Container-Meta-Allow-\xff": "10.0.0.1",
        "X-Container-Meta-Allow-\xfe": "10.0.0.2",
    }
    listener.answer("HEAD", DOCS, 204, headers)
    with pytest.raises(service_errors.AmbiguousMetadataError) as raised:
        swift.metadata(person(), "docs")
    assert "cannot be trusted" in raised.value.sentence


def test_an_item_whose_letters_only_look_alike_is_another(person, listener):
    kelvin = "Allow-\u212a".encode().decode("latin-1")
    headers = {"X-Container-Meta-Allow-K": "10.0.0.1", "X-Container-Meta-" + kelvin: "10.0.0.2"}
    listener.answer("HEAD", DOCS, 204, headers)
    found = {"allow-k": "10.0.0.1", "allow-\u212a": "10.0.0.2"}
    assert swift.metadata(person(), "docs") == found


def test_an_odd_item_can_be_removed(person, listener, odd):
    wire, name = odd
    swift.change_metadata(person(), "docs", {name: ""})
    (sent,) = listener.requests
    assert sent.lines[f"x-container-meta-{wire}".lower()] == ""


def test_an_odd_item_cannot_be_set(person, listener):
    with pytest.raises(service_errors.RejectedError):
        swift.change_metadata(person(), "docs", {"a\tb": "10.0.0.1"})
    assert listener.requests == []
