# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Fills Keystone, from inside its process: users, projects, roles and the catalogue.

What is there stays as it is, but that endpoints follow the ports of this start.
"""

import uuid
from unittest import mock

from keystone import exception
from keystone.cmd import bootstrap
from keystone.common import provider_api

from devcloud import accounts
from devcloud.settings import REGION, Settings

_APIS = provider_api.ProviderAPIs
_INTERFACES = ("public", "internal", "admin")
# By service: its type, and the path of its endpoint.
_CATALOG = {
    "swift": ("object-store", "/v1/AUTH_%(project_id)s"),
    "glance": ("image", ""),
    "placement": ("placement", ""),
    "neutron": ("network", ""),
    "nova": ("compute", "/v2.1"),
}


def fill(settings: Settings) -> None:
    """Make what is missing."""
    _bootstrap(settings.keystone_url)
    for user in (*accounts.USERS, *accounts.SERVICE_USERS):
        _ensure_user(user)
    for name in settings.services:
        if name in _CATALOG:
            kind, path = _CATALOG[name]
            _ensure_endpoints(_ensure_service(name, kind), settings.url(name) + path)


def _bootstrap(url: str) -> None:
    # The bootstrapper would load the backends a second time, which is an error.
    with mock.patch.object(bootstrap.backends, "load_backends"):
        bootstrapper = bootstrap.Bootstrapper()
    bootstrapper.admin_username = bootstrapper.project_name = "admin"
    bootstrapper.admin_role_name, bootstrapper.admin_password = "admin", accounts.PASSWORD
    bootstrapper.service_name, bootstrapper.region_id = "keystone", REGION
    bootstrapper.public_url = bootstrapper.internal_url = bootstrapper.admin_url = url
    bootstrapper.bootstrap()
    for service in _APIS.catalog_api.list_services():
        if service["type"] == "identity":
            _ensure_endpoints(service["id"], url)


def _ensure_user(user: accounts.User) -> None:
    user_id = _user_id(user.name)
    project_id = _project_id(user.project)
    held = _APIS.assignment_api.get_roles_for_user_and_project(user_id, project_id)
    for role_id in map(_role_id, user.roles):
        if role_id not in held:
            _APIS.assignment_api.add_role_to_user_and_project(user_id, project_id, role_id)


def _user_id(name: str) -> str:
    try:
        return _APIS.identity_api.get_user_by_name(name, accounts.DOMAIN)["id"]
    except exception.UserNotFound:
        user = {
            "name": name,
            "password": accounts.PASSWORD,
            "domain_id": accounts.DOMAIN,
            "enabled": True,
        }
        return _APIS.identity_api.create_user(user)["id"]


def _project_id(name: str) -> str:
    try:
        return _APIS.resource_api.get_project_by_name(name, accounts.DOMAIN)["id"]
    except exception.ProjectNotFound:
        project = {
            "id": _id(name),
            "name": name,
            "domain_id": accounts.DOMAIN,
            "enabled": True,
            "description": "",
        }
        return _APIS.resource_api.create_project(project["id"], project)["id"]


def _role_id(name: str) -> str:
    for role in _APIS.role_api.list_roles():
        if role["name"] == name:
            return role["id"]
    return _APIS.role_api.create_role(_id(name), {"id": _id(name), "name": name})["id"]


def _ensure_service(name: str, kind: str) -> str:
    for service in _APIS.catalog_api.list_services():
        if service["type"] == kind:
            return service["id"]
    service = {"id": _id(name), "type": kind, "name": name, "enabled": True}
    return _APIS.catalog_api.create_service(service["id"], service)["id"]


def _ensure_endpoints(service_id: str, url: str) -> None:
    present = {
        endpoint["interface"]: endpoint
        for endpoint in _APIS.catalog_api.list_endpoints()
        if endpoint["service_id"] == service_id
    }
    for interface in _INTERFACES:
        if interface not in present:
            endpoint = {
                "id": _id(f"{service_id}-{interface}"),
                "service_id": service_id,
                "interface": interface,
                "url": url,
                "region_id": REGION,
                "enabled": True,
            }
            _APIS.catalog_api.create_endpoint(endpoint["id"], endpoint)
        elif present[interface]["url"] != url:
            _APIS.catalog_api.update_endpoint(present[interface]["id"], {"url": url})


def _id(name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_DNS, name).hex
