# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A project in the embedded Swift, of which a test may do what it likes."""

from dataclasses import dataclass
from typing import Any

from keystoneauth1 import session
from keystoneauth1.identity import v3
from keystoneclient.v3 import client as keystone

from devcloud import accounts
from devcloud.addresses import bound_to, swift_connection
from devcloud.cloud import Cloud

OPERATOR = "127.0.0.1"


@dataclass(frozen=True)
class Store:
    """A project, and its owner.

    Attributes:
        cloud: where it is.
        user: the owner's name, and the project's; the password is everybody's.
    """

    cloud: Cloud
    user: str

    @classmethod
    def make(cls, cloud: Cloud, number: int) -> "Store":
        """Make a project with an owner."""
        name = f"owner{number}"
        admin = keystone.Client(session=session.Session(_admin(cloud)))
        domain = accounts.DOMAIN
        project = admin.projects.create(name, domain)
        user = admin.users.create(name, domain, password=accounts.PASSWORD)
        role = admin.roles.list(name="member")[0]
        admin.roles.grant(role, user=user, project=project)
        return cls(cloud, name)

    def connection(self, url: str | None = None):
        """Swift as the owner; from the address that the thread is bound to."""
        return swift_connection(self.cloud, self.user, self.user, url=url)

    def container(self, name: str, objects: tuple[str, ...] = (), **items: str) -> None:
        """Make a container, readable items or not; ``allow_lab`` is the item ``allow-lab``."""
        with bound_to(OPERATOR):
            backstage = self.connection(self.cloud.backstage_url)
            backstage.put_container(name, headers=_headers("Container", items))
            for each in objects:
                backstage.put_object(name, each, f"what is in {each}")

    def change(self, container: str | None, **items: str) -> None:
        """Change items of a container, or of the account, as another client would."""
        with bound_to(OPERATOR):
            connection = self.connection()
            if container is None:
                connection.post_account(_headers("Account", items))
            else:
                connection.post_container(container, _headers("Container", items))

    def items(self, container: str | None) -> dict[str, str]:
        """All metadata of a container, or of the account, as stored."""
        with bound_to(OPERATOR):
            backstage = self.connection(self.cloud.backstage_url)
            found = backstage.head_account() if container is None else None
            found = backstage.head_container(container) if found is None else found
        start = "x-account-meta-" if container is None else "x-container-meta-"
        return {k.removeprefix(start): v for k, v in found.items() if k.startswith(start)}

    def status(self, source: str, container: str, method: str = "GET") -> int:
        """What the filtered Swift answers to the owner at an address."""
        from swiftclient.exceptions import ClientException

        with bound_to(source):
            connection = self.connection()
            call: Any = {
                "GET": lambda: connection.get_container(container),
                "PUT": lambda: connection.put_object(container, "probe", ""),
            }[method]
            try:
                call()
            except ClientException as error:
                return error.http_status
        return 200


def _headers(kind: str, items: dict[str, str]) -> dict[str, str]:
    return {f"X-{kind}-Meta-{name.replace('_', '-')}": value for name, value in items.items()}


def _admin(cloud: Cloud) -> v3.Password:
    return v3.Password(
        auth_url=cloud.keystone_url,
        username="admin",
        password=accounts.PASSWORD,
        project_name="lab",
        user_domain_name=accounts.DOMAIN_NAME,
        project_domain_name=accounts.DOMAIN_NAME,
    )
