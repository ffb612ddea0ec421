# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Deletions that Swift puts into a queue instead of sending them.

Where a large object is deleted with ``async=yes``, as s3api always does it, ``slo``
sends no request for the segments. It writes their names into the queue of the
object-expirer, which deletes them from behind the proxies, where nobody asks for
an address. So that one request is the moment to decide about all of them.
"""

import json

from swift.common.swob import Request, str_to_wsgi
from swift.common.utils import config_true_value
from swift.obj.expirer import parse_task_obj

from ipcontrol.middleware.client_address import Environ
from ipcontrol.middleware.operation import Resource

# Only a middleware can send it: gatekeeper takes such headers from every client.
_PRIVATE = "X-Backend-Allow-Private-Methods"


class UnreadableQueueError(Exception):
    """What is to be deleted is not written as `swift.cli.container_deleter` writes it."""


def read_deletions(environ: Environ) -> list[Resource] | None:
    """Read what is to be deleted, one object of each container.

    Returns:
        None for a request that puts nothing into the queue.

    Raises:
        UnreadableQueueError: it cannot be found out.
    """
    if environ["REQUEST_METHOD"] != "UPDATE":
        return None
    request = Request(environ)
    if not config_true_value(request.headers.get(_PRIVATE)):
        return None
    try:
        names = [str_to_wsgi(job["name"]) for job in json.loads(request.body)]
        paths = [parse_task_obj(name)[1:] for name in names]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise UnreadableQueueError from error
    found = {(account, container): name for account, container, name in paths}
    return [Resource(*container, name) for container, name in found.items()]
