# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

import io
import json

import pytest

from devcloud.network_stub import NETWORK_ID, NetworkStub


class Neutron:
    """Calls the stub as its server would."""

    def __init__(self, folder):
        self._stub = NetworkStub(folder)
        self.status = ""

    def __call__(self, method, path, query="", **body):
        content = json.dumps(body).encode()
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "neutron",
            "CONTENT_LENGTH": str(len(content)),
            "wsgi.input": io.BytesIO(content),
        }
        answer = b"".join(self._stub(environ, self._start_response))
        return json.loads(answer) if answer else None

    def _start_response(self, status, headers):
        self.status = status


@pytest.fixture
def neutron(tmp_path):
    return Neutron(tmp_path)


def _create(neutron, **port):
    return neutron("POST", "/v2.0/ports", port=port)["port"]


def _address(port):
    return port["fixed_ips"][0]["ip_address"]


def test_there_is_one_network_that_everybody_shares(neutron):
    networks = neutron("GET", "/v2.0/networks", "tenant_id=lab&shared=True")["networks"]
    assert [network["id"] for network in networks] == [NETWORK_ID]


def test_no_project_has_a_network_of_its_own(neutron):
    assert neutron("GET", "/v2.0/networks", "tenant_id=lab&shared=False") == {"networks": []}


def test_a_page_after_the_last_resource_is_empty(neutron):
    assert neutron("GET", "/v2.0/networks", f"marker={NETWORK_ID}") == {"networks": []}


def test_each_port_has_an_address_of_its_own(neutron):
    assert _address(_create(neutron)) != _address(_create(neutron))


def test_the_address_of_a_deleted_port_is_free_again(neutron):
    port = _create(neutron)
    neutron("DELETE", f"/v2.0/ports/{port['id']}")
    assert neutron.status == "204 No Content"
    assert _address(_create(neutron)) == _address(port)


def test_ports_are_found_by_what_they_are_plugged_into(neutron):
    port = _create(neutron, device_id="server-1")
    _create(neutron, device_id="server-2")
    ports = neutron("GET", "/v2.0/ports", "device_id=server-1&device_id=server-3")["ports"]
    assert [found["id"] for found in ports] == [port["id"]]


def test_an_updated_port_keeps_what_was_not_mentioned(neutron):
    port = _create(neutron, device_id="server-1")
    neutron("PUT", f"/v2.0/ports/{port['id']}", port={"binding:host_id": "doc1"})
    found = neutron("GET", f"/v2.0/ports/{port['id']}")["port"]
    assert (found["binding:host_id"], found["device_id"]) == ("doc1", "server-1")


def test_ports_survive_a_restart(neutron, tmp_path):
    port = _create(neutron)
    assert Neutron(tmp_path)("GET", f"/v2.0/ports/{port['id']}")["port"] == port


def test_a_port_that_is_not_there_is_not_found(neutron):
    error = neutron("GET", "/v2.0/ports/nothing")["NeutronError"]
    assert neutron.status.startswith("404")
    assert "nothing" in error["message"]


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/v2.0/networks"), ("GET", "/v2.0/metering-labels")]
)
def test_what_the_stub_does_not_know_it_says(neutron, method, path):
    error = neutron(method, path)["NeutronError"]
    assert neutron.status.startswith("501")
    assert "no real Neutron" in error["message"]


def test_floating_ips_and_routers_are_kept_for_the_project_that_made_them(neutron, tmp_path):
    floating = {"tenant_id": "lab", "floating_ip_address": "198.51.100.7"}
    made = neutron("POST", "/v2.0/floatingips", floatingip=floating)["floatingip"]
    assert (made["floating_ip_address"], made["fixed_ip_address"]) == ("198.51.100.7", None)
    gateway = {"external_fixed_ips": [{"ip_address": "198.51.100.1"}]}
    router = {"tenant_id": "lab", "name": "r", "external_gateway_info": gateway}
    neutron("POST", "/v2.0/routers", router=router)
    again = Neutron(tmp_path)
    assert again("GET", "/v2.0/floatingips", "project_id=lab") == {"floatingips": [made]}
    assert again("GET", "/v2.0/floatingips", "project_id=other") == {"floatingips": []}
    (kept,) = again("GET", "/v2.0/routers", "project_id=lab")["routers"]
    assert kept["external_gateway_info"] == gateway
    again("DELETE", f"/v2.0/floatingips/{made['id']}")
    assert again("GET", "/v2.0/floatingips") == {"floatingips": []}
