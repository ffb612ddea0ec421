# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Who called, on the page of a container."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import lxml.html

from ipcontrol.addresses import parse_network
from ipcontrol.callers import Caller, Callers, EntryUse, Recorded
from ipcontrol.contract import Enforcement, Mode
from ipcontrol_dashboard.kit import service_errors
from ipcontrol_dashboard.whitelist import recent
from tests.unit.ipcontrol_dashboard.whitelist.fakes import ENFORCED, PanelTest

RECORDING = replace(ENFORCED, callers=Recorded.ALL)


def ago(**span) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(**span)


def caller(network: str, seen: datetime, reads=0, writes=0, **known) -> Caller:
    return Caller(parse_network(network), seen, seen, reads, writes, **known)


class RecentTest(PanelTest):
    def setUp(self):
        super().setUp()
        self.swift.what_it_says = RECORDING
        self.swift.stored["docs"] = {
            "allow-lab": "10.0.0.0/8, 2001:db8::/48",
            "allow-partner": "192.0.2.0/24; read-only",
        }

    def tell(self, *callers: Caller, since=None, entries=(), **known) -> None:
        known = {"recorded": Recorded.ALL, "days": 30} | known
        self.swift.who_called = Callers(
            **known, since=since or ago(days=40), callers=callers, entries=tuple(entries)
        )

    def section(self, query: str = "", name: str = "docs"):
        page = lxml.html.fromstring(self.page(self.url("container_entries", name) + query))
        (section,) = page.xpath("//section[@id='recent']")
        return section

    def rows(self) -> list[list[str]]:
        found = self.section().xpath(".//tbody/tr")
        return [[" ".join(cell.text_content().split()) for cell in row] for row in found]

    def text(self) -> str:
        return " ".join(self.section().text_content().split())

    def test_a_caller_is_told_with_what_the_list_says_of_him_now_and_by_which_entry(self):
        self.tell(caller("10.1.1.1", ago(hours=2), 1804, 12))
        assert self.rows() == [
            ["10.1.1.1", "2 hours ago", "1,804 reads, 12 writes", "admitted by lab", ""]
        ]

    def test_one_read_is_one_read(self):
        self.tell(caller("10.1.1.1", ago(seconds=2), 1))
        assert self.rows()[0][1:3] == ["just now", "1 read"]

    def test_the_refused_are_first_with_the_reasons(self):
        self.tell(
            caller("10.1.1.1", ago(hours=1), 5),
            caller("198.51.100.9", ago(days=1), refusals={"not-listed": 3, "new-reason": 1}),
            caller("192.0.2.1", ago(days=2), 5, refusals={"read-only": 2}),
        )
        rows = self.rows()
        assert [row[0] for row in rows] == ["198.51.100.9", "192.0.2.1", "10.1.1.1"]
        assert rows[0][2:4] == ["4 refused (not on the list, new-reason)", "refused"]
        assert rows[1][2:4] == ["2 refused (may only read) 5 reads", "read only by partner"]

    def test_who_was_refused_and_is_let_in_now_is_no_longer_first(self):
        self.tell(
            caller("192.0.2.1", ago(hours=1), 5),
            caller("10.1.1.1", ago(days=2), refusals={"not-listed": 3}),
        )
        assert [row[0] for row in self.rows()] == ["192.0.2.1", "10.1.1.1"]

    def test_what_a_list_on_trial_would_refuse_is_told(self):
        self.tell(caller("198.51.100.9", ago(hours=1), 2, trial_refusals={"not-listed": 2}))
        assert "2 would have been refused (not on the list) 2 reads" in self.text()

    def test_an_ipv6_network_may_be_admitted_in_part(self):
        self.swift.stored["docs"]["allow-one"] = "2001:db8:5::1"
        self.tell(
            caller("2001:db8::/64", ago(hours=1), 1),
            caller("2001:db8:5::/64", ago(hours=2), 1),
            caller("2001:db8:6::/64", ago(hours=3), 1),
        )
        assert [row[3] for row in self.rows()] == [
            "admitted by lab",
            "partly admitted",
            "refused",
        ]

    def test_where_the_operator_may_admit_others_nobody_is_called_refused(self):
        self.swift.what_it_says = replace(RECORDING, always_allow_known=False)
        self.tell(caller("198.51.100.9", ago(hours=1), 1))
        assert self.rows()[0][3] == "not on the list"

    def test_add_leads_to_the_form_with_the_address_in_it(self):
        self.tell(
            caller("198.51.100.9", ago(hours=1), refusals={"not-listed": 1}),
            caller("192.0.2.1", ago(hours=1), 1),
            caller("10.1.1.1", ago(hours=1), 1),
        )
        links = self.section().xpath(".//a[contains(@class, 'ajax-modal')]")
        labels = [link.get("aria-label") for link in links]
        assert labels == ["Add 198.51.100.9", "Add 192.0.2.1"]
        form = lxml.html.fromstring(self.page(links[0].get("href")))
        assert form.xpath("//textarea[@name='networks']")[0].text.strip() == "198.51.100.9"

    def test_a_link_with_nonsense_fills_in_nothing(self):
        for text in ("<script>", "10.0.0.0/8, 1.1.1.1", "9" * 9000):
            form = lxml.html.fromstring(
                self.page(self.url("container_add", "docs") + f"?network={text}")
            )
            assert not (form.xpath("//textarea[@name='networks']")[0].text or "").strip()

    def test_who_may_only_read_is_offered_nothing_to_add(self):
        self.swift.stored["docs"] = {"allow": "10.0.0.0/8; read-only"}
        self.tell(caller("198.51.100.9", ago(hours=1), refusals={"not-listed": 1}))
        assert self.section().xpath(".//a") == []

    def test_it_says_since_when_anything_is_known_and_never_nobody(self):
        self.tell(since=ago(days=3))
        assert "Nothing is known before" in self.text()
        assert "(3 days ago)" in self.text()
        assert "No caller is recorded since then." in self.text()
        self.swift.who_called = Callers(Recorded.ALL, 30)
        assert "Nothing is known yet." in self.text()
        assert "No caller" not in self.text()

    def test_with_refusals_alone_it_says_so_and_knows_nothing_of_entries(self):
        self.tell(recorded=Recorded.REFUSED)
        assert "Only refused requests are recorded." in self.text()
        assert "Not used" not in self.page(self.url("container_entries", "docs"))

    def test_where_swift_does_not_tell_the_page_is_there_and_says_so(self):
        self.swift.who_called = service_errors.UnavailableError("docs", 503)
        assert "Who called cannot be shown now. Swift does not answer" in self.text()
        assert "10.0.0.0/8" in self.page(self.url("container_entries", "docs"))

    def test_where_nothing_is_recorded_swift_is_not_asked(self):
        self.swift.who_called = AssertionError()
        for says in (ENFORCED, Enforcement(Mode.ABSENT), Enforcement(Mode.UNKNOWN)):
            self.swift.what_it_says = says
            assert "does not have it recorded" in self.text()

    def test_the_accounts_page_has_no_callers(self):
        assert "Recent callers" not in self.page(self.url("account_entries"))

    def test_more_than_a_page_of_callers_are_counted(self):
        self.tell(*(caller(f"10.1.1.{n}", ago(hours=1), 1) for n in range(recent.MOST_SHOWN + 7)))
        assert len(self.rows()) == recent.MOST_SHOWN
        assert "And 7 more." in self.text()

    def test_an_entry_says_how_often_it_was_used_and_when_last(self):
        use = EntryUse("container", "allow-lab", 1816, ago(hours=2))
        self.tell(entries=[use])
        page = self.page(self.url("container_entries", "docs"))
        assert "Used by 1,816 requests, the last 2" in page
        assert "Not used for 30 days." in page

    def test_an_entry_is_not_called_unused_for_longer_than_is_known(self):
        self.tell(since=ago(days=3))
        page = self.page(self.url("container_entries", "docs"))
        assert "when the records begin" in page
        assert "Not used for 30 days." not in page

    def test_the_entries_of_the_account_that_rule_here_are_counted_as_its_own(self):
        self.swift.stored[None] = {"allow-lab": "10.0.0.0/8"}
        self.swift.stored["plain"] = {}
        self.tell(entries=[EntryUse("account", "allow-lab", 3, ago(hours=2))])
        assert "Used by 3 requests" in self.page(self.url("container_entries", "plain"))

    def test_what_other_people_wrote_is_text(self):
        name = "<img src=x>"
        self.swift.stored["docs"] = {f"allow-{name}": "10.0.0.0/8"}
        self.tell(caller("10.1.1.1", ago(hours=1), 1, refusals={name: 1}))
        assert name not in self.page(self.url("container_entries", "docs"))
