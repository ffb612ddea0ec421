# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the replicas of a container or an account hold, for whoever wants to change a list.

A plain look-up asks one replica, which may have missed the last changes; somebody
whose entry was removed could by such a one put himself back for good. ``X-Newest``
does not help: it compares ``X-Backend-Timestamp``, which for a container is the
moment of its creation, the same on all replicas; accounts send none
(``swift.proxy.controllers.base``, ``GetterSource.timestamp``).

So all replicas are asked, and a majority has to answer, which is what a change
needs to succeed: at least one of them has it.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from swift.common.header_key_dict import HeaderKeyDict
from swift.common.http import HTTP_GONE, HTTP_NOT_FOUND, is_success
from swift.common.swob import Request, str_to_wsgi
from swift.common.utils import Timestamp, quorum_size
from swift.proxy.controllers.base import (
    Controller,
    headers_to_account_info,
    headers_to_container_info,
)

from ipcontrol.history import SYSMETA, read

# Of a container: when it was last written to, or deleted.
_WRITTEN = ("X-Backend-Put-Timestamp", "X-Backend-Delete-Timestamp")
# An allow item with this value grants nothing.
_DISPUTED = "the replicas hold different values"


class NoMajorityError(Exception):
    """Fewer replicas answered than a change would need."""


class Replica(NamedTuple):
    """The answer of one storage server."""

    status: int
    headers: HeaderKeyDict

    @property
    def exists(self) -> bool:
        """Whether the container or account is there."""
        return bool(is_success(self.status))

    @property
    def written(self) -> Timestamp:
        """When a container was last changed here; zero for accounts, which do not say."""
        return max(Timestamp(self.headers.get(name) or 0) for name in _WRITTEN)


def newest_info(app: Any, trans_id: str, account: str, container: str = "") -> dict[str, Any]:
    """Ask all replicas for what is known of a container, or of an account.

    Args:
        app: the proxy server.
        trans_id: the transaction's id, for the logs of the storage servers.
        account: its name, a native string.
        container: its name, a native string; empty for the account itself.

    Returns:
        As ``get_container_info`` and ``get_account_info`` do; the status is 404 where
        there is none. An item on which the replicas do not agree grants nothing.

    Raises:
        NoMajorityError: too few replicas answered.
    """
    ring = app.container_ring if container else app.account_ring
    partition, nodes = ring.get_nodes(account, container or None)
    path = f"/{account}/{container}".rstrip("/")
    asked = _Replicas(app, "Container" if container else "Account", trans_id)
    found = asked.head(ring, partition, path, len(nodes))
    if len(found) < quorum_size(len(nodes)):
        raise NoMajorityError
    to_info = headers_to_container_info if container else headers_to_account_info
    newest = [each for each in found if each.written == max(each.written for each in found)]
    if not any(each.exists for each in newest):
        return dict(to_info({}, HTTP_NOT_FOUND))
    # Each change has reached a majority, but not the same one each time: where somebody
    # does not answer, the last change may be on a replica that missed the one before it.
    holding = newest if len(found) == len(nodes) else found
    infos = [to_info(each.headers, each.status) for each in holding if each.exists]
    sysmeta = max((info["sysmeta"] for info in infos), key=_last_change)
    return {**infos[-1], "meta": _agreed(info["meta"] for info in infos), "sysmeta": sysmeta}


class _Replicas(Controller):
    """Sends requests to all replicas, as Swift does for writes, and keeps all answers."""

    def __init__(self, app: Any, kind: str, trans_id: str) -> None:
        super().__init__(app)
        self.server_type = kind
        self.trans_id = trans_id

    def head(self, ring: Any, partition: int, path: str, count: int) -> list[Replica]:
        request = Request.blank(str_to_wsgi(f"/v1{path}"), method="HEAD")
        headers = self.generate_request_headers(request)
        answers: list[Replica] = self.make_requests(
            request, ring, partition, "HEAD", path, [dict(headers) for _ in range(count)]
        )
        return [each for each in answers if each.exists or _absent(each.status)]

    def best_response(
        self, req: Request, statuses: Any, *_: Any, headers: Any = (), **__: Any
    ) -> list[Replica]:
        return [
            Replica(status, HeaderKeyDict(each or {}))
            for status, each in zip(statuses, headers, strict=True)
        ]


def _absent(status: int) -> bool:
    return status in (HTTP_NOT_FOUND, HTTP_GONE)


def _agreed(replicas: Iterable[Mapping[str, str]]) -> dict[str, str]:
    first, *others = replicas
    if all(other == first for other in others):
        return dict(first)
    names = set(first).union(*others)
    return {
        name: first.get(name, _DISPUTED)
        if all(other.get(name) == first.get(name) for other in others)
        else _DISPUTED
        for name in names
    }


def _last_change(sysmeta: Mapping[str, str]) -> datetime:
    """When the list was last changed, as far as a replica knows."""
    changes = read(sysmeta.get(SYSMETA, ""))
    return changes[0].at if changes else datetime.min.replace(tzinfo=UTC)
