# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The whitelist filter on a Swift without servers."""

import functools
import time

import pytest
from swift.common import constraints
from swift.common.registry import get_swift_info
from swift.common.swob import HTTPUnauthorized
from swift.common.utils import whataremyips
from swift.common.wsgi import ConfigFileError
from swift.proxy.controllers.base import get_container_info

from ipcontrol import __version__
from ipcontrol.access import Whitelist
from ipcontrol.addresses import parse_address
from ipcontrol.contract import VERDICT_HEADER
from ipcontrol.middleware import list_cache, list_changes, metadata, operation
from ipcontrol.middleware.absence import REACHING
from ipcontrol.middleware.ip_whitelist import RETRY_AFTER, filter_factory
from ipcontrol.middleware.metadata import LASTING

ACCOUNT = "AUTH_lab"
LISTED = "192.0.2.1"
OTHER = "198.51.100.9"
DENIED = "You shall not pass!"


@pytest.fixture
def parsed(monkeypatch):
    """The metadata that were parsed, beginning with nothing kept."""
    found = []

    class Counted(Whitelist):
        @classmethod
        def from_metadata(cls, items, *names):
            found.append(items)
            return Whitelist.from_metadata(items, *names)

    monkeypatch.setattr(metadata, "_LISTS", list_cache.ListCache(2**20))
    for module in (list_cache, operation, list_changes):
        monkeypatch.setattr(module, "Whitelist", Counted)
    return found


def test_a_listed_address_reaches_the_container(cloud):
    cloud.swift.container("docs", allow_lab="192.0.2.0/24")
    assert cloud.call("GET", "/docs/report", LISTED).status == 200


def test_another_address_is_refused_and_the_request_ends_there(cloud):
    cloud.swift.container("docs", allow_lab="192.0.2.0/24")
    answer = cloud.call("GET", "/docs/report", OTHER)
    assert (answer.status, answer.body) == (403, DENIED)
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert cloud.swift.seen == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize("path", ["", "/docs", "/docs/", "/docs/report", "/docs/a/b%2Fc"])
def test_every_method_and_level_is_refused(cloud, method, path):
    cloud.swift.account(allow="192.0.2.0/24")
    cloud.swift.container("docs", allow="192.0.2.0/24")
    assert cloud.call(method, path, OTHER).status == 403
    assert cloud.swift.seen == []


def test_a_refusal_tells_a_client_that_it_is_the_filters(cloud):
    answer = cloud.call("HEAD", "/docs", OTHER)
    assert answer.headers[VERDICT_HEADER] == "refused"


def test_a_refusal_can_be_told_from_swifts_own(cloud):
    cloud.swift.container("docs", allow=LISTED)
    assert cloud.call("GET", "/docs/x", OTHER).headers["X-Ip-Whitelist"] == "refused"
    assert "X-Ip-Whitelist" not in cloud.call("GET", "/docs/x", LISTED).headers


def test_the_refusal_of_a_head_has_no_body(cloud):
    assert cloud.call("HEAD", "/docs", OTHER).body == ""


def test_the_containers_own_list_rules_before_the_accounts(cloud):
    cloud.swift.account(allow=OTHER)
    cloud.swift.container("docs", allow=LISTED)
    assert cloud.call("GET", "/docs/x", OTHER).status == 403


@pytest.mark.parametrize("served", ["docs_segments", "docs+segments", "\x00versions\x00docs"])
def test_the_list_of_the_container_that_is_served_rules(cloud, served):
    cloud.swift.container("docs", allow=LISTED)
    cloud.swift.container(served)
    reserved = {"HTTP_X_BACKEND_ALLOW_RESERVED_NAMES": "true"}
    assert cloud.call("GET", f"/{served}/1", OTHER, **reserved).status == 403
    assert cloud.call("GET", f"/{served}/1", LISTED, **reserved).status == 200


def test_a_served_container_may_have_a_list_of_its_own(cloud):
    cloud.swift.container("docs", allow=LISTED)
    cloud.swift.container("docs_segments", allow=OTHER)
    assert cloud.call("GET", "/docs_segments/1", OTHER).status == 200


def test_the_accounts_list_rules_a_container_without_items(cloud):
    cloud.swift.account(allow=LISTED)
    cloud.swift.container("docs")
    assert cloud.call("GET", "/docs/x", LISTED).status == 200
    assert cloud.call("GET", "/docs/x", OTHER).status == 403


def test_the_account_itself_is_ruled_by_its_own_list(cloud):
    cloud.swift.account(allow=LISTED)
    assert cloud.call("GET", "", LISTED).status == 200
    assert cloud.call("GET", "", OTHER).status == 403


def test_without_any_list_nobody_gets_in(cloud):
    cloud.swift.container("docs")
    assert cloud.call("GET", "/docs/x").status == 403


def test_without_any_list_everybody_gets_in_where_the_operator_says_so(cloud_with):
    cloud = cloud_with(unlisted="allow")
    cloud.swift.container("docs")
    assert cloud.call("GET", "/docs/x").status == 200


def test_lists_further_away_are_not_asked_for(cloud):
    cloud.swift.container("docs_segments", allow=LISTED)
    cloud.swift.container("docs", allow=LISTED)
    cloud.call("GET", "/docs_segments/1")
    assert f"{ACCOUNT}/docs" not in cloud.swift.asked


def test_the_operators_networks_get_in_without_a_question_to_the_backend(cloud_with):
    cloud = cloud_with(always_allow="198.51.100.0/24")
    cloud.swift.container("docs", allow=LISTED)
    assert cloud.call("DELETE", "/docs/x", OTHER).status == 200
    assert cloud.swift.asked == []


def test_the_proxys_own_addresses_get_in(cloud_with):
    own = whataremyips()[0]
    assert cloud_with(admit_local="true").call("GET", "/docs/x", own).status == 200
    assert cloud_with(admit_local="false").call("GET", "/docs/x", own).status == 403


def test_local_is_what_the_carrier_says_and_not_the_peer(cloud_with):
    own = whataremyips()[0]
    answer = cloud_with(admit_local="true").call("GET", "/docs/x", OTHER, REMOTE_ADDR=own)
    assert answer.status == 403


@pytest.mark.parametrize("carried", [{}, {"ipcontrol.client_address": None}])
def test_a_request_whose_caller_is_unknown_is_refused(cloud_with, carried):
    cloud = cloud_with(unlisted="allow", always_allow="0.0.0.0/0, ::/0")
    cloud.swift.container("docs", allow="0.0.0.0/0 ::/0")
    environ = {"REMOTE_ADDR": LISTED, "swift.infocache": carried}
    assert cloud.call("GET", "/docs/x", None, **environ).status == 403


def test_a_request_that_a_middleware_made_from_nothing_is_refused(cloud_with):
    cloud = cloud_with(unlisted="allow")
    environ = {"swift.infocache": {}, "swift.source": "XYZ", "swift.authorize_override": True}
    assert cloud.call("GET", "/docs/x", None, REMOTE_ADDR=LISTED, **environ).status == 403


def test_preauthorized_requests_are_judged_like_others(cloud):
    cloud.swift.container("docs", allow=LISTED)
    environ = {"swift.authorize_override": True, "swift.authorize": lambda _: None}
    environ["swift.source"] = "VW"
    assert cloud.call("PUT", "/docs/x", OTHER, **environ).status == 403


def test_read_only_entries_admit_no_writes(cloud):
    cloud.swift.container("docs", allow=f"{LISTED}; read-only")
    assert cloud.call("OPTIONS", "/docs/x").status == 200
    assert cloud.call("PUT", "/docs/x").status == 403


def test_names_are_compared_as_the_utf8_that_they_are(cloud):
    cloud.swift.container("d\xc3\xb6cs", allow=LISTED)
    assert cloud.call("GET", "/döcs/x", OTHER).status == 403
    assert cloud.call("GET", "/döcs/x", LISTED).status == 200


class TestPaths:
    @pytest.mark.parametrize(
        "path", ["/info", "/v1", "/v1/", "/healthcheck", "/v2/AUTH_lab/docs", "//v1/AUTH_lab/docs"]
    )
    def test_what_proxy_server_answers_without_an_account_is_passed_on(self, cloud, path):
        cloud.swift.container("docs", allow=LISTED)
        cloud.call("GET", "!" + "/ignored", OTHER, PATH_INFO=path)
        assert cloud.swift.seen == [("GET", path)]
        assert cloud.swift.asked == []

    @pytest.mark.parametrize("version", constraints.VALID_API_VERSIONS)
    def test_every_valid_version_is_judged(self, cloud, version):
        cloud.swift.container("docs", allow=LISTED)
        assert cloud.call("GET", f"!/{version}/{ACCOUNT}/docs/x", OTHER).status == 403

    def test_a_path_split_between_script_name_and_path_info_is_judged_whole(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        environ = {"SCRIPT_NAME": "/v1", "PATH_INFO": f"/{ACCOUNT}/docs/x"}
        assert cloud.call("GET", "!/x", OTHER, **environ).status == 403

    @pytest.mark.parametrize("name", ["a\x00b", "\x00versions\x00docs", "\xff"])
    def test_names_that_proxy_server_calls_invalid_are_left_to_it(self, cloud, name):
        cloud.call("GET", "!/x", OTHER, PATH_INFO=f"/v1/{ACCOUNT}/{name}")
        assert len(cloud.swift.seen) == 1

    def test_header_names_that_are_not_utf8_are_answered_as_proxy_server_does(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        header = {"HTTP_X_CONTAINER_META_ALLOW_\u039c": "1.2.3.4"}
        assert cloud.call("POST", "/docs", **header).status == 412

    def test_the_question_of_s3api_who_is_there_is_passed_on_without_a_log_line(self, cloud):
        cloud.call("TEST", "", OTHER, **{"swift.source": "S3"})
        assert cloud.swift.seen == [("TEST", f"/v1/{ACCOUNT}")]
        assert cloud.log == []

    def test_a_client_that_asks_it_is_answered_as_where_there_is_nothing(self, cloud):
        cloud.call("TEST", "/docs/x", OTHER)
        assert cloud.log != []


class TestResellers:
    """Who may do everything in every account."""

    @pytest.mark.parametrize("path", ["", "/docs-0", "/docs-0/x"])
    def test_what_swift_keeps_for_itself_is_for_the_operators_networks(self, cloud_with, path):
        cloud = cloud_with(unlisted="allow", always_allow=LISTED)
        account = f".shards_{ACCOUNT}"
        cloud.swift.metadata |= {account: {}, f"{account}/docs-0": {}}
        assert cloud.call("GET", f"!/v1/{account}{path}", OTHER).status == 403
        assert cloud.call("GET", f"!/v1/{account}{path}", LISTED).status == 200

    @pytest.mark.parametrize(("items", "status"), [({}, 200), ({"allow": LISTED}, 403)])
    def test_the_deletion_of_an_account_is_ruled_by_the_accounts_list(
        self, cloud_with, items, status
    ):
        cloud = cloud_with(unlisted="allow")
        cloud.swift.account(**items)
        cloud.swift.container("docs", allow=LISTED)
        assert cloud.call("DELETE", "", OTHER).status == status


class TestUnavailable:
    def test_a_container_that_no_server_knows_of_is_503(self, cloud):
        cloud.swift.statuses[f"{ACCOUNT}/docs"] = 503
        answer = cloud.call("GET", "/docs/x")
        assert answer.status == 503
        assert answer.headers["Retry-After"] == str(RETRY_AFTER)
        assert "could not be read" in answer.body
        assert cloud.swift.seen == []

    def test_an_unreadable_account_is_503_even_where_unlisted_is_allowed(self, cloud_with):
        cloud = cloud_with(unlisted="allow")
        cloud.swift.container("docs")
        cloud.swift.statuses[ACCOUNT] = 503
        assert cloud.call("GET", "/docs/x").status == 503
        assert cloud.call("GET", "").status == 503

    def test_an_unreadable_served_container_is_503(self, cloud_with):
        cloud = cloud_with(unlisted="allow")
        cloud.swift.container("docs_segments")
        cloud.swift.statuses[f"{ACCOUNT}/docs"] = 503
        assert cloud.call("GET", "/docs_segments/x").status == 503

    def test_an_address_that_is_always_admitted_is_not_held_up(self, cloud_with):
        cloud = cloud_with(always_allow=LISTED)
        cloud.swift.statuses[f"{ACCOUNT}/docs"] = 503
        cloud.call("GET", "/docs/x", LISTED)
        assert cloud.swift.seen == [("GET", f"/v1/{ACCOUNT}/docs/x")]

    def test_a_request_without_an_address_is_403_all_the_same(self, cloud):
        cloud.swift.statuses[f"{ACCOUNT}/docs"] = 503
        environ = {"swift.authorize": lambda _: None}
        assert cloud.call("GET", "/docs/x", None, **environ).status == 403

    @pytest.mark.parametrize("status", [404, 410])
    def test_an_account_that_does_not_exist_is_not_an_unavailable_one(self, cloud_with, status):
        cloud = cloud_with(unlisted="allow")
        cloud.swift.statuses[ACCOUNT] = status
        cloud.call("GET", "/docs")
        assert cloud.swift.seen == [("GET", f"/v1/{ACCOUNT}/docs")]


class TestOrphans:
    """Objects that a deleted container or account left behind, which Swift would serve."""

    @pytest.fixture
    def open_cloud(self, cloud_with):
        return cloud_with(unlisted="allow")

    @pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE"])
    def test_those_of_a_deleted_container_are_not_found(self, open_cloud, method):
        answer = open_cloud.call(method, "/gone/x")
        assert answer.status == 404
        assert "X-Ip-Whitelist" not in answer.headers
        assert open_cloud.swift.seen == []

    def test_those_of_a_deleted_account_are_not_found(self, open_cloud):
        open_cloud.swift.container("docs", allow=LISTED)
        open_cloud.swift.statuses[ACCOUNT] = 410
        assert open_cloud.call("GET", "/docs/x", OTHER).status == 404
        assert open_cloud.swift.seen == []

    def test_who_may_not_read_them_gets_the_authorizations_answer(self, open_cloud):
        environ = {"swift.authorize": lambda request: HTTPUnauthorized(request=request)}
        assert open_cloud.call("GET", "/gone/x", **environ).status == 401

    def test_operators_reach_them(self, cloud_with):
        cloud = cloud_with(always_allow=LISTED)
        cloud.call("DELETE", "/gone/x", LISTED)
        assert len(cloud.swift.seen) == 1

    def test_a_preflight_reaches_no_object(self, open_cloud):
        assert open_cloud.call("OPTIONS", "/gone/x").status == 200

    def test_it_is_no_news(self, open_cloud):
        open_cloud.call("GET", "/gone/x")
        assert (open_cloud.log, open_cloud.counters) == ([], [])

    def test_audit_mode_leaves_them_to_swift(self, cloud_with):
        cloud = cloud_with(unlisted="allow", mode="audit")
        assert cloud.call("GET", "/gone/x").status == 200

    def test_an_absence_that_was_cached_is_looked_up_again(self, open_cloud):
        open_cloud.call("HEAD", "/new")
        open_cloud.swift.container("new", allow=LISTED)
        assert open_cloud.call("GET", "/new/x", OTHER).status == 403
        assert open_cloud.call("GET", "/new/x", LISTED).status == 200


class TestWhatARefusalTells:
    def unauthorized(self, request):
        self.acl = request.acl
        return HTTPUnauthorized(request=request)

    @pytest.mark.parametrize("method", ["OPTIONS", "COPY", "UPDATE", "NONSENSE", "get"])
    @pytest.mark.parametrize("path", ["/docs", "/docs/x"])
    def test_where_nothing_can_be_reached_swift_answers_as_if_there_were_nothing(
        self, cloud, method, path
    ):
        cloud.swift.container("docs", allow=LISTED)
        seen = []

        def swift(environ, start_response):
            if environ.get("swift.source") != "IPW":
                seen.append(get_container_info(environ, cloud.swift)["status"])
                caller = environ["swift.infocache"]["ipcontrol.client_address"]
                assert caller == parse_address(OTHER)
            return cloud.swift(environ, start_response)

        cloud.filter.app = swift
        swift._pipeline_request_logging_app = swift._pipeline_final_app = cloud.swift
        cloud.call(method, path, OTHER)
        assert seen == [404]
        assert cloud.infocache[f"container/{ACCOUNT}/docs"]["status"] == 200
        assert "refused: not-listed" in cloud.log[0]

    def test_methods_by_which_something_is_reached_are_those_of_swift(self):
        assert {"GET", "HEAD", "PUT", "POST", "DELETE"} == REACHING

    @pytest.mark.parametrize("account", [{"allow": LISTED}, {}])
    def test_a_post_that_would_admit_its_sender_to_a_new_container_tells_of_none(
        self, cloud, account
    ):
        cloud.swift.account(**account)
        cloud.swift.container("docs", allow=LISTED)
        cloud.swift.container("base", allow=LISTED)
        cloud.swift.container("served_segments")
        headers = {"X-Container-Meta-Allow": OTHER}
        names = ("docs", "docs_segments", "base_segments", "served", "nothing")
        answers = [cloud.call("POST", f"/{name}", OTHER, headers) for name in names]
        assert {each.status for each in answers} == {404}
        assert all(VERDICT_HEADER not in each.headers for each in answers)
        # What is not there, Swift says so itself.
        assert cloud.swift.seen == [("POST", f"/v1/{ACCOUNT}/{name}") for name in names[-2:]]
        assert sum("refused" in line for line in cloud.log) == 3

    def test_who_may_list_the_account_is_told_that_he_is_refused(self, cloud):
        cloud.swift.account(allow=f"{OTHER}; read-only")
        cloud.swift.container("docs", allow=LISTED)
        headers = {"X-Container-Meta-Allow": OTHER}
        assert cloud.call("POST", "/docs", OTHER, headers).status == 403

    @pytest.mark.parametrize("name", ["docs", "nothing"])
    def test_who_may_not_do_it_from_anywhere_learns_no_more_than_from_swift(self, cloud, name):
        cloud.swift.container("docs", allow=LISTED)
        environ = {"swift.authorize": self.unauthorized}
        assert cloud.call("GET", f"/{name}/x", OTHER, **environ).status == 401
        assert cloud.swift.seen == []

    def test_a_lock_out_is_not_told_to_who_may_not_change_the_list(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        headers = {"X-Remove-Container-Meta-Allow": "x"}
        environ = {"swift.authorize": self.unauthorized}
        assert cloud.call("POST", "/docs", headers=headers, **environ).status == 401

    @pytest.mark.parametrize(
        ("method", "path", "acl"),
        [
            ("GET", "/docs/x", ".r:*"),
            ("HEAD", "/docs", ".r:*"),
            ("PUT", "/docs/x", "bob"),
            ("DELETE", "/docs", None),
        ],
    )
    def test_the_authorization_sees_the_acl_that_swift_would_show_it(
        self, cloud, method, path, acl
    ):
        cloud.swift.container("docs", allow=LISTED)
        cloud.swift.metadata[f"{ACCOUNT}/docs"].update(
            {"X-Container-Read": ".r:*", "X-Container-Write": "bob"}
        )
        cloud.call(method, path, OTHER, **{"swift.authorize": self.unauthorized})
        assert self.acl == acl

    def test_who_may_do_it_from_elsewhere_is_told_so(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        answer = cloud.call("GET", "/docs/x", OTHER, **{"swift.authorize": lambda _: None})
        assert (answer.status, answer.body) == (403, DENIED)


class TestReport:
    def test_a_refusal_is_one_line_with_all_that_an_operator_needs(self, cloud):
        cloud.swift.container("docs", allow_old=f"{OTHER}; until=2020-01-01T00:00Z")
        cloud.call("GET", "/docs/secret-name", OTHER)
        (line,) = cloud.log
        assert line == (
            "ip_whitelist stopped GET AUTH_lab/docs from 198.51.100.9: refused: "
            "expired by allow-old (container list) (txn: tx123)"
        )
        assert cloud.counters == ["refused"]

    def test_names_cannot_forge_a_second_line(self, cloud):
        cloud.call("GET", "/docs%0A2026-01-01 root: all is well", OTHER, PATH_INFO="/v1/a/b\nc")
        assert "\n" not in cloud.log[0]
        assert "b%0Ac" in cloud.log[0]

    @pytest.mark.parametrize("label", ["\xff\xfe", "\xc3\xa9", "a b"])
    def test_neither_can_labels_nor_do_they_spoil_it(self, cloud, label):
        cloud.swift.container("docs", **{f"allow_{label}": f"{OTHER}; until=2020-01-01T00:00Z"})
        cloud.call("GET", "/docs/x", OTHER)
        assert "expired by allow-%" in cloud.log[0] or "expired by allow-a%20b" in cloud.log[0]
        assert cloud.log[0].isascii()

    def test_an_unknown_caller_is_called_so(self, cloud):
        cloud.call("GET", "/docs/x", None)
        assert "from an unknown address: refused: no-address" in cloud.log[0]

    def test_an_admitted_request_leaves_no_trace(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        cloud.call("GET", "/docs/x", LISTED)
        assert (cloud.log, cloud.counters) == ([], [])

    def test_each_verdict_has_its_counter(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        cloud.swift.statuses[f"{ACCOUNT}/down"] = 503
        cloud.call("GET", "/down/x")
        cloud.call("POST", "/docs", headers={"X-Container-Meta-Allow": "nonsense"})
        cloud.call("POST", "/docs", headers={"X-Container-Meta-Allow": OTHER})
        assert cloud.counters == ["unavailable", "malformed", "lockout"]

    def test_the_operator_chooses_the_words(self, cloud_with):
        cloud = cloud_with(deny_message="Zu für dich")
        assert cloud.call("GET", "/docs/x").body == "Zu für dich"


class TestAudit:
    @pytest.mark.parametrize(
        ("method", "path", "headers", "counter"),
        [
            ("GET", "/closed/x", {}, "audit.refused"),
            ("GET", "/down/x", {}, "audit.unavailable"),
            ("POST", "/open", {"X-Container-Meta-Allow": "nonsense"}, "audit.malformed"),
            ("POST", "/open", {"X-Container-Meta-Allow": OTHER}, "audit.lockout"),
        ],
    )
    def test_it_only_says_what_it_would_have_done(
        self, cloud_with, method, path, headers, counter
    ):
        cloud = cloud_with(mode="audit")
        cloud.swift.container("closed", allow=OTHER)
        cloud.swift.container("open", allow=LISTED)
        cloud.swift.statuses[f"{ACCOUNT}/down"] = 503
        cloud.call(method, path, headers=headers)
        assert cloud.swift.seen == [(method, f"/v1/{ACCOUNT}{path}")]
        assert cloud.counters == [counter]
        assert cloud.log[0].startswith("ip_whitelist would have stopped")

    def test_a_request_without_an_address_passes(self, cloud_with):
        cloud = cloud_with(mode="audit")
        assert cloud.call("GET", "/docs/x", None).status == 200
        assert cloud.counters == ["audit.refused"]


class TestCache:
    def test_metadata_are_asked_for_once(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        cloud.call("GET", "/docs/x")
        cloud.call("GET", "/docs/y")
        assert cloud.swift.asked.count(f"{ACCOUNT}/docs") == 1

    @pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
    @pytest.mark.parametrize("path", ["", "/docs"])
    def test_what_another_request_cached_during_a_change_is_dropped(self, cloud, method, path):
        cloud.swift.account(allow=LISTED)
        cloud.swift.container("docs", allow=LISTED)
        kind = "container" if path else "account"
        key = f"{kind}/{ACCOUNT}{path}"

        def swift(environ, start_response):
            cloud.cache.set(key, {"status": 200, "meta": {}})
            environ["swift.infocache"][key] = {"status": 200, "meta": {}}
            start_response("204 No Content", [])
            return []

        cloud.filter.app = swift
        swift._pipeline_request_logging_app = swift._pipeline_final_app = cloud.swift
        assert cloud.call(method, path).status == 204
        assert key not in cloud.cache.stored
        assert key not in cloud.infocache

    def test_reads_and_objects_leave_the_cache_alone(self, cloud):
        cloud.swift.container("docs", allow=LISTED)
        cloud.call("GET", "/docs")
        cloud.call("PUT", "/docs/x")
        assert f"container/{ACCOUNT}/docs" in cloud.cache.stored

    def test_items_are_parsed_once_for_each_distinct_list(self, cloud, parsed):
        cloud.swift.container("docs", allow="192.0.2.0/25", color="red")
        cloud.swift.container("same", allow="192.0.2.0/25", color="red")
        for path in ("/docs/x", "/docs/y", "/same/x"):
            cloud.call("GET", path)
        assert len(parsed) == 1

    @pytest.mark.parametrize("path", ["/docs", "/new"])
    def test_what_a_request_brings_is_not_kept(self, cloud, parsed, path):
        cloud.swift.account(allow=LISTED)
        cloud.swift.container("docs", allow=LISTED)
        cloud.call("GET", path)
        stored = len(parsed)
        headers = {"X-Container-Meta-Allow": f"{LISTED} {OTHER}", "X-Storage-Policy": "none"}
        cloud.swift.statuses[f"{ACCOUNT}{path}"] = 400
        cloud.call("PUT", path, headers=headers)
        cloud.swift.container("another", allow=f"{LISTED} {OTHER}")
        before = len(parsed)
        assert before > stored
        cloud.call("GET", "/another")
        assert len(parsed) == before + 1


class TestStrangers:
    """Who may not do it from anywhere makes the proxy do no more than Swift does by itself."""

    NOBODY = {"swift.authorize": lambda request: HTTPUnauthorized(request=request)}
    CHANGE = {"X-Container-Meta-Allow": LISTED, "X-Account-Meta-Allow": LISTED}

    @pytest.fixture(params=["enforce", "audit"])
    def cloud(self, cloud_with, request):
        cloud = cloud_with(mode=request.param, unlisted="allow")
        cloud.swift.account(allow=LISTED)
        cloud.swift.container("docs", allow=LISTED)
        # What the proxy server would answer by the same authorization.
        for path in (ACCOUNT, f"{ACCOUNT}/docs", f"{ACCOUNT}/new"):
            cloud.swift.statuses[path] = 401
        return cloud

    @pytest.mark.parametrize("address", [LISTED, OTHER])
    @pytest.mark.parametrize("method", ["PUT", "POST"])
    @pytest.mark.parametrize("path", ["", "/docs", "/new"])
    def test_a_change_is_put_to_the_authorization_before_anything_is_read(
        self, cloud, parsed, path, method, address
    ):
        headers = {**self.CHANGE, "X-Container-Meta-Allow-B": "nonsense"}
        answer = cloud.call(method, path, address, headers, **self.NOBODY)
        assert answer.status == 401
        assert (parsed, cloud.swift.asked, cloud.log, cloud.counters) == ([], [], [], [])

    @pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
    @pytest.mark.parametrize("path", ["", "/docs"])
    @pytest.mark.parametrize("status", [401, 403, 405, 412])
    def test_what_was_refused_before_it_reached_the_storage_clears_no_cache(
        self, cloud, path, method, status
    ):
        cloud.swift.statuses.clear()
        cloud.call("GET", "")
        cloud.call("GET", "/docs")
        kept = dict(cloud.cache.stored)
        assert len(kept) == 2
        cloud.swift.statuses[f"{ACCOUNT}{path}"] = status
        cloud.call(method, path, headers=self.CHANGE, **self.NOBODY)
        assert cloud.cache.stored == kept

    def test_nor_does_he_have_an_absence_looked_up_again(self, cloud):
        cloud.swift.statuses.clear()
        for _ in range(3):
            cloud.call("GET", "/gone/x", **self.NOBODY)
        assert cloud.swift.asked.count(f"{ACCOUNT}/gone") == 1


@pytest.mark.parametrize("status", [200, 404, 409, 500, 503])
def test_whatever_may_have_changed_something_clears_the_cache(cloud, status):
    cloud.swift.container("docs", allow=LISTED)
    cloud.call("GET", "/docs")
    cloud.swift.statuses[f"{ACCOUNT}/docs"] = status
    cloud.call("DELETE", "/docs")
    assert f"container/{ACCOUNT}/docs" not in cloud.cache.stored


def test_an_application_that_fails_clears_the_cache_too(cloud):
    cloud.swift.container("docs", allow=LISTED)
    cloud.call("GET", "/docs")

    def fail(_environ, _start_response):
        raise ZeroDivisionError

    cloud.filter.app = fail
    fail._pipeline_request_logging_app = fail._pipeline_final_app = cloud.swift
    with pytest.raises(ZeroDivisionError):
        cloud.call("DELETE", "/docs")
    assert f"container/{ACCOUNT}/docs" not in cloud.cache.stored


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Container-Meta-Allow": ", ".join(["192.0.2.1"] * 30)},
        {f"X-Container-Meta-Allow-{number}": LISTED for number in range(91)},
        {"X-Container-Meta-Allow-" + "a" * 123: LISTED},
        {"X-Container-Meta-Allow": "\xff"},
        {"X-Container-Meta-Allow-\xff\xfe": f"{LISTED}; until=2020-01-01T00:00Z"},
        {"X-Container-Meta-Color": "red" * 90},
    ],
    ids=["value", "number", "name", "no UTF-8 value", "no UTF-8 name", "another item"],
)
def test_what_swift_will_not_store_gets_swifts_answer_before_it_is_read(cloud, parsed, headers):
    cloud.swift.container("docs", allow=LISTED)
    answer = cloud.call("POST", "/docs", OTHER, headers)
    assert answer.status == 400
    assert VERDICT_HEADER not in answer.headers
    assert (parsed, cloud.swift.asked, cloud.log) == ([], [], [])


def test_the_authorizations_notes_are_left_to_the_proxy_server(cloud):
    cloud.swift.container("docs", allow=LISTED)
    notes = []

    def authorize(request):
        notes.append(request.environ)
        request.environ["swift_owner"] = True

    def swift(environ, start_response):
        assert "swift_owner" not in environ
        assert "swift.authorize" in environ
        return cloud.swift(environ, start_response)

    cloud.filter.app = swift
    swift._pipeline_request_logging_app = swift._pipeline_final_app = cloud.swift
    headers = {"X-Container-Meta-Color": "red"}
    assert (
        cloud.call("POST", "/docs", headers=headers, **{"swift.authorize": authorize}).status
        == 200
    )
    assert len(notes) == 1


class TestRequestsThatLast:
    """Parts of one request share what Swift has read for it, as bulk's and slo's do."""

    def infocache(self, cloud, seconds):
        """What the first part leaves behind, so many seconds later."""
        caller = parse_address(LISTED)
        infocache = {"ipcontrol.client_address": caller, "ipcontrol.since": time.monotonic()}
        cloud.call("GET", "/docs_segments/1", **{"swift.infocache": infocache})
        infocache["ipcontrol.since"] -= seconds
        cloud.cache.stored.clear()
        return infocache

    @pytest.mark.parametrize("ruling", ["docs_segments", "docs", ""])
    def test_a_part_that_begins_later_is_judged_by_the_list_as_it_is_then(self, cloud, ruling):
        containers = [name for name in ("docs_segments", "docs") if name != ruling]
        for name in containers:
            cloud.swift.container(name)
        change = (
            functools.partial(cloud.swift.container, ruling) if ruling else cloud.swift.account
        )
        change(allow=LISTED)
        early, late = self.infocache(cloud, 1), self.infocache(cloud, LASTING + 1)
        change(allow=OTHER)
        later = [
            cloud.call("GET", "/docs_segments/2", **{"swift.infocache": known}).status
            for known in (early, late)
        ]
        assert later == [200, 403]

    def test_from_then_on_it_goes_by_that_list_for_as_long_again(self, cloud):
        cloud.swift.container("docs_segments", allow=LISTED)
        known = self.infocache(cloud, LASTING + 1)
        asked = len(cloud.swift.asked)
        for _ in range(3):
            cloud.call("GET", "/docs_segments/2", **{"swift.infocache": known})
        assert len(cloud.swift.asked) == asked + 2

    def test_what_others_keep_there_stays(self, cloud):
        cloud.swift.container("docs_segments", allow=LISTED)
        known = self.infocache(cloud, LASTING + 1) | {"object/AUTH_lab/docs/x": {}}
        cloud.call("GET", "/docs_segments/2", **{"swift.infocache": known})
        assert known["object/AUTH_lab/docs/x"] == {}
        assert known["ipcontrol.client_address"] == parse_address(LISTED)


class TestInfo:
    def info(self):
        return get_swift_info()["ip_whitelist"]

    def test_clients_can_tell_what_is_enforced_and_how_long_a_list_may_be(self, cloud_with):
        cloud_with(unlisted="allow", mode="audit")
        info = self.info()
        assert (info["mode"], info["unlisted"], info["admit_local"]) == ("audit", "allow", False)
        assert info["staleness"] == 60
        assert info["max_meta_count"] == constraints.MAX_META_COUNT
        assert info["max_meta_value_length"] == constraints.MAX_META_VALUE_LENGTH
        assert info["max_meta_name_length"] == constraints.MAX_META_NAME_LENGTH
        assert info["max_meta_overall_size"] == constraints.MAX_META_OVERALL_SIZE
        assert info["version"] == __version__

    def test_the_operators_networks_are_shown_only_on_demand(self, cloud_with, monkeypatch):
        monkeypatch.setattr("swift.common.registry._swift_info", {})
        cloud_with(always_allow=f"{OTHER}/32")
        assert "always_allow" not in self.info()
        cloud_with(always_allow=f"{OTHER}/32", publish_always_allow="yes")
        assert self.info()["always_allow"] == [OTHER]


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"unlisted": "maybe"}, 'unlisted is "maybe": write deny or allow'),
        ({"mode": "dry-run"}, 'mode is "dry-run": write enforce or audit'),
        ({"admit_local": "maybe"}, 'admit_local is "maybe": write true or false'),
        ({"publish_always_allow": "2"}, "write true or false"),
        ({"always_allow": "10.1.2.3/16"}, "10.1.0.0/16"),
        ({"alway_allow": "10.0.0.0/8"}, 'has no option "alway_allow"'),
    ],
)
def test_a_bad_option_stops_the_proxy_with_a_sentence(options, hint):
    with pytest.raises(ConfigFileError) as caught:
        filter_factory({}, **options)
    assert hint in str(caught.value)
    assert "[filter:ip_whitelist]" in str(caught.value)


def test_an_option_that_the_section_sets_or_inherits_is_read_too():
    with pytest.raises(ConfigFileError, match="admit_local"):
        filter_factory({"admit_local": "maybe"})


def test_options_of_loggers_are_not_misspellings():
    filter_factory({}, __name__="ip_whitelist", log_level="DEBUG", access_log_name="x")
