# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""uWSGI, under which nova-api runs: it makes one header of X-Forwarded-For and X_Forwarded_For."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from devcloud.addresses import LAB, PARTNER
from devcloud.ports import Reservations
from devcloud.settings import BIND
from tests.functional.nginx import in_front_of, session_from, wait_for_ports

TRUE_NAME = "X-Forwarded-For"
ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def _uwsgi(header):
    """The address of an application that answers with its caller."""
    reserved = Reservations()
    port = reserved.reserve_any()
    # uWSGI does not share a port with whoever reserved it.
    reserved.release()
    process = subprocess.Popen(
        [
            *(Path(sys.prefix, "bin", "uwsgi"), "--master", "--die-on-term", "--disable-logging"),
            *("--http-socket", f"{BIND}:{port}", "--virtualenv", sys.prefix),
            *("--pythonpath", ROOT, "--module", "tests.functional.caller_app"),
        ],
        env={**os.environ, "CALLER_HEADER": header},
    )
    try:
        wait_for_ports([port])
        yield f"http://{BIND}:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def uwsgi():
    with _uwsgi("X-Forwarded-For") as address:
        yield address


@pytest.fixture(scope="module")
def uwsgi_forwarded():
    with _uwsgi("Forwarded") as address:
        yield address


@pytest.fixture(scope="module")
def nginx(uwsgi, tmp_path_factory):
    with in_front_of({"uwsgi": uwsgi}, tmp_path_factory.mktemp("nginx")) as addresses:
        yield addresses["uwsgi"]


def caller(address, source, **headers):
    return session_from(source).get(address, **headers).text


@pytest.mark.parametrize(
    "forged", [{TRUE_NAME: LAB}, {"X_Forwarded_For": LAB}, {"Forwarded": f"for={LAB}"}]
)
def test_what_an_untrusted_caller_writes_is_not_believed(uwsgi, forged):
    assert caller(uwsgi, PARTNER, headers=forged) == PARTNER


def test_a_trusted_proxy_speaks_for_its_caller(uwsgi):
    assert caller(uwsgi, BIND, headers={TRUE_NAME: PARTNER}) == PARTNER


def test_a_name_with_underscores_that_a_balancer_lets_through_behind_its_own_is_believed(uwsgi):
    """Why docs/nova.md has balancers drop them: nothing behind uWSGI can tell them apart."""
    passed_on = {TRUE_NAME: PARTNER, "X_Forwarded_For": LAB}
    assert caller(uwsgi, BIND, headers=passed_on) == LAB


@pytest.mark.parametrize("name", ["X_Forwarded_For", "x_forwarded_for", "X-Forwarded_For"])
def test_nginx_drops_it(nginx, name):
    assert caller(nginx, PARTNER, headers={name: LAB}) == PARTNER
    assert caller(nginx, PARTNER, headers={TRUE_NAME: LAB, name: LAB}) == PARTNER


def test_no_other_name_is_taken_for_forwarded(uwsgi_forwarded):
    sent = {"Forwarded": f"for={PARTNER}", "X_Forwarded_For": LAB, TRUE_NAME: LAB}
    assert caller(uwsgi_forwarded, BIND, headers=sent) == PARTNER
