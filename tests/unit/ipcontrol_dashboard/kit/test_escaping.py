# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

import json
from html import unescape

import pytest
from django.template import engines
from horizon.utils.escape import escape

from ipcontrol_dashboard.kit import escaping

ODD = {"allow-{$x$}": '<b>"{$ 7*7 $}" \\ \u20ac'}


def test_what_is_carried_comes_back_as_it_was():
    assert json.loads(escaping.dump(ODD)) == ODD


@pytest.mark.usefixtures("without_collection")
@pytest.mark.parametrize("text", ["[" * 100_000, "1" * 5_000, r'"\ud800"', r'{"\udfff": 1}', "x"])
def test_what_no_page_can_show_is_not_loaded(text):
    with pytest.raises(ValueError, match=r"."):
        escaping.load(text)


def test_what_was_dumped_is_loaded():
    assert escaping.load(escaping.dump(ODD)) == ODD


def test_a_text_that_came_back_as_horizon_showed_it_is_the_one_that_was_there():
    before = "a {$x$} {$"

    assert escaping.restored(unescape(escape(before)), before) == before
    assert escaping.restored("another", before) == "another"


def test_horizons_escaping_changes_nothing_in_it():
    page = engines["django"].from_string("{{ carried }}").render({"carried": escaping.dump(ODD)})
    assert json.loads(unescape(page)) == ODD
    assert unescape(escape(escaping.dump(ODD))) == escaping.dump(ODD)
