# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""How a service identifies itself to Keystone, and checks the tokens that it is sent."""

from devcloud import accounts
from devcloud.settings import REGION, Settings


def service_user(settings: Settings, name: str) -> dict[str, object]:
    """The options of keystoneauth by which a service calls others."""
    return {
        "auth_type": "password",
        "auth_url": settings.keystone_url,
        "username": name,
        "password": accounts.PASSWORD,
        "user_domain_id": accounts.DOMAIN,
        "project_domain_id": accounts.DOMAIN,
        "project_name": "service",
        "region_name": REGION,
    }


def authtoken(settings: Settings, name: str) -> dict[str, object]:
    """The section ``keystone_authtoken`` of a service."""
    return {
        "www_authenticate_uri": settings.keystone_url,
        "service_token_roles": "service",
        "service_token_roles_required": "true",
        **service_user(settings, name),
    }
