# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A Nova in memory, spoken to by the real novaclient over a session without a network."""

import json
from urllib.parse import parse_qs, urlsplit

from keystoneauth1 import exceptions as keystone_exceptions
from novaclient import client


class _Response:
    def __init__(self, status: int, body: dict) -> None:
        self.status_code = status
        self.text = json.dumps(body)
        self.headers = {"content-type": "application/json"}

    def json(self) -> dict:
        return json.loads(self.text)


class FakeNova:
    """What the panel reads and writes, every call counted, any of them refused on demand."""

    def __init__(self, max_limit: int = 1000) -> None:
        self.max_limit = max_limit
        self.aggregates: dict[int, dict] = {}
        self.services: list[dict] = []
        self.instances: dict[str, list[str]] = {}
        self.migrations: list[dict] = []
        self.calls: list[str] = []
        self.microversions: list[str] = []
        self.refusals: list[tuple[str, str, int]] = []
        self.refused_hosts: set[str] = set()
        self.down = False
        # Whether the role may ask for the instances of one host.
        self.tells_by_host = True

    def client(self, version: str = "2.1"):
        return client.Client(version, session=self)

    # --- What a test arranges -------------------------------------------------

    def group(self, name: str, prefix: str = "", subnets: str = "", default: bool = False, **more):
        metadata = {"ipcontrol:hostname_prefix": prefix} if prefix else {}
        metadata |= {"ipcontrol:subnets": subnets} if subnets else {}
        metadata |= {"ipcontrol:default": "true"} if default else {}
        return self.aggregate(name, metadata | more.pop("metadata", {}), **more)

    def aggregate(self, name: str, metadata: dict, hosts=(), zone: str | None = None) -> int:
        number = len(self.aggregates) + 1
        self.aggregates[number] = {
            "id": number,
            "name": name,
            "availability_zone": zone,
            "hosts": list(hosts),
            "metadata": metadata | ({"availability_zone": zone} if zone else {}),
        }
        return number

    def host(self, name: str, *instances: str, state="up", status="enabled", reason=None) -> None:
        self.services.append(
            {
                "id": len(self.services) + 1,
                "binary": "nova-compute",
                "host": name,
                "state": state,
                "status": status,
                "disabled_reason": reason,
            }
        )
        self.instances[name] = list(instances)

    def moved(self, instance: str, source: str, destination: str, status="completed") -> None:
        """A later move than those before."""
        migration = {
            "instance_uuid": f"uuid-{instance}",
            "source_compute": source,
            "dest_compute": destination,
            "status": status,
        }
        self.migrations.insert(0, migration)

    def refuse(self, method: str, path: str, status: int = 403) -> None:
        """Answer calls whose path ends like this with an error."""
        self.refusals.append((method, path, status))

    def metadata(self, number: int) -> dict:
        return self.aggregates[number]["metadata"]

    # --- What novaclient calls ------------------------------------------------

    def request(self, url: str, method: str, json=None, headers=None, **_more) -> _Response:
        parts = urlsplit(url)
        self.calls.append(f"{method} {parts.path}")
        self.microversions.append((headers or {}).get("OpenStack-API-Version", ""))
        if self.down:
            raise keystone_exceptions.ConnectFailure("Unable to establish connection")
        for refused, path, status in self.refusals:
            if refused == method and parts.path.endswith(path):
                return _error(status, "Policy doesn't allow it")
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        resource, *rest = parts.path.strip("/").split("/")
        handler = getattr(self, f"_{method.lower()}_{resource.removeprefix('os-')}")
        return handler(rest, query, json)

    def _get_aggregates(self, _rest, _query, _body) -> _Response:
        return _Response(200, {"aggregates": list(self.aggregates.values())})

    def _post_aggregates(self, rest, _query, body) -> _Response:
        if rest and "add_host" in body:
            return self._add_host(int(rest[0]), body["add_host"]["host"])
        if rest:
            return self._set_metadata(int(rest[0]), body["set_metadata"]["metadata"])
        name = body["aggregate"]["name"]
        if self._taken(name):
            return _error(409, f"Aggregate {name} already exists.")
        number = self.aggregate(name, {})
        made = {k: v for k, v in self.aggregates[number].items() if k not in ("hosts", "metadata")}
        return _Response(200, {"aggregate": made})

    def _add_host(self, number: int, host: str) -> _Response:
        if host in self.refused_hosts:
            why = f"Cannot add host {host}: it is in another availability zone."
            return _error(409, why)
        self.aggregates[number]["hosts"].append(host)
        return _Response(200, {"aggregate": self.aggregates[number]})

    def _set_metadata(self, number: int, changes: dict) -> _Response:
        stored = self.aggregates[number]["metadata"]
        for key, value in changes.items():
            if value is None:
                stored.pop(key, None)
            else:
                stored[key] = value
        return _Response(200, {"aggregate": self.aggregates[number]})

    def _put_aggregates(self, rest, _query, body) -> _Response:
        aggregate = self.aggregates[int(rest[0])]
        name = body["aggregate"]["name"]
        if name != aggregate["name"] and self._taken(name):
            return _error(409, f"Aggregate {name} already exists.")
        aggregate["name"] = name
        return _Response(200, {"aggregate": aggregate})

    def _delete_aggregates(self, rest, _query, _body) -> _Response:
        if self.aggregates[int(rest[0])]["hosts"]:
            return _error(400, "Cannot delete: Host aggregate is not empty.")
        del self.aggregates[int(rest[0])]
        return _Response(200, {})

    def _taken(self, name: str) -> bool:
        return name in {aggregate["name"] for aggregate in self.aggregates.values()}

    def _get_services(self, _rest, query, _body) -> _Response:
        assert query == {"binary": "nova-compute"}
        return _Response(200, {"services": self.services})

    def _get_hypervisors(self, rest, query, _body) -> _Response:
        assert rest == ["detail"]
        names = sorted(self.instances)
        start = names.index(query["marker"].removeprefix("id-")) + 1 if "marker" in query else 0
        limit = min(int(query["limit"]), self.max_limit)
        page = names[start : start + limit]
        found = [self._hypervisor(name) for name in page]
        body: dict = {"hypervisors": found}
        if len(page) == limit:
            body["hypervisors_links"] = [{"rel": "next", "href": "…"}]
        return _Response(200, body)

    def _hypervisor(self, name: str) -> dict:
        return {
            "id": f"id-{name}",
            "hypervisor_hostname": f"{name}.example",
            "service": {"host": name},
            "running_vms": len(self.instances[name]),
        }

    def _get_servers(self, _rest, query, _body) -> _Response:
        assert query["all_tenants"] == "True"
        listed = self.instances.values()
        if self.tells_by_host:
            listed = [self.instances.get(query["host"], [])]
        names = sorted(name for own in listed for name in own)
        start = names.index(query["marker"].removeprefix("uuid-")) + 1 if "marker" in query else 0
        page = names[start : start + min(int(query["limit"]), self.max_limit)]
        body: dict = {"servers": [{"id": f"uuid-{name}", "name": name} for name in page]}
        if len(page) == min(int(query["limit"]), self.max_limit):
            body["servers_links"] = [{"rel": "next", "href": "…"}]
        return _Response(200, body)

    def _get_migrations(self, _rest, query, _body) -> _Response:
        return _Response(200, {"migrations": self.migrations[: int(query["limit"])]})


def _error(status: int, message: str) -> _Response:
    return _Response(status, {"error": {"message": message, "code": status}})
