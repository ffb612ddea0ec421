# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from unittest import mock

from ipcontrol.history import Change, Identity, ItemChange
from ipcontrol_dashboard.whitelist import history, states
from tests.unit.ipcontrol_dashboard.whitelist.fakes import ENFORCED
from tests.unit.ipcontrol_dashboard.whitelist.test_form_views import FormTest

AT = datetime(2026, 12, 31, 12, tzinfo=UTC)
WAS, BECAME = "10.0.0.0/8,   192.0.2.7", "10.0.0.0/8"


def of(*items, **told):
    return Change(AT, Identity("olga", "u1"), Identity("lab", "p1"), "10.1.1.1", items, **told)


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


class HistoryTest(FormTest):
    name = "undo"

    def setUp(self):
        super().setUp()
        self.swift.what_it_says = replace(ENFORCED, history=True)

    def store(self, *changes, **items):
        """What the container has now, and what is written down of it."""
        self.swift.stored["docs"] = {name.replace("_", "-"): v for name, v in items.items()}
        self.swift.changes["docs"] = changes

    def shown(self) -> str:
        with mock.patch.object(states, "now", return_value=AT.replace(hour=14)):
            return words(self.page(self.url("container_history", "docs")))

    def undo_url(self, change: Change) -> str:
        return f"?change={history.key(change.items)}"


class PageTest(HistoryTest):
    def test_it_tells_who_changed_what_from_where_and_when(self):
        self.store(of(ItemChange("allow-lab", WAS, BECAME)), allow_lab=BECAME)
        page = self.shown()
        assert "2026-12-31 12:00 UTC 2 hours ago" in page
        assert "olga (lab) from 10.1.1.1" in page
        assert f"lab 10.0.0.0/8, 192.0.2.7 became {BECAME} " in page

    def test_an_entry_that_was_added_or_removed_is_told_so(self):
        self.store(
            of(
                ItemChange("allow-new", None, "10.1.0.0/16"),
                ItemChange("allow", "10.2.0.0/16", None),
            ),
            allow_new="10.1.0.0/16",
        )
        page = self.shown()
        assert "new added: 10.1.0.0/16" in page
        assert "(no label) removed; it was: 10.2.0.0/16" in page

    def test_what_was_changed_again_since_is_told_with_what_it_is_now(self):
        item = ItemChange("allow-lab", WAS, BECAME)
        self.store(of(item), allow_lab="10.9.0.0/16")
        assert "changed again since, and now is: 10.9.0.0/16" in self.shown()
        self.store(of(item), allow="10.0.0.0/8")
        assert "It has been removed since." in self.shown()

    def test_nobody_is_named_where_the_authorization_named_nobody(self):
        self.store(Change(AT, items=(ItemChange("allow-lab", WAS, BECAME),)), allow_lab=BECAME)
        page = self.shown()
        assert "somebody whom the authorization did not name from an unknown address" in page

    def test_a_change_is_offered_to_be_undone_unless_it_is_or_is_not_known_in_full(self):
        whole = of(ItemChange("allow-lab", WAS, BECAME))
        url = self.undo_url(whole)
        for change, now, offered in (
            (whole, BECAME, True),
            (whole, "10.9.0.0/16", True),
            (whole, WAS, False),
            (of(ItemChange("allow-lab", WAS[:8] + "…", BECAME, True)), BECAME, False),
            (of(*whole.items, left_out=1), BECAME, False),
        ):
            self.store(change, allow_lab=now)
            assert (url in self.page(self.url("container_history", "docs"))) == offered, change

    def test_what_is_not_known_in_full_says_so(self):
        self.store(of(ItemChange("allow-lab", "10…", BECAME, True)), allow_lab=BECAME)
        assert "Too long to be kept whole." in self.shown()
        self.store(of(left_out=2), allow_lab=BECAME)
        assert "2 more items were changed, for which there was no room here." in self.shown()

    def test_names_of_users_and_labels_are_no_markup(self):
        bad = Identity("<i>x</i>")
        self.store(
            Change(AT, bad, items=(ItemChange("allow-<b>", "<u>", None),)), allow="10.0.0.0/8"
        )
        page = self.page(self.url("container_history", "docs"))
        assert not re.search("<i>x|<b>|<u>", page)

    def test_without_a_change_it_says_that_none_is_known(self):
        self.store(allow_lab=BECAME)
        assert "Nothing is known of changes" in self.shown()

    def test_the_list_leads_there_where_swift_writes_changes_down(self):
        url = self.url("container_history", "docs")
        assert url in self.page(self.url("container_entries", "docs"))
        self.swift.what_it_says = ENFORCED
        assert url not in self.page(self.url("container_entries", "docs"))


class UndoTest(HistoryTest):
    change = of(ItemChange("allow-lab", WAS, BECAME), ItemChange("allow-new", None, "10.1.0.0/16"))

    def setUp(self):
        super().setUp()
        self.store(
            self.change, allow_lab=BECAME, allow_new="10.1.0.0/16", allow_kept="10.2.0.0/16"
        )

    def test_everything_becomes_what_it_was_byte_for_byte(self):
        self.accepted(self.send(self.undo_url(self.change)))
        assert self.swift.stored["docs"] == {"allow-lab": WAS, "allow-kept": "10.2.0.0/16"}

    def test_the_page_before_tells_what_it_changes(self):
        page = words(self.page(self.form_url(self.undo_url(self.change))))
        assert "10.1.0.0/16" in page
        assert "What this changes" in page
        assert "olga (lab)" in page

    def test_who_would_be_shut_out_by_it_is_asked(self):
        change = of(ItemChange("allow-lab", "192.0.2.0/24", BECAME))
        self.store(change, allow_lab=BECAME)
        refused = self.send(self.undo_url(change))
        assert "shut you out" in self.errors(refused)
        assert self.swift.written == []
        self.accepted(self.send(self.undo_url(change), **self.agreed(refused)))
        assert self.swift.stored["docs"] == {"allow-lab": "192.0.2.0/24"}

    def test_what_somebody_else_did_since_the_page_was_shown_is_told_first(self):
        seen = dict(self.swift.stored["docs"])
        self.swift.stored["docs"]["allow-lab"] = "10.0.0.0/7"
        answer = self.send(self.undo_url(self.change), seen=seen)
        assert "Somebody has changed this" in self.errors(answer)
        assert self.swift.written == []

    def test_what_is_undone_already_does_nothing_more(self):
        self.store(self.change, allow_lab=WAS)
        self.accepted(self.send(self.undo_url(self.change)))
        assert self.swift.stored["docs"] == {"allow-lab": WAS}

    def test_a_change_that_is_not_known_is_404(self):
        for query in ("?change=0123456789abcdef", ""):
            assert self.client.get(self.form_url(query)).status_code == 404
            assert self.send(query).status_code == 404
        assert self.swift.written == []

    def test_of_equal_changes_the_last_one_is_undone(self):
        item = ItemChange("allow-lab", WAS, BECAME)
        first, last = (replace(of(item), user=Identity(name)) for name in ("first", "last"))
        self.store(last, first, allow_lab=BECAME)
        assert "last" in words(self.page(self.form_url(self.undo_url(first))))


class LinkTest(HistoryTest):
    name = "add"

    def add(self):
        return self.send(label="new", networks="10.1.0.0/16", rights="write")

    def test_what_a_form_did_can_be_undone_from_its_message(self):
        done = ItemChange("allow-new", None, "10.1.0.0/16")
        page = self.page(self.add()["location"])
        url = re.search(r'ipw-undo" href="([^"]*)"', page)[1]
        assert f"{self.url('container_undo', 'docs')}?change={history.key([done])}" in unescape(
            url
        )
        assert "The entry &quot;new&quot; is saved." in page

    def test_there_is_no_such_link_where_swift_writes_nothing_down(self):
        self.swift.what_it_says = ENFORCED
        assert "ipw-undo" not in self.page(self.add()["location"])
