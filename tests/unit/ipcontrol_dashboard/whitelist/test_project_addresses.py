# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A name for the addresses that Neutron gave the project."""

from ipaddress import ip_address, ip_network

import lxml.html
import pytest

from ipcontrol_dashboard.api import neutron
from ipcontrol_dashboard.api.neutron import Kind, ProjectAddress
from ipcontrol_dashboard.kit.service_errors import UnavailableError
from ipcontrol_dashboard.whitelist import project_addresses
from ipcontrol_dashboard.whitelist.project_addresses import ITEM, Drift, Origin
from tests.unit.ipcontrol_dashboard.whitelist.fakes import PanelTest

WEB, MAIL, ROUTER = map(ip_address, ("198.51.100.7", "198.51.100.8", "2001:db8::1"))
MADE = {"network-project": "198.51.100.7, 2001:db8::1", ITEM: "project, 198.51.100.8"}


def test_what_was_left_out_is_not_new_and_what_the_project_has_lost_is_gone():
    origin = Origin.from_metadata(MADE)
    assert origin == Origin("project", frozenset({MAIL}))
    networks = [ip_network(WEB), ip_network(ROUTER)]
    new = ip_address("198.51.100.9")
    drift = Drift.of(origin, networks, [ROUTER, MAIL, new])
    assert drift == Drift(new=(new,), gone=(ip_network(WEB),))
    assert Drift.of(origin, networks, [WEB, ROUTER, MAIL]) == Drift()


@pytest.mark.parametrize(
    "metadata", [{}, {ITEM: ""}, {ITEM: "project"}, {"network-project": "::1"}]
)
def test_without_a_definition_or_the_item_beside_it_no_name_was_made_so(metadata):
    assert Origin.from_metadata(metadata) == Origin()


def test_what_was_left_out_is_remembered_as_far_as_there_is_room():
    left_out = [ip_address(f"198.51.100.{number}") for number in range(100, 200)]
    (value,) = project_addresses.change("project", left_out, 256).values()
    assert len(value) <= 256
    known = Origin.from_metadata({"network-project": "::1", ITEM: value}).left_out
    assert known == set(left_out[: len(known)])
    assert len(known) == 15


class PageTest(PanelTest):
    @pytest.fixture(autouse=True)
    def _neutron(self, monkeypatch):
        self.addresses = [
            ProjectAddress(WEB, Kind.FLOATING_IP, "10.0.0.7"),
            ProjectAddress(MAIL, Kind.FLOATING_IP, ""),
            ProjectAddress(ROUTER, Kind.ROUTER, "edge"),
        ]
        self.trouble = None
        self.offered = True

        def found(request):
            if self.trouble:
                raise self.trouble
            return self.addresses

        monkeypatch.setattr(neutron, "project_addresses", found)
        monkeypatch.setattr(neutron, "is_offered", lambda request: self.offered)

    def said(self, page: str, status: int = 200) -> str:
        markup = self.page(self.url(page), status)
        return " ".join(lxml.html.fromstring(markup).text_content().split())

    def send(self, page: str = "network_project", query: str = "", **data):
        """Send a form as it is shown."""
        url = self.url(page) + query
        seen = self.client.get(url).context["form"]["seen"].value()
        return self.client.post(url, {"seen": seen, **data})

    def test_each_address_is_shown_with_what_it_belongs_to(self):
        said = self.said("network_project")
        assert "198.51.100.7: floating IP of 10.0.0.7" in said
        assert "198.51.100.8: floating IP, not in use" in said
        assert "2001:db8::1: gateway of the router edge" in said

    def test_the_ticked_ones_are_written_as_a_name(self):
        response = self.send(name="project", addresses=[str(WEB), str(ROUTER)])
        self.assertRedirectsNoFollow(response, self.url("networks"))
        assert self.swift.written == [(None, MADE, False)]

    def test_what_is_not_the_projects_cannot_be_ticked(self):
        response = self.send(name="project", addresses=["192.0.2.1"])
        assert "is not the project's any more" in response.context["form"].errors["addresses"][0]
        assert self.swift.written == []

    def test_what_has_changed_since_is_told_on_the_page_of_networks(self):
        self.swift.stored[None] = dict(MADE)
        assert "have changed since" not in self.said("networks")
        self.addresses = [ProjectAddress(ip_address("192.0.2.9"), Kind.FLOATING_IP, "")]
        said = self.said("networks")
        assert "have changed since @project was made from them: 1 new, 2 gone. Refresh" in said

    def test_a_refresh_keeps_the_name_and_offers_what_is_new(self):
        self.swift.stored[None] = dict(MADE)
        new = ip_address("198.51.100.9")
        self.addresses[0] = ProjectAddress(new, Kind.FLOATING_IP, "")
        page = self.client.get(self.url("network_project"))
        assert page.context["form"].fields["addresses"].initial == [str(new), str(ROUTER)]
        response = self.send(addresses=[str(new), str(ROUTER)])
        self.assertRedirectsNoFollow(response, self.url("networks"))
        assert self.swift.written[0][1] == {
            "network-project": "198.51.100.9, 2001:db8::1",
            ITEM: "project, 198.51.100.8",
        }

    def test_a_refresh_tells_what_it_does_before(self):
        self.swift.stored |= {None: dict(MADE), "docs": {"allow": "@project"}}
        data = {"addresses": [str(ROUTER)], "container": "docs", "forecast": "script"}
        said = " ".join(lxml.html.fromstring(self.send(**data).content).text_content().split())
        assert "docs Lose reading and writing: 198.51.100.7, now" in said
        assert self.swift.written == []

    def test_what_somebody_edits_or_deletes_by_hand_is_no_longer_made_so(self):
        for page, data in (("network_edit", {"networks": "192.0.2.1"}), ("network_delete", {})):
            self.swift.stored[None] = dict(MADE)
            self.send(page, "?name=project", **data)
            assert ITEM not in self.swift.stored[None]

    def test_without_neutron_in_the_catalog_nothing_of_it_is_offered(self):
        self.swift.stored["docs"] = {}
        for name, arguments in (("networks", ()), ("container_add", ("docs",))):
            self.offered = True
            assert self.url("network_project") in self.page(self.url(name, *arguments))
            self.offered = False
            assert self.url("network_project") not in self.page(self.url(name, *arguments))

    def test_a_neutron_that_does_not_answer_is_told_and_hides_nothing_else(self):
        self.swift.stored[None] = dict(MADE)
        self.trouble = UnavailableError(service=neutron.SERVICE)
        said = self.said("networks")
        assert "is not known: Neutron does not answer at the moment" in said
        assert "@project" in said
        assert "Neutron does not answer at the moment" in self.said("network_project", 503)

    def test_a_project_without_such_addresses_is_told_so(self):
        self.addresses = []
        said = self.said("network_project", 404)
        assert "The project has no floating IPs and no router gateways." in said
