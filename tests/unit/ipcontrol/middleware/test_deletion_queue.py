# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Deletions that a middleware queues, as one request for all."""

import json
from types import SimpleNamespace

import pytest
from swift.cli.container_deleter import make_delete_jobs
from swift.common.swob import Request
from swift.common.utils.timestamp import Timestamp

from ipcontrol.middleware.deletion_queue import UnreadableQueueError, read_deletions

ACCOUNT = "AUTH_lab"
OTHER = "198.51.100.9"
QUEUE = "!/v1/.expiring_objects/1700000000"
PRIVATE = {"X-Backend-Allow-Private-Methods": "True"}


def jobs(container, *names, account=ACCOUNT):
    return make_delete_jobs(account, container, names, Timestamp(1700000000))


def queued(listed, headers=PRIVATE, method="UPDATE"):
    body = listed if isinstance(listed, bytes) else json.dumps(listed).encode()
    return Request.blank(QUEUE[1:], method=method, headers=headers, body=body).environ


class TestReadDeletions:
    def test_one_object_stands_for_those_of_its_container(self):
        found = read_deletions(queued(jobs("docs", "a", "b/c") + jobs("plans", "d-e")))
        assert [(each.account, each.container) for each in found] == [
            (ACCOUNT, "docs"),
            (ACCOUNT, "plans"),
        ]
        assert {each.kind for each in found} == {"object"}

    def test_names_are_read_as_those_of_a_path_are(self):
        (found,) = read_deletions(queued(jobs("mä-rz", "ö/x")))
        assert found.container == "mä-rz".encode().decode("latin-1")
        assert found.object == "ö/x".encode().decode("latin-1")

    def test_an_account_may_have_a_dash_in_its_name(self):
        (found,) = read_deletions(queued(jobs("docs", "a", account="AUTH_a-b-c")))
        assert found.account == "AUTH_a-b-c"

    def test_the_request_still_has_its_body(self):
        environ = queued(jobs("docs", "a"))
        read_deletions(environ)
        assert json.loads(environ["wsgi.input"].read()) == jobs("docs", "a")

    @pytest.mark.parametrize(("headers", "method"), [({}, "UPDATE"), (PRIVATE, "POST")])
    def test_other_requests_queue_nothing_and_are_not_read(self, headers, method):
        request = Request.blank(QUEUE[1:], method=method, headers=headers)
        request.environ["wsgi.input"] = SimpleNamespace()
        assert read_deletions(request.environ) is None

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"\xff",
            b"{}x",
            b"[1]",
            b"null",
            b'["name"]',
            b'[{"name": null}]',
            b'[{"nom": "1-a/b/c"}]',
            b'[{"name": "AUTH_lab/docs/a"}]',
            b'[{"name": "1700000000-AUTH_lab/docs"}]',
            b'[{"name": "1700000000-AUTH_lab//a"}]',
            b'[{"name": "soon-AUTH_lab/docs/a"}]',
        ],
    )
    def test_what_cannot_be_read_is_an_error(self, body):
        with pytest.raises(UnreadableQueueError):
            read_deletions(queued(body))


class TestJudgement:
    @pytest.fixture
    def send(self, cloud):
        """Queue deletions as slo does; the answer's status."""

        def send(listed, cloud=cloud, headers=PRIVATE):
            body = listed if isinstance(listed, bytes) else json.dumps(listed).encode()
            source = Request.blank("/", body=body).environ
            body = {key: source[key] for key in ("wsgi.input", "CONTENT_LENGTH")}
            cloud.swift.statuses[QUEUE.removeprefix("!/v1/")] = 202
            return cloud.call("UPDATE", QUEUE, headers=headers, **body).status

        return send

    def test_it_passes_where_every_container_admits_its_sender(self, cloud, send):
        cloud.swift.container("docs", allow="192.0.2.1")
        cloud.swift.container("plans", allow="192.0.2.0/24")
        assert send(jobs("docs", "a") + jobs("plans", "b")) == 202
        assert cloud.swift.seen == [("UPDATE", QUEUE[1:])]

    def test_one_that_does_not_is_enough_to_stop_it(self, cloud, send):
        cloud.swift.container("docs", allow="192.0.2.1")
        cloud.swift.container("plans", allow=OTHER)
        assert send(jobs("docs", "a") + jobs("plans", "b")) == 403
        assert cloud.swift.seen == []

    def test_what_is_not_listed_elsewhere_does_not_matter(self, cloud_with, send):
        cloud = cloud_with(unlisted="allow")
        cloud.swift.container("docs", allow=OTHER)
        assert send(jobs("docs", "a"), cloud) == 403

    def test_to_delete_is_not_to_read(self, cloud, send):
        cloud.swift.container("docs", allow="192.0.2.1; read-only")
        assert send(jobs("docs", "a")) == 403

    def test_the_log_names_the_container_and_what_was_to_be_done_there(self, cloud, send):
        cloud.swift.container("docs", allow=OTHER)
        send(jobs("docs", "a"))
        assert f"DELETE {ACCOUNT}/docs from 192.0.2.1: refused" in cloud.log[0]

    def test_what_cannot_be_read_is_stopped(self, cloud_with, send):
        assert send(b"[1]", cloud_with(unlisted="allow")) == 503

    def test_audit_mode_stops_nothing(self, cloud_with, send):
        cloud = cloud_with(mode="audit")
        cloud.swift.container("docs", allow=OTHER)
        assert send(jobs("docs", "a"), cloud) == 202
        assert send(b"[1]", cloud) == 202
        assert "would have stopped DELETE" in cloud.log[0]

    def test_a_client_that_tries_it_is_left_to_swift_which_does_not_know_the_method(
        self, cloud, send
    ):
        cloud.swift.container("docs", allow="192.0.2.1")
        send(jobs("docs", "a"), headers={})
        assert "stopped UPDATE" in cloud.log[0]
        assert len(cloud.swift.seen) == 1
