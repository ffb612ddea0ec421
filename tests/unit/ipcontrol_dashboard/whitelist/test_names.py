# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Lists that refer to the account's networks by name, on the pages."""

from ipcontrol.access import Unlisted
from ipcontrol_dashboard.kit.service_errors import RefusedError
from tests.unit.ipcontrol_dashboard.whitelist.fakes import PanelTest
from tests.unit.ipcontrol_dashboard.whitelist.test_form_views import FormTest

OFFICE = {"network-office": "192.0.2.0/24, 198.51.100.0/24"}
NOT_DEFINED = "No networks are defined by the name @home: define them first."


class ShownTest(PanelTest):
    def setUp(self):
        super().setUp()
        self.swift.stored |= {None: dict(OFFICE), "docs": {"allow-lab": "@office; read-only"}}

    def entries(self) -> str:
        return self.page(self.url("container_entries", "docs"))

    def test_a_name_is_shown_with_what_it_stands_for(self):
        page = self.entries()
        assert "@office" in page
        assert "192.0.2.0/24, 198.51.100.0/24" in page

    def test_the_page_says_who_is_admitted_by_a_name(self):
        url = self.url("container_entries", "docs") + "?address=198.51.100.7&method=GET"
        assert "Admitted." in self.page(url)

    def test_a_long_definition_is_shown_in_part(self):
        networks = [f"10.0.0.{number}" for number in range(25)]
        self.swift.stored[None] = {"network-office": ", ".join(networks)}
        page = self.entries()
        assert ", ".join(networks[:20]) + " and 5 more" in page

    def test_a_name_that_is_not_defined_is_an_item_that_admits_nobody(self):
        self.swift.stored["docs"] = {"allow-lab": "@home, 10.0.0.1"}
        page = self.entries()
        assert NOT_DEFINED in page
        assert "It admits nobody." in page

    def test_a_container_that_is_ruled_by_the_accounts_list_follows_its_names(self):
        self.swift.stored |= {None: OFFICE | {"allow": "@office"}, "docs": {}}
        assert "192.0.2.0/24" in self.entries()

    def test_the_index_says_who_reaches_a_container_by_a_name(self):
        assert "192.0.2.0/24" in self.page(self.url("index"))

    def test_where_swift_does_not_show_the_account_nothing_is_told_for_a_fact(self):
        self.swift.trouble[None] = RefusedError(None, by_address=False)
        url = self.url("container_entries", "docs") + "?address=198.51.100.7&method=GET"
        page = self.page(url)
        assert "Not known." in page


class AddTest(FormTest):
    name = "add"

    def setUp(self):
        super().setUp()
        self.swift.stored[None] = dict(OFFICE)

    def add(self, networks: str):
        return self.send(label="partner", networks=networks, rights="write")

    def test_a_name_is_written_as_a_name(self):
        self.accepted(self.add("203.0.113.7\n@office"))
        assert self.swift.written[0][1] == {"allow-partner": "@office, 203.0.113.7"}

    def test_a_name_that_is_not_defined_is_told_and_nothing_written(self):
        assert self.errors(self.add("@home")) == NOT_DEFINED
        assert self.swift.written == []

    def test_the_form_names_what_there_is(self):
        assert "@office" in self.page(self.form_url())

    def test_without_names_the_form_does_not_speak_of_them(self):
        self.swift.stored[None] = {}
        assert "@" not in self.swift.stored["docs"]["allow-lab"]
        assert "Names of networks" not in self.page(self.form_url())


class EditTest(FormTest):
    name = "edit"

    def setUp(self):
        super().setUp()
        self.swift.stored |= {None: dict(OFFICE), "docs": {"allow-lab": "@office, 10.0.0.0/8"}}

    def test_an_entry_that_is_saved_as_it_is_keeps_its_name(self):
        page = self.page(self.form_url("?item=allow-lab"))
        assert "@office\n10.0.0.0/8" in page
        self.send("?item=allow-lab", label="new", networks="@office\n10.0.0.0/8", rights="write")
        written = {"allow-lab": "", "allow-new": "@office, 10.0.0.0/8"}
        assert self.swift.written[0][1] == written


class DefaultsTest(FormTest):
    """The account's own list, whose names stand beside it."""

    name = "add"

    def form_url(self, query: str = "") -> str:
        return self.url("account_add") + query

    def test_a_way_in_by_a_name_is_a_way_in(self):
        stored = OFFICE | {"network-here": "10.0.0.0/8"}
        self.swift.stored[None] = stored
        self.send(seen=stored, label="here", networks="@here", rights="write")
        assert self.swift.written == [(None, {"allow-here": "@here"}, False)]

    def test_a_first_entry_that_names_others_alone_shuts_the_person_out(self):
        self.policy(unlisted=Unlisted.ALLOW)
        self.swift.stored[None] = dict(OFFICE)
        response = self.send(seen=OFFICE, label="o", networks="@office", rights="write")
        assert "shut you out" in self.errors(response)
