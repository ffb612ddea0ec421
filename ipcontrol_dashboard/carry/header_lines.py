# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Reading every header of Swift's answers.

Swift stores metadata under names that HTTP does not allow (RFC 9110, section 5.6.2), such as
``A b``. Python's ``http.client`` takes the first such line for the beginning of the body
(https://bugs.python.org/issue37093), and all headers behind it are lost: allow items that Swift
enforces, even ``Content-Length``. Swift's own servers mend that where they read each other's
answers (``swift.common.bufferedhttp``); here Horizon's client of Swift learns it too.
"""

from email.message import Message
from http.client import HTTPException, HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from swiftclient.client import Connection
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection


def read_all(client: Connection) -> Connection:
    """Make a client of Swift read every header of every answer.

    An answer whose lines cannot be told apart is an error of the connection.
    """
    open_connection = client.http_connection

    def http_connection(*args: Any, **kwargs: Any) -> Any:
        url, http = open_connection(*args, **kwargs)
        for scheme in ("http://", "https://"):
            http.request_session.mount(scheme, _Adapter())
        return url, http

    client.http_connection = http_connection
    return client


def reads_all(client: Connection) -> bool:
    """Whether a client's connections are the ones that `read_all` gives it."""
    _, http = client.http_connection()
    pool = http.request_session.get_adapter(client.url).poolmanager.connection_from_url(client.url)
    return pool.ConnectionCls.response_class is _Response


class _Response(HTTPResponse):
    """An answer with all its headers, before anything else is read by them."""

    _headers: Message | None = None

    @property
    def headers(self) -> Any:
        return self._headers

    @headers.setter
    def headers(self, message: Message | None) -> None:
        if message is not None:
            _complete(message)
        self._headers = message


def _complete(message: Message) -> None:
    """Move the headers that were taken for a body to where they belong.

    Raises:
        HTTPException: something is no header.
    """
    rest: Any = message.get_payload()
    if isinstance(rest, list) and len(rest) == 1:
        rest = rest[0].get_payload()
    if not rest:
        return
    for line in str(rest).rstrip("\r\n").split("\n"):
        name, colon, value = line.removesuffix("\r").partition(":")
        if not colon or name[:1] in ("", " ", "\t") or "\r" in line.removesuffix("\r"):
            raise HTTPException(f"no header: {line[:40]!r}")
        message.add_header(name, value.strip(" \t"))
    message.set_payload("")
    message.defects.clear()


class _HTTPConnection(HTTPConnection):
    response_class = _Response


class _HTTPSConnection(HTTPSConnection):
    response_class = _Response


class _HTTPConnectionPool(HTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _HTTPSConnectionPool(HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


class _Adapter(HTTPAdapter):
    """The transport of requests, on such connections."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _read_all_through(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> PoolManager:
        manager = super().proxy_manager_for(*args, **kwargs)
        _read_all_through(manager)
        return manager


def _read_all_through(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {
        "http": _HTTPConnectionPool,
        "https": _HTTPSConnectionPool,
    }
