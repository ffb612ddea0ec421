# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What is believed of replicas that differ."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from swift.common.utils import Timestamp
from swift.proxy.controllers.base import Controller

from ipcontrol.access import Whitelist
from ipcontrol.history import Change, add, read
from ipcontrol.middleware import replicas
from ipcontrol.middleware.replicas import NoMajorityError, newest_info

ABSENT = (404, {})
DOWN = (503, {})


def container(written, status=204, deleted=0, **items):
    headers = {f"X-Container-Meta-{name}": value for name, value in items.items()}
    return status, {
        "X-Backend-Put-Timestamp": Timestamp(written).internal,
        "X-Backend-Delete-Timestamp": Timestamp(deleted).internal,
        **headers,
    }


def account(**items):
    return 204, {f"X-Account-Meta-{name}": value for name, value in items.items()}


@pytest.fixture
def ask(monkeypatch):
    """Have the replicas give these answers."""

    def ask(*answers, name="docs"):
        def make_requests(self, req, ring, part, method, path, headers):
            assert (method, path) == ("HEAD", f"/AUTH_lab/{name}".rstrip("/"))
            assert len(headers) == len(answers)
            statuses, found = zip(*answers, strict=True)
            return self.best_response(req, statuses, (), (), "", overrides=None, headers=found)

        monkeypatch.setattr(Controller, "make_requests", make_requests)
        ring = SimpleNamespace(get_nodes=lambda *_: (0, [{}] * len(answers)))
        app = SimpleNamespace(account_ring=ring, container_ring=ring, backend_user_agent="")
        return newest_info(app, "tx1", "AUTH_lab", name)

    return ask


def admitting(info):
    return {entry.name for entry in Whitelist.from_metadata(info["meta"]).entries}


def test_the_container_that_was_written_to_last_is_believed(ask):
    old, new = container(1, allow="10.0.0.1"), container(2, allow="10.0.0.2")
    assert ask(new, old, new)["meta"] == {"allow": "10.0.0.2"}
    assert ask(old, new, new)["meta"] == {"allow": "10.0.0.2"}


def test_one_answer_is_enough_where_there_is_one_replica(ask):
    assert ask(container(1, allow="10.0.0.1"))["meta"] == {"allow": "10.0.0.1"}


@pytest.mark.parametrize("name", ["docs", ""])
def test_fewer_answers_than_a_change_needs_are_none(ask, name):
    with pytest.raises(NoMajorityError):
        ask(container(1), DOWN, DOWN, name=name)


def test_what_no_majority_has_heard_of_is_absent(ask):
    assert ask(ABSENT, ABSENT, DOWN)["status"] == 404
    assert ask(ABSENT, ABSENT, ABSENT, name="")["status"] == 404


def test_a_replica_that_missed_the_creation_changes_nothing(ask):
    made = container(5, allow="10.0.0.1")
    assert ask(ABSENT, made, made)["meta"] == {"allow": "10.0.0.1"}
    assert ask(ABSENT, made, DOWN)["meta"] == {"allow": "10.0.0.1"}


def test_a_replica_that_missed_the_deletion_changes_nothing(ask):
    gone, stale = container(5, 404, deleted=6), container(5, allow="10.0.0.1")
    assert ask(stale, gone, gone)["status"] == 404
    assert ask(gone, stale, DOWN)["status"] == 404


def test_an_item_that_one_of_the_last_written_missed_the_removal_of_grants_nothing(ask):
    # First the removal reached the first two, then another change the last two.
    both = container(3, allow="10.0.0.1")
    missed_removal = container(3, allow="10.0.0.1", **{"allow-gone": "10.0.0.2"})
    assert admitting(ask(container(2), both, missed_removal)) == {"allow"}


def test_where_a_replica_does_not_answer_the_others_have_to_agree(ask):
    # The one that does not answer may be the only one that has both changes.
    removed = container(2, allow="10.0.0.1")
    missed_removal = container(3, allow="10.0.0.1", **{"allow-gone": "10.0.0.2"})
    assert admitting(ask(removed, missed_removal, DOWN)) == {"allow"}


def test_replicas_of_an_account_have_to_agree_for_none_says_when_it_was_written(ask):
    stale = account(allow="10.0.0.1", **{"allow-gone": "10.0.0.2"})
    fresh = account(allow="10.0.0.1")
    info = ask(fresh, stale, fresh, name="")
    assert admitting(info) == {"allow"}
    assert ask(fresh, fresh, stale, name="")["meta"] == info["meta"]


def test_a_list_that_one_replica_has_alone_still_restricts(ask):
    stale = account(**{"allow-gone": "10.0.0.2"})
    found = Whitelist.from_metadata(ask(account(), stale, account(), name="")["meta"])
    assert (found.restricts, found.entries) == (True, ())


def test_names_and_values_are_native_strings(ask):
    info = ask(container(1, allow="10.0.0.1", color="gr\xc3\xbcn"))
    assert info["meta"]["color"] == "grün"


def test_the_answers_of_a_swift_that_pads_them_with_nothing_are_read_too(ask):
    assert ask(container(1), container(1), (503, ""))["status"] == 204


def test_the_servers_logs_name_the_transaction():
    asked = replicas._Replicas(SimpleNamespace(backend_user_agent=""), "Container", "tx1")
    assert asked.trans_id == "tx1"


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("kind", ["Account", "Container"])
def test_the_longest_known_history_is_believed(ask, kind, place):
    """A replica that missed the last change does not have it forgotten by the next one."""
    make = account if kind == "Account" else (lambda: container(1))
    first, second = (Change(datetime(2026, 12, day, tzinfo=UTC)) for day in (1, 2))
    older = add("", first)
    replicas = []
    for number in range(3):
        status, headers = make()
        history = add(older, second) if number == place else older
        headers[f"X-{kind}-Sysmeta-Ip-Whitelist-History"] = history
        replicas.append((status, headers))
    info = ask(*replicas, name="" if kind == "Account" else "docs")
    assert read(info["sysmeta"]["ip-whitelist-history"]) == (second, first)
