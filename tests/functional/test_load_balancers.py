# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The load balancers as the documentation configures them, before uWSGI, which tells least apart."""

import pytest

from devcloud.addresses import LAB, PARTNER
from tests.functional import load_balancers
from tests.functional.nginx import session_from
from tests.functional.uwsgi import behind_uwsgi

FORGED = [
    {"X-Forwarded-For": LAB},
    {"X-Forwarded-For": f"{LAB}, "},
    {"X_Forwarded_For": LAB},
    {"x_forwarded_for": LAB},
    {"X-Forwarded_For": LAB},
    {"X_Forwarded-For": LAB},
    # uWSGI joins them in this order, whatever the balancer appends to the first.
    {"X-Forwarded-For": LAB, "X_Forwarded_For": LAB},
    {"X-Forwarded-For": LAB, "x-forwarded_for": LAB},
    {"X-Forwarded-For": LAB, "X_Forwarded-For": LAB},
    {"Forwarded": f"for={LAB}"},
    {"Connection": "X-Forwarded-For"},
    {"X-Forwarded-For": LAB, "Connection": "close, X-Forwarded-For"},
]


@pytest.fixture(scope="module")
def service():
    """Host and port of an application that answers with its caller."""
    with behind_uwsgi("X-Forwarded-For") as address:
        yield address.removeprefix("http://")


@pytest.fixture(scope="module", params=load_balancers.ALL.values(), ids=load_balancers.ALL)
def balancer(request, service, tmp_path_factory):
    folder = tmp_path_factory.mktemp("balancer")
    folder.chmod(0o755)
    with request.param(service, folder) as address:
        yield address


@pytest.mark.parametrize("source", [LAB, PARTNER])
def test_the_caller_is_told(balancer, source):
    assert session_from(source).get(balancer).text == source


@pytest.mark.parametrize("forged", FORGED, ids=str)
def test_nothing_that_the_caller_writes_names_another(balancer, forged):
    assert session_from(PARTNER).get(balancer, headers=forged).text == PARTNER


@pytest.mark.parametrize("name", ["X_Forwarded_For", "x-forwarded_for", "X_FORWARDED-FOR"])
def test_names_with_underscores_do_not_arrive(balancer, name):
    answer = session_from(PARTNER).get(balancer, headers={name: LAB})
    assert answer.headers["X-Told"] == PARTNER


def test_the_path_arrives_as_it_was_sent(balancer):
    """Names of objects hold slashes and percent signs, encoded."""
    answer = session_from(PARTNER).get(f"{balancer}/v1/AUTH_lab/docs/a%2Fb%25c?x=1")
    assert (answer.status_code, answer.text) == (200, PARTNER)
