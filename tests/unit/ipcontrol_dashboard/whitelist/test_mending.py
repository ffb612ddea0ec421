# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.access import Whitelist
from ipcontrol.entries import parse_item
from ipcontrol_dashboard.whitelist.changes import items
from ipcontrol_dashboard.whitelist.mending import Draft, draft

END = datetime(2026, 12, 31, 18, tzinfo=UTC)


def drafted(value: str) -> Draft:
    (item,) = items(Whitelist.from_metadata({"allow-office": value})).values()
    return draft(item)


def test_an_entry_that_can_be_read_is_shown_as_it_is():
    entry = parse_item("allow-office", "10.1.0.0/16; read-only; until=2026-12-31T18:00Z")
    assert draft(entry) == Draft("office", entry.networks, "read", END)


def test_networks_that_cannot_be_read_are_shown_as_they_stand():
    assert drafted("10.1.2.3/16, x; read-only").initial == {
        "label": "office",
        "networks": "10.1.2.3/16, x",
        "rights": "read",
        "until": None,
    }


@pytest.mark.parametrize(
    ("options", "rights", "until", "rights_unread", "until_unread"),
    [
        ("until=Friday", "write", None, (), ("until=Friday",)),
        ("until 2026-12-31T18:00Z", "write", None, (), ("until 2026-12-31T18:00Z",)),
        ("until=Friday; read-only", "read", None, (), ("until=Friday",)),
        ("Read-Only", "", None, ("Read-Only",), ()),
        ("readonly; until=2026-12-31T18:00Z", "", END, ("readonly",), ()),
        ("read-only; read-only", "read", None, (), ()),
        ("x", "", None, ("x",), ("x",)),
        ("x; read-only", "read", None, (), ("x",)),
        ("x; until=2026-12-31T18:00Z", "", END, ("x",), ()),
        ("", "", None, ("",), ("",)),
        (
            "until=2026-12-31T18:00Z; until=2027-01-01T00:00Z",
            "write",
            None,
            (),
            ("until=2026-12-31T18:00Z", "until=2027-01-01T00:00Z"),
        ),
        (
            "until=2026-12-31T18:00Z; until=Friday",
            "write",
            None,
            (),
            ("until=2026-12-31T18:00Z", "until=Friday"),
        ),
    ],
)
def test_what_an_option_may_have_meant_is_left_open(
    options, rights, until, rights_unread, until_unread
):
    assert drafted("10.1.0.1/16;" + options) == Draft(
        "office", "10.1.0.1/16", rights, until, rights_unread, until_unread
    )


ENDS = ["until=2026-12-31T18:00Z", "until=2027-01-01T00:00Z"]
RIGHTS = ["read-only", "readonly", "Read_Only"]
OPTIONS = st.sampled_from(["", "x", "until=Friday", "until", "10.0.0.1", *RIGHTS, *ENDS])


@given(st.lists(OPTIONS, max_size=4))
def test_nothing_that_an_option_may_have_forbidden_is_granted_untouched(options):
    shown = drafted("; ".join(["bad", *options]))
    assert bool(shown.rights) is not bool(shown.rights_unread)
    if shown.rights == "write":
        assert all(option.startswith("until") for option in options)
    if shown.until is None and not shown.until_unread:
        assert all(option in RIGHTS for option in options)
    if shown.until is not None:
        assert {option for option in options if option.startswith("until")} < {*ENDS}
