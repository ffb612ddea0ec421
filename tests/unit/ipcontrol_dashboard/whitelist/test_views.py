# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

import re
from dataclasses import replace
from html import unescape
from urllib.parse import quote, unquote

from django.test.utils import override_settings
from django.urls import resolve

from ipcontrol.access import Unlisted
from ipcontrol.addresses import parse_network
from ipcontrol.contract import Enforcement, Mode
from ipcontrol_dashboard.kit import service_errors
from ipcontrol_dashboard.whitelist.panel import IPWhitelist
from tests.unit.ipcontrol_dashboard.whitelist.fakes import CALLER, ELSEWHERE, PanelTest

ODD_NAME = "<img src=x onerror=alert(1)> & \"q\" 'a' 50%? #1 ü {{7*7}} {% now 'Y' %}"


class PanelPermissionTest(PanelTest):
    def test_the_panel_is_for_clouds_with_an_object_store(self):
        assert IPWhitelist.permissions == ("openstack.services.object-store",)


class IndexTest(PanelTest):
    def index(self, query: str = "", status: int = 200) -> str:
        return self.page(self.url("index") + query, status)

    def row(self, name: str, query: str = "") -> str:
        """The HTML of a container's row."""
        page = self.index(query)
        start = page.index(f'id="containers__row__{name}"')
        return page[start : page.index("</tr>", start)]

    def test_a_container_says_who_may_reach_it(self):
        self.swift.stored["docs"] = {"allow": "10.0.0.0/8"}
        assert 'Only <span class="ipcontrol-network">10.0.0.0/8</span>' in self.row("docs")

    def test_a_container_without_entries_follows_the_accounts_defaults(self):
        self.swift.stored[None] = {"allow": "10.0.0.0/8, 192.0.2.1, 192.0.2.2"}
        self.swift.stored["docs"] = {}
        assert "Only 3 networks (account defaults)" in self.row("docs")

    def test_a_container_of_segments_follows_the_one_that_it_serves(self):
        self.swift.stored |= {"docs": {"allow": "10.0.0.0/8, ::1, ::2"}, "docs_segments": {}}
        assert "Only 3 networks (as docs)" in self.row("docs_segments")

    def test_a_container_of_segments_without_its_container_follows_the_account(self):
        self.swift.stored |= {None: {"allow": "10.0.0.0/8, ::1, ::2"}, "docs_segments": {}}
        assert "Only 3 networks (account defaults)" in self.row("docs_segments")

    def test_unreadable_items_need_attention_and_mending(self):
        self.swift.stored["docs"] = {"allow": "10.0.0.0/8", "allow-b": "x", "allow-c": "y"}
        row = self.row("docs")
        assert "2 items need attention" in row
        assert "Mend" in row

    def test_the_action_is_named_by_what_there_is_to_do(self):
        self.swift.stored |= {"docs": {"allow": "10.0.0.0/8"}, "empty": {}}
        assert "Edit Entries" in self.row("docs")
        assert "Add Entries" in self.row("empty")

    def test_ones_own_address_is_shown(self):
        assert f'<strong class="ipw-address">{CALLER}</strong>' in self.index()

    def test_ones_own_rights_are_shown(self):
        self.swift.stored |= {
            "full": {"allow": "10.0.0.0/8"},
            "some": {"allow": "10.0.0.0/8; read-only"},
            "other": {"allow": "192.0.2.1"},
        }
        assert "admitted" in self.row("full")
        assert "read only" in self.row("some")
        assert "admitted by the operator" in self.row("other")

    def test_a_refused_container_is_a_row_that_says_so(self):
        self.swift.stored["docs"] = {"allow": "10.0.0.0/8"}
        self.swift.trouble["vault"] = service_errors.RefusedError("vault", CALLER, by_address=True)
        row = self.row("vault")
        assert f"Your address {CALLER} is not on the list" in row
        assert "refused" in row
        assert "Edit Entries" not in row
        assert "Edit Entries" in self.row("docs")

    def test_a_container_that_vanished_meanwhile_is_a_row_that_says_so(self):
        self.swift.trouble["gone"] = service_errors.NotFoundError("gone")
        assert "There is no container gone (any more)." in self.row("gone")

    def test_a_container_that_swift_cannot_read_now_is_a_row_that_says_so(self):
        self.swift.trouble["slow"] = service_errors.UnavailableError("slow", 503)
        row = self.row("slow")
        assert "Swift does not answer at the moment" in row
        assert "refused" not in row

    def test_the_next_expiry_is_told_with_the_moment_in_utc(self):
        self.swift.stored["docs"] = {"allow": "10.0.0.0/8; until=2999-01-01T00:00Z"}
        row = self.row("docs")
        assert 'title="2999-01-01 00:00 UTC"' in row
        assert re.search(r"in\s\d+\syears", row)

    def test_a_page_has_no_more_rows_than_can_be_asked_about(self):
        self.client.cookies["API_RESULT_PAGE_SIZE"] = "5000"
        self.index()
        assert self.swift.asked[-1]["limit"] == 100

    def test_an_account_without_containers_says_so(self):
        assert "No items to display." in self.index()

    def test_without_defaults_the_operators_policy_is_told(self):
        assert "nobody but operators reaches it" in self.index()
        self.policy(unlisted=Unlisted.ALLOW)
        assert "any address reaches it" in self.index()

    def test_other_peoples_names_are_text(self):
        self.swift.stored[ODD_NAME] = {}
        page = self.index()
        assert "<img src=x" not in page
        assert "&lt;img src=x onerror=alert(1)&gt;" in page

    def test_a_link_leads_to_any_container(self):
        self.swift.stored[ODD_NAME] = {"allow-odd": "10.0.0.0/8"}
        response = self.client.get(self.url("index"))
        (row,) = response.context["table"].data
        assert resolve(unquote(row.target.url())).kwargs == {"container": ODD_NAME}
        assert "odd" in self.page(row.target.url())


class IndexEnforcementTest(PanelTest):
    def index(self, mode: Mode, **known) -> str:
        self.swift.what_it_says = Enforcement(mode, **known)
        return self.page(self.url("index"))

    def test_without_the_filter_nothing_enforces_the_lists(self):
        assert "Nothing enforces these lists." in self.index(Mode.ABSENT)

    def test_an_audited_list_refuses_nobody_yet(self):
        assert "refuses nobody yet" in self.index(Mode.AUDIT)

    def test_where_it_is_not_known_that_is_said(self):
        assert "It is not known whether anything enforces" in self.index(Mode.UNKNOWN)

    def test_what_is_enforced_needs_no_warning(self):
        page = self.index(Mode.ENFORCE)
        assert "ipw-enforcement" not in page
        assert "Swift enforces these lists." in page

    def test_how_long_a_change_takes_is_told(self):
        assert "within 60 s on all others" in self.index(Mode.ENFORCE, staleness=60)

    def test_how_long_a_change_takes_may_be_unknown(self):
        assert "may take a while" in self.index(Mode.ENFORCE)


class IndexPagingTest(PanelTest):
    def setUp(self):
        super().setUp()
        self.swift.stored |= {f"c{number}": {} for number in range(5)}

    def names(self, query: str = "") -> list[str]:
        response = self.client.get(self.url("index") + query)
        return [row.name for row in response.context["table"].data]

    @override_settings(API_RESULT_PAGE_SIZE=2)
    def test_pages_go_forward_and_back(self):
        assert self.names() == ["c0", "c1"]
        assert self.names("?marker=c1") == ["c2", "c3"]
        assert self.names("?prev_marker=c2") == ["c0", "c1"]

    @override_settings(API_RESULT_PAGE_SIZE=2)
    def test_a_page_links_to_its_neighbours(self):
        page = self.page(self.url("index") + "?marker=c1")
        assert "?marker=c3" in page
        assert "?prev_marker=c2" in page

    @override_settings(API_RESULT_PAGE_SIZE=2)
    def test_the_first_page_has_none_before_it(self):
        assert "prev_marker" not in self.page(self.url("index"))

    @override_settings(API_RESULT_PAGE_SIZE=1)
    def test_a_name_survives_in_a_pages_address(self):
        self.swift.stored = {None: {}, "50% & #1?": {}, "b": {}}
        assert "?marker=50%25+%26+%231%3F" in self.page(self.url("index"))

    def test_the_filter_asks_swift_and_stays(self):
        url = self.url("index")
        self.swift.stored["docs"] = {}
        response = self.client.post(
            url, {"containers__filter__q": "d", "containers__filter__q_field": "prefix"}
        )
        self.assertRedirectsNoFollow(response, url)
        assert self.names() == ["docs"]


class IndexTestAddressTest(PanelTest):
    def test_the_table_tells_what_another_address_may_do(self):
        self.swift.stored["docs"] = {"allow": "192.0.2.0/24; read-only"}
        page = self.page(self.url("index") + "?address=192.0.2.7")
        assert "read only" in page
        assert "Back to your own address" in page

    def test_the_pages_keep_the_tested_address(self):
        self.swift.stored |= {"a": {}, "b": {}}
        with override_settings(API_RESULT_PAGE_SIZE=1):
            page = self.page(self.url("index") + "?address=192.0.2.7")
        assert "?marker=a&amp;address=192.0.2.7" in page

    def test_whom_the_operator_admits_besides_is_told_below_the_table(self):
        self.policy(always_allow=(parse_network("198.51.100.0/24"),))
        page = self.page(self.url("index"))
        assert (
            'The operator always admits: <span class="ipcontrol-network">198.51.100.0/24' in page
        )

    def test_what_is_no_address_is_told_and_ones_own_stays(self):
        self.swift.stored["docs"] = {"allow": "10.0.0.0/8"}
        page = self.page(self.url("index") + "?address=<b>")
        assert "Back to your own address" not in page
        assert re.search(r"<th[^>]*>\s*You\s*</th>", page)
        assert "&lt;b&gt;&quot; is not an address" in page
        assert "<b>" not in page


class ProblemTest(PanelTest):
    def test_a_refused_account_is_a_page_that_says_so(self):
        self.swift.listing_trouble = service_errors.RefusedError(None, CALLER, by_address=True)
        page = self.page(self.url("index"), status=403)
        assert f"Your address {CALLER} may not do this: no entry of a whitelist admits it." in page
        assert "Somebody whose address is admitted, or whoever runs the cloud, can" in page

    def test_a_refused_container_is_a_page_that_leads_back(self):
        self.swift.trouble["docs"] = service_errors.RefusedError("docs", CALLER, by_address=True)
        page = self.page(self.url("container_entries", "docs"), status=403)
        assert "Back to the containers" in page

    def test_a_refusal_by_role_does_not_send_to_the_list(self):
        self.swift.trouble["docs"] = service_errors.RefusedError("docs", CALLER, by_address=False)
        page = self.page(self.url("container_entries", "docs"), status=403)
        assert "your role does not permit it" in page
        assert "can add yours" not in page

    def test_a_container_that_is_not_there_is_a_page_that_says_so(self):
        page = self.page(self.url("container_entries", "nothing"), status=404)
        assert "There is no container nothing (any more)." in page

    def test_a_swift_that_does_not_answer_is_a_page_that_says_so(self):
        self.swift.listing_trouble = service_errors.UnavailableError(None, 503)
        assert "Swift does not answer" in self.page(self.url("index"), status=503)

    def test_an_answer_that_nobody_expected_is_not_shown_as_it_is(self):
        self.swift.listing_trouble = service_errors.ServiceError(None, 418)
        assert "Swift answered with an error (HTTP 418)" in self.page(
            self.url("index"), status=503
        )

    def test_an_expired_token_leads_to_the_login(self):
        self.swift.listing_trouble = service_errors.SignedOutError(None)
        response = self.client.get(self.url("index"))
        assert response.status_code == 302
        assert response["location"].startswith("http://testserver/auth/login/")

    def test_in_a_modal_a_problem_is_shown_not_swallowed(self):
        self.swift.trouble["docs"] = service_errors.RefusedError("docs", CALLER, by_address=True)
        modal = self.modal(self.url("container_add", "docs"))
        assert f"Your address {CALLER} is not on the list" in modal
        assert "<html" not in modal

    def test_a_containers_name_is_no_template(self):
        page = self.page(self.url("container_entries", ODD_NAME), status=404)
        assert "<img src=x" not in page
        assert "{% now" in page


class EntriesTest(PanelTest):
    def entries(self, query: str = "", container: str = "docs") -> str:
        return self.page(self.url("container_entries", container) + query)

    def row(self, key: str) -> str:
        page = self.entries()
        start = page.index(f'id="entries__row__{key}"')
        return page[start : page.index("</tr>", start)]

    def test_an_entry_shows_its_parts(self):
        self.swift.stored["docs"] = {
            "allow-lab": "10.0.0.0/8, 2001:db8::/32; read-only; until=2999-01-01T00:00Z"
        }
        row = self.row("allow-lab")
        for part in ("lab", "10.0.0.0/8", "2001:db8::/32", "read", "2999-01-01 00:00 UTC"):
            assert part in row
        assert "container" in row

    def test_an_expired_entry_says_so(self):
        self.swift.stored["docs"] = {"allow-lab": "10.0.0.0/8; until=2020-01-01T00:00Z"}
        assert "expired" in self.row("allow-lab")

    def test_an_entry_without_effect_names_those_that_cover_it(self):
        self.swift.stored["docs"] = {"allow-lab": "10.0.0.0/8", "allow-room": "10.1.0.0/16"}
        assert "Without effect: already covered by lab." in self.row("allow-room")
        assert "Without effect" not in self.row("allow-lab")

    def test_an_address_that_is_meant_to_read_only_and_may_write_is_told(self):
        self.swift.stored["docs"] = {"allow-lab": "10.0.0.0/8", "allow-pc": "10.1.0.5; read-only"}
        told = "Without effect: these addresses may read and write by lab."
        assert told in self.row("allow-pc")

    def test_an_expired_entry_beside_others_is_without_effect(self):
        self.swift.stored["docs"] = {
            "allow-lab": "10.0.0.0/8; until=2020-01-01T00:00Z",
            "allow-b": "10.0.0.0/8",
        }
        assert "Without effect: it has expired." in self.row("allow-lab")

    def test_a_list_whose_entries_have_all_expired_says_so(self):
        self.swift.stored["docs"] = {"allow-lab": "10.0.0.0/8; until=2020-01-01T00:00Z"}
        assert "Nobody but operators: every entry has expired" in self.entries()

    def test_of_a_list_that_swift_does_not_show_nothing_is_claimed(self):
        self.swift.stored["docs"] = {}
        self.swift.trouble[None] = service_errors.RefusedError(None, CALLER, by_address=False)
        page = self.entries()
        assert "Not known: Swift does not show you the list (account defaults)" in page
        assert "It admits nobody." not in page
        assert "Nobody but operators" not in page

    def test_an_unreadable_item_is_shown_with_the_reason_and_its_mend(self):
        self.swift.stored["docs"] = {"allow-office": "10.1.2.3/16"}
        row = self.row("allow-office")
        assert "10.1.2.3/16 has host bits set: 10.1.0.0/16?" in row
        assert "It admits nobody." in row
        assert "Mend" in row
        assert "Remove" in row

    def test_an_unreadable_value_is_text(self):
        self.swift.stored["docs"] = {"allow-x": "<script>alert(1)</script>"}
        assert "<script>alert(1)</script>" not in self.entries()

    def test_the_accounts_entries_are_shown_where_they_rule_and_are_not_edited_here(self):
        self.swift.stored |= {None: {"allow-home": "10.0.0.0/8"}, "docs": {}}
        row = self.row("account//allow-home")
        assert "account" in row
        assert "Edit" not in row
        assert 'type="checkbox"' not in row

    def test_the_accounts_entries_are_not_shown_where_they_do_not_rule(self):
        self.swift.stored |= {None: {"allow-home": "10.0.0.0/8"}, "docs": {"allow": "10.0.0.0/8"}}
        assert "allow-home" not in self.entries()

    def test_the_base_containers_entries_are_shown_where_they_rule(self):
        self.swift.stored |= {"docs": {"allow-lab": "10.0.0.0/8"}, "docs_segments": {}}
        page = self.entries(container="docs_segments")
        assert "container docs" in page
        assert "(as docs)" in page

    def test_behind_a_base_container_that_is_gone_the_account_rules_as_in_the_filter(self):
        self.swift.stored |= {
            None: {"allow-home": "192.0.2.0/24"},
            "docs": {"allow": "10.0.0.0/8"},
            "docs_segments_segments": {},
        }
        page = self.entries(container="docs_segments_segments")
        assert "(account defaults)" in page
        assert "10.0.0.0/8" not in page

    def test_the_operators_networks_are_shown(self):
        self.swift.stored["docs"] = {}
        self.policy(always_allow=(parse_network("198.51.100.0/24"),))
        row = self.row("operator/")
        assert "198.51.100.0/24" in row
        assert "operator" in row

    def test_other_metadata_counts_in_the_budget_and_is_not_shown(self):
        self.swift.stored["docs"] = {"allow": "10.0.0.1", "color": "midnight"}
        page = self.entries()
        assert "2 of 90 items, 26 of 4096 bytes" in page
        assert "midnight" not in page

    def test_ones_own_rights_and_the_entry_that_gives_them_are_told(self):
        self.swift.stored["docs"] = {"allow-lab": "10.0.0.0/8"}
        assert "by <strong>lab</strong>" in self.entries()

    def test_an_empty_list_says_so(self):
        self.swift.stored["docs"] = {}
        page = self.entries()
        assert "There are no entries yet." in page
        assert "Nobody but operators" in page

    def test_labels_of_other_people_are_text(self):
        self.swift.stored["docs"] = {"allow-<b>x": "10.0.0.0/8"}
        page = self.entries()
        assert "<b>x" not in page
        assert "&lt;b&gt;x" in page

    def test_the_account_has_the_same_page(self):
        self.swift.stored[None] = {"allow-home": "10.0.0.0/8"}
        page = self.page(self.url("account_entries"))
        assert "Account defaults" in page
        assert "home" in page
        assert self.url("account_add") in page

    def test_a_forged_selection_leads_to_a_page_that_knows_no_such_entry(self):
        self.swift.stored["docs"] = {"allow": "10.0.0.0/8"}
        url = self.url("container_entries", "docs")
        response = self.client.post(
            url, {"action": "entries__remove_selected", "object_ids": ["color"]}
        )
        assert response.status_code == 302
        assert "There is no entry color (any more)." in self.page(response["location"], 404)
        assert self.swift.written == []

    def test_horizons_own_question_is_not_asked_before_the_page_that_knows_more(self):
        self.swift.stored["docs"] = {"allow": "10.0.0.0/8"}
        page = self.entries()
        start = page.index('value="entries__remove_selected"')
        button = page[page.rindex("<button", 0, start) : start]
        assert "data-batch-action" not in button
        assert "btn-danger" not in button

    def test_the_selected_entries_are_shown_before_they_are_removed(self):
        self.swift.stored["docs"] = {"allow": "10.0.0.0/8", "allow-b": "192.0.2.1"}
        response = self.client.post(
            self.url("container_entries", "docs"),
            {"action": "entries__remove_selected", "object_ids": ["allow-b", "allow"]},
        )
        expected = (
            self.url("container_remove", "docs")
            + "?item=allow-b&item=allow&project=1&region=RegionOne"
        )
        self.assertRedirectsNoFollow(response, expected)


class TestAnAddressTest(PanelTest):
    def ask(self, address: str, method: str = "PUT") -> str:
        self.swift.stored["docs"] = {"allow-partner": "203.0.113.0/24; read-only"}
        url = self.url("container_entries", "docs")
        return self.page(f"{url}?address={quote(address)}&method={method}")

    def test_a_refusal_names_the_entry_that_decides(self):
        page = self.ask("203.0.113.77")
        assert "Refused." in page
        assert "203.0.113.77 is in partner (203.0.113.0/24), which may only read." in page

    def test_an_admission_names_the_entry_that_decides(self):
        page = self.ask("203.0.113.77", "GET")
        assert "Admitted." in page
        assert "203.0.113.77 is in partner (203.0.113.0/24)." in page

    def test_what_is_no_address_is_told_how_to_write_one(self):
        page = self.ask("203.0.113.0/24")
        assert "203.0.113.0?" in page
        assert 'value="203.0.113.0/24"' in page

    def test_an_unheard_of_method_has_no_answer(self):
        page = self.ask("203.0.113.77", "BREW")
        assert "Admitted." not in page
        assert "Refused." not in page

    def says(self, **what_it_says) -> None:
        """Set what Swift says about itself."""
        self.swift.what_it_says = replace(self.swift.what_it_says, **what_it_says)

    def test_a_refusal_by_the_lists_is_told_as_that_where_the_operator_hides_whom_he_admits(self):
        self.says(always_allow_known=False)
        page = self.ask("203.0.113.77")
        answer = page[page.index("Refused, by the lists.") :]
        assert "The operator may admit further addresses, which Swift does not show." in answer

    def test_a_refusal_by_the_lists_is_told_as_that_where_the_proxies_are_admitted(self):
        self.says(admit_local=True)
        page = self.ask("203.0.113.77")
        answer = page[page.index("Refused, by the lists.") :]
        assert "The addresses of Swift's own proxies are admitted too." in unescape(answer)

    def test_whom_the_operator_admits_is_admitted(self):
        self.policy(always_allow=(parse_network("198.51.100.0/24"),))
        page = self.ask("198.51.100.7")
        assert "Admitted." in page
        assert "which the operator always admits" in page

    def test_ones_own_address_that_swift_answers_is_admitted_though_no_list_holds_it(self):
        page = self.ask(CALLER)
        assert "Admitted by the operator." in page
        assert f"No list admits {CALLER}, and Swift answers it all the same." in page

    def test_where_nothing_enforces_the_lists_nobody_is_refused(self):
        for mode in (Mode.AUDIT, Mode.ABSENT):
            self.says(mode=mode)
            page = self.ask("192.0.2.7")
            assert "Admitted, for nothing enforces the lists." in page
            assert "By the lists it would be refused: No entry holds 192.0.2.7." in page

    def test_where_swift_does_not_say_what_it_enforces_the_answer_is_not_known(self):
        self.says(mode=Mode.UNKNOWN)
        page = self.ask("192.0.2.7")
        assert "Not known." in page
        assert "By the lists it would be refused" in page

    def test_by_a_list_that_swift_does_not_show_the_answer_is_not_known(self):
        self.swift.trouble[None] = service_errors.UnavailableError(None, 503)
        self.swift.stored["docs"] = {}
        page = self.page(self.url("container_entries", "docs") + "?address=192.0.2.7&method=GET")
        assert "Not known." in page
        assert "Swift does not show you the list that rules here." in page


class OnlyReadsTest(PanelTest):
    """A person who may look at a list and not change it."""

    FORMS = ("add", "add_mine", "edit", "remove", "try_out")

    def setUp(self):
        super().setUp()
        self.swift.stored["docs"] = {"allow-lab": "10.0.0.0/8; read-only", "allow": ELSEWHERE}
        self.url_of = {
            name: self.url(f"container_{name}", "docs") for name in (*self.FORMS, "copy")
        }

    def entries(self, query: str = "") -> str:
        return self.page(self.url("container_entries", "docs") + query)

    def offered(self, page: str) -> list[str]:
        return [name for name, url in self.url_of.items() if f'href="{url}' in page]

    def hide_whom_the_operator_admits(self) -> None:
        self.swift.what_it_says = replace(self.swift.what_it_says, always_allow_known=False)

    def test_no_change_is_offered_and_the_page_says_why(self):
        page = self.entries()
        told = f"Your address {CALLER} may only read here, so you cannot change this list."
        assert told in page
        assert self.offered(page) == ["copy"]
        assert "remove_selected" not in page
        assert "try it all the same" not in page

    def test_a_form_that_must_fail_is_not_shown(self):
        for name in self.FORMS:
            page = self.page(self.url_of[name] + "?item=allow-lab", status=403)
            assert "may only read here" in page
            assert "all the same" not in page

    def test_in_a_modal_it_is_said_too(self):
        assert "may only read here" in self.modal(self.url_of["add"])

    def test_what_is_sent_all_the_same_swift_answers(self):
        refused = service_errors.RefusedError("docs", CALLER, by_address=True, method="POST")
        self.swift.write_trouble["docs"] = refused
        data = {"label": "x", "networks": ELSEWHERE, "rights": "read", "seen": "{}"}
        response = self.client.post(self.url_of["add"], data)
        assert "is not on the list of addresses that may change" in response.content.decode()

    def test_who_may_be_admitted_by_the_operator_besides_can_try_it(self):
        self.hide_whom_the_operator_admits()
        assert '<a href="?anyway=1">' in self.entries()
        page = self.entries("?anyway=1")
        assert self.offered(page) == [*self.url_of]
        assert f"{self.url_of['add']}?anyway=1" in page
        assert "may only read here" not in page
        refusal = self.page(self.url_of["edit"] + "?item=allow-lab", status=403)
        (link,) = re.findall(r'href="([^"]*anyway=1)"', refusal)
        assert "id_networks" in self.page(unescape(link))

    def test_who_is_certain_to_be_refused_cannot(self):
        self.page(self.url_of["add"] + "?anyway=1", status=403)
        assert "may only read here" in self.entries("?anyway=1")

    def test_the_index_leads_to_a_list_to_be_viewed(self):
        assert "View Entries" in self.page(self.url("index"))

    def test_where_the_lists_are_on_trial_everything_is_offered(self):
        self.swift.what_it_says = replace(self.swift.what_it_says, mode=Mode.AUDIT)
        assert self.offered(self.entries()) == [*self.url_of]

    def test_who_may_write_is_offered_everything(self):
        self.swift.stored["docs"]["allow-me"] = CALLER
        assert self.offered(self.entries()) == [*self.url_of]

    def test_whose_role_may_not_see_the_account_may_not_change_a_container(self):
        self.swift.stored["docs"] = {"allow": "10.0.0.0/8"}
        self.swift.trouble[None] = service_errors.RefusedError(None, CALLER, by_address=False)
        page = self.entries("?anyway=1")
        assert "Your role does not permit you to change this list." in page
        assert self.offered(page) == ["copy"]
        self.page(self.url_of["add"], status=403)

    def test_whose_address_may_not_see_the_account_may_change_a_container(self):
        self.swift.stored["docs"] = {"allow": "10.0.0.0/8"}
        self.swift.trouble[None] = service_errors.RefusedError(None, CALLER, by_address=True)
        assert self.offered(self.entries()) == [*self.url_of]


class UnknownCallerTest(PanelTest):
    def setUp(self):
        super().setUp()
        self.client.defaults["REMOTE_ADDR"] = "nobody"

    def test_the_index_says_that_the_address_is_not_known(self):
        assert "Your address is not known" in self.page(self.url("index"))

    def test_the_list_says_that_the_address_is_not_known(self):
        self.swift.stored["docs"] = {}
        page = self.page(self.url("container_entries", "docs"))
        assert "Your address is not known" in page

    def test_nothing_is_filled_in_for_an_address_that_is_not_known(self):
        self.swift.stored["docs"] = {}
        page = self.page(self.url("container_add_mine", "docs"))
        assert "Your address is not known" in page
        assert ELSEWHERE not in page
