# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""People at browsers, and a server that listens to what Horizon's clients send."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from tests.unit.ipcontrol_dashboard.horizon_setup import _empty_cache  # noqa: F401

BROWSER = "192.0.2.7"


def pytest_configure(config):
    # Horizon's test helpers mark with these, and ours are strict about markers.
    config.addinivalue_line("markers", "selenium: Horizon's own tests in a browser")
    config.addinivalue_line("markers", "plugin_test: Horizon's own tests of plugins")


class Listener:
    """Stands for Swift, Nova or Keystone: keeps requests, answers as it is told.

    Attributes:
        url: its root.
        requests: what it got, in order: method, path with query, headers.
        connections: from which ports of ours it got them.
        keep_alive: whether it waits for more after it has told its own length.
        before_answer: called with no arguments before each answer.
    """

    def __init__(self):
        self.requests = []
        self.connections = set()
        self.keep_alive = False
        self.before_answer = lambda: None
        self._answers = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        # A client that has gone is no error.
        self._server.handle_error = lambda *_: None
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method, path, status=204, headers=None, body=b""):
        """Say what it answers from now on.

        Args:
            method: of HTTP.
            path: without the query.
            status: of HTTP.
            headers: texts by name, sent in UTF-8; surrogates stand for single bytes.
            body: bytes, or what becomes JSON.
        """
        if not isinstance(body, bytes):
            headers = {**(headers or {}), "Content-Type": "application/json"}
            body = json.dumps(body).encode()
        self._answers[method, path] = (status, headers or {}, body)

    def _handler(listener):  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self):
                listener.connections.add(self.client_address[1])
                length = int(self.headers.get("Content-Length") or 0)
                self.rfile.read(length)
                headers = {
                    name.lower(): value.encode("latin-1").decode()
                    for name, value in self.headers.items()
                }
                listener.requests.append(
                    SimpleNamespace(
                        method=self.command, path=self.path, headers=headers, lines=self.lines()
                    )
                )
                listener.before_answer()
                path = self.path.partition("?")[0]
                status, sent, body = listener._answers.get((self.command, path), (204, {}, b""))
                self.send_response(status)
                for name, value in sent.items():
                    self.send_header(
                        name, value.encode(errors="surrogateescape").decode("latin-1")
                    )
                if "Content-Length" not in sent:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)
                self.close_connection = "Content-Length" in sent and not listener.keep_alive

            def lines(self):
                """Headers as they came, with those that http.server takes for a body."""
                more = (line.partition(":") for line in self.headers.get_payload().split("\n"))
                pairs = [*self.headers.items(), *((name, value) for name, _, value in more)]
                return {name.lower(): value.strip() for name, value in pairs}

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_one  # noqa: N815

            def log_message(self, *_):
                """Say nothing."""

        return Handler


@pytest.fixture
def listener():
    server = Listener()
    yield server
    server.close()


@pytest.fixture
def person(listener):
    """Makes the request of a signed-in person whose cloud is the listener."""

    def at(address=BROWSER, path="/", **environ):
        request = RequestFactory().get(path, REMOTE_ADDR=address, **environ)
        request.user = SimpleNamespace(
            id="alice",
            username="alice",
            tenant_id="lab",
            services_region="here",
            token=SimpleNamespace(id="token", project={"domain_id": "default"}),
            service_catalog=[
                _service("object-store", listener.url + "/v1/AUTH_lab"),
                _service("compute", listener.url + "/compute/v2.1"),
                _service("identity", listener.url + "/v3"),
            ],
        )
        return request

    return at


def _service(kind, url):
    endpoints = [
        {"region": "here", "region_id": "here", "interface": interface, "url": url}
        for interface in ("public", "internal", "admin")
    ]
    return {"type": kind, "name": kind, "endpoints": endpoints}
