# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the pages say that a change does."""

import re
from datetime import UTC, datetime
from ipaddress import ip_address
from unittest import mock

import lxml.html
import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.access import AccessPolicy, Source, Unlisted, Whitelist
from ipcontrol.addresses import parse_network
from ipcontrol.contract import Enforcement, Mode
from ipcontrol_dashboard.kit.service_errors import RefusedError
from ipcontrol_dashboard.whitelist import forecasts
from ipcontrol_dashboard.whitelist.rules import Listed, Rules
from ipcontrol_dashboard.whitelist.states import State
from ipcontrol_dashboard.whitelist.targets import Target
from tests.unit.ipcontrol import universe
from tests.unit.ipcontrol_dashboard.whitelist.fakes import CALLER, PanelTest
from tests.unit.ipcontrol_dashboard.whitelist.test_form_views import LAB, FormTest

AT = universe.NOON
ME = ip_address("10.0.0.1")
SOURCES = (Source.CONTAINER, Source.ACCOUNT)
LISTS = st.lists(universe.TRIED, min_size=2, max_size=2)
SHOWN = Enforcement(Mode.ENFORCE, always_allow_known=True)


def rules(policy, whitelists) -> Rules:
    lists = zip(SOURCES, whitelists, strict=False)
    return Rules(policy, tuple(Listed(source, "docs", each) for source, each in lists))


def fragment(before: Rules, after: Rules, caller=ME, enforcement=SHOWN):
    state = State(Target("docs"), {}, before, enforcement, caller, AT)
    found = forecasts.of_change(state, after)
    return lxml.html.fromstring(
        "<div>" + render_to_string(forecasts.TEMPLATE, {"forecast": found}) + "</div>"
    )


def told(before: dict, after: dict, **options) -> list[str]:
    """The lines that the page has of a change of one list."""
    policy = options.pop("policy", AccessPolicy())
    states = [rules(policy, [Whitelist.from_metadata(each)]) for each in (before, after)]
    return [text(each) for each in fragment(*states, **options).xpath(".//li | .//p")]


def text(element) -> str:
    return " ".join(element.text_content().split())


class Said:
    """A line, read as a person reads it: whom it names, and when it makes which difference."""

    WORDS = re.compile(
        r"(?P<what>Lose|Gain) (?P<rights>reading and writing|reading|writing): (?P<who>.*?), "
        r"(?P<when>now|on .*|until .*|from .*|now, not only on .*)"
    )

    def __init__(self, line: str) -> None:
        line = re.sub(r" \([^()]*\)", "", line)
        match = self.WORDS.fullmatch(line)
        assert match, line
        self.lost = match["what"] == "Lose"
        self.rights = match["rights"]
        moments = [
            datetime.fromisoformat(each).replace(tzinfo=UTC)
            for each in re.findall(r"(\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?) UTC", match["when"])
        ]
        self.starts = moments.pop(0) if match["when"].startswith(("on ", "from ")) else AT
        self.ends = moments.pop(0) if moments else None
        self.who = [each.split(" but ") for each in match["who"].split("; ")]

    def names(self, address) -> bool:
        return any(self._holds(address, *each) for each in self.who)

    @staticmethod
    def _holds(address, whom: str, exceptions: str = "") -> bool:
        inside = [parse_network(word) for word in re.findall(r"[0-9a-f.:]+(?:/\d+)?", exceptions)]
        if whom.startswith("all IPv"):
            excepted = any(address in each for each in inside if each.version == address.version)
            return address.version == int(whom[7]) and not excepted
        words = re.findall(r"[0-9a-f]+[.:][0-9a-f.:]*(?:/\d+)?|::(?:/\d+)?", whom)
        return any(
            address in network
            for network in map(parse_network, words)
            if network.version == address.version
        )

    def holds_at(self, moment) -> bool:
        return self.starts <= moment and (self.ends is None or moment < self.ends)


@universe.MANY
@given(universe.POLICIES, LISTS, LISTS)
def test_what_the_page_says_is_what_decides_before_and_after(policy, before, after):
    old, new = rules(policy, before), rules(policy, after)
    with mock.patch.multiple(forecasts, MOST_NETWORKS=500, MOST_LINES=500):
        page = fragment(old, new)
    lines = [Said(text(each)) for each in page.xpath(".//li")]
    addresses = universe.addresses(*before, *after, networks=policy.always_allow)
    for address in addresses:
        for moment in universe.MOMENTS:
            if moment < AT:
                continue
            for method, right in (("GET", "reading"), ("PUT", "writing")):
                differs = [
                    "lost" if line.lost else "gained"
                    for line in lines
                    if right in line.rights and line.names(address) and line.holds_at(moment)
                ]
                was = old.decide(address, method, moment).allowed
                becomes = new.decide(address, method, moment).allowed
                expected = [] if was == becomes else ["lost" if was else "gained"]
                assert differs == expected


def test_who_is_shut_out_is_told_by_networks_and_labels_and_from_when():
    before = {"allow-lab": "10.0.0.0/8", "allow-partner": "127.2.0.0/16"}
    after = before | {"allow-partner": "127.2.0.0/16; until=2026-12-31T18:00Z"}
    assert told(before, after) == [
        "Lose reading and writing: 127.2.0.0/16 (partner), from 2026-12-31 18:00 UTC (in 6 hours) on",
        f"You ({ME}): nothing changes.",
    ]


def test_reading_and_writing_are_told_apart():
    before = {"allow-a": "192.0.2.0/24", "allow-b": "10.0.0.0/8"}
    after = before | {"allow-a": "192.0.2.0/24; read-only", "allow-c": "::/1; read-only"}
    assert told(before, after)[:2] == [
        "Lose writing: 192.0.2.0/24 (a), now",
        "Gain reading: ::/1 (c), now",
    ]


def test_the_own_address_is_told_with_all_that_becomes_of_it():
    after = {"allow": f"{ME}; read-only; until=2026-12-31T18:00Z"}
    *_, you = told({"allow": "10.0.0.0/8"}, after)
    assert you == (
        f"You ({ME}): lose writing now; lose reading from 2026-12-31 18:00 UTC (in 6 hours) on."
    )


def test_an_end_that_is_put_off_is_a_gain_from_the_old_one_on():
    ends = "192.0.2.0/24; read-only; until="
    (gain, _you) = told(
        {"allow": ends + "2026-12-31T18:00Z"}, {"allow": ends + "2026-12-31T21:00Z"}
    )
    assert gain == (
        "Gain reading: 192.0.2.0/24, from 2026-12-31 18:00 UTC (in 6 hours) "
        "until 2026-12-31 21:00 UTC (in 9 hours)"
    )


def test_a_first_entry_of_what_was_open_tells_all_others_in_few_words():
    lines = told({}, {"allow": "10.0.0.0/8"}, policy=AccessPolicy(Unlisted.ALLOW))
    assert lines[0] == (
        "Lose reading and writing: all IPv4 addresses but 10.0.0.0/8; all IPv6 addresses, now"
    )


def test_what_changes_nothing_says_so():
    assert told({"allow": "10.0.0.0/8"}, {"allow": "10.0.0.0/9, 10.128.0.0/9"}) == [
        "Nobody gains or loses by this, now or later.",
        f"You ({ME}): nothing changes.",
    ]


def test_many_networks_are_counted_beyond_some():
    many = ", ".join(f"192.0.{number}.1" for number in range(30))
    (line, _you) = told({"allow": "10.0.0.0/8"}, {"allow": "10.0.0.0/8", "allow-many": many})
    assert line.endswith("192.0.11.1 and 18 more networks (many), now")


def test_an_address_that_is_not_known_is_promised_nothing():
    *_, you = told({"allow": "10.0.0.0/8"}, {}, caller=None)
    assert you == "Your address is not known."


@pytest.mark.parametrize("mode", [Mode.AUDIT, Mode.ABSENT, Mode.UNKNOWN])
def test_where_nothing_enforces_the_lists_that_is_said(mode):
    *_, note = told({"allow": "10.0.0.0/8"}, {}, enforcement=Enforcement(mode))
    assert note.startswith("Nothing is known to enforce the lists.")


def test_whom_the_operator_may_admit_besides_is_said():
    *_, note = told({"allow": "10.0.0.0/8"}, {}, enforcement=Enforcement(Mode.ENFORCE))
    assert note == "The operator may admit further addresses, which Swift does not show."


# --- The forms ------------------------------------------------------------------


class ForecastTest(FormTest):
    name = "add"
    FILLED = {"label": "partner", "networks": "203.0.113.0/24", "rights": "write"}

    def ask(self, query: str = "", by: str = "script", **data) -> str:
        response = self.send(query, **self.FILLED | data, forecast=by)
        assert response.status_code == 200
        assert self.swift.written == []
        return " ".join(lxml.html.fromstring(response.content).text_content().split())

    def test_what_is_typed_is_told_and_not_saved(self):
        said = self.ask()
        assert "Gain reading and writing: 203.0.113.0/24 (partner), now" in said
        assert "nothing changes" in said

    def test_a_script_gets_this_part_of_the_page_alone(self):
        response = self.send(**self.FILLED, forecast="script")
        assert b"<html" not in response.content
        assert b"csrf" not in response.content

    def test_without_a_script_the_whole_page_comes_back_with_what_was_typed(self):
        said = self.send(**self.FILLED, forecast="page").content.decode()
        assert "203.0.113.0/24</textarea>" in said.replace("\n", "")
        assert "Gain reading and writing" in said
        assert self.swift.written == []

    def test_the_button_comes_after_the_one_that_saves_and_not_in_a_modal(self):
        page = self.page(self.form_url())
        assert page.index('value="Add Entry"') < page.index('name="forecast"')
        assert 'name="forecast"' not in self.modal(self.form_url())

    def test_what_cannot_be_saved_is_told_in_its_stead(self):
        said = self.ask(networks="10.1.2.3/16")
        assert "As it is, this cannot be saved:" in said
        assert "10.1.0.0/16" in said

    def test_who_would_shut_himself_out_is_told_and_asked_nothing_yet(self):
        self.name = "edit"
        said = self.ask("?item=allow-lab", label="lab", networks="192.0.2.1")
        assert f"You ({CALLER}): lose reading and writing now." in said
        assert "Shut me out" not in said

    def test_a_tick_in_the_form_does_not_make_a_question_a_change(self):
        self.ask(confirm_lockout="on", lockout_from="2020-01-01T00:00:00+00:00")

    def test_a_list_that_is_hidden_behind_it_is_not_guessed(self):
        self.swift.stored["docs"] = {}
        self.swift.trouble[None] = RefusedError(None, by_address=False)
        assert "What this changes is not known." in self.ask()

    def test_a_post_without_the_token_against_forgery_is_refused(self):
        client = self.client_class(enforce_csrf_checks=True)
        client.cookies = self.client.cookies
        filled = self.FILLED | {"forecast": "script", "seen": "{}"}
        assert client.post(self.form_url(), filled, REMOTE_ADDR=CALLER).status_code == 403


class CopyTest(FormTest):
    name = "copy"

    def ask(self, *containers: str) -> str:
        self.swift.stored["docs"] = LAB | {"allow-partner": "203.0.113.0/24"}
        fields = {"entries": ["allow-lab", "allow-partner"], "existing": "keep"}
        response = self.send(**fields, containers=containers, forecast="script")
        assert self.swift.written == []
        return " ".join(lxml.html.fromstring(response.content).text_content().split())

    def test_containers_for_which_it_does_the_same_are_told_together(self):
        self.swift.stored |= {"a": dict(LAB), "b": dict(LAB), "c": LAB | {"allow-all": "::/0"}}
        gain = "Gain reading and writing: 203.0.113.0/24 (partner), now"
        you = f"You ({CALLER}): nothing changes."
        assert self.ask("a", "b", "c") == f"a, b, c {gain} {you}"
        self.swift.stored["c"] = {"allow-all": "0.0.0.0/0"}
        said = self.ask("a", "b", "c")
        assert said == f"a, b {gain} {you} c Nobody gains or loses by this, now or later. {you}"

    def test_where_the_time_is_over_the_containers_left_are_named(self):
        self.swift.stored |= {"a": dict(LAB), "b": {"allow-me": "10.0.0.0/9"}}
        with mock.patch.object(forecasts, "MOST_SECONDS", -1):
            assert "There was not the time to tell it for a, b." in self.ask("a", "b")

    def test_a_container_that_cannot_be_read_is_told(self):
        self.swift.trouble["a"] = RefusedError("a", by_address=True, address=CALLER)
        assert "a: Your address 10.1.1.1 is not on the list" in self.ask("a")

    def test_without_a_choice_it_says_what_to_choose(self):
        assert "Choose at least one container." in self.ask()


class RemoveTest(PanelTest):
    def test_what_a_removal_does_is_told_before_it_is_done(self):
        self.swift.stored["docs"] = LAB | {"allow-partner": "203.0.113.0/24; read-only"}
        page = self.page(self.url("container_remove", "docs") + "?item=allow-partner")
        said = " ".join(lxml.html.fromstring(page).text_content().split())
        assert "Lose reading: 203.0.113.0/24 (partner), now" in said
