# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import socket
import socketserver
import sys
import threading

import pytest

from devcloud.addresses import Forwarder, bound_to, run_from
from devcloud.settings import BIND


class Greeter(socketserver.BaseRequestHandler):
    """Says who called, then repeats what it hears."""

    def handle(self):
        self.request.sendall(f"{self.client_address[0]}\n".encode())
        while heard := self.request.recv(65536):
            self.request.sendall(heard)


@pytest.fixture
def port():
    with socketserver.ThreadingTCPServer((BIND, 0), Greeter) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def caller_seen_at(address):
    with socket.create_connection(address, timeout=60) as connection:
        return connection.makefile().readline().strip()


def test_a_connection_comes_from_where_it_is_bound(port):
    with bound_to("127.1.0.5"):
        assert caller_seen_at((BIND, port)) == "127.1.0.5"


def test_only_the_block_is_bound(port):
    with bound_to("127.1.0.5"):
        pass

    assert caller_seen_at((BIND, port)) == BIND


def test_only_the_thread_is_bound(port):
    seen = []
    with bound_to("127.1.0.5"):
        thread = threading.Thread(target=lambda: seen.append(caller_seen_at((BIND, port))))
        thread.start()
        thread.join()

    assert seen == [BIND]


def test_a_forwarder_is_seen_at_its_source(port):
    with Forwarder("127.2.0.5", port) as door:
        assert caller_seen_at((BIND, int(door.url.rpartition(":")[2]))) == "127.2.0.5"


def test_a_forwarder_listens_where_it_is_told(port):
    with Forwarder("127.2.0.5", port, bind="127.2.0.5") as door:
        assert door.url.startswith("http://127.2.0.5:")
        assert caller_seen_at(("127.2.0.5", int(door.url.rpartition(":")[2]))) == "127.2.0.5"


def test_a_forwarder_passes_on_all_that_is_said(port):
    data = bytes(range(256)) * 4096
    with Forwarder("127.2.0.5", port) as door:
        address = (BIND, int(door.url.rpartition(":")[2]))
        with socket.create_connection(address, timeout=60) as connection:
            connection.recv(100)
            threading.Thread(target=connection.sendall, args=(data,), daemon=True).start()
            heard = b""
            while len(heard) < len(data):
                heard += connection.recv(65536)

    assert heard == data


def test_a_closed_forwarder_lets_nobody_in(port):
    door = Forwarder("127.2.0.5", port)
    door.close()

    with pytest.raises(ConnectionRefusedError):
        caller_seen_at((BIND, int(door.url.rpartition(":")[2])))


def test_a_command_that_is_missing_is_a_sentence():
    result = run_from("127.1.0.5", ["no-such-command"], {})

    assert result.returncode == 1
    assert result.stderr.strip().endswith(
        "the command no-such-command is missing from the environment"
    )


@pytest.fixture
def command(tmp_path):
    """Make a command of a line of Python."""

    def command(line):
        script = tmp_path / "command"
        script.write_text(line)
        script.chmod(0o700)
        return str(script)

    return command


def test_a_commands_connections_come_from_its_address(port, command):
    call = f"socket.create_connection(('{BIND}', {port}))"

    result = run_from("127.1.0.5", [command(f"import socket; print({call}.recv(99))")], {})

    assert "127.1.0.5" in result.stdout, result.stderr


def test_a_command_runs_in_the_same_environment(command):
    line = "import os, sys; print(sys.executable, os.environ['OS_USERNAME'], sys.argv[1:])"

    result = run_from("127.1.0.5", [command(line), "a b"], {"OS_USERNAME": "alice"})

    assert result.stdout.strip() == f"{sys.executable} alice ['a b']"
