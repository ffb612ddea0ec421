# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Who is at the browser, and how Swift and Nova learn of it.

Horizon calls Swift and Nova from its own address. `address` says whose request
it serves; the functions below make a client tell that, and nothing else, in
every request that it sends.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from keystoneauth1.session import Session
from requests import Response
from swiftclient.client import Connection, HTTPConnection

from ipcontrol.addresses import Address
from ipcontrol.client_address import FORWARDED, HEADERS, client_address
from ipcontrol.contract import VERDICT_HEADER
from ipcontrol_dashboard import conf

UNKNOWN = "unknown"
# Where a request keeps what the filter said last.
_RECORDED = "ipcontrol_filter_answer"


def address(request: HttpRequest) -> Address | None:
    """The address of the person's browser.

    Returns:
        The peer, or what a proxy trusted in ``IPCONTROL["TRUSTED_PROXIES"]``
        says of it; None where it cannot be known, and is to be refused.
    """
    settings = conf.settings()
    return client_address(request.META, settings.trusted_proxies, settings.client_header)


class CarryError(Exception):
    """A client is not made as expected: it would call without the caller's address."""


def header(request: HttpRequest) -> dict[str, str]:
    """The one header that tells Swift and Nova the caller's address.

    A caller that cannot be known is told too, as ``unknown`` (RFC 7239, section
    6.2), which the filter there refuses: with no header at all it would take
    Horizon itself for the caller. Whatever the browser sent stays here.
    """
    found = address(request)
    name = conf.settings().forward_header
    return {name: _forwarded(found) if name == FORWARDED else str(found or UNKNOWN)}


def carry_to_swift(client: Connection, request: HttpRequest) -> Connection:
    """Make all requests of a Swift client tell the caller's address.

    Listings, uploads, and downloads that are resumed all open their connections
    with the client's ``http_connection``, and send with its ``request``.

    Raises:
        CarryError: it is no client of python-swiftclient.
    """
    if not isinstance(client, Connection):
        raise CarryError(f"not a client of Swift: {type(client)}")
    open_connection = client.http_connection
    carried = header(request)

    def http_connection(*args, **kwargs):
        url, http = open_connection(*args, **kwargs)
        if not isinstance(http, HTTPConnection):
            raise CarryError(f"not a connection to Swift: {type(http)}")
        send = http.request

        def carrying_request(method, full_path, data=None, headers=None, files=None):
            response = send(method, full_path, data, _with(carried, headers), files)
            if _record(request, response):
                # Asking again at once, as the client does for half a minute
                # after a 503, keeps the person waiting for the same answer.
                client.retries = 0
            return response

        http.request = carrying_request
        return url, http

    client.http_connection = http_connection
    return client


def carry_to_nova(session: Session, request: HttpRequest) -> None:
    """Make all requests of a session of keystoneauth tell the caller's address.

    Raises:
        CarryError: it is no session of keystoneauth.
    """
    if not isinstance(session, Session):
        raise CarryError(f"not a session of keystoneauth: {type(session)}")
    # Its own way of telling writes IPv6 addresses so that nobody can read them.
    session.original_ip = None
    session.additional_headers = _with(header(request), session.additional_headers)


@dataclass(frozen=True, slots=True)
class FilterAnswer:
    """An answer of the filter in Swift.

    Attributes:
        status: of HTTP.
        verdict: ``refused``, ``unavailable``, ``malformed`` or ``lockout``.
    """

    status: int
    verdict: str


def recorded_answer(request: HttpRequest) -> FilterAnswer | None:
    """What the filter said last to a call made for this request; None for nothing."""
    return getattr(request, _RECORDED, None)


def _record(request: HttpRequest, response: Response) -> bool:
    verdict = response.headers.get(VERDICT_HEADER)
    if verdict:
        setattr(request, _RECORDED, FilterAnswer(response.status_code, verdict))
    return bool(verdict)


def _with(carried: Mapping[str, str], headers: Mapping[str, str] | None) -> dict[str, str]:
    rest = {name: value for name, value in (headers or {}).items() if name.title() not in HEADERS}
    # First: many servers lose what follows a header whose name is not ASCII.
    return {**carried, **rest}


def _forwarded(found: Address | None) -> str:
    """One element of RFC 7239, section 4: IPv6 stands in brackets, and those in quotes."""
    if found is None:
        return f"for={UNKNOWN}"
    return f'for="[{found}]"' if found.version == 6 else f"for={found}"
