# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

from datetime import UTC, datetime
from ipaddress import ip_address

import pytest
from horizon import messages

from ipcontrol.access import AccessPolicy, Source, Whitelist
from ipcontrol.contract import Enforcement, Mode
from ipcontrol_dashboard.whitelist import copies
from ipcontrol_dashboard.whitelist.rules import Listed, Rules
from ipcontrol_dashboard.whitelist.states import State
from ipcontrol_dashboard.whitelist.targets import Target

LAB = {"allow-lab": "127.1.0.0/16, 2001:db8:1::/48"}
HOME = {"allow-home": "192.0.2.1"}


def state(metadata: dict[str, str], container: str = "bulk") -> State:
    own = Listed(Source.CONTAINER, container, Whitelist.from_metadata(metadata))
    return State(
        Target(container),
        metadata,
        Rules(AccessPolicy(), (own,)),
        Enforcement(Mode.ENFORCE),
        ip_address("127.1.0.1"),
        datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
    )


def plan(there: dict[str, str], copied: dict[str, str] = LAB, **options) -> copies.Plan:
    entries = Whitelist.from_metadata(copied).entries
    return copies.plan(state(there), entries, **{"replace": False, **options})


# --- What is planned ----------------------------------------------------------


def test_an_entry_that_is_not_there_is_written():
    planned = plan({"color": "blue"})
    assert (planned.change, planned.conflicts) == (LAB, ())


def test_an_entry_that_is_there_already_is_nothing_to_do():
    planned = plan(LAB)
    assert (planned.change, planned.conflicts) == ({}, ())


def test_another_entry_of_the_same_label_stays_and_is_remembered():
    planned = plan({"allow-lab": "127.1.0.0/16"}, LAB | HOME)
    assert (planned.change, planned.conflicts) == (HOME, ("allow-lab",))


def test_the_same_entry_in_another_spelling_is_no_other_entry():
    assert plan({"allow-lab": "127.1.0.0/16,2001:DB8:1::/48"}).conflicts == ()


def test_an_unreadable_item_of_the_same_label_stays_and_is_remembered():
    assert plan({"allow-lab": "127.1.0.1/16"}).conflicts == ("allow-lab",)


def test_what_is_replaced_does_not_stay():
    planned = plan({"allow-lab": "127.1.0.0/16"}, replace=True)
    assert (planned.change, planned.conflicts) == (LAB, ())


# --- What is told -------------------------------------------------------------


@pytest.fixture
def told(monkeypatch):
    """The messages of copies that were done."""
    said = []
    for level in ("success", "info", "warning"):
        monkeypatch.setattr(messages, level, lambda _request, sentence: said.append(sentence))

    def tell(*done: copies.Plan) -> list[str]:
        copies._show_messages(None, list(done))
        return said

    return tell


def test_another_entry_that_stayed_is_told_and_how_to_overwrite_it(told):
    (kept,) = told(copies.Plan("bulk", {}, conflicts=("allow-lab",)))
    assert kept == (
        "Another entry stays: lab in bulk. "
        'To overwrite it, copy once more and choose "is replaced".'
    )


def test_what_stayed_is_told_beside_what_was_copied(told):
    copied, kept = told(copies.Plan("full", HOME, conflicts=("allow-lab",)))
    assert copied == "Copied to the container full."
    assert kept.startswith("Another entry stays: lab in full.")


def test_what_stayed_in_several_containers_is_told_by_label(told):
    (kept,) = told(
        copies.Plan("bulk", {}, conflicts=("allow", "allow-lab")),
        copies.Plan("full", {}, conflicts=("allow-lab",)),
    )
    assert kept == (
        "Other entries stay: (no label) in bulk; lab in bulk, full. "
        'To overwrite them, copy once more and choose "is replaced".'
    )


def test_only_of_what_is_the_same_it_is_told_that_it_was_there(told):
    nothing, kept = told(copies.Plan("a", {}), copies.Plan("bulk", {}, conflicts=("allow-lab",)))
    assert nothing == "Nothing to copy: the entries were there already in a."
    assert "lab in bulk" in kept
