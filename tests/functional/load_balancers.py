# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""HAProxy, nginx and Apache httpd, configured as the documentation shows."""

import contextlib
import shutil
import subprocess

import pytest

from devcloud.ports import Reservations
from devcloud.settings import BIND, REVERSE_PROXY
from tests.functional import nginx
from tests.functional.nginx import wait_for_ports
from tests.unit.documentation import blocks

PAGE = "install/load-balancers.md"
_PATH = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"
# What the page takes for granted, and where the calls come from.
_HAPROXY = "defaults\n    timeout connect 5s\n    timeout client 30s\n    timeout server 30s\n"
_MODULES = ("mpm_event", "authz_core", "proxy", "proxy_http", "headers")
_APACHE = (
    "".join(f"LoadModule {each}_module {{modules}}/mod_{each}.so\n" for each in _MODULES)
    + """
ServerName localhost
ServerRoot {folder}
PidFile {folder}/pid
ErrorLog {folder}/error.log
User #65534
Group #65534
DefaultRuntimeDir {folder}
Listen {bind}:{port}
ProxySourceAddress {source}
"""
)


def _shown(language, heading, target, port):
    """What the page shows, for addresses of this machine."""
    (text,) = blocks(PAGE, language, heading)
    text = text.replace("192.0.2.10:8080", f"{BIND}:{port}")
    for server in ("192.0.2.21:8080", "192.0.2.22:8080"):
        text = text.replace(server, target)
    assert "192.0.2" not in text
    return text


@contextlib.contextmanager
def behind_nginx(target, folder):
    """The address of nginx in front of a server, given as host and port."""
    shown = _shown("nginx", "nginx", target, "{port}")
    more = f"    location / {{\n        proxy_bind {REVERSE_PROXY};\n"
    shown = shown.replace("    location / {\n", more)
    with nginx.serving({"shown": shown}, folder) as ports:
        yield f"http://{BIND}:{ports['shown']}"


@contextlib.contextmanager
def behind_haproxy(target, folder):
    """The address of HAProxy in front of a server, given as host and port."""
    with _running("haproxy", folder) as (program, port, start):
        shown = _shown("text", "HAProxy", f"{target} source {REVERSE_PROXY}", port)
        (folder / "haproxy.cfg").write_text(_HAPROXY + shown)
        subprocess.run([program, "-c", "-q", "-f", "haproxy.cfg"], check=True, cwd=folder)
        start("-db", "-f", "haproxy.cfg")
        yield f"http://{BIND}:{port}"


@contextlib.contextmanager
def behind_apache(target, folder):
    """The address of Apache httpd in front of a server, given as host and port."""
    with _running("apache2", folder) as (program, port, start):
        shown = _shown("apache", "Apache httpd", target, port)
        text = _APACHE.format(
            modules="/usr/lib/apache2/modules",
            folder=folder,
            bind=BIND,
            port=port,
            source=REVERSE_PROXY,
        )
        (folder / "httpd.conf").write_text(text + shown)
        subprocess.run([program, "-t", "-f", folder / "httpd.conf"], check=True)
        start("-DFOREGROUND", "-f", folder / "httpd.conf")
        yield f"http://{BIND}:{port}"


@contextlib.contextmanager
def _running(name, folder):
    """The program, a port for it, and what starts it; ended at the end."""
    program = shutil.which(name, path=_PATH)
    if not program:
        pytest.skip(f"{name} is not installed")
    reserved = Reservations()
    port = reserved.reserve_any()
    # These programs do not share a port with whoever reserved it.
    reserved.release()
    with contextlib.ExitStack() as stack:

        def start(*arguments):
            process = subprocess.Popen([program, *arguments], cwd=folder)
            stack.callback(process.wait, 10)
            stack.callback(process.terminate)
            wait_for_ports([port])

        yield program, port, start


ALL = {"nginx": behind_nginx, "HAProxy": behind_haproxy, "Apache httpd": behind_apache}
