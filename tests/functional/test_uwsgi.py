# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""uWSGI, under which nova-api runs: it makes one header of X-Forwarded-For and X_Forwarded_For."""

import pytest

from devcloud.addresses import LAB, PARTNER
from devcloud.settings import BIND
from tests.functional.nginx import in_front_of, session_from
from tests.functional.uwsgi import behind_uwsgi

TRUE_NAME = "X-Forwarded-For"


@pytest.fixture(scope="module")
def uwsgi():
    with behind_uwsgi("X-Forwarded-For") as address:
        yield address


@pytest.fixture(scope="module")
def uwsgi_forwarded():
    with behind_uwsgi("Forwarded") as address:
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
    """Why docs/install/nova.md has balancers drop them: nothing behind uWSGI can tell them apart."""
    passed_on = {TRUE_NAME: PARTNER, "X_Forwarded_For": LAB}
    assert caller(uwsgi, BIND, headers=passed_on) == LAB


@pytest.mark.parametrize("name", ["X_Forwarded_For", "x_forwarded_for", "X-Forwarded_For"])
def test_nginx_drops_it(nginx, name):
    assert caller(nginx, PARTNER, headers={name: LAB}) == PARTNER
    assert caller(nginx, PARTNER, headers={TRUE_NAME: LAB, name: LAB}) == PARTNER


def test_no_other_name_is_taken_for_forwarded(uwsgi_forwarded):
    sent = {"Forwarded": f"for={PARTNER}", "X_Forwarded_For": LAB, TRUE_NAME: LAB}
    assert caller(uwsgi_forwarded, BIND, headers=sent) == PARTNER
