# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the page on Swift's API shows is what the filter answers, word for word."""

import dataclasses
import http.client
import io
import json
import re
from email.parser import Parser

import pytest
from swift.common import registry
from swift.common.registry import get_swift_info

from ipcontrol.callers import Callers
from ipcontrol.history import as_answer, from_answer
from ipcontrol.middleware.ip_whitelist import VERDICT_HEADER
from ipcontrol.middleware.settings import WhitelistSettings
from tests.unit.documentation import DOCS, blocks

PAGE = "reference/swift-api.md"
EXCHANGES = blocks(PAGE, "http")
OWNER, STRANGER = "192.0.2.7", "198.51.100.7"


@dataclasses.dataclass
class Exchange:
    """A request and the answer to it."""

    method: str
    path: str
    sent: dict
    status: int
    reason: str
    headers: dict
    body: str


def exchange(text):
    request, _, answer = text.partition("\n\n")
    first, _, lines = request.partition("\n")
    method, path, _ = first.split()
    status, _, rest = answer.partition("\n")
    headers, _, body = rest.partition("\n\n")
    _, code, reason = status.split(" ", 2)
    return Exchange(
        method,
        path.removeprefix("/v1/AUTH_lab"),
        dict(Parser().parse(io.StringIO(lines))),
        int(code),
        reason,
        dict(Parser().parse(io.StringIO(headers))),
        body.rstrip("\n"),
    )


@pytest.fixture
def lab(cloud):
    cloud.swift.container("results", allow_lab="192.0.2.0/24")
    cloud.swift.container("unreadable")
    cloud.swift.statuses["AUTH_lab/unreadable"] = 503
    return cloud


@pytest.mark.parametrize("shown", map(exchange, EXCHANGES), ids=lambda shown: str(shown.status))
def test_every_answer_that_the_page_shows_is_given(lab, shown):
    caller = STRANGER if shown.status == 403 else OWNER
    answer = lab.call(shown.method, shown.path, caller, shown.sent)
    if shown.status == 204:
        # What the fake Swift says to a POST.
        assert (answer.status, VERDICT_HEADER in answer.headers) == (200, False)
        return
    assert (answer.status, answer.body) == (shown.status, shown.body)
    assert http.client.responses[shown.status] == shown.reason
    assert shown.headers.items() <= answer.headers.items()


def test_the_page_shows_all_statuses():
    assert {exchange(text).status for text in EXCHANGES} == {403, 400, 409, 204, 503}


def test_info_has_the_keys_that_the_page_shows(cloud_with, monkeypatch):
    # The filters of other tests have registered theirs.
    monkeypatch.setattr(registry, "_swift_info", {})
    shown = blocks(PAGE, "json")[-1]
    cloud_with(admit_local="true")
    found = get_swift_info()["ip_whitelist"]
    assert {**json.loads(shown), "version": found["version"]} == found


def test_what_the_page_shows_of_callers_is_what_is_read_and_written():
    shown = json.loads(blocks(PAGE, "json")[0])
    assert Callers.from_json(shown).as_json() == shown


def test_what_the_page_shows_of_a_history_is_what_is_read_and_written():
    shown = json.loads(blocks(PAGE, "json")[1])
    assert as_answer(shown[0]["name"], from_answer(shown)) == shown


def test_the_log_line_is_the_one_that_is_shown(lab):
    lab.call("GET", "/results/report", STRANGER)
    assert lab.log[0].replace("tx123", "tx8f…") in blocks("admin/logging.md", "output")[0]


def test_the_counters_are_those_that_are_shown(lab, cloud_with):
    page = (DOCS / "admin" / "logging.md").read_text()
    for counting in (lab, cloud_with(mode="audit")):
        counting.call("GET", "/results/report", STRANGER)
        counting.call("GET", "/unreadable/report", OWNER)
        counting.call("POST", "/results", OWNER, {"X-Container-Meta-Allow-A": "b"})
        counting.call("POST", "/results", OWNER, {"X-Container-Meta-Allow-Lab": STRANGER})
        assert len(counting.counters) == 4
        assert all(f"`ip_whitelist.{name}`" in page for name in counting.counters)


def test_so_is_that_of_a_list_that_is_tried_out(cloud):
    cloud.swift.account(allow="0.0.0.0/0")
    cloud.swift.container("results", allow=OWNER, whitelist_trial="true")
    cloud.call("GET", "/results/report", STRANGER)
    page = (DOCS / "admin" / "logging.md").read_text()
    assert all(f"`ip_whitelist.{name}`" in page for name in cloud.counters)
    assert cloud.log[0].startswith("ip_whitelist on trial would have stopped ")
    assert "begins `ip_whitelist on trial would have stopped`" in page


def test_the_header_of_the_answer_is_the_one_that_is_named():
    assert f"`{VERDICT_HEADER}`" in (DOCS / PAGE).read_text()


def test_audit_mode_leaves_every_answer_to_swift(lab, cloud_with):
    audited = cloud_with(mode="audit")
    for shown in map(exchange, EXCHANGES):
        answer = audited.call(shown.method, shown.path, STRANGER, shown.sent)
        assert VERDICT_HEADER not in answer.headers


def test_every_option_that_a_page_names_exists():
    known = {field.name for field in dataclasses.fields(WhitelistSettings)}
    sections = re.findall(r"\[filter:ip_whitelist\]\n(.*?)\n\n", _all_pages(), re.DOTALL)
    named = {line.split("=")[0].strip() for text in sections for line in text.splitlines()}
    assert named - {"use", "```"} <= known


def _all_pages():
    return "\n\n".join(page.read_text() for page in DOCS.rglob("*.md"))
