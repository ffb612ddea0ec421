# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for Neutron, and the only service of the embedded cloud that is not the real one.

Nova and Horizon ask Neutron about every instance and cannot do without an answer. This one keeps
one shared network, the ports that Nova makes on it, which is what booting and moving instances
needs, and the floating IPs and routers that somebody makes; no packet ever travels. It does not
check tokens. What it does not know it refuses with 501 and a sentence, so that nobody takes it
for more than it is.
"""

import ipaddress
import json
import threading
import uuid
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

NETWORK_ID = "00000000-0000-0000-0000-00000000ce70"
SUBNET_ID = "00000000-0000-0000-0000-00000000ce71"
SECURITY_GROUP_ID = "00000000-0000-0000-0000-00000000ce72"
CIDR = ipaddress.ip_network("192.168.0.0/20")
GATEWAY = CIDR[1]

Resource = dict[str, Any]

_COMMON: Resource = {"tenant_id": "", "project_id": "", "description": "", "tags": []}
_NETWORK: Resource = _COMMON | {
    "id": NETWORK_ID,
    "name": "shared",
    "status": "ACTIVE",
    "admin_state_up": True,
    "shared": True,
    "router:external": False,
    "port_security_enabled": True,
    "mtu": 1450,
    "subnets": [SUBNET_ID],
    "availability_zones": [],
}
_SUBNET: Resource = _COMMON | {
    "id": SUBNET_ID,
    "name": "shared",
    "network_id": NETWORK_ID,
    "ip_version": 4,
    "cidr": str(CIDR),
    "gateway_ip": str(GATEWAY),
    "enable_dhcp": False,
    "dns_nameservers": [],
    "host_routes": [],
    "allocation_pools": [{"start": str(CIDR[2]), "end": str(CIDR[-2])}],
}
_SECURITY_GROUP: Resource = _COMMON | {
    "id": SECURITY_GROUP_ID,
    "name": "default",
    "shared": True,
    "security_group_rules": [],
}
_OWNERS = {"tenant_id", "project_id"}
# Asked for by Nova or Horizon, and honestly empty.
_EMPTY = (
    "agents",
    "extensions",
    "security_group_rules",
    "subnetpools",
    "trunks",
)


class RefusalError(Exception):
    """An answer other than success."""

    def __init__(self, status: HTTPStatus, message: str):
        super().__init__(message)
        self.status = status


class Kept:
    """Resources of a kind, kept in a file so that a kept cloud still has them after a restart.

    Attributes:
        name: of one of them, as the API calls it.
    """

    def __init__(self, name: str, file: Path):
        self.name = name
        self._file = file
        self._lock = threading.Lock()
        self._kept: dict[str, Resource] = json.loads(file.read_text()) if file.exists() else {}

    def all(self) -> list[Resource]:
        with self._lock:
            return list(self._kept.values())

    def create(self, wanted: Resource) -> Resource:
        with self._lock:
            identity = str(uuid.uuid4())
            made = _COMMON | self._new(identity) | wanted
            made["project_id"] = made["tenant_id"] or made["project_id"]
            self._kept[identity] = made
            self._save()
        return made

    def update(self, identity: str, changes: Resource) -> Resource:
        with self._lock:
            changed = self._kept[identity] = self._get(identity) | changes
            self._save()
        return changed

    def delete(self, identity: str) -> None:
        with self._lock:
            self._get(identity)
            del self._kept[identity]
            self._save()

    def _new(self, identity: str) -> Resource:
        """What it has that nobody has asked for."""
        return {"id": identity, "name": "", "status": "ACTIVE"}

    def _get(self, identity: str) -> Resource:
        try:
            return self._kept[identity]
        except KeyError:
            raise RefusalError(HTTPStatus.NOT_FOUND, f"No {self.name} {identity}.") from None

    def _save(self) -> None:
        self._file.write_text(json.dumps(self._kept))


class Ports(Kept):
    """The ports, each with an address of its own."""

    def _new(self, identity: str) -> Resource:
        return _new_port(identity, self._free_address())

    def _free_address(self) -> str:
        taken = {ip["ip_address"] for port in self._kept.values() for ip in port["fixed_ips"]}
        taken.add(str(GATEWAY))
        return next(str(host) for host in CIDR.hosts() if str(host) not in taken)


class FloatingIps(Kept):
    """Floating IPs; their addresses are those that are asked for."""

    def _new(self, identity: str) -> Resource:
        nowhere = dict.fromkeys(("fixed_ip_address", "port_id", "router_id"))
        return super()._new(identity) | nowhere | {"floating_network_id": NETWORK_ID}


class Routers(Kept):
    """Routers, with the gateways that are asked for."""

    def _new(self, identity: str) -> Resource:
        return super()._new(identity) | {"external_gateway_info": None, "admin_state_up": True}


def _new_port(identity: str, address: str) -> Resource:
    return {
        "id": identity,
        "name": "",
        "network_id": NETWORK_ID,
        "status": "ACTIVE",
        "admin_state_up": True,
        # Locally administered, and as unique as the UUID it is taken from.
        "mac_address": "fa:16:3e:" + ":".join(identity[i : i + 2] for i in (0, 2, 4)),
        "fixed_ips": [{"subnet_id": SUBNET_ID, "ip_address": address}],
        "device_id": "",
        "device_owner": "",
        "security_groups": [SECURITY_GROUP_ID],
        "port_security_enabled": True,
        "binding:host_id": "",
        "binding:vif_type": "ovs",
        "binding:vnic_type": "normal",
        "binding:vif_details": {},
        "binding:profile": {},
    }


class NetworkStub:
    """The WSGI application."""

    def __init__(self, folder: Path):
        self._kept: dict[str, Kept] = {
            "ports": Ports("port", folder / "ports.json"),
            "floatingips": FloatingIps("floatingip", folder / "floatingips.json"),
            "routers": Routers("router", folder / "routers.json"),
        }

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        try:
            status, body = self._answer(environ)
        except RefusalError as refusal:
            error = {"type": refusal.status.phrase, "message": str(refusal), "detail": ""}
            status, body = refusal.status, {"NeutronError": error}
        content = b"" if body is None else json.dumps(body).encode()
        headers = [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(content))),
        ]
        start_response(f"{status.value} {status.phrase}", headers)
        return [content]

    def _answer(self, environ: dict[str, Any]) -> tuple[HTTPStatus, Resource | None]:
        method = environ["REQUEST_METHOD"]
        version, *path = environ["PATH_INFO"].strip("/").split("/")
        if not path:
            return HTTPStatus.OK, _versions(environ["HTTP_HOST"], version)
        collection = path[0].removesuffix(".json").replace("-", "_")
        identity = "/".join(path[1:]).removesuffix(".json")
        if method == "GET":
            return HTTPStatus.OK, self._read(collection, identity, environ["QUERY_STRING"])
        if collection in self._kept:
            return self._write(self._kept[collection], method, identity, environ)
        raise RefusalError(
            HTTPStatus.NOT_IMPLEMENTED,
            "The embedded cloud has no real Neutron: it keeps ports, floating IPs and routers, "
            f"no {path[0]}.",
        )

    def _read(self, collection: str, identity: str, query: str) -> Resource:
        if collection == "quotas":
            return {"quota": {}}
        resources = self._resources(collection)
        if not identity:
            return {collection: _matching(resources, parse_qs(query))}
        for resource in resources:
            if resource["id"] == identity:
                return {collection.removesuffix("s"): resource}
        raise RefusalError(HTTPStatus.NOT_FOUND, f"No {identity} in {collection}.")

    def _resources(self, collection: str) -> list[Resource]:
        if collection in self._kept:
            return self._kept[collection].all()
        fixed = {
            "networks": [_NETWORK],
            "subnets": [_SUBNET],
            "security_groups": [_SECURITY_GROUP],
        }
        if collection in fixed or collection in _EMPTY:
            return fixed.get(collection, [])
        raise RefusalError(
            HTTPStatus.NOT_IMPLEMENTED,
            f"The embedded cloud has no real Neutron: it knows nothing of {collection}.",
        )

    def _write(
        self, kept: Kept, method: str, identity: str, environ: dict[str, Any]
    ) -> tuple[HTTPStatus, Resource | None]:
        if method == "DELETE":
            kept.delete(identity)
            return HTTPStatus.NO_CONTENT, None
        content = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        wanted = json.loads(content)[kept.name]
        if method == "POST":
            return HTTPStatus.CREATED, {kept.name: kept.create(wanted)}
        return HTTPStatus.OK, {kept.name: kept.update(identity, wanted)}


def _versions(host: str, asked: str) -> Resource:
    version = {
        "id": "v2.0",
        "status": "CURRENT",
        "links": [{"rel": "self", "href": f"http://{host}/v2.0/"}],
    }
    return {"resources": []} if asked else {"versions": [version]}


def _matching(resources: list[Resource], query: dict[str, list[str]]) -> list[Resource]:
    """Neutron's filters: equality, several values of one name being alternatives; and paging."""
    found = [resource for resource in resources if _matches(resource, query)]
    (marker,) = query.get("marker", [""])
    identities = [resource["id"] for resource in found]
    return found[identities.index(marker) + 1 :] if marker in identities else found


def _matches(resource: Resource, query: dict[str, list[str]]) -> bool:
    # What is shared is everybody's.
    ignored = _OWNERS if resource.get("shared") else set()
    return all(
        str(resource[name]).lower() in {value.lower() for value in values}
        for name, values in query.items()
        if name in resource and name not in ignored
    )
