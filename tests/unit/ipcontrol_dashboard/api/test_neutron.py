# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The project's addresses, out of what Horizon's client of Neutron answers."""

from ipaddress import ip_address
from types import SimpleNamespace

import pytest
from horizon.exceptions import ServiceCatalogException
from keystoneauth1 import exceptions as keystone_exceptions
from openstack_dashboard import exceptions as dashboard_exceptions
from openstack_dashboard.api import neutron as horizon_neutron

from ipcontrol_dashboard.api import neutron
from ipcontrol_dashboard.api.neutron import Kind, ProjectAddress
from ipcontrol_dashboard.kit.service_errors import (
    AbsentServiceError,
    SignedOutError,
    UnavailableError,
)

REQUEST = SimpleNamespace(user=SimpleNamespace(project_id="lab"))


def router(name, *addresses):
    gateway = {"external_fixed_ips": [{"ip_address": each} for each in addresses]}
    return SimpleNamespace(name=name, external_gateway_info=gateway if addresses else None)


@pytest.fixture
def horizon(monkeypatch):
    answers = SimpleNamespace(floating=[], routers=[], error=None)

    def tenant_floating_ip_list(request):
        if answers.error:
            raise answers.error
        return answers.floating

    def router_list(request, project_id):
        assert project_id == "lab"
        return answers.routers

    monkeypatch.setattr(horizon_neutron, "tenant_floating_ip_list", tenant_floating_ip_list)
    monkeypatch.setattr(horizon_neutron, "router_list", router_list)
    return answers


def test_floating_ips_and_all_gateways_of_routers_are_told_each_once(horizon):
    horizon.floating = [
        SimpleNamespace(ip="198.51.100.7", fixed_ip="10.0.0.7"),
        SimpleNamespace(ip="198.51.100.8", fixed_ip=None),
        SimpleNamespace(ip="198.51.100.8", fixed_ip=None),
    ]
    horizon.routers = [router("edge", "198.51.100.1", "2001:db8::1"), router("inner")]
    assert neutron.project_addresses(REQUEST) == [
        ProjectAddress(ip_address("198.51.100.7"), Kind.FLOATING_IP, "10.0.0.7"),
        ProjectAddress(ip_address("198.51.100.8"), Kind.FLOATING_IP, ""),
        ProjectAddress(ip_address("198.51.100.1"), Kind.ROUTER, "edge"),
        ProjectAddress(ip_address("2001:db8::1"), Kind.ROUTER, "edge"),
    ]


def test_what_is_no_address_is_passed_over(horizon):
    horizon.floating = [SimpleNamespace(ip="", fixed_ip=None)]
    horizon.routers = [router("odd", None, "x")]
    assert neutron.project_addresses(REQUEST) == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (keystone_exceptions.ConnectFailure("no"), UnavailableError),
        (dashboard_exceptions.RECOVERABLE[-1]("no"), UnavailableError),
        (ServiceCatalogException("network"), AbsentServiceError),
        (keystone_exceptions.Unauthorized("no"), SignedOutError),
    ],
)
def test_each_failure_is_told_in_the_words_of_the_panel(horizon, error, told):
    horizon.error = error
    with pytest.raises(told) as caught:
        neutron.project_addresses(REQUEST)
    assert "Neutron" in caught.value.sentence
