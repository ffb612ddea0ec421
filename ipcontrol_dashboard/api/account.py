# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""One account in Swift, as the person who is signed in reaches it."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest
from openstack_dashboard.api import swift as horizon_swift
from requests import RequestException
from swiftclient.client import Connection
from swiftclient.exceptions import ClientException
from urllib3.exceptions import HTTPError

from ipcontrol import callers, history
from ipcontrol.contract import QUERY
from ipcontrol_dashboard.api import deadlines
from ipcontrol_dashboard.api import metadata_headers as headers
from ipcontrol_dashboard.carry import caller
from ipcontrol_dashboard.kit.service_errors import (
    LateError,
    UnavailableError,
    UnreachableNameError,
    of_status,
)

Metadata = Mapping[str, str]

# Seconds without a byte from Swift, after which it counts as unavailable.
TIMEOUT = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """What Swift answered: headers in UTF-8, and the body."""

    headers: list[tuple[str, str]]
    body: bytes


class Account:
    """A connection to one account, for one thread at a time.

    python-swiftclient's own calls read metadata percent-decoded, cannot list
    backwards, and wait half a minute before they say that Swift is unavailable.

    Args:
        request: of the person.
    """

    def __init__(self, request: HttpRequest) -> None:
        client = open_client(request)
        self._address = str(caller.address(request) or "")
        self._token = client.token
        self._deadline = deadlines.deadline(request)
        self._url, self._http = client.http_connection()

    def __enter__(self) -> "Account":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def metadata(self, container: str | None) -> Metadata:
        """All user metadata of a container, or of the account.

        Raises:
            ServiceError: see its subclasses.
        """
        return headers.decode(container, self.send("HEAD", container).headers)

    def names(self, query: Mapping[str, object]) -> list[str]:
        """The names of containers in a listing.

        Raises:
            ServiceError: see its subclasses.
        """
        answer = self.send("GET", None, query={"format": "json", **query})
        with _as_unavailable(None):
            return [each["name"] for each in json.loads(answer.body or b"[]")]

    def callers(self, container: str) -> callers.Callers:
        """Who called a container.

        Raises:
            ServiceError: see its subclasses.
        """
        told = self._ask(callers.QUESTION, container)
        with _as_unavailable(container):
            return callers.Callers.from_json(told)

    def history(self, container: str | None) -> tuple[history.Change, ...]:
        """Who changed the list of a container, or of the account, the last change first.

        Raises:
            ServiceError: see its subclasses.
        """
        return history.from_answer(self._ask(history.QUESTION, container))

    def _ask(self, question: str, container: str | None) -> Any:
        # A Swift without the filter answers with a listing, of which this much is enough.
        query = {QUERY: question, "format": "json", "limit": 1}
        answer = self.send("GET", container, query=query)
        with _as_unavailable(container):
            return json.loads(answer.body or b"[]")

    def send(
        self,
        method: str,
        container: str | None,
        extra: Mapping[str | bytes, str] | None = None,
        query: Mapping[str, object] | None = None,
    ) -> Answer:
        """Send a request.

        Args:
            method: of HTTP.
            container: what it aims at; None for the account.
            extra: headers, besides the token and the caller's address.
            query: parameters of the URL.

        Raises:
            ServiceError: see its subclasses.
        """
        if time.monotonic() > self._deadline:
            raise LateError(container)
        path = self._url.path.rstrip("/") + _path(container)
        if query:
            path += "?" + urlencode(query)
        with _as_unavailable(container):
            self._http.request(method, path, None, {"X-Auth-Token": self._token, **(extra or {})})
            response = self._http.getresponse()
            answer = Answer(headers.received(response), response.read())
        if not 200 <= response.status < 300:
            raise of_status(
                response.status,
                container,
                detail=headers.sentence(answer.headers, answer.body),
                verdict=headers.verdict(answer.headers),
                address=self._address,
                method=method,
            )
        return answer


class Accounts:
    """Several connections, for threads to borrow.

    Args:
        request: of the person; not to be shared by threads.
        count: of connections, and of threads that borrow one at the same time.
    """

    def __init__(self, request: HttpRequest, count: int) -> None:
        self._idle = [Account(request) for _ in range(count)]
        self._lock = Lock()
        self._closed = False

    @contextmanager
    def borrowed(self) -> Iterator[Account]:
        """One of them."""
        with self._lock:
            account = self._idle.pop()
        try:
            yield account
        finally:
            self._take_back(account)

    def _take_back(self, account: Account) -> None:
        with self._lock:
            self._idle.append(account)
            closed = self._closed
        if closed:
            self.close()

    def close(self) -> None:
        """Close them all, those that are borrowed when they come back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for account in idle:
            account.close()


def open_client(request: HttpRequest) -> Connection:
    """Horizon's client of Swift, for one who is waiting."""
    client = horizon_swift.swift_api(request)
    # Never 0, which would not be waiting at all, and is an error.
    client.timeout = max(0.1, min(TIMEOUT, deadlines.remaining(request)))
    return client


def _path(container: str | None) -> str:
    if container is None:
        return ""
    # Clients and proxies resolve dot segments, and then it is the account that
    # would be written to; with a slash it would be an object.
    if container in ("", ".", "..") or "/" in container or "\0" in container:
        raise UnreachableNameError(container)
    return "/" + quote(container, safe="")


@contextmanager
def _as_unavailable(container: str | None) -> Iterator[None]:
    try:
        yield
    except (ClientException, RequestException, HTTPError, OSError, ValueError) as error:
        raise UnavailableError(container) from error
