# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""nginx as a load balancer, and callers from chosen addresses."""

import contextlib
import shutil
import socket
import subprocess
import time

import requests
from requests.adapters import HTTPAdapter

from devcloud.ports import Reservations
from devcloud.settings import BIND, REVERSE_PROXY

_SERVER = """
    server {{
        listen {bind}:{port};
        location / {{
            proxy_pass {target};
            proxy_bind {source};
            proxy_set_header Host $host:$server_port;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        }}
    }}
"""
_CONFIGURATION = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {servers}
}}
"""


@contextlib.contextmanager
def in_front_of(targets, folder):
    """Run nginx before services, given by name and address; yields its addresses by name."""
    servers = {
        name: _SERVER.format(bind=BIND, port="{port}", target=target, source=REVERSE_PROXY)
        for name, target in targets.items()
    }
    with serving(servers, folder) as ports:
        yield {name: f"http://{BIND}:{port}" for name, port in ports.items()}


@contextlib.contextmanager
def serving(servers, folder, more=""):
    """Run nginx with servers, given by name; yields their ports, for ``{port}`` in each, by name."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    assert program, "nginx is missing: on Debian, 'apt-get install nginx-light'"
    reserved = Reservations()
    ports = {name: reserved.reserve_any() for name in servers}
    text = more + "".join(
        server.replace("{port}", str(ports[name])) for name, server in servers.items()
    )
    file = folder / "nginx.conf"
    file.write_text(_CONFIGURATION.format(folder=folder, servers=text))
    process = subprocess.Popen([program, "-e", f"{folder}/error.log", "-c", file])
    try:
        wait_for_ports(ports.values())
        yield ports
    finally:
        process.terminate()
        process.wait(10)
        reserved.release()


def wait_for_ports(ports):
    """Wait until something listens on each of them."""
    deadline = time.monotonic() + 30
    for port in ports:
        while True:
            try:
                socket.create_connection((BIND, port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < deadline, f"nothing listens on port {port}"
                time.sleep(0.05)


class _From(HTTPAdapter):
    def __init__(self, source):
        self._source = source
        super().__init__()

    def init_poolmanager(self, *arguments, **options):
        super().init_poolmanager(*arguments, source_address=(self._source, 0), **options)


def session_from(source):
    """A session whose calls come from this address."""
    session = requests.Session()
    session.mount("http://", _From(source))
    return session
