# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Host groups in Nova: aggregates with our metadata, hosts, instances.

The number of calls does not depend on the number of groups. A page of groups
takes three: the aggregates, the compute services, and the hypervisors with how
many instances each runs (one more for every further 1000 hypervisors). Nova
reads its database anew for each hypervisor, so the third is not for large clouds.

All functions raise a `ServiceError` where Nova refuses, or does not answer.

Nova offers no write that depends on what was read. Whoever writes reads again
just before and compares (see `forms.py`); between the two remain milliseconds.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlencode

from django.http import HttpRequest
from horizon.exceptions import NotAuthenticated, ServiceCatalogException
from keystoneauth1 import exceptions as keystone_exceptions
from novaclient import exceptions as nova_exceptions
from openstack_dashboard.api import _nova

from ipcontrol_dashboard.api import deadlines, fair_pool
from ipcontrol_dashboard.api.host_group_types import (
    Aggregate,
    ComputeHost,
    HalfCreatedError,
    HostsUntoldError,
    Instance,
    Move,
)
from ipcontrol_dashboard.kit.service_errors import (
    NOVA,
    AbsentServiceError,
    BusyError,
    LateError,
    ServiceError,
    UnavailableError,
    of_status,
)

# The listing with UUIDs and service hosts. From 2.88 on it no longer says how
# many instances a hypervisor runs, and asks every compute for its uptime.
HYPERVISORS_MICROVERSION = "2.53"
# The first one in which migrations are paged, the latest first.
MIGRATIONS_MICROVERSION = "2.59"
# Nova's own default for [api] max_limit.
PAGE_SIZE = 1000
# No host's name: Nova takes the colon for none.
NO_HOST = "ipcontrol:none"
# The states of a migration after which the instance is at its destination.
_ARRIVED = frozenset({"completed", "confirmed", "done", "finished"})


# --- Reading ------------------------------------------------------------------


def aggregates(request: HttpRequest) -> list[Aggregate]:
    """Return all aggregates, host groups or not; one call."""
    with _as_service_errors():
        found = _nova.novaclient(request).aggregates.list()
        return [_aggregate(item) for item in found]


def _aggregate(item) -> Aggregate:
    # Nova mixes the availability zone into the metadata that it shows.
    zone = item.availability_zone or ""
    metadata = {k: v for k, v in item.metadata.items() if k != "availability_zone"}
    return Aggregate(item.id, item.name, metadata, tuple(item.hosts), zone)


def hosts(request: HttpRequest) -> list[ComputeHost]:
    """Return the hosts of all compute services; one call."""
    with _as_service_errors():
        found = _nova.novaclient(request).services.list(binary="nova-compute")
        return [_host(item) for item in found]


def _host(item) -> ComputeHost:
    # Only host, binary and a status UNKNOWN come from a cell that is down.
    state = getattr(item, "state", "")
    return ComputeHost(
        name=item.host,
        up={"up": True, "down": False}.get(state),
        enabled=item.status != "disabled",
        disabled_reason=getattr(item, "disabled_reason", None) or "",
    )


def instance_counts(request: HttpRequest) -> dict[str, int]:
    """Return how many instances each host runs; one call for 1000 hypervisors."""
    counts: dict[str, int] = {}
    for hypervisor in _hypervisors(request):
        host = hypervisor["service"]["host"]
        counts[host] = counts.get(host, 0) + (hypervisor["running_vms"] or 0)
    return counts


def _hypervisors(request: HttpRequest) -> Iterator[dict]:
    with _as_service_errors():
        client = _nova.novaclient(request, HYPERVISORS_MICROVERSION).client
        yield from _pages(client, "os-hypervisors/detail", "hypervisors")


def instances_on(request: HttpRequest, hosts: Iterable[str]) -> dict[str, tuple[Instance, ...]]:
    """Return the instances of each of these hosts; a call for each host, some at a time.

    Raises:
        ServiceError: Nova refused, did not answer, or does not tell by host.
    """
    # Nova leaves out what a role may not ask for, and answers without it.
    asked = dict.fromkeys([*hosts, NO_HOST])
    with _as_service_errors():
        read = partial(_instances_on, _nova.novaclient(request).client)
        found = fair_pool.POOL.map(request.user.id, read, asked, deadlines.remaining(request))
    if len(found) < len(asked):
        raise LateError(service=NOVA)
    if found.pop(NO_HOST):
        raise HostsUntoldError(service=NOVA)
    return found


def _instances_on(client, host: str) -> tuple[Instance, ...]:
    found = _pages(client, "servers", "servers", all_tenants="True", host=host)
    return tuple(Instance(server["id"], server["name"]) for server in found)


def _pages(client, path: str, what: str, **query: str) -> Iterator[dict]:
    """All items of a listing, page by page."""
    query["limit"] = str(PAGE_SIZE)
    while True:
        page = client.get(f"/{path}?{urlencode(query)}")[1]
        yield from page[what]
        # Nova's max_limit may be less than what was asked for: trust the link alone.
        if not page.get(f"{what}_links"):
            return
        query["marker"] = page[what][-1]["id"]


def moves(request: HttpRequest) -> list[Move]:
    """Return the latest finished moves between hosts, the latest first; one call.

    At most `PAGE_SIZE` migrations are looked at.
    """
    with _as_service_errors():
        client = _nova.novaclient(request, MIGRATIONS_MICROVERSION)
        return [
            Move(item.instance_uuid, item.source_compute, item.dest_compute)
            for item in client.migrations.list(limit=PAGE_SIZE)
            if item.status in _ARRIVED and item.source_compute and item.dest_compute
        ]


# --- Writing ------------------------------------------------------------------


def create(request: HttpRequest, name: str, metadata: Mapping[str, str]) -> int:
    """Make an aggregate with this metadata; two calls, for Nova takes them apart.

    Returns:
        The aggregate's id.

    Raises:
        HalfCreatedError: the aggregate is there, its metadata was refused.
        ServiceError: Nova refused, or did not answer; nothing was made as far as is known.
    """
    with _as_service_errors():
        made = _nova.novaclient(request).aggregates.create(name, None)
    try:
        set_metadata(request, made.id, metadata)
    except ServiceError as error:
        raise HalfCreatedError(error, made.id) from error
    return made.id


def rename(request: HttpRequest, aggregate_id: int, name: str) -> None:
    """Rename an aggregate."""
    with _as_service_errors():
        _nova.novaclient(request).aggregates.update(aggregate_id, {"name": name})


def set_metadata(
    request: HttpRequest, aggregate_id: int, changes: Mapping[str, str | None]
) -> None:
    """Change an aggregate's metadata; None removes a key, others stay."""
    if not changes:
        return
    with _as_service_errors():
        _nova.novaclient(request).aggregates.set_metadata(aggregate_id, dict(changes))


def add_host(request: HttpRequest, aggregate_id: int, host: str) -> None:
    """Make a host a member of an aggregate."""
    with _as_service_errors():
        _nova.novaclient(request).aggregates.add_host(aggregate_id, host)


def delete(request: HttpRequest, aggregate_id: int) -> None:
    """Remove an aggregate, which must have no members."""
    with _as_service_errors():
        _nova.novaclient(request).aggregates.delete(aggregate_id)


# --- What went wrong ----------------------------------------------------------


@contextmanager
def _as_service_errors() -> Iterator[None]:
    """Turn the clients' errors into a `ServiceError`.

    For a token that is not valid any more, Horizon asks for a new login.
    """
    try:
        yield
    # The session then asks Keystone for another token by itself, which says 401 to one that
    # has expired and 404 to one that was revoked. What Nova says are exceptions of novaclient.
    except (nova_exceptions.Unauthorized, keystone_exceptions.HTTPClientError) as error:
        raise NotAuthenticated from error
    except nova_exceptions.ClientException as error:
        raise of_status(error.code, service=NOVA, detail=error.message or "") from error
    except keystone_exceptions.ClientException as error:
        raise UnavailableError(service=NOVA) from error
    except fair_pool.BusyError as error:
        raise BusyError(service=NOVA) from error
    except ServiceCatalogException as error:
        raise AbsentServiceError(service=NOVA) from error
