# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Header names that Swift reads by rules of its own, through nginx as it comes, and a lax one.

Behind a name that is not ASCII, ``Content_Length`` overrides ``Content-Length`` for Swift: a
client ends a request earlier there than nginx does, and writes the next one himself.
"""

import contextlib
import socket
import time
from urllib.parse import urlsplit

import pytest

from devcloud.addresses import LAB, OUTSIDER, swift_connection
from devcloud.cloud import Cloud
from devcloud.settings import BIND, REVERSE_PROXY
from tests.functional import load_balancers
from tests.functional.nginx import serving

_LAX = "ignore_invalid_headers off; underscores_in_headers on;"
_SERVER = """
    server {{
        listen {bind}:{port};
        {options}
        location / {{
            proxy_pass http://swift;
            proxy_http_version 1.1;
            proxy_bind {source};
            proxy_set_header Host $host:$server_port;
            proxy_set_header Connection "";
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        }}
    }}
"""


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with Cloud(("swift",), state=tmp_path_factory.mktemp("names")) as running:
        yield running


@pytest.fixture(scope="module")
def nginx(cloud, tmp_path_factory):
    """Ports of an nginx with its defaults and of a lax one."""
    servers = {
        options: _SERVER.format(bind=BIND, port="{port}", options=options, source=REVERSE_PROXY)
        for options in ("", _LAX)
    }
    swift = f"upstream swift {{ server {urlsplit(cloud.swift_url).netloc}; keepalive 4; }}"
    with serving(servers, tmp_path_factory.mktemp("nginx"), swift) as ports:
        yield ports


def smuggle(port, path, token):
    """Send a request whose body is another one, that claims to come from the lab."""
    inner = (
        f"POST {path}/closed HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Auth-Token: {token}\r\n"
        f"X-Forwarded-For: {LAB}\r\nX-Container-Meta-Allow-Me: {OUTSIDER}\r\n"
        "Content-Length: 0\r\n\r\n"
    ).encode()
    outer = (
        f"PUT {path}/open/x HTTP/1.1\r\nHost: x\r\nX-Auth-Token: {token}\r\n"
        f"Content-Length: {len(inner)}\r\nB\xe9: x\r\nContent_Length: 0\r\n\r\n"
    ).encode("latin-1")
    with socket.create_connection((BIND, port), 3, (OUTSIDER, 0)) as connection:
        connection.sendall(outer + inner)
        with contextlib.suppress(TimeoutError):
            connection.recv(65536)
    time.sleep(1)


def is_smuggled(cloud, port):
    """Whether the inner request changes a list that only the lab may change."""
    owner = swift_connection(cloud, url=cloud.backstage_url)
    url, token = owner.get_auth()
    owner.put_container("closed", {"X-Container-Meta-Allow-Lab": "127.1.0.0/16"})
    owner.put_container("open", {"X-Container-Meta-Allow-All": "0.0.0.0/0"})
    smuggle(port, urlsplit(url).path, token)
    return "x-container-meta-allow-me" in owner.head_container("closed")


# The lax one comes last, for what is smuggled stays.
@pytest.mark.parametrize("balancer", load_balancers.ALL.values(), ids=load_balancers.ALL)
def test_what_the_documentation_shows_keeps_them_from_swift(cloud, tmp_path, balancer):
    tmp_path.chmod(0o755)
    with balancer(urlsplit(cloud.swift_url).netloc, tmp_path) as address:
        assert not is_smuggled(cloud, urlsplit(address).port)


@pytest.mark.parametrize(("options", "smuggled"), [("", False), (_LAX, True)], ids=["", "lax"])
def test_nginx_as_it_comes_keeps_them_from_swift(cloud, nginx, options, smuggled):
    assert is_smuggled(cloud, nginx[options]) is smuggled
