# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What owners ask the filter itself: ``GET …/container?ip-whitelist=callers``, or ``=history``."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from swift.common.swob import HTTPNotFound, Response, wsgi_to_str

from ipcontrol.callers import QUESTION as CALLERS
from ipcontrol.contract import QUERY
from ipcontrol.history import QUESTION as HISTORY
from ipcontrol.history import as_answer, read
from ipcontrol.middleware.caller_records import CallerRecords
from ipcontrol.middleware.client_address import Environ
from ipcontrol.middleware.metadata import InfoUnavailableError
from ipcontrol.middleware.operation import Operation

# Swift's middlewares take every answer to a GET of a container or account for a listing. As such
# symlink goes through it: it has to be a list; and object versioning sorts an account's by name.
# Of another type than application/json, encryption and listing_formats leave it alone.
ANSWER_TYPE = "application/vnd.ipcontrol+json"


# What each question may be asked of.
_KINDS = {CALLERS: ("container",), HISTORY: ("container", "account")}


def asked(environ: Environ, operations: Sequence[Operation]) -> str | None:
    """What a request asks; None for all others."""
    query = environ.get("QUERY_STRING") or ""
    if QUERY not in query or environ["REQUEST_METHOD"] != "GET" or len(operations) != 1:
        return None
    question = dict(parse_qsl(query)).get(QUERY, "")
    return question if operations[0].resource.kind in _KINDS.get(question, ()) else None


def tell(question: str, operation: Operation, records: CallerRecords) -> Response | None:
    """Answer the account's owner, whom the list admits.

    Args:
        question: one that `asked` has found.
        operation: the request; it counts as no call.
        records: who called.

    Returns:
        None where it cannot be told, because storage servers or memcached do not answer.
    """
    denial = operation.owner_denial()
    if denial is not None:
        return denial
    try:
        if question == HISTORY:
            # As after a change by another proxy, which this one need not have heard of.
            operation.read_newest()
        own = operation.own()
    except InfoUnavailableError:
        return None
    if not own.exists:
        return HTTPNotFound(request=operation.request())
    if question == HISTORY:
        name = wsgi_to_str(operation.resource.container or operation.resource.account)
        return _answer(operation, as_answer(name, read(own.history)))
    data = _callers(operation, records)
    return None if data is None else _answer(operation, data)


def _callers(operation: Operation, records: CallerRecords) -> list[dict[str, Any]] | None:
    cache, place = operation.environ.get("swift.cache"), operation.place()
    told = records.tell(cache, place) if cache and place else None
    return None if told is None else told.as_json()


def _answer(operation: Operation, data: list[dict[str, Any]]) -> Response:
    return Response(
        request=operation.request(),
        body=json.dumps(data).encode("ascii"),
        content_type=ANSWER_TYPE,
        # They are personal data.
        headers={"Cache-Control": "no-store"},
    )
