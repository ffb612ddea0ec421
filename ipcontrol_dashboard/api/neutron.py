# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The addresses under which a project's instances appear outside, as Neutron knows them.

All calls go through Horizon's own client.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.http import HttpRequest
from horizon.exceptions import NotAuthenticated, ServiceCatalogException
from keystoneauth1 import exceptions as keystone_exceptions
from openstack_dashboard import exceptions as dashboard_exceptions
from openstack_dashboard.api import base
from openstack_dashboard.api import neutron as horizon_neutron

from ipcontrol.addresses import Address, address_or_none
from ipcontrol_dashboard.kit.service_errors import (
    AbsentServiceError,
    SignedOutError,
    UnavailableError,
)

SERVICE = "Neutron"


class Kind(StrEnum):
    """What an address is of."""

    FLOATING_IP = "floating-ip"
    ROUTER = "router"


@dataclass(frozen=True, slots=True)
class ProjectAddress:
    """An address of the project's.

    Attributes:
        address: the address.
        kind: whose.
        owner: the address behind a floating IP, or the router's name; may be empty.
    """

    address: Address
    kind: Kind
    owner: str


def is_offered(request: HttpRequest) -> bool:
    """Whether the catalog names Neutron."""
    return bool(base.is_service_enabled(request, "network"))


def project_addresses(request: HttpRequest) -> list[ProjectAddress]:
    """Floating IPs, and gateways of routers, each address once; by two or three calls.

    Raises:
        ServiceError: Neutron refused, or did not answer.
    """
    project = request.user.project_id
    try:
        floating = horizon_neutron.tenant_floating_ip_list(request)
        routers = horizon_neutron.router_list(request, project_id=project)
    except (NotAuthenticated, *dashboard_exceptions.UNAUTHORIZED) as error:
        raise SignedOutError(service=SERVICE) from error
    except ServiceCatalogException as error:
        raise AbsentServiceError(service=SERVICE) from error
    except (
        keystone_exceptions.ClientException,
        *dashboard_exceptions.NOT_FOUND,
        *dashboard_exceptions.RECOVERABLE,
    ) as error:
        raise UnavailableError(service=SERVICE) from error
    found = [*map(_of_floating_ip, floating), *_of_routers(routers)]
    return list({each.address: each for each in found if each is not None}.values())


def _of_floating_ip(floating) -> ProjectAddress | None:
    address = address_or_none(floating.ip)
    if address is None:
        return None
    return ProjectAddress(address, Kind.FLOATING_IP, floating.fixed_ip or "")


def _of_routers(routers) -> Iterator[ProjectAddress]:
    for router in routers:
        gateway = router.external_gateway_info or {}
        for fixed in gateway.get("external_fixed_ips", ()):
            address = address_or_none(fixed.get("ip_address"))
            if address is not None:
                yield ProjectAddress(address, Kind.ROUTER, router.name or "")
