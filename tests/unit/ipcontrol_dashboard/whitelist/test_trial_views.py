# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Lists that are only tried out, on the pages that show and change them."""

import re
from dataclasses import replace
from html import unescape

from ipcontrol.contract import Mode
from ipcontrol_dashboard.kit import service_errors
from tests.unit.ipcontrol_dashboard.whitelist.fakes import CALLER, ELSEWHERE, ENFORCED, PanelTest
from tests.unit.ipcontrol_dashboard.whitelist.test_form_views import FormTest

TRIAL = "whitelist-trial"
OTHER = {"allow-other": "192.0.2.0/24"}
OPEN = {"allow-all": "0.0.0.0/0"}
LATER = "2999-12-31T18:00Z"
OLDER = replace(ENFORCED, trials=False)


def plain(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", page)).split())


class ShownTest(PanelTest):
    def setUp(self):
        super().setUp()
        self.swift.stored[None] = dict(OPEN)
        self.docs(**OTHER, **{TRIAL: "true"})

    def docs(self, **metadata):
        self.swift.stored["docs"] = metadata

    def markup(self, query: str = "") -> str:
        return self.page(self.url("container_entries", "docs") + query)

    def offered(self, page: str) -> list[str]:
        names = ("try_out", "enforce")
        return [name for name in names if self.url(f"container_{name}", "docs") in page]

    def test_that_a_list_is_on_trial_is_told_with_who_gets_in_meanwhile_and_then(self):
        page = self.markup()
        assert "This list is on trial. It is not enforced until somebody says so." in plain(page)
        assert "Who reaches it meanwhile: Any IPv4 address (account defaults)." in plain(page)
        assert "Once it is enforced: Only 192.0.2.0/24." in plain(page)
        assert self.offered(page) == ["try_out", "enforce"]

    def test_a_trial_that_ends_by_itself_says_when(self):
        self.docs(**OTHER, **{TRIAL: LATER})
        told = "It is not enforced until 2999-12-31 18:00 UTC (in 97"
        assert told in plain(self.markup())

    def test_a_trial_that_is_over_is_not_told_and_another_is_offered(self):
        self.docs(allow=CALLER, **{TRIAL: "2020-01-01T00:00Z"})
        page = self.markup()
        assert "on trial" not in page
        assert self.offered(page) == ["try_out"]

    def test_of_a_list_without_entries_it_is_told_what_comes(self):
        self.docs(**{TRIAL: "true"})
        page = plain(self.markup())
        assert "This list has no entries; as soon as it has some, it is on trial." in page
        assert "Once it is enforced" not in page

    def test_the_account_has_trials_too(self):
        self.swift.stored[None] = OTHER | {TRIAL: "true"}
        self.policy(unlisted="allow")
        page = self.page(self.url("account_entries"))
        assert "Who reaches it meanwhile: Any address." in plain(page)
        assert self.url("account_enforce") in page

    def test_a_value_that_cannot_be_read_is_told_and_mended(self):
        self.docs(allow=CALLER, **{TRIAL: "<soon>"})
        page = self.markup()
        assert "&lt;soon&gt;" in page
        assert "The list is enforced." in page
        assert "does not say until when the list is tried out" in page
        assert ">Mend</a>" in page
        index = self.page(self.url("index"))
        assert "1 item needs attention" in index
        assert "Mend" in index

    def test_of_an_endless_value_the_page_shows_the_beginning(self):
        self.docs(allow=CALLER, **{TRIAL: "x" * 5000})
        assert "x" * 101 not in self.markup()

    def test_an_older_swift_enforces_the_list_and_is_offered_nothing(self):
        self.swift.what_it_says = OLDER
        self.docs(allow=CALLER, **{TRIAL: "true"})
        page = self.markup()
        assert "This Swift knows no trials: the list is enforced." in plain(page)
        assert "meanwhile" not in page
        assert self.offered(page) == []
        assert f"Only {CALLER}" in plain(page)
        assert "On trial" not in self.page(self.url("index"))

    def test_where_nothing_is_known_of_swift_nothing_is_offered(self):
        for mode in (Mode.ABSENT, Mode.UNKNOWN):
            self.swift.what_it_says = replace(OLDER, mode=mode)
            page = self.markup()
            assert "Swift does not say that it knows trials" in page
            assert self.offered(page) == []

    def test_who_may_only_read_is_told_and_offered_nothing(self):
        self.swift.stored[None] = {"allow": f"{CALLER}; read-only"}
        page = self.markup()
        assert "This list is on trial." in page
        assert self.offered(page) == []

    def test_the_index_tells_which_containers_are_on_trial(self):
        self.docs(**OTHER, **{TRIAL: LATER})
        page = plain(self.page(self.url("index")))
        told = (
            "Any IPv4 address (account defaults) On trial, enforced from 2999-12-31 18:00 UTC on"
        )
        assert told in page


class TryOutTest(FormTest):
    name = "try_out"

    def setUp(self):
        super().setUp()
        self.swift.stored[None] = dict(OPEN)

    def test_a_list_is_put_off_without_an_end(self):
        page = self.page(self.send()["location"])
        assert "The list is on trial." in plain(page)
        assert self.swift.written == [("docs", {TRIAL: "true"}, False)]

    def test_a_list_is_put_off_until_a_moment(self):
        self.accepted(self.send(enforced_from="2999-12-31 18:00"))
        assert self.swift.stored["docs"][TRIAL] == LATER

    def test_a_moment_that_has_passed_is_refused(self):
        assert "has passed" in self.errors(self.send(enforced_from="2020-01-01 00:00"))
        assert self.swift.written == []

    def test_where_no_list_would_rule_who_puts_his_own_off_is_asked(self):
        self.swift.stored[None] = {}
        assert "This would shut you out" in self.errors(self.send())

    def test_what_it_does_is_told_before(self):
        response = self.send(enforced_from="2999-12-31 18:00", forecast="script")
        assert "Gain reading and writing:" in plain(response.content.decode())
        assert "until 2999-12-31 18:00 UTC" in plain(response.content.decode())
        assert self.swift.written == []

    def test_who_is_shut_out_when_it_ends_is_asked_once_and_swift_is_told(self):
        self.swift.stored |= {None: dict(OPEN), "docs": OTHER | {TRIAL: "true"}}
        filled = {"enforced_from": "2999-12-31 18:00"}
        asked = self.send(**filled)
        assert "This would shut you out on 2999-12-31 18:00 UTC" in self.errors(asked)
        self.swift.write_trouble["docs"] = service_errors.LockoutError("docs", CALLER)
        self.accepted(self.send(**filled, **self.agreed(asked)))
        assert self.swift.written == [("docs", {TRIAL: LATER}, True)]

    def test_who_agreed_to_an_end_has_not_agreed_to_an_earlier_one(self):
        self.swift.stored |= {None: dict(OPEN), "docs": OTHER | {TRIAL: "true"}}
        agreed = self.agreed(self.send(enforced_from="2999-12-31 18:00"))
        told = self.errors(self.send(enforced_from="2998-12-31 18:00", **agreed))
        assert "This would shut you out on 2998" in told

    def test_a_trial_that_somebody_else_began_is_not_written_over(self):
        seen = dict(self.swift.stored["docs"])
        self.swift.stored["docs"][TRIAL] = LATER
        told = self.errors(self.send(seen=seen))
        assert f"whitelist-trial was added: {LATER}" in told

    def test_a_trial_that_was_shown_is_no_news(self):
        self.swift.stored["docs"][TRIAL] = LATER
        shown = self.client.get(self.form_url()).context["form"]["seen"].value()
        self.accepted(self.client.post(self.form_url(), {"seen": shown}))
        assert self.swift.stored["docs"][TRIAL] == "true"

    def test_an_older_swift_has_no_such_page(self):
        self.swift.what_it_says = OLDER
        self.page(self.form_url(), status=404)
        assert self.send().status_code == 404
        assert self.swift.written == []


class EnforceTest(FormTest):
    name = "enforce"

    def setUp(self):
        super().setUp()
        self.swift.stored |= {None: dict(OPEN), "docs": OTHER | {TRIAL: "true"}}

    def test_who_loses_is_told_before(self):
        page = plain(self.page(self.form_url()))
        assert "Lose reading and writing:" in page
        assert "Who reaches it then: Only 192.0.2.0/24" in page

    def test_who_is_shut_out_is_asked_and_the_item_is_removed(self):
        asked = self.send()
        assert "This would shut you out: you could not change it back." in self.errors(asked)
        self.accepted(self.send(**self.agreed(asked)))
        assert self.swift.written == [("docs", {TRIAL: ""}, True)]
        assert self.swift.stored["docs"] == OTHER

    def test_what_cannot_be_read_is_removed_and_changes_nothing(self):
        self.swift.stored["docs"] = {"allow": CALLER, TRIAL: "soon"}
        page = plain(self.page(self.form_url()))
        assert "is enforced already" in page
        assert "Nobody gains or loses by this, now or later." in page
        self.accepted(self.send())
        assert self.swift.stored["docs"] == {"allow": CALLER}

    def test_a_list_that_is_not_on_trial_is_a_page_that_says_so(self):
        del self.swift.stored["docs"][TRIAL]
        self.page(self.form_url(), status=404)


class FirstEntryTest(FormTest):
    name = "add"

    def setUp(self):
        super().setUp()
        self.swift.stored |= {None: dict(OPEN), "docs": {}}

    def add(self, **data):
        return self.send(**{"networks": ELSEWHERE, "rights": "write", "try_out": "on"} | data)

    def test_a_first_entry_and_its_trial_are_one_change(self):
        self.accepted(self.add())
        assert self.swift.written == [("docs", {"allow": ELSEWHERE, TRIAL: "true"}, False)]

    def test_with_an_end_it_is_told_and_judged_from_then_on(self):
        filled = {"enforced_from": "2999-12-31 18:00"}
        told = plain(self.add(**filled, forecast="script").content.decode())
        assert "from 2999-12-31 18:00 UTC" in told
        asked = self.add(**filled)
        assert "This would shut you out on 2999-12-31 18:00 UTC" in self.errors(asked)
        self.accepted(self.add(**filled, **self.agreed(asked)))
        assert self.swift.written == [("docs", {"allow": ELSEWHERE, TRIAL: LATER}, True)]

    def test_without_the_tick_the_list_is_enforced(self):
        self.accepted(self.add(networks=CALLER, try_out=""))
        assert self.swift.written == [("docs", {"allow": CALLER}, False)]

    def test_a_moment_without_the_tick_is_refused(self):
        told = self.errors(self.add(try_out="", enforced_from="2999-12-31 18:00"))
        assert 'Tick "Try out first", or leave this empty.' in told

    def test_it_is_offered_with_the_first_entry_alone(self):
        assert 'name="try_out"' in self.page(self.form_url())
        assert 'name="try_out"' in self.page(self.url("container_add_mine", "docs"))
        for stored in ({"allow": CALLER}, {TRIAL: "true"}):
            self.swift.stored["docs"] = stored
            assert 'name="try_out"' not in self.page(self.form_url())
        self.swift.stored["docs"], self.swift.what_it_says = {}, OLDER
        assert 'name="try_out"' not in self.page(self.form_url())

    def test_a_list_that_got_entries_meanwhile_is_not_put_off(self):
        self.swift.stored["docs"] = {"allow-me": CALLER}
        assert "This is not the first entry" in self.errors(self.add(seen={}))
        assert self.swift.written == []
