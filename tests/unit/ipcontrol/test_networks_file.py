# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The operator's file of names."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol import networks_file
from ipcontrol.addresses import format_network, parse_network
from ipcontrol.networks_file import (
    MAX_BYTES,
    MAX_NAMES,
    MAX_NETWORKS,
    NetworksFileError,
    parse_networks_file,
)
from tests.unit.ipcontrol import universe
from tests.vectors import as_id, cases

NAME = st.text("abz019-", min_size=1, max_size=63)
FILES = st.dictionaries(NAME, st.lists(universe.NETWORKS, min_size=1, max_size=20), max_size=5)


def refused(text):
    with pytest.raises(NetworksFileError) as caught:
        parse_networks_file(text)
    return str(caught.value)


@pytest.mark.parametrize("case", cases("networks_file"), ids=lambda case: as_id(case["why"]))
def test_a_file_is_read_as_the_contract_says(case):
    if case["names"] is None:
        assert refused(case["text"])
        return
    found = parse_networks_file(case["text"]).defined
    assert {name: set(named.networks) for name, named in found.items()} == {
        name: set(map(parse_network, networks)) for name, networks in case["names"].items()
    }
    assert all(named.by_operator for named in found.values())


@given(FILES)
def test_what_is_written_is_found_by_its_name(names):
    text = json.dumps({name: list(map(format_network, each)) for name, each in names.items()})
    found = parse_networks_file(text)
    assert list(found.defined) == list(names)
    assert all(set(found.find(name).networks) == set(names[name]) for name in names)


@given(FILES.filter(bool), st.data())
def test_no_part_of_a_file_is_taken_for_the_whole(names, data):
    """Half of 198.51.100.0/24 may be a wider network."""
    text = json.dumps({name: list(map(format_network, each)) for name, each in names.items()})
    assert refused(text[: data.draw(st.integers(0, len(text) - 1))])


@given(st.text() | st.recursive(st.none() | st.text(), st.lists).map(json.dumps))
def test_any_text_is_names_or_a_sentence(text):
    try:
        parse_networks_file(text)
    except NetworksFileError as error:
        assert str(error)


@pytest.mark.usefixtures("without_collection")
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{\n "campus": ["::"\n', "line 3, column 1 is not JSON: Expecting ',' delimiter"),
        ("[]", 'not an object with names, as in {"campus": ["198.51.100.0/24"]}'),
        ("[" * 200_000, 'not an object with names, as in {"campus": ["198.51.100.0/24"]}'),
        ('{"a": ["::"], "b": ["::"], "a": ["::"]}', '"a" stands there twice'),
        (f'{{"{"x" * 90}": 1, "{"x" * 90}": 1}}', f'"{"x" * 80}" stands there twice'),
        ("9" * 5000, 'not an object with names, as in {"campus": ["198.51.100.0/24"]}'),
        ('{"a": {}}', "@a is not a list of networks, of which there is one at least"),
        (
            '{"a": ["::", "10.1.2.3/16"]}',
            "@a, number 2 of its networks: 10.1.2.3/16 has host bits set: 10.1.0.0/16?",
        ),
        (
            '{"A": ["::"]}',
            '"@A" is not a name: write at most 63 lower-case letters, digits and hyphens.',
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text, sentence):
    assert refused(text) == sentence


def test_as_many_networks_and_names_are_read_as_is_said(monkeypatch):
    monkeypatch.setattr(networks_file, "MAX_NETWORKS", 4)
    monkeypatch.setattr(networks_file, "MAX_NAMES", 3)
    three = {name: ["10.0.0.1"] for name in ("a", "b", "c")}
    assert parse_networks_file(json.dumps({**three, "a": ["::1", "::2"]}))
    assert refused(json.dumps({**three, "a": ["::1", "::2", "::3"]})) == (
        "5 networks, of which at most 4 are read"
    )
    assert refused(json.dumps({**three, "d": ["::"]})) == "4 names, of which at most 3 are read"


def test_a_hundred_thousand_of_the_longest_networks_fit():
    longest = '    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",\n'
    names = f'"{"x" * 63}": [\n], '
    assert len(longest) * MAX_NETWORKS + len(names) * MAX_NAMES < MAX_BYTES


def test_others_get_their_turn_while_it_is_read():
    """Over all names together: a thousand names of one network are as much work as one of them all."""
    turns = []
    networks = [f"10.0.{number >> 8}.{number & 255}" for number in range(1000)]
    parse_networks_file(json.dumps({"campus": networks}), lambda: turns.append(1))
    one = len(turns)
    each = {f"n{place}": [network] for place, network in enumerate(networks)}
    parse_networks_file(json.dumps(each), lambda: turns.append(1))
    assert one == 20
    assert len(turns) == 2 * one
