# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from ipcontrol.containers import base_container, governing_containers, serving_containers


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("docs_segments", "docs"),
        ("docs+segments", "docs"),
        ("\x00versions\x00docs", "docs"),
        ("docs", None),
        ("_segments", None),
        ("+segments", None),
        ("\x00versions\x00", None),
        ("docs\x00versions\x00x", None),
        ("\x00versions\x00docs\x00versions\x00x", "docs\x00versions\x00x"),
    ],
)
def test_a_containers_base_is_told_by_its_name(name, base):
    assert base_container(name) == base


def test_old_versions_of_segments_are_governed_by_the_container_at_the_root():
    chain = list(governing_containers("\x00versions\x00docs+segments"))
    assert chain == ["\x00versions\x00docs+segments", "docs+segments", "docs"]


def test_a_container_is_the_base_of_those_that_serve_it():
    serving = serving_containers("docs")
    assert set(serving) == {"docs_segments", "docs+segments", "\x00versions\x00docs"}
    assert {base_container(name) for name in serving} == {"docs"}


def test_the_old_versions_of_segments_do_not_serve_those_of_what_the_segments_serve():
    assert base_container("\x00versions\x00docs_segments") == "docs_segments"
    assert "\x00versions\x00docs_segments" not in serving_containers("\x00versions\x00docs")
