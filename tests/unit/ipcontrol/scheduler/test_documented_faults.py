# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The page on host groups has every sentence that the owner of an instance may read."""

import pytest
from nova.exception import NoValidHost

from ipcontrol.addresses import parse_address
from ipcontrol.host_groups import NO_HOST
from ipcontrol.scheduler import refusals
from tests.unit.documentation import DOCS

ADDRESS = parse_address("10.1.9.7")
SENTENCES = [
    refusals.boot(ADDRESS, hosts=None),
    refusals.boot(ADDRESS, NO_HOST),
    *(text for name, text in vars(refusals).items() if name.isupper() and isinstance(text, str)),
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_it_is_on_the_page(sentence):
    page = (DOCS / "user" / "host-groups.md").read_text()
    assert f"| {NoValidHost(reason=sentence)} |" in page


def test_there_are_five():
    assert len(SENTENCES) == 5
