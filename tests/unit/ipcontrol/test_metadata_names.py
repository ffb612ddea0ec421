# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import string

import pytest

from ipcontrol.access import Whitelist
from ipcontrol.metadata_names import is_token, lower_case

KELVIN = "\u212a"


@pytest.mark.parametrize("name", ["allow", "Allow-Lab.2", string.digits, "!#$%&'*+-.^_`|~"])
def test_http_allows_tokens(name):
    assert is_token(name)


@pytest.mark.parametrize(
    "name", ["", "a b", "a ", "a\tb", "a:b", "a\n", 'a"', "a(b)", "ä", "a\x7f"]
)
def test_http_allows_nothing_else(name):
    assert not is_token(name)


def test_letters_of_ascii_alone_have_no_case():
    assert lower_case("ALLOW-Ä" + KELVIN) == "allow-Ä" + KELVIN


def test_items_that_swift_tells_apart_stay_apart():
    metadata = {"Allow-K": "10.0.0.1", f"Allow-{KELVIN}": "10.0.0.2"}
    names = [entry.name for entry in Whitelist.from_metadata(metadata).entries]
    assert sorted(names) == ["allow-k", f"allow-{KELVIN}"]
