# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

import json
import re
from html import unescape

import pytest

from ipcontrol.access import Unlisted
from ipcontrol.contract import Enforcement, Mode
from ipcontrol_dashboard.kit import service_errors
from tests.unit.ipcontrol_dashboard.whitelist.fakes import CALLER, ELSEWHERE, PanelTest

LAB = {"allow-lab": "10.0.0.0/8"}


class FormTest(PanelTest):
    """Fills in a form of the container ``docs`` and sends it."""

    name = ""

    def setUp(self):
        super().setUp()
        self.swift.stored["docs"] = dict(LAB)

    def form_url(self, query: str = "") -> str:
        return self.url(f"container_{self.name}", "docs") + query

    def send(self, query: str = "", seen: dict | None = None, **data):
        """Send the form, as it was shown when the list was ``seen``."""
        seen = self.swift.stored["docs"] if seen is None else seen
        data.setdefault("seen", json.dumps(seen))
        return self.client.post(self.form_url(query), data)

    def errors(self, response) -> str:
        """All errors of the form that came back."""
        assert response.status_code == 200, "the form was accepted"
        form = response.context["form"]
        return "\n".join(str(text) for texts in form.errors.values() for text in texts)

    def agreed(self, response) -> dict:
        """What a person sends besides who ticks what a form asked for."""
        told = response.context["form"]["lockout_from"].value()
        return {"confirm_lockout": "on", "lockout_from": told}

    def accepted(self, response) -> list[str]:
        """The messages of a form that was accepted."""
        self.assertRedirectsNoFollow(response, self.url("container_entries", "docs"))
        page = self.page(response["location"])
        return [unescape(text) for text in re.findall(r"alert-\w+\">.*?<p>(.*?)</p>", page, re.S)]


class AddTest(FormTest):
    name = "add"

    def add(self, seen: dict | None = None, **data):
        filled = {"label": "partner", "networks": "203.0.113.0/24", "rights": "write"}
        return self.send(seen=seen, **{**filled, **data})

    def test_an_entry_is_added_and_nothing_else_touched(self):
        response = self.add(rights="read", until="2999-12-01 18:00")
        self.accepted(response)
        value = "203.0.113.0/24; read-only; until=2999-12-01T18:00Z"
        assert self.swift.written == [("docs", {"allow-partner": value}, False)]

    def test_success_is_told(self):
        response = self.add()
        page = self.page(response["location"])
        assert "The entry &quot;partner&quot; is saved." in page

    def test_an_entry_may_go_without_a_label(self):
        self.accepted(self.add(label=""))
        assert self.swift.written[0][1] == {"allow": "203.0.113.0/24"}

    def test_a_label_that_is_taken_is_refused_with_what_is_there(self):
        told = self.errors(self.add(label="lab"))
        assert told == (
            'There is an entry "lab" already (10.0.0.0/8): choose another label, '
            "or edit that entry."
        )
        assert self.swift.written == []

    def test_a_label_that_somebody_else_took_meanwhile_is_refused_too(self):
        seen, self.swift.stored["docs"] = LAB, LAB | {"allow-partner": "198.51.100.0/24"}
        assert "already (198.51.100.0/24)" in self.errors(self.add(seen=seen))

    def test_a_label_that_is_too_long_for_swift_is_refused(self):
        told = self.errors(self.add(label="x" * 123))
        assert told == "Swift keeps shorter labels: take away 1 character."
        self.accepted(self.add(label="x" * 122))

    def test_every_bad_network_is_told_and_nothing_typed_is_lost(self):
        response = self.add(networks="10.1.2.3/16, 192.0.2.300", label="Café", rights="read")
        told = self.errors(response)
        assert "10.1.0.0/16?" in told
        assert "192.0.2.300" in told
        assert "such as cafe" in told
        page = response.content.decode()
        assert "10.1.2.3/16, 192.0.2.300</textarea>" in page
        assert 'value="Café"' in page
        assert re.search(r'value="read"[^>]* checked', page)

    @pytest.mark.usefixtures("without_collection")
    def test_what_no_form_carries_counts_as_nothing_seen(self):
        for seen in ("[" * 100_000, "x" * 40_000, r'{"allow-partner": "\ud800"}'):
            response = self.client.post(
                self.form_url(),
                {"label": "lab", "networks": "::1", "rights": "read", "seen": seen},
            )
            assert "There is an entry" in self.errors(response)
            assert len(response.content) < 200_000

    def test_what_changed_meanwhile_is_told_in_few_sentences(self):
        seen = {f"allow-{number}": "192.0.2.1" for number in range(90)}
        self.swift.stored["docs"] = {}
        told = self.errors(self.send(label="1", networks="::1", rights="write", seen=seen))
        assert told.count("Somebody has changed this since") == 1
        assert told.count("\n") < 12

    def test_no_network_at_all_is_told(self):
        assert self.errors(self.add(networks=" ")).startswith("A network is missing")

    def test_rights_that_there_are_not_are_refused(self):
        assert "root" in self.errors(self.add(rights="root"))

    def test_a_moment_that_has_passed_is_refused(self):
        told = self.errors(self.add(until="2020-01-01 00:00"))
        assert told.startswith("2020-01-01 00:00 UTC has passed")

    def test_a_value_that_is_too_long_for_swift_is_refused_before_swift_is_asked(self):
        networks = " ".join(f"192.0.2.{number}" for number in range(30))
        told = self.errors(self.add(networks=networks))
        assert "of the 256 that Swift keeps in an item" in told
        assert self.swift.written == []

    def test_a_full_budget_is_told_before_swift_is_asked(self):
        self.swift.stored["docs"] |= {f"key{number}": "x" for number in range(89)}
        told = self.errors(self.add())
        assert told.startswith("There would be 91 items of metadata; Swift keeps 90")

    def test_what_swift_refuses_is_a_sentence_on_the_form(self):
        self.swift.write_trouble["docs"] = service_errors.RejectedError("docs", detail="too blue")
        response = self.add()
        assert self.errors(response) == "Swift does not accept this change: too blue"
        assert "203.0.113.0/24</textarea>" in response.content.decode()

    def test_a_swift_that_does_not_answer_is_a_sentence_on_the_form(self):
        self.swift.write_trouble["docs"] = service_errors.UnavailableError("docs", 503)
        assert "Swift does not answer" in self.errors(self.add())

    def test_a_refusal_is_a_sentence_on_the_form(self):
        self.swift.write_trouble["docs"] = service_errors.RefusedError(
            "docs", CALLER, by_address=True
        )
        assert f"Your address {CALLER} is not on the list" in self.errors(self.add())

    def test_the_first_entry_ends_the_rule_of_the_defaults_and_says_so(self):
        self.swift.stored |= {None: {"allow": "10.0.0.0/8, ::1, ::2"}, "docs": {}}
        page = self.page(self.form_url())
        assert "Only 3 networks (account defaults)" in page
        assert "only the entries of this list rule" in page

    def test_a_further_entry_ends_no_rule(self):
        assert "only the entries of this list rule" not in self.page(self.form_url())

    def test_the_page_has_a_form_that_works_without_a_script(self):
        page = self.page(self.form_url())
        assert f'action="{self.form_url()}?project=1&amp;region=RegionOne"' in page
        assert 'method="POST"' in page
        assert 'type="datetime-local"' in page

    def test_the_modal_is_no_whole_page(self):
        modal = self.modal(self.form_url())
        assert "<html" not in modal
        assert 'name="networks"' in modal

    def test_the_account_has_the_same_form(self):
        data = {"label": "home", "networks": "10.0.0.0/8", "rights": "write", "seen": "{}"}
        response = self.client.post(self.url("account_add"), data)
        self.assertRedirectsNoFollow(response, self.url("account_entries"))
        assert self.swift.written == [(None, {"allow-home": "10.0.0.0/8"}, False)]

    def test_what_was_typed_outlives_a_swift_that_does_not_answer(self):
        self.swift.trouble["docs"] = service_errors.UnavailableError("docs", 503)
        response = self.add(networks="203.0.113.0/24, 192.0.2.1")
        assert response.status_code == 503
        page = response.content.decode()
        assert 'name="networks" value="203.0.113.0/24, 192.0.2.1"' in page
        assert f'action="{self.form_url()}?project=1&amp;region=RegionOne"' in page

    def test_a_form_for_a_container_that_vanished_is_a_page_that_says_so(self):
        del self.swift.stored["docs"]
        response = self.add(seen={})
        assert response.status_code == 404
        assert self.swift.written == []


class LockoutTest(FormTest):
    name = "add"

    def setUp(self):
        super().setUp()
        self.swift.stored |= {None: {"allow": "10.0.0.0/8"}, "docs": {}}

    def add(self, **data):
        return self.send(
            label="partner", networks="203.0.113.0/24", rights="write", seen={}, **data
        )

    def test_who_would_be_shut_out_is_told_why_and_asked_for_a_tick(self):
        response = self.add()
        told = self.errors(response)
        assert "This would shut you out" in told
        assert f"No entry holds {CALLER}." in told
        assert 'name="confirm_lockout"' in response.content.decode()
        assert self.swift.written == []

    def test_who_is_not_shut_out_sees_no_tick(self):
        assert "confirm_lockout" not in self.page(self.form_url())

    def test_who_ticks_is_obeyed_and_swift_is_told(self):
        self.accepted(self.add(**self.agreed(self.add())))
        assert self.swift.written == [("docs", {"allow-partner": "203.0.113.0/24"}, True)]

    def test_a_tick_that_nobody_asked_for_counts_for_nothing(self):
        for told in ("", "x", "2020-01-01", "9999-12-31T00:00:00+00:00"):
            response = self.add(confirm_lockout="on", lockout_from=told)
            assert "This would shut you out" in self.errors(response)
        assert self.swift.written == []

    def mine(self, until: str = "2999-12-01 18:00", **data):
        return self.send(label="me", networks=CALLER, rights="write", until=until, seen={}, **data)

    def test_who_would_be_shut_out_later_is_told_when_and_asked_for_a_tick(self):
        response = self.mine()
        told = self.errors(response)
        assert "This would shut you out on 2999-12-01 18:00 UTC (in " in told
        assert f"from then on, no entry lets your address {CALLER} change the list back" in told
        assert self.swift.written == []
        page = response.content.decode()
        assert 'name="confirm_lockout"' in page
        assert not re.search(r'name="confirm_lockout"[^>]* checked', page)

    def test_who_ticks_for_later_is_obeyed_and_swift_keeps_its_own_check_for_now(self):
        self.accepted(self.mine(**self.agreed(self.mine())))
        value = f"{CALLER}; until=2999-12-01T18:00Z"
        assert self.swift.written == [("docs", {"allow-me": value}, False)]

    def test_who_agreed_to_be_shut_out_later_has_not_agreed_to_earlier(self):
        agreed = self.agreed(self.mine())
        told = self.errors(self.mine(until="2999-11-01 18:00", **agreed))
        assert "shut you out on 2999-11-01 18:00 UTC" in told
        assert "This would shut you out: you" in self.errors(self.add(**agreed))
        self.accepted(self.mine(until="2999-12-24 18:00", **agreed))

    def test_swifts_warning_of_now_is_told_to_who_agreed_to_later(self):
        agreed = self.agreed(self.mine())
        self.swift.write_trouble["docs"] = service_errors.LockoutError("docs", CALLER)
        response = self.mine(**agreed)
        assert "could no longer change the list back" in self.errors(response)
        self.accepted(self.mine(**self.agreed(response)))
        assert self.swift.written[0][2] is True

    def test_who_is_shut_out_then_without_the_change_too_is_not_asked(self):
        self.swift.stored[None] = {"allow": "10.0.0.0/8; until=2999-12-01T18:00Z"}
        self.accepted(self.mine())

    def test_an_entry_without_end_that_stays_keeps_the_door_open(self):
        self.swift.stored["docs"] = {"allow": "10.0.0.0/8"}
        self.accepted(
            self.send(label="me", networks=CALLER, rights="write", until="2999-12-01 18:00")
        )

    def test_an_entry_by_which_one_may_only_read_shuts_out_of_changes(self):
        response = self.send(label="me", networks=CALLER, rights="read", seen={})
        assert f"{CALLER} is in me ({CALLER}), which may only read." in self.errors(response)

    def test_swifts_own_warning_asks_for_the_tick_too(self):
        self.swift.write_trouble["docs"] = service_errors.LockoutError("docs", "192.0.2.66")
        response = self.send(label="me", networks=CALLER, rights="write", seen={})
        assert "your address 192.0.2.66 could no longer change" in self.errors(response)
        assert 'name="confirm_lockout"' in response.content.decode()
        again = self.agreed(response)
        self.accepted(self.send(label="me", networks=CALLER, rights="write", seen={}, **again))
        assert self.swift.written == [("docs", {"allow-me": CALLER}, True)]

    def test_where_nothing_is_enforced_nobody_is_shut_out(self):
        self.swift.what_it_says = Enforcement(Mode.AUDIT)
        self.accepted(self.add())

    def test_whom_the_lists_do_not_admit_anyway_they_do_not_shut_out(self):
        self.swift.stored[None] = {"allow": ELSEWHERE}
        self.accepted(self.add())

    def test_the_operators_policy_is_counted(self):
        self.swift.stored[None] = {}
        self.policy(unlisted=Unlisted.ALLOW)
        assert "This would shut you out" in self.errors(self.add())


class EditTest(FormTest):
    name = "edit"

    def edit(self, item: str = "allow-lab", seen: dict | None = None, **data):
        filled = {"label": "lab", "networks": "10.0.0.0/8", "rights": "write"}
        return self.send(f"?item={item}", seen=seen, **{**filled, **data})

    def test_the_form_shows_the_entry(self):
        self.swift.stored["docs"] = {
            "allow-lab": "10.0.0.0/8, ::1; read-only; until=2999-12-01T18:00Z",
            "allow-me": CALLER,
        }
        page = self.page(self.form_url("?item=allow-lab"))
        assert 'value="lab"' in page
        assert "10.0.0.0/8\n::1</textarea>" in page
        assert re.search(r'value="read"[^>]* checked', page)
        assert 'value="2999-12-01T18:00"' in page

    def test_an_edit_writes_the_entry_anew(self):
        self.accepted(self.edit(networks="10.0.0.0/8, 192.0.2.1"))
        assert self.swift.stored["docs"] == {"allow-lab": "10.0.0.0/8, 192.0.2.1"}

    def test_an_edit_touches_no_other_metadata(self):
        self.swift.stored["docs"] |= {"color": "blue", "allow-b": "192.0.2.1"}
        self.accepted(self.edit(networks="10.0.0.0/9 10.128.0.0/9"))
        assert self.swift.written[0][1].keys() == {"allow-lab"}

    def test_another_label_renames_in_one_write(self):
        self.accepted(self.edit(label="laboratory"))
        change = {"allow-lab": "", "allow-laboratory": "10.0.0.0/8"}
        assert self.swift.written == [("docs", change, False)]

    def test_a_label_of_another_entry_is_refused(self):
        self.swift.stored["docs"]["allow-b"] = "192.0.2.1"
        assert "already (192.0.2.1)" in self.errors(self.edit(label="b"))

    def test_seconds_survive_an_edit(self):
        self.swift.stored["docs"] = {"allow-lab": "10.0.0.0/8; until=2999-12-01T18:00:30Z"}
        page = self.page(self.form_url("?item=allow-lab"))
        assert 'value="2999-12-01T18:00:30"' in page
        assert 'step="1"' in page
        self.accepted(self.edit(until="2999-12-01T18:00:30"))
        assert self.swift.stored["docs"]["allow-lab"].endswith("until=2999-12-01T18:00:30Z")

    def test_an_expired_entry_can_be_renamed(self):
        self.swift.stored["docs"] = {
            "allow-a": "10.0.0.0/8",
            "allow-lab": "::1; until=2020-01-01T00:00Z",
        }
        response = self.edit(label="old", networks="::1", until="2020-01-01T00:00")
        self.accepted(response)

    def test_an_unreadable_item_is_shown_with_the_reason(self):
        self.swift.stored["docs"]["allow-office"] = "10.1.2.3/16; readonly; until=soon"
        page = self.page(self.form_url("?item=allow-office"))
        assert "10.1.2.3/16; readonly; until=soon" in page
        assert ">\n10.1.2.3/16</textarea>" in page
        assert "What cannot be read has to be chosen anew." in page
        assert "cannot read it, so it admits nobody" in page

    def test_an_unreadable_item_is_mended(self):
        self.swift.stored["docs"]["allow-office"] = "10.1.2.3/16"
        self.accepted(self.edit("allow-office", label="office", networks="10.1.0.0/16"))
        assert self.swift.stored["docs"]["allow-office"] == "10.1.0.0/16"

    def test_an_end_that_cannot_be_read_has_to_be_chosen_anew(self):
        self.swift.stored["docs"]["allow-office"] = "10.1.0.0/16; until=Friday"
        filled = {"label": "office", "networks": "10.1.0.0/16"}
        assert 'name="no_end"' in self.page(self.form_url("?item=allow-office"))
        told = self.errors(self.edit("allow-office", **filled))
        assert "when the entry was to end cannot be read (until=Friday)" in told
        both = self.edit("allow-office", **filled, until="2999-12-01 18:00", no_end="on")
        assert "not both" in self.errors(both)
        assert self.swift.written == []
        self.accepted(self.edit("allow-office", **filled, no_end="on"))
        assert self.swift.stored["docs"]["allow-office"] == "10.1.0.0/16"

    def test_an_end_that_cannot_be_read_is_mended_by_a_moment(self):
        self.swift.stored["docs"]["allow-office"] = "10.1.0.0/16; until=Friday"
        filled = {"label": "office", "networks": "10.1.0.0/16", "until": "2999-12-01 18:00"}
        self.accepted(self.edit("allow-office", **filled))
        stored = self.swift.stored["docs"]["allow-office"]
        assert stored == "10.1.0.0/16; until=2999-12-01T18:00Z"

    def test_rights_that_cannot_be_read_have_to_be_chosen_anew(self):
        self.swift.stored["docs"]["allow-office"] = "10.1.0.0/16; Read-Only"
        page = self.page(self.form_url("?item=allow-office"))
        assert not re.search(r'name="rights"[^>]* checked', page)
        assert 'name="no_end"' not in page
        response = self.edit("allow-office", label="office", networks="10.1.0.0/16", rights="")
        assert "what stood here cannot be read (Read-Only)" in self.errors(response)

    def test_an_entry_that_can_be_read_has_nothing_to_be_chosen_anew(self):
        assert 'name="no_end"' not in self.page(self.form_url("?item=allow-lab"))

    def test_an_odd_label_can_be_kept(self):
        self.swift.stored["docs"]["allow-a.b"] = "192.0.2.1"
        self.accepted(self.edit("allow-a.b", label="a.b", networks="192.0.2.2"))
        assert self.swift.stored["docs"]["allow-a.b"] == "192.0.2.2"

    def test_an_item_that_is_not_there_is_a_page_that_says_so(self):
        page = self.page(self.form_url("?item=allow-x"), status=404)
        assert "There is no entry x (any more)." in page

    def test_metadata_that_is_no_allow_item_cannot_be_edited(self):
        self.swift.stored["docs"]["color"] = "blue"
        self.page(self.form_url("?item=color"), status=404)
        self.page(self.form_url("?item="), status=404)

    def test_an_edit_that_shuts_the_person_out_asks_for_a_tick(self):
        response = self.edit(networks=ELSEWHERE)
        assert "This would shut you out" in self.errors(response)
        self.accepted(self.edit(networks=ELSEWHERE, **self.agreed(response)))

    def test_an_edit_that_ends_ones_own_entry_tells_when_it_shuts_the_person_out(self):
        told = self.errors(self.edit(until="2999-12-01 18:00"))
        assert "This would shut you out on 2999-12-01 18:00 UTC" in told


class MeanwhileTest(FormTest):
    name = "edit"

    def edit(self, seen: dict, **data):
        filled = {"label": "lab", "networks": "10.0.0.0/9 10.128.0.0/9", "rights": "write"}
        return self.send("?item=allow-lab", seen=seen, **{**filled, **data})

    def test_what_somebody_else_changed_is_shown_and_not_overwritten(self):
        self.swift.stored["docs"] = {"allow-lab": "10.0.0.0/8, ::1"}
        response = self.edit(seen=LAB)
        assert "lab was changed from 10.0.0.0/8 to 10.0.0.0/8, ::1" in self.errors(response)
        assert "10.0.0.0/9 10.128.0.0/9</textarea>" in response.content.decode()
        assert self.swift.written == []

    def test_sent_again_it_is_written(self):
        self.swift.stored["docs"] = {"allow-lab": "10.0.0.0/8, ::1"}
        shown = self.edit(seen=LAB).context["form"]["seen"].value()
        self.accepted(self.edit(seen=json.loads(shown)))
        assert self.swift.stored["docs"] == {"allow-lab": "10.0.0.0/9, 10.128.0.0/9"}

    def test_an_entry_that_somebody_else_removed_is_not_written_silently(self):
        self.swift.stored["docs"] = {"allow-b": "10.0.0.0/8"}
        response = self.edit(seen=LAB)
        assert "lab was removed; it was: 10.0.0.0/8" in self.errors(response)

    def test_what_changes_between_the_check_and_the_write_is_not_overwritten(self):
        def somebody_else():
            self.swift.stored["docs"] = {"allow-lab": "192.0.2.1"}

        self.swift.before_write = somebody_else
        told = self.errors(self.edit(seen=LAB))
        assert "lab was changed from 10.0.0.0/8 to 192.0.2.1" in told
        assert self.swift.written == []

    def test_other_entries_that_changed_meanwhile_are_told_and_left_alone(self):
        self.swift.stored["docs"] = LAB | {"allow-b": "192.0.2.1"}
        response = self.edit(seen=LAB)
        page = self.page(response["location"])
        assert "Meanwhile, by somebody else: b was added: 192.0.2.1" in page
        assert self.swift.stored["docs"]["allow-b"] == "192.0.2.1"

    def test_a_form_that_has_not_seen_anything_overwrites_nothing(self):
        for forged in ("", "{", "[]", '{"allow-lab": 7}'):
            data = {"label": "lab", "networks": CALLER, "rights": "write", "seen": forged}
            response = self.client.post(self.form_url("?item=allow-lab"), data)
            assert "Somebody has changed this since" in self.errors(response)
        assert self.swift.written == []


class AddMineTest(FormTest):
    name = "add_mine"

    def test_ones_address_and_name_are_filled_in(self):
        page = self.page(self.form_url())
        assert f">\n{CALLER}</textarea>" in page
        assert 'value="test-user"' in page

    def test_a_name_that_is_taken_gets_a_number(self):
        self.swift.stored["docs"] |= {"allow-test-user": "::1", "allow-test-user-2": "::2"}
        assert 'value="test-user-3"' in self.page(self.form_url())

    def test_who_is_admitted_already_is_told_so(self):
        assert f"{CALLER} is in lab (10.0.0.0/8)." in self.page(self.form_url())

    def test_one_click_adds_it(self):
        self.accepted(self.send(label="me", networks=CALLER, rights="write"))
        assert self.swift.written == [("docs", {"allow-me": CALLER}, False)]


class RemoveTest(FormTest):
    name = "remove"

    def setUp(self):
        super().setUp()
        self.swift.stored["docs"] |= {"allow-b": "192.0.2.1", "color": "blue"}

    def test_what_will_be_removed_and_who_then_gets_in_is_shown(self):
        page = self.page(self.form_url("?item=allow-lab&item=allow-b"))
        assert "10.0.0.0/8" in page
        assert "192.0.2.1" in page
        assert "Who reaches it afterwards: <strong>Nobody but operators</strong>" in page

    def test_one_entry_is_removed(self):
        self.accepted(self.send("?item=allow-b"))
        assert self.swift.written == [("docs", {"allow-b": ""}, False)]

    def test_many_entries_are_removed_in_one_write(self):
        agreed = self.agreed(self.send("?item=allow-lab&item=allow-b"))
        self.accepted(self.send("?item=allow-lab&item=allow-b", **agreed))
        assert self.swift.stored["docs"] == {"color": "blue"}
        assert len(self.swift.written) == 1

    def test_removing_what_lets_one_in_asks_for_a_tick(self):
        response = self.send("?item=allow-lab")
        assert "This would shut you out" in self.errors(response)
        assert 'name="confirm_lockout"' in response.content.decode()

    def test_removing_the_last_entry_is_judged_by_the_defaults_that_then_rule(self):
        self.swift.stored |= {None: {"allow": "10.0.0.0/8"}, "docs": dict(LAB)}
        self.accepted(self.send("?item=allow-lab"))

    def test_an_entry_that_somebody_else_changed_is_not_removed_silently(self):
        seen = dict(self.swift.stored["docs"])
        self.swift.stored["docs"]["allow-b"] = "192.0.2.2"
        response = self.send("?item=allow-b", seen=seen)
        assert "b was changed from 192.0.2.1 to 192.0.2.2" in self.errors(response)
        assert self.swift.written == []

    def test_what_somebody_else_has_removed_is_no_error(self):
        seen = dict(self.swift.stored["docs"])
        del self.swift.stored["docs"]["allow-b"]
        response = self.send("?item=allow-b", seen=seen)
        page = self.page(response["location"])
        assert "Somebody else has removed that already." in page

    def test_metadata_that_is_no_allow_item_cannot_be_removed(self):
        self.send("?item=color")
        self.send("?item=color&item=allow-b")
        assert self.swift.stored["docs"]["color"] == "blue"

    def test_defaults_that_swift_does_not_show_keep_out_who_has_no_entry_left(self):
        self.swift.stored["docs"] = dict(LAB)
        self.swift.trouble[None] = service_errors.RefusedError(None, CALLER, by_address=True)
        self.policy(unlisted=Unlisted.ALLOW)
        assert "This would shut you out" in self.errors(self.send("?item=allow-lab"))

    def test_nothing_to_remove_is_a_page_that_says_so(self):
        self.page(self.form_url("?item=allow-x"), status=404)
        self.page(self.form_url(), status=404)


class CopyFormTest(FormTest):
    name = "copy"

    def copy(self, *containers: str, entries=("allow-lab",), **data):
        data = {"existing": "keep", **data, "containers": containers, "entries": entries}
        return self.client.post(self.form_url(), data)


class CopyTest(CopyFormTest):
    def setUp(self):
        super().setUp()
        self.swift.stored |= {"a": {}, "b": {"allow-b": "10.0.0.0/8", "color": "blue"}}

    def test_all_readable_entries_are_ticked_and_no_container(self):
        self.swift.stored["docs"]["allow-bad"] = "x"
        page = self.page(self.form_url())
        assert re.search(r'value="allow-lab"[^>]* checked', page)
        assert "allow-bad" not in page
        assert not re.search(r'name="containers"[^>]* checked', page)

    def test_the_list_itself_is_not_offered(self):
        assert 'name="containers" value="docs"' not in self.page(self.form_url())

    def test_entries_are_copied_and_nothing_else_touched(self):
        self.accepted(self.copy("a", "b"))
        assert self.swift.stored["a"] == LAB
        assert self.swift.stored["b"] == {"allow-b": "10.0.0.0/8", "color": "blue"} | LAB

    def test_more_containers_than_can_be_done_at_a_time_are_not_asked_for(self):
        asked = len(self.swift.asked)
        self.swift.stored |= {f"c{number:03}": {} for number in range(201)}
        names = [f"c{number:03}" for number in range(90)]
        others = "\n".join(f"x{number}" for number in range(11))
        page = self.copy(*names, others=others).content.decode()
        assert "Choose at most 100 containers at a time: these are 101." in page
        assert len(self.swift.asked) - asked == 1
        assert self.swift.written == []
        assert others.splitlines()[-1] in page

    def test_what_there_was_no_time_for_stays_chosen(self):
        self.swift.write_trouble["b"] = service_errors.LateError("b")
        response = self.copy("a", "b")
        page = " ".join(response.content.decode().split())
        assert "The time was too short to copy to b." in page
        assert self.swift.stored["a"] == LAB
        assert re.search(r'value="b"[^>]* checked', page)
        assert not re.search(r'name="containers" value="a"[^>]* checked', page)

    def test_an_entry_of_the_same_label_stays_unless_it_is_to_be_replaced(self):
        self.swift.stored["b"]["allow-lab"] = "10.1.1.0/24"
        self.accepted(self.copy("b"))
        assert self.swift.stored["b"]["allow-lab"] == "10.1.1.0/24"
        self.accepted(self.copy("b", existing="replace"))
        assert self.swift.stored["b"]["allow-lab"] == "10.0.0.0/8"

    def test_what_is_there_already_is_told(self):
        self.swift.stored["a"] = dict(LAB)
        response = self.copy("a")
        assert "Nothing to copy: the entries were there already in a." in self.page(
            response["location"]
        )
        assert self.swift.written == []

    def test_what_stays_though_it_is_another_entry_is_told(self):
        self.swift.stored["b"]["allow-lab"] = "10.1.1.0/24"
        page = self.page(self.copy("a", "b")["location"])
        assert "Copied to the container a." in page
        assert "Another entry stays: lab in b." in page

    def test_nothing_chosen_is_told(self):
        assert "Choose at least one container." in self.errors(self.copy())
        assert "Choose at least one entry." in self.errors(self.copy("a", entries=()))

    def test_a_container_in_which_it_would_shut_one_out_is_named(self):
        self.swift.stored |= {"docs": {"allow-lab": ELSEWHERE, "allow-me": CALLER}}
        self.swift.stored |= {None: {"allow": "10.0.0.0/8"}}
        told = self.errors(self.copy("a", "b"))
        assert "a: This would shut you out" in told
        assert "b: This" not in told
        assert self.swift.written == []
        self.accepted(self.copy("a", "b", **self.agreed(self.copy("a", "b"))))

    def test_a_container_in_which_it_would_shut_one_out_later_is_named(self):
        ends = f"{CALLER}; until=2999-12-01T18:00Z"
        self.swift.stored |= {"docs": {"allow-lab": ends}, None: {"allow": "10.0.0.0/8"}}
        response = self.copy("a")
        assert "a: This would shut you out on 2999-12-01 18:00 UTC" in self.errors(response)
        self.accepted(self.copy("a", **self.agreed(response)))
        assert self.swift.written == [("a", {"allow-lab": ends}, False)]

    def test_a_container_that_has_no_room_is_named_and_nothing_copied(self):
        self.swift.stored["b"] |= {f"key{number}": "x" for number in range(88)}
        told = self.errors(self.copy("a", "b"))
        assert "b: There would be 91 items" in told
        assert "Nothing has been copied." in told
        assert self.swift.written == []

    def test_a_container_that_is_refused_is_named(self):
        self.swift.trouble["b"] = service_errors.RefusedError("b", CALLER, by_address=True)
        assert f"b: Your address {CALLER} is not on the list" in self.errors(self.copy("a", "b"))

    def test_a_failure_on_the_way_leaves_what_failed_chosen(self):
        self.swift.write_trouble["b"] = service_errors.UnavailableError("b", 503)
        response = self.copy("a", "b")
        page = response.content.decode()
        assert "b: Swift does not answer" in self.errors(response)
        assert re.search(r'name="containers" value="b"[^>]* checked', page)
        assert not re.search(r'name="containers" value="a"[^>]* checked', page)
        assert "Copied to the container a." in page

    def test_a_container_of_any_name_is_copied_to(self):
        odd = "50% {$x$} <b> & ü"
        self.swift.stored[odd] = {}
        (value,) = re.findall(r'name="containers" value="(50[^"]*)"', self.page(self.form_url()))
        self.accepted(self.copy(value))
        assert self.swift.stored[odd] == LAB

    def test_swifts_own_warning_asks_for_the_tick(self):
        self.swift.write_trouble["b"] = service_errors.LockoutError("b", CALLER)
        response = self.copy("b")
        assert 'name="confirm_lockout"' in response.content.decode()
        self.accepted(self.copy("b", **self.agreed(response)))

    def test_a_container_that_is_offered_no_more_is_told_without_its_name_in_the_form(self):
        told = self.errors(self.copy("a", "na%C3%AFve%20gone"))
        assert told == (
            "A container that you chose is not among the choices any more: "
            "look through them and send again."
        )
        assert self.swift.written == []

    def test_an_entry_that_vanished_is_told_without_its_name_in_the_metadata(self):
        told = self.errors(self.copy("a", entries=("allow-lab", "allow-gone")))
        assert told == (
            "An entry that you chose is not among the choices any more: "
            "look through them and send again."
        )
        assert self.swift.written == []

    def test_the_accounts_defaults_are_copied_to_containers(self):
        self.swift.stored[None] = {"allow-home": "10.0.0.0/8"}
        data = {"existing": "keep", "containers": ["a"], "entries": ["allow-home"]}
        response = self.client.post(self.url("account_copy"), data)
        self.assertRedirectsNoFollow(response, self.url("account_entries"))
        assert self.swift.stored["a"] == {"allow-home": "10.0.0.0/8"}


class CopyToManyTest(CopyFormTest):
    def setUp(self):
        super().setUp()
        self.swift.stored |= {f"c{number:03}": {} for number in range(250)}

    def test_containers_that_are_not_offered_can_be_typed_in(self):
        page = self.page(self.form_url())
        assert "c249" not in page
        assert 'name="others"' in page
        self.accepted(self.copy(others="c249\r\n\r\nc248"))
        assert self.swift.stored["c249"] == self.swift.stored["c248"] == LAB

    def test_a_typed_container_that_is_not_there_is_told(self):
        told = self.errors(self.copy(others="nothing"))
        assert "nothing: There is no container nothing (any more)." in told
