# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import pytest

from ipcontrol_dashboard.kit import service_errors as errors
from ipcontrol_dashboard.kit.service_errors import NOVA, SWIFT, of_status

MEANINGS = {
    400: errors.RejectedError,
    401: errors.SignedOutError,
    403: errors.RefusedError,
    404: errors.NotFoundError,
    409: errors.RejectedError,
    410: errors.NotFoundError,
    413: errors.ServiceError,
    429: errors.ServiceError,
    500: errors.ServiceError,
    502: errors.UnavailableError,
    503: errors.UnavailableError,
    504: errors.UnavailableError,
}


@pytest.mark.parametrize("status", MEANINGS)
def test_a_status_means_the_same_of_either_service(status):
    for service in (SWIFT, NOVA):
        found = of_status(status, "docs" if service == SWIFT else None, service=service)
        assert type(found) is MEANINGS[status]
        assert found.service == service


@pytest.mark.parametrize("status", set(MEANINGS) - {403, 404, 410})
def test_the_sentence_names_the_service(status):
    assert NOVA in of_status(status, service=NOVA).sentence


@pytest.mark.parametrize("status", MEANINGS)
def test_every_sentence_is_filled_in(status):
    for service in (SWIFT, NOVA):
        for verdict in ("", "refused", "lockout"):
            asked = {"address": "192.0.2.7", "method": "PUT", "object": "report"}
            found = of_status(status, "docs", service=service, verdict=verdict, **asked)
            assert "%(" not in found.sentence
            assert "None" not in found.sentence


def test_a_conflict_is_a_lockout_where_the_filter_says_so():
    assert type(of_status(409, "docs", verdict="lockout")) is errors.LockoutError
    assert type(of_status(409, "docs", verdict="malformed")) is errors.RejectedError


def test_what_the_service_says_is_kept():
    found = of_status(409, service=NOVA, detail="Aggregate doc already exists.")
    assert found.sentence == "Nova does not accept this change: Aggregate doc already exists."


def test_a_name_that_looks_like_a_template_is_text():
    assert "%(x)s {0} 100%" in of_status(404, "%(x)s {0} 100%").sentence


def test_for_a_log_an_error_has_its_facts_and_no_words():
    error = of_status(503, "docs")
    assert str(error) == "UnavailableError: Swift, container 'docs', status 503"
