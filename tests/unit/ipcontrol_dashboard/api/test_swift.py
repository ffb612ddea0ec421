# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Calls to Swift, as they go over the wire, and its answers in words."""

import threading
import time
from datetime import UTC, datetime
from functools import partial
from urllib.parse import parse_qs

import pytest
from django.utils import translation

from ipcontrol.access import AccessPolicy
from ipcontrol.callers import Callers, Recorded
from ipcontrol.contract import Mode
from ipcontrol.history import Change, ItemChange, as_answer
from ipcontrol_dashboard.api import fair_pool, swift
from ipcontrol_dashboard.api.account import Account
from ipcontrol_dashboard.kit import service_errors

ACCOUNT = "/v1/AUTH_lab"
DOCS = ACCOUNT + "/docs"
BROWSER = "192.0.2.7"
INFO = {
    "swift": {"max_meta_count": 90, "max_meta_overall_size": 4096},
    "ip_whitelist": {"version": "1.0.0", "mode": "enforce", "unlisted": "deny"},
}


def query(sent):
    return {name: values[0] for name, values in parse_qs(sent.path.partition("?")[2]).items()}


def metadata_sent(sent):
    return {name: value for name, value in sent.headers.items() if "-meta-" in name}


def read_docs(request):
    return swift.metadata(request, "docs")


def write_docs(request):
    swift.change_metadata(request, "docs", {"allow": "10.0.0.1"})


class TestMetadata:
    def test_is_read_in_lower_case_without_prefix(self, person, listener):
        listener.answer("HEAD", DOCS, 204, {"X-Container-Meta-Allow-Dev": "10.0.0.1"})
        assert swift.metadata(person(), "docs") == {"allow-dev": "10.0.0.1"}

    def test_of_the_account_is_the_accounts(self, person, listener):
        headers = {"X-Account-Meta-Allow": "10.0.0.1", "X-Container-Meta-Allow": "10.0.0.2"}
        listener.answer("HEAD", ACCOUNT, 204, headers)
        assert swift.metadata(person(), None) == {"allow": "10.0.0.1"}

    def test_is_whole_and_as_it_is_stored(self, person, listener):
        # What python-swiftclient reads would be "100%" and "10.0.0.1".
        stored = {"Color": "blåu", "Share": "100%25", "Allow": "10%2E0.0.1"}
        headers = {"X-Container-Meta-" + name: value for name, value in stored.items()}
        listener.answer("HEAD", DOCS, 204, {**headers, "X-Container-Object-Count": "3"})
        assert swift.metadata(person(), "docs") == {
            name.lower(): value for name, value in stored.items()
        }

    def test_what_is_not_utf8_is_shown_as_well_as_it_can_be(self, person, listener):
        listener.answer("HEAD", DOCS, 204, {"X-Container-Meta-Allow": "10.0.0.1\udcff"})
        assert swift.metadata(person(), "docs") == {"allow": "10.0.0.1\ufffd"}

    @pytest.mark.parametrize(
        ("name", "path"),
        [("büro", "/b%C3%BCro"), ("a b?c#d%", "/a%20b%3Fc%23d%25"), ("a&b=c", "/a%26b%3Dc")],
    )
    def test_the_containers_name_is_quoted(self, person, listener, name, path):
        swift.metadata(person(), name)
        assert listener.requests[0].path == ACCOUNT + path

    @pytest.mark.parametrize("name", ["", ".", "..", "docs/report", "../AUTH_other", "a\0"])
    def test_a_name_that_would_mean_something_else_is_not_asked_for(self, person, listener, name):
        with pytest.raises(service_errors.UnreachableNameError) as raised:
            swift.change_metadata(person(), name, {"allow": "10.0.0.1"})
        assert listener.requests == []
        assert name.replace("\0", "\\0") in raised.value.sentence


class TestMetadataOfMany:
    def test_each_is_there_by_name(self, person, listener):
        for name in "abc":
            listener.answer("HEAD", f"{ACCOUNT}/{name}", 204, {"X-Container-Meta-Is": name})
        listener.answer("HEAD", ACCOUNT, 204, {"X-Account-Meta-Is": "account"})
        found = swift.metadata_of(person(), ["a", "b", "c", None])
        assert found == {
            "a": {"is": "a"},
            "b": {"is": "b"},
            "c": {"is": "c"},
            None: {"is": "account"},
        }

    def test_one_that_fails_leaves_the_others(self, person, listener):
        listener.answer("HEAD", ACCOUNT + "/refused", 403, {"X-Ip-Whitelist": "refused"})
        listener.answer("HEAD", ACCOUNT + "/gone", 404)
        listener.answer("HEAD", ACCOUNT + "/down", 503)
        listener.answer("HEAD", ACCOUNT + "/fine", 204, {"X-Container-Meta-Allow": "10.0.0.1"})
        found = swift.metadata_of(person(), ["refused", "gone", "down", "..", "fine"])
        assert isinstance(found["refused"], service_errors.RefusedError)
        assert isinstance(found["gone"], service_errors.NotFoundError)
        assert isinstance(found["down"], service_errors.UnavailableError)
        assert isinstance(found[".."], service_errors.UnreachableNameError)
        assert found["fine"] == {"allow": "10.0.0.1"}

    def test_they_are_fetched_at_once(self, person, listener):
        listener.before_answer = threading.Barrier(4, timeout=60).wait
        assert swift.metadata_of(person(), "abcd") == {name: {} for name in "abcd"}

    def test_connections_are_used_again(self, person, listener):
        names = [f"c{number}" for number in range(40)]
        assert list(swift.metadata_of(person(), names)) == names
        assert len(listener.connections) <= fair_pool.POOL.share

    def test_one_asked_for_twice_is_fetched_once(self, person, listener):
        swift.metadata_of(person(), ["a", None, "a", None])
        assert len(listener.requests) == 2

    def test_every_call_tells_the_callers_address(self, person, listener):
        swift.metadata_of(person(BROWSER), ["a", "b", None])
        told = [sent.headers["x-forwarded-for"] for sent in listener.requests]
        assert told == [BROWSER] * 3

    def test_what_is_not_read_in_time_says_so(self, person, listener, monkeypatch):
        monkeypatch.setattr("ipcontrol_dashboard.api.deadlines.SECONDS", 0.3)
        heard = threading.Event()
        listener.before_answer = partial(heard.wait, 60)
        begun = time.monotonic()
        found = swift.metadata_of(person(), [f"c{number}" for number in range(40)])
        heard.set()
        assert time.monotonic() - begun < 10
        assert len(found) == 40
        assert isinstance(found["c39"], service_errors.LateError)
        assert "not enough time" in found["c39"].sentence

    def test_after_its_time_a_page_asks_for_nothing_more(self, person, listener, monkeypatch):
        monkeypatch.setattr("ipcontrol_dashboard.api.deadlines.SECONDS", -1)
        with pytest.raises(service_errors.LateError):
            swift.change_metadata(person(), "docs", {"allow": "10.0.0.1"})
        assert listener.requests == []

    def test_whoever_asks_too_much_at_once_is_told_to_wait(self, person, listener, monkeypatch):
        def busy(*_):
            raise fair_pool.BusyError

        monkeypatch.setattr(fair_pool.POOL, "map", busy)
        with pytest.raises(service_errors.BusyError) as raised:
            swift.metadata_of(person(), ["docs"])
        assert "Wait until that is there" in raised.value.sentence

    def test_connections_are_closed(self, person, listener, monkeypatch):
        closed = []
        close = Account.close
        monkeypatch.setattr(Account, "close", lambda each: closed.append(close(each)))
        swift.metadata_of(person(), "abc")
        assert len(closed) == 3

    def test_none_are_none(self, person, listener):
        assert swift.metadata_of(person(), []) == {}
        assert listener.requests == []

    def test_their_sentences_are_in_the_readers_language(self, person, listener, monkeypatch):
        listener.answer("HEAD", DOCS, 404)
        found = swift.metadata_of(person(), ["docs"])["docs"]
        active = "ipcontrol_dashboard.kit.service_errors._"
        monkeypatch.setattr(active, lambda text: f"{translation.get_language()}: {text}")
        with translation.override("de"):
            assert found.sentence.startswith("de: ")


class TestChange:
    def test_only_what_changes_is_sent(self, person, listener):
        swift.change_metadata(person(), "docs", {"allow-dev": "10.0.0.1", "allow-old": ""})
        (sent,) = listener.requests
        assert (sent.method, sent.path) == ("POST", DOCS)
        assert metadata_sent(sent) == {
            "x-container-meta-allow-dev": "10.0.0.1",
            "x-container-meta-allow-old": "",
        }

    def test_none_removes_as_an_empty_value_does(self, person, listener):
        swift.change_metadata(person(), "docs", {"allow-old": None})
        assert metadata_sent(listener.requests[0]) == {"x-container-meta-allow-old": ""}

    def test_of_the_account_goes_to_the_account(self, person, listener):
        swift.change_metadata(person(), None, {"allow": "10.0.0.1"})
        (sent,) = listener.requests
        assert (sent.path, metadata_sent(sent)) == (ACCOUNT, {"x-account-meta-allow": "10.0.0.1"})

    def test_values_are_sent_in_utf8(self, person, listener):
        swift.change_metadata(person(), "docs", {"allow": "zu prüfen"})
        assert metadata_sent(listener.requests[0]) == {"x-container-meta-allow": "zu prüfen"}

    def test_nothing_to_change_writes_nothing(self, person, listener):
        swift.change_metadata(person(), "docs", {})
        assert listener.requests == []

    @pytest.mark.parametrize(("confirmed", "header"), [(False, None), (True, "true")])
    def test_a_lockout_is_confirmed_only_when_it_is(self, person, listener, confirmed, header):
        swift.change_metadata(person(), "docs", {"allow": "::1"}, confirm_lockout=confirmed)
        assert listener.requests[0].headers.get("x-confirm-lockout") == header

    @pytest.mark.parametrize(
        "change",
        [
            {"allow": "10.0.0.1\r\nX-Container-Read: .r:*"},
            {"allow\r\nX-Container-Read": ".r:*"},
            {"allow: x": "10.0.0.1"},
            {"allow ": "10.0.0.1"},
            {"allow": "\x00"},
            {"allow": "\x85"},
            {"allow": "\ud800"},
            {"": "10.0.0.1"},
        ],
    )
    def test_what_no_header_can_hold_is_not_sent(self, person, listener, change):
        with pytest.raises(service_errors.RejectedError):
            swift.change_metadata(person(), "docs", change)
        assert listener.requests == []


class TestChangeMeanwhile:
    @pytest.fixture(autouse=True)
    def _stored(self, listener):
        headers = {"X-Container-Meta-Allow-Dev": "10.0.0.1", "X-Container-Meta-Color": "blue"}
        listener.answer("HEAD", DOCS, 204, headers)

    @pytest.mark.parametrize(
        "expected",
        [{}, {"allow-dev": "10.0.0.1"}, {"allow-new": None}, {"allow-new": ""}],
    )
    def test_what_is_as_expected_is_written(self, person, listener, expected):
        swift.change_metadata(person(), "docs", {"allow-dev": ""}, expected=expected)
        assert [sent.method for sent in listener.requests] == ["HEAD", "POST"]

    @pytest.mark.parametrize(
        "expected", [{"allow-dev": "10.0.0.2"}, {"allow-dev": None}, {"allow-gone": "10.0.0.3"}]
    )
    def test_what_is_not_as_expected_is_left_and_told(self, person, listener, expected):
        with pytest.raises(service_errors.ChangedMeanwhileError) as raised:
            swift.change_metadata(person(), "docs", {"allow-dev": ""}, expected=expected)
        assert raised.value.current == {"allow-dev": "10.0.0.1", "color": "blue"}
        assert "nothing has been saved" in raised.value.sentence
        assert [sent.method for sent in listener.requests] == ["HEAD"]


class TestFailure:
    @pytest.mark.parametrize(
        ("status", "error", "words"),
        [
            (400, service_errors.RejectedError, "does not accept"),
            (401, service_errors.SignedOutError, "sign in again"),
            (403, service_errors.RefusedError, "your role"),
            (404, service_errors.NotFoundError, "no container docs"),
            (409, service_errors.RejectedError, "does not accept"),
            (418, service_errors.ServiceError, "Swift answered with an error (HTTP 418)"),
            (500, service_errors.ServiceError, "Try again"),
            (503, service_errors.UnavailableError, "Try again"),
        ],
    )
    def test_each_has_a_sentence(self, person, listener, status, error, words):
        listener.answer("POST", DOCS, status)
        with pytest.raises(service_errors.ServiceError) as raised:
            swift.change_metadata(person(BROWSER), "docs", {"allow": "10.0.0.1"})
        assert type(raised.value) is error
        assert words in raised.value.sentence
        assert (raised.value.container, raised.value.status) == ("docs", status)

    def test_a_lockout_is_one_where_the_filter_says_so(self, person, listener):
        listener.answer("POST", DOCS, 409, {"X-Ip-Whitelist": "lockout"})
        with pytest.raises(service_errors.LockoutError) as raised:
            swift.change_metadata(person(BROWSER), "docs", {"allow": "10.0.0.1"})
        assert f"your address {BROWSER} could no longer" in raised.value.sentence

    @pytest.mark.parametrize(
        ("method", "path", "call", "words"),
        [
            ("HEAD", DOCS, read_docs, "may reach this container"),
            ("POST", DOCS, write_docs, "may change this container"),
            ("HEAD", ACCOUNT, lambda request: swift.metadata(request, None), "may not do this"),
        ],
    )
    def test_a_refusal_by_address_names_it(self, person, listener, method, path, call, words):
        listener.answer(method, path, 403, {"X-Ip-Whitelist": "refused"})
        with pytest.raises(service_errors.RefusedError) as raised:
            call(person(BROWSER))
        assert f"Your address {BROWSER} " in raised.value.sentence
        assert words in raised.value.sentence

    def test_a_refusal_of_an_unknown_caller_says_whom_to_ask(self, person, listener):
        listener.answer("HEAD", DOCS, 403, {"X-Ip-Whitelist": "refused"})
        with pytest.raises(service_errors.RefusedError) as raised:
            swift.metadata(person("unreadable"), "docs")
        assert "trusted proxies" in raised.value.sentence

    def test_swifts_own_sentence_about_an_item_is_kept(self, person, listener):
        sentence = "X-Container-Meta-Allow: 10.1.2.3/16 has host bits set."
        listener.answer("POST", DOCS, 400, {"Content-Type": "text/plain"}, sentence.encode())
        with pytest.raises(service_errors.RejectedError) as raised:
            swift.change_metadata(person(), "docs", {"allow": "10.1.2.3/16"})
        assert sentence in raised.value.sentence

    def test_a_page_of_html_is_no_sentence(self, person, listener):
        listener.answer("POST", DOCS, 400, {"Content-Type": "text/html"}, b"<h1>Bad</h1>")
        with pytest.raises(service_errors.RejectedError) as raised:
            swift.change_metadata(person(), "docs", {"allow": "10.0.0.1"})
        assert raised.value.sentence == "Swift does not accept this change."

    def test_no_answer_is_unavailable(self, person, listener):
        listener.close()
        with pytest.raises(service_errors.UnavailableError):
            swift.metadata(person(), "docs")

    def test_silence_is_unavailable(self, person, listener, monkeypatch):
        monkeypatch.setattr("ipcontrol_dashboard.api.account.TIMEOUT", 0.1)
        heard = threading.Event()
        listener.before_answer = partial(heard.wait, 60)
        with pytest.raises(service_errors.UnavailableError):
            swift.metadata(person(), "docs")
        heard.set()

    def test_no_token_is_in_what_may_be_logged(self, person, listener):
        listener.answer("HEAD", DOCS, 500)
        with pytest.raises(service_errors.ServiceError) as raised:
            swift.metadata(person(), "docs")
        assert "token" not in f"{raised.value} {raised.value!r}"


class TestContainers:
    def listing(self, listener, *names):
        body = [{"name": name, "count": 0, "bytes": 0} for name in names]
        listener.answer("GET", ACCOUNT, 200, body=body)

    def test_the_first_page_of_several(self, person, listener):
        self.listing(listener, "a", "b", "c")
        page = swift.containers(person(), limit=2)
        assert page == swift.ContainerPage(("a", "b"), has_previous=False, has_next=True)
        assert query(listener.requests[0]) == {"format": "json", "limit": "3"}

    def test_the_last_page_of_several(self, person, listener):
        self.listing(listener, "c", "d")
        page = swift.containers(person(), marker="b", limit=2)
        assert page == swift.ContainerPage(("c", "d"), has_previous=True, has_next=False)
        assert query(listener.requests[0])["marker"] == "b"

    def test_the_page_before(self, person, listener):
        self.listing(listener, "d", "c", "b")
        page = swift.containers(person(), marker="e", limit=2, backwards=True)
        assert page == swift.ContainerPage(("c", "d"), has_previous=True, has_next=True)
        asked = query(listener.requests[0])
        assert (asked["marker"], asked["reverse"]) == ("e", "true")

    def test_the_first_page_from_behind(self, person, listener):
        self.listing(listener, "b", "a")
        page = swift.containers(person(), marker="c", limit=2, backwards=True)
        assert page == swift.ContainerPage(("a", "b"), has_previous=False, has_next=True)

    def test_a_prefix_may_be_anything(self, person, listener):
        self.listing(listener)
        assert swift.containers(person(), prefix="bü&limit=9") == swift.ContainerPage(())
        assert query(listener.requests[0])["prefix"] == "bü&limit=9"

    def test_no_account_yet_lists_nothing(self, person, listener):
        listener.answer("GET", ACCOUNT, 204)
        assert swift.containers(person()).names == ()

    def test_what_is_no_listing_is_no_answer(self, person, listener):
        listener.answer("GET", ACCOUNT, 200, {}, b"<html>")
        with pytest.raises(service_errors.UnavailableError):
            swift.containers(person())


class TestEnforcement:
    def test_is_read_from_info(self, person, listener):
        listener.answer("GET", "/info", 200, body=INFO)
        found = swift.enforcement(person())
        assert (found.mode, found.policy) == (Mode.ENFORCE, AccessPolicy())

    def test_is_asked_for_once_in_a_while(self, person, listener):
        listener.answer("GET", "/info", 200, body=INFO)
        assert swift.enforcement(person()) == swift.enforcement(person())
        assert len(listener.requests) == 1

    def test_of_another_cloud_is_another(self, person, listener):
        listener.answer("GET", "/info", 200, body=INFO)
        listener.answer("GET", "/other/info", 200, body={"swift": {}})
        other = person()
        other.user.service_catalog[0]["endpoints"][0]["url"] = listener.url + "/other/v1/AUTH_x"
        assert swift.enforcement(person()).mode is Mode.ENFORCE
        assert swift.enforcement(other).mode is Mode.ABSENT

    @pytest.mark.parametrize("status", [401, 404, 500])
    def test_is_unknown_where_info_is_not_shown(self, person, listener, status):
        listener.answer("GET", "/info", status)
        assert swift.enforcement(person()).mode is Mode.UNKNOWN

    def test_that_could_not_be_read_is_asked_for_again(self, person, listener):
        listener.answer("GET", "/info", 500)
        swift.enforcement(person())
        listener.answer("GET", "/info", 200, body=INFO)
        assert swift.enforcement(person()).enforced

    def test_is_unknown_where_swift_does_not_answer(self, person, listener):
        listener.close()
        assert swift.enforcement(person()).mode is Mode.UNKNOWN

    def test_is_unknown_where_info_is_no_json(self, person, listener):
        listener.answer("GET", "/info", 200, {}, b"<html>")
        assert swift.enforcement(person()).mode is Mode.UNKNOWN


class TestHistory:
    CHANGE = Change(datetime(2026, 12, 31, tzinfo=UTC), items=(ItemChange("allow", "::", None),))

    @pytest.mark.parametrize(("container", "path"), [("docs", DOCS), (None, ACCOUNT)])
    def test_is_asked_of_the_filter(self, person, listener, container, path):
        listener.answer("GET", path, 200, body=as_answer("docs", [self.CHANGE]))
        assert swift.history(person(BROWSER), container) == (self.CHANGE,)
        (sent,) = listener.requests
        assert query(sent)["ip-whitelist"] == "history"
        assert sent.headers["x-forwarded-for"] == BROWSER

    @pytest.mark.parametrize("body", [b"", b"[]", b'[{"name": "object"}]'])
    def test_of_a_swift_that_does_not_know_the_question_there_is_none(
        self, person, listener, body
    ):
        listener.answer("GET", DOCS, 200, body=body)
        assert swift.history(person(), "docs") == ()


class TestCallers:
    TOLD = Callers(Recorded.ALL, 30)

    def test_are_asked_of_the_filter_with_the_persons_address(self, person, listener):
        listener.answer("GET", DOCS, 200, body=self.TOLD.as_json())
        assert swift.callers(person(BROWSER), "docs") == self.TOLD
        (sent,) = listener.requests
        assert query(sent)["ip-whitelist"] == "callers"
        assert sent.headers["x-forwarded-for"] == BROWSER

    @pytest.mark.parametrize("body", [b"[]", b'[{"name": "object"}]', b"<html>", b"\xff"])
    def test_of_a_swift_that_does_not_know_the_question_are_not_to_be_had(
        self, person, listener, body
    ):
        listener.answer("GET", DOCS, 200, body=body)
        with pytest.raises(service_errors.UnavailableError):
            swift.callers(person(), "docs")
