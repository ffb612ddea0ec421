# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What owners ask the filter itself: ``GET …/container?ip-whitelist=callers``."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from swift.common.swob import HTTPNotFound, Response

from ipcontrol.contract import QUERY
from ipcontrol.middleware.caller_records import CallerRecords
from ipcontrol.middleware.client_address import Environ
from ipcontrol.middleware.metadata import InfoUnavailableError
from ipcontrol.middleware.operation import Operation

# Swift's middlewares take every answer to a GET of a container for a listing. As such symlink
# goes through it: it has to be a list. Of another type than application/json, encryption and
# listing_formats leave it alone.
ANSWER_TYPE = "application/vnd.ipcontrol+json"


def asked(environ: Environ, operations: Sequence[Operation]) -> str | None:
    """What a request asks; None for all others."""
    query = environ.get("QUERY_STRING") or ""
    if QUERY not in query or environ["REQUEST_METHOD"] != "GET":
        return None
    if [operation.resource.kind for operation in operations] != ["container"]:
        return None
    return dict(parse_qsl(query)).get(QUERY)


def tell_callers(operation: Operation, records: CallerRecords) -> Response | None:
    """Answer the account's owner, whom the list admits.

    Args:
        operation: the question; it counts as no call.
        records: who called.

    Returns:
        None where it cannot be told, because storage servers or memcached do not answer.
    """
    denial = operation.owner_denial()
    if denial is not None:
        return denial
    try:
        exists = operation.own().exists
    except InfoUnavailableError:
        return None
    if not exists:
        return HTTPNotFound(request=operation.request())
    cache, place = operation.environ.get("swift.cache"), operation.place()
    told = records.tell(cache, place) if cache and place else None
    if told is None:
        return None
    return _answer(operation, told.as_json())


def _answer(operation: Operation, data: list[dict[str, Any]]) -> Response:
    return Response(
        request=operation.request(),
        body=json.dumps(data).encode("ascii"),
        content_type=ANSWER_TYPE,
        # They are personal data.
        headers={"Cache-Control": "no-store"},
    )
