# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import contextlib
import socket
import threading
import urllib.request

import pytest

from devcloud.services import wsgi
from devcloud.settings import BIND


def hello(environ, start_response):
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]


@pytest.fixture
def port():
    """Of a server that has one thread."""
    server = wsgi.listen(hello, 0, threads=1)
    threading.Thread(target=server.serve, daemon=True).start()
    yield server.bind_addr[1]
    server.stop()


def test_who_says_nothing_keeps_nobody_waiting(port):
    with contextlib.ExitStack() as connections:
        for _ in range(3):
            connections.enter_context(socket.create_connection((BIND, port)))
        with urllib.request.urlopen(f"http://{BIND}:{port}/", timeout=60) as answer:
            assert answer.read() == b"hello"


def test_a_connection_that_was_silent_is_answered_too_and_may_go_on(port):
    with socket.create_connection((BIND, port), timeout=60) as connection:
        for _ in range(2):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
            heard = b""
            while not heard.endswith(b"hello"):
                heard += connection.recv(1000)
            assert heard.startswith(b"HTTP/1.1 200 OK")
