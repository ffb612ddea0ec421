# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Containers' and accounts' metadata in Swift, and what enforces the lists in it.

Metadata is a mapping of names, in lower case and without ``X-Container-Meta-``
or ``X-Account-Meta-``, to values. Where a container is asked for, None stands
for the account.

All calls go through Horizon's own Swift client, which carries the caller's
address (see `ipcontrol_dashboard.carry.caller`); every failure is a `ServiceError` with
a sentence for the person who asked.
"""

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest
from openstack_dashboard.api import base
from requests import RequestException
from swiftclient.exceptions import ClientException
from urllib3.exceptions import HTTPError

from ipcontrol.callers import Callers
from ipcontrol.contract import CONFIRM_LOCKOUT_HEADER, UNKNOWN, Enforcement
from ipcontrol.history import Change
from ipcontrol_dashboard.api import deadlines, fair_pool
from ipcontrol_dashboard.api import metadata_headers as headers
from ipcontrol_dashboard.api.account import Account, Accounts, Metadata, open_client
from ipcontrol_dashboard.kit.service_errors import (
    BusyError,
    ChangedMeanwhileError,
    LateError,
    ServiceError,
)

# Seconds that what /info says is kept: an operator's change shows soon enough.
INFO_LIFETIME = 30


@dataclass(frozen=True, slots=True)
class ContainerPage:
    """Some of an account's containers, sorted as Swift sorts them.

    Attributes:
        names: on this page.
        has_previous: whether there are some before.
        has_next: whether there are some after.
    """

    names: tuple[str, ...]
    has_previous: bool = False
    has_next: bool = False


def containers(
    request: HttpRequest,
    *,
    marker: str = "",
    prefix: str = "",
    limit: int = 20,
    backwards: bool = False,
) -> ContainerPage:
    """List a page of the account's containers.

    Args:
        request: of the person who asks.
        marker: the name that the page follows (precedes, if ``backwards``);
            empty for the first (last) page.
        prefix: what the names begin with.
        limit: the greatest number of names.
        backwards: whether the page ends before the marker, not begins after it.

    Raises:
        ServiceError: see its subclasses.
    """
    query = {"limit": limit + 1, "prefix": prefix, "marker": marker}
    if backwards:
        query["reverse"] = "true"
    with Account(request) as account:
        names = account.names(query)
    more, names = len(names) > limit, names[:limit]
    if backwards:
        return ContainerPage(tuple(reversed(names)), has_previous=more, has_next=bool(marker))
    return ContainerPage(tuple(names), has_previous=bool(marker), has_next=more)


def metadata(request: HttpRequest, container: str | None) -> Metadata:
    """Read all user metadata of a container or the account.

    Raises:
        ServiceError: see its subclasses.
    """
    with Account(request) as account:
        return account.metadata(container)


def metadata_of(
    request: HttpRequest, targets: Iterable[str | None]
) -> dict[str | None, Metadata | ServiceError]:
    """Read the user metadata of many containers (None: the account) at once.

    Returns:
        By container: its metadata, or why they cannot be had. One that refuses
        or has vanished does not keep the others away.

    Raises:
        BusyError: too much is being read for this person already.
    """
    wanted = list(dict.fromkeys(targets))
    if not wanted:
        return {}
    pool, seconds = fair_pool.POOL, deadlines.remaining(request)
    with closing(Accounts(request, min(pool.share, len(wanted)))) as accounts:

        def read(container: str | None) -> Metadata | ServiceError:
            with accounts.borrowed() as account:
                try:
                    return account.metadata(container)
                except ServiceError as error:
                    return error

        try:
            found = pool.map(request.user.id, read, wanted, seconds)
        except fair_pool.BusyError as error:
            raise BusyError from error
    return {name: found.get(name, LateError(name)) for name in wanted}


def change_metadata(
    request: HttpRequest,
    container: str | None,
    changes: Mapping[str, str | None],
    *,
    expected: Mapping[str, str | None] | None = None,
    confirm_lockout: bool = False,
) -> None:
    """Change some metadata of a container or the account, and no other.

    Args:
        request: of the person who asks.
        container: its name; None for the account.
        changes: new values by name; an empty one, or None, removes the item.
        expected: what the person saw, by name (empty or None: no such item).
            It is compared with what is stored right before the write: Swift has
            no write that depends on what was read.
        confirm_lockout: whether the person means to be shut out by this.

    Raises:
        ChangedMeanwhileError: something else is stored than expected.
        LockoutError: the person could not change the list back.
        RejectedError: an item is malformed, or Swift has no room for it.
        ServiceError: see its other subclasses.
    """
    request_headers = headers.encode(container, changes)
    if confirm_lockout:
        request_headers[CONFIRM_LOCKOUT_HEADER] = "true"
    with Account(request) as account:
        if expected is not None:
            _check_expected(container, expected, account.metadata(container))
        if changes:
            account.send("POST", container, request_headers)


def callers(request: HttpRequest, container: str) -> Callers:
    """Who called a container.

    Raises:
        ServiceError: see its subclasses.
    """
    with Account(request) as account:
        return account.callers(container)


def history(request: HttpRequest, container: str | None) -> tuple[Change, ...]:
    """The last changes of a list, the last one first; none where Swift keeps none.

    Raises:
        ServiceError: see its subclasses.
    """
    with Account(request) as account:
        return account.history(container)


def enforcement(request: HttpRequest) -> Enforcement:
    """What Swift says about the filter that enforces the lists.

    Never raises: a Swift that does not show ``/info`` leaves it unknown.
    """
    endpoint = base.url_for(request, "object-store")
    key = "ipcontrol.enforcement." + sha256(endpoint.encode()).hexdigest()
    found = cache.get(key)
    if found is None:
        try:
            found = Enforcement.from_info(open_client(request).get_capabilities())
        except (ClientException, RequestException, HTTPError, OSError, ValueError):
            return UNKNOWN
        cache.set(key, found, INFO_LIFETIME)
    return found


def _check_expected(
    container: str | None, expected: Mapping[str, str | None], stored: Metadata
) -> None:
    if any(stored.get(name, "") != (value or "") for name, value in expected.items()):
        raise ChangedMeanwhileError(container, stored)
