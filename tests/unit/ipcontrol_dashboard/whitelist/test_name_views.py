# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The page Networks and its forms."""

import json
from dataclasses import replace
from urllib.parse import quote

import lxml.html

from ipcontrol.addresses import parse_network
from ipcontrol.contract import Limits, PublishedNames
from ipcontrol_dashboard.kit.service_errors import LockoutError, RefusedError, UnavailableError
from ipcontrol_dashboard.whitelist import dependents
from tests.unit.ipcontrol_dashboard.whitelist.fakes import CALLER, ENFORCED, PanelTest

OFFICE = {"network-office": "10.0.0.0/8", "network-office.2": "192.0.2.0/24"}
ODD = 'a&"{$b$}'


def text(markup) -> str:
    return " ".join(lxml.html.fromstring(markup).text_content().split())


def operator(**names) -> PublishedNames:
    networks = {
        name: None if value is None else (parse_network(value),) for name, value in names.items()
    }
    return PublishedNames(networks, len(networks))


class NamesTest(PanelTest):
    def setUp(self):
        super().setUp()
        self.swift.stored[None] = dict(OFFICE)

    def row(self, name: str) -> str:
        tree = lxml.html.fromstring(self.page(self.url("networks")))
        (row,) = tree.xpath(f"//tr[@data-object-id='{name}']")
        return " ".join(row.text_content().split())

    def said(self) -> str:
        return text(self.page(self.url("networks")))

    def test_a_name_over_several_items_is_one_row(self):
        assert self.row("office") == "@office 10.0.0.0/8 192.0.2.0/24 project Edit Delete"

    def test_the_index_leads_there(self):
        assert self.url("networks") in self.page(self.url("index"))

    def test_where_a_name_is_used_is_told(self):
        self.swift.stored |= {
            "docs": {"allow": "@office"},
            "more": {"allow": "10.0.0.1, @office"},
            "plain": {"allow": "10.0.0.1"},
        }
        assert "@office docs more 3 containers were looked at: all there are." in self.said()

    def test_a_name_that_is_used_and_not_defined_is_told_with_who_suffers(self):
        self.swift.stored["docs"] = {"allow": "@home"}
        told = "@home is not defined, and items that refer to it admit nobody: docs"
        assert told in self.said()

    def test_the_accounts_own_list_is_a_user_of_names(self):
        self.swift.stored[None] = OFFICE | {"allow": "@office"}
        assert "Account defaults: @office" in self.said()

    def test_a_container_that_cannot_be_read_is_named(self):
        self.swift.trouble["vault"] = RefusedError("vault", by_address=True, address=CALLER)
        assert "These could not be read: vault." in self.said()

    def test_containers_that_cannot_be_listed_do_not_hide_the_names(self):
        self.swift.listing_trouble = UnavailableError()
        assert "The containers could not be looked at: Swift does not answer" in self.said()
        assert "@office" in self.row("office")

    def test_of_many_containers_a_page_is_looked_at_and_the_next_one_is_linked(self):
        names = [f"c{number:03}" for number in range(dependents.MOST_AT_ONCE + 1)]
        self.swift.stored |= {name: {"allow": "@office"} for name in names}
        page = self.page(self.url("networks"))
        assert "100 containers were looked at, and there are more." in text(page)
        tree = lxml.html.fromstring(page)
        (further,) = tree.xpath("//*[@data-ipw-further]/a/@href")
        (following,) = tree.xpath("//*[@data-ipw-dependents]/@data-next")
        for url in (self.url("networks") + further, following):
            said = text(self.page(url))
            assert "@office c100 101 containers were looked at: all there are." in said

    def test_a_definition_that_cannot_be_read_is_shown_with_why(self):
        self.swift.stored[None] = {"network-office": "10.1.2.3/16"}
        row = self.row("office")
        assert "10.1.2.3/16" in row
        assert "10.1.0.0/16" in row
        assert "Items that refer to this name admit nobody." in row
        assert "Mend" in row

    def test_the_operators_names_are_shown_and_cannot_be_changed(self):
        self.swift.what_it_says = replace(ENFORCED, names=operator(cloud="198.51.100.0/24"))
        assert self.row("operator/cloud") == "@cloud 198.51.100.0/24 operator"

    def test_networks_that_the_operator_does_not_show_are_told_so(self):
        self.swift.what_it_says = replace(ENFORCED, names=operator(cloud=None))
        assert "The operator does not show them." in self.row("operator/cloud")

    def test_where_both_define_a_name_it_is_said_whose_counts(self):
        self.swift.what_it_says = replace(ENFORCED, names=operator(office="198.51.100.0/24"))
        assert "here your own definition counts" in self.row("office")
        assert "Not used here" in self.row("operator/office")

    def test_how_much_of_swifts_limits_is_used_is_told(self):
        assert "Metadata used: 2 of 90 items" in self.said()

    def test_who_may_only_read_is_offered_no_change(self):
        self.swift.stored[None] = OFFICE | {"allow": f"{CALLER}; read-only"}
        assert self.row("office").endswith("project")

    def test_a_name_of_the_operators_whose_networks_are_hidden_is_told_for_no_fact(self):
        self.swift.what_it_says = replace(ENFORCED, names=operator(cloud=None))
        self.swift.stored["docs"] = {"allow": "@cloud"}
        page = self.page(self.url("container_entries", "docs") + "?address=10.0.0.1&method=GET")
        assert "Not known." in page
        assert "does not show its networks" in page


class NameFormTest(PanelTest):
    def setUp(self):
        super().setUp()
        self.swift.stored[None] = dict(OFFICE)

    def send(self, page: str, query: str = "?name=office", **data):
        seen = {k: v for k, v in self.swift.stored[None].items() if k.startswith("network-")}
        return self.client.post(self.url(page) + query, {"seen": json.dumps(seen), **data})

    def errors(self, response) -> str:
        assert response.status_code == 200, "the form was accepted"
        errors = response.context["form"].errors.values()
        return "\n".join(str(each) for texts in errors for each in texts)

    def accepted(self, response):
        self.assertRedirectsNoFollow(response, self.url("networks"))

    # --- Define ---

    def test_a_name_is_defined(self):
        self.accepted(self.send("network_define", "", name="@Home", networks="10.1.0.0/16"))
        assert self.swift.written == [(None, {"network-home": "10.1.0.0/16"}, False)]

    def test_a_name_that_there_is_is_not_written_over(self):
        told = self.errors(self.send("network_define", "", name="office", networks="10.1.0.0/16"))
        assert "There is a name @office already" in told
        assert self.swift.written == []

    def test_what_is_no_name_is_told_what_to_write(self):
        told = self.errors(self.send("network_define", "", name="my office", networks="10.0.0.1"))
        assert "write at most 63 lower-case letters" in told

    def test_a_name_stands_for_no_other_name(self):
        told = self.errors(self.send("network_define", "", name="home", networks="@office"))
        assert told == "A name stands for networks, not for another name: write the networks."

    def test_many_networks_go_over_several_items(self):
        many = [f"10.100.{number}.0/24" for number in range(40)]
        self.accepted(self.send("network_define", "", name="many", networks="\n".join(many)))
        ((_, written, _),) = self.swift.written
        assert list(written) == ["network-many", "network-many.2", "network-many.3"]
        assert ", ".join(written.values()) == ", ".join(many)

    def test_what_swift_has_no_room_for_is_told(self):
        self.swift.what_it_says = replace(ENFORCED, limits=Limits(overall=100))
        many = "\n".join(f"10.100.{number}.0/24" for number in range(10))
        assert "Swift keeps 100" in self.errors(
            self.send("network_define", "", name="many", networks=many)
        )

    # --- Edit ---

    def test_the_form_shows_all_networks_of_a_name(self):
        page = self.page(self.url("network_edit") + "?name=office")
        assert "10.0.0.0/8\n192.0.2.0/24</textarea>" in page

    def test_items_that_are_not_needed_any_more_are_removed(self):
        self.accepted(self.send("network_edit", networks="192.0.2.0/25"))
        assert self.swift.written[0][1] == {
            "network-office": "192.0.2.0/25",
            "network-office.2": "",
        }

    def test_a_name_that_cannot_be_read_is_mended(self):
        self.swift.stored[None] = {"network-office": "10.1.2.3/16"}
        assert "10.1.2.3/16</textarea>" in self.page(self.url("network_edit") + "?name=office")
        self.accepted(self.send("network_edit", networks="10.1.0.0/16"))

    def test_a_name_that_is_gone_is_told(self):
        assert "There is no name @home" in self.page(self.url("network_edit") + "?name=home", 404)

    def test_what_somebody_else_changed_meanwhile_is_told_before_it_is_written_over(self):
        response = self.client.post(
            self.url("network_edit") + "?name=office",
            {"seen": json.dumps({"network-office": "10.0.0.0/9"}), "networks": "10.0.0.0/8"},
        )
        told = self.errors(response)
        assert "@office was changed from 10.0.0.0/9 to 10.0.0.0/8" in told
        assert self.swift.written == []

    def test_who_would_shut_himself_out_of_the_account_needs_a_tick(self):
        self.swift.stored[None] = OFFICE | {"allow": "@office"}
        response = self.send("network_edit", networks="192.0.2.0/24")
        assert "This would shut you out" in self.errors(response)
        told = response.context["form"]["lockout_from"].value()
        agreed = {"confirm_lockout": "on", "lockout_from": told}
        self.accepted(self.send("network_edit", networks="192.0.2.0/24", **agreed))
        assert self.swift.written[0][2] is True

    def test_a_lockout_that_swift_alone_sees_asks_for_the_tick_too(self):
        self.swift.write_trouble[None] = LockoutError(None, CALLER)
        response = self.send("network_edit", networks="192.0.2.0/24")
        assert "could no longer change the list back" in self.errors(response)

    # --- What it does ---

    def ask(self, page: str = "network_edit", containers=(), **data) -> str:
        sent = {"container": [quote(name, safe="") for name in containers], **data}
        response = self.send(page, forecast="script", **sent)
        assert self.swift.written == []
        return text(response.content)

    def test_what_a_change_does_is_told_of_the_containers_that_refer_to_it(self):
        self.swift.stored |= {
            ODD: {"allow": "@office"},
            "both": {"allow": "@office, 10.0.0.0/8"},
            "more": {"allow-staff": "@office; read-only"},
        }
        said = self.ask(containers=(ODD, "both", "more"), networks="192.0.2.0/24")
        you = f"You ({CALLER}):"
        assert f"Lose reading and writing: 10.0.0.0/8, now {you} lose reading and writing" in said
        assert "both Nobody gains or loses by this, now or later." in said
        assert f"more Lose reading: 10.0.0.0/8 (staff), now {you} lose reading now." in said

    def test_it_is_told_of_the_accounts_own_list_too(self):
        self.swift.stored[None] = OFFICE | {"allow": "@office"}
        said = self.ask(networks="10.0.0.0/8")
        assert said.startswith("Account defaults Lose reading and writing: 192.0.2.0/24, now")

    def test_where_nothing_was_found_that_refers_to_it_nothing_is_told_to_change(self):
        assert "No list that was looked at is changed by this." in self.ask(networks="10.0.0.1")

    def test_a_container_that_was_never_there_is_no_error(self):
        assert "No list" in self.ask(containers=("gone", ".."), networks="10.0.0.1")

    def test_no_more_containers_are_read_than_a_page_has(self):
        names = [f"c{number:03}" for number in range(150)]
        self.swift.stored |= {name: {"allow": "@office"} for name in names}
        said = self.ask(containers=names, networks="10.0.0.0/8")
        assert "c099" in said
        assert "c100" not in said

    # --- Delete ---

    def test_who_suffers_from_a_deletion_is_told_before(self):
        self.swift.stored["docs"] = {"allow": "@office"}
        said = text(self.page(self.url("network_delete") + "?name=office"))
        assert "Entries that refer to it stay as they are, and admit nobody." in said
        assert "docs Lose reading and writing: 10.0.0.0/8 192.0.2.0/24, now" in said

    def test_where_the_operator_defines_it_too_his_definition_is_what_is_left(self):
        self.swift.what_it_says = replace(ENFORCED, names=operator(office="10.0.0.0/9"))
        self.swift.stored["docs"] = {"allow": "@office"}
        said = text(self.page(self.url("network_delete") + "?name=office"))
        assert "will stand for what the operator defines by it" in said
        assert "docs Lose reading and writing: 10.128.0.0/9 192.0.2.0/24, now" in said

    def test_a_name_is_deleted_with_all_its_items(self):
        self.accepted(self.send("network_delete"))
        assert self.swift.written == [(None, dict.fromkeys(OFFICE, ""), False)]


class AccountFormsTest(PanelTest):
    def test_a_change_of_the_defaults_tells_which_containers_follow_them(self):
        self.swift.stored |= {
            None: {"allow": "10.0.0.0/8"},
            "own": {"allow": "10.0.0.1"},
            "own_segments": {},
            "plain": {},
        }
        said = text(self.page(self.url("account_add")))
        told = "follow this list, having no entries of their own plain 3 containers"
        assert told in said

    def test_a_container_is_asked_no_such_thing(self):
        self.swift.stored["docs"] = {}
        self.page(self.url("container_add", "docs"))
        assert self.swift.asked == []
