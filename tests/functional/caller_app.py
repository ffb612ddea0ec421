# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A WSGI application behind ``client_address`` that answers with its caller, for any server.

In ``X-Told`` it answers what the server made of the forwarding header.
"""

import os

from devcloud.settings import BIND, REVERSE_PROXY
from ipcontrol.middleware.client_address import filter_factory


def _answer(environ, start_response):
    content = environ.get("REMOTE_ADDR", "unknown").encode()
    start_response("200 OK", [("Content-Length", str(len(content)))])
    return [content]


_filtered = filter_factory(
    {}, trusted_proxies=f"{BIND} {REVERSE_PROXY}", header=os.environ["CALLER_HEADER"]
)(_answer)


def application(environ, start_response):
    """Answer one request."""
    told = environ.get("HTTP_X_FORWARDED_FOR", "")

    def start(status, headers):
        return start_response(status, [*headers, ("X-Told", told)])

    return _filtered(environ, start)
