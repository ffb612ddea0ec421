# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The projects and users that Tempest works with, and the lists of their accounts in Swift.

They exist before the tests begin, so that a list can stand on each account: a proxy with
``unlisted = deny`` admits nobody to an account that Tempest has just made.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml
from keystoneclient.v3 import client

from devcloud.accounts import DOMAIN, DOMAIN_NAME, PASSWORD
from devcloud.addresses import swift_connection
from devcloud.cloud import Cloud
from devcloud.compute_clients import session

OPERATOR = "member"
RESELLER_ADMIN = "ResellerAdmin"
# The one of the stand-in for Neutron.
_NETWORK = "shared"


@dataclass(frozen=True)
class Account:
    """A user with one role in one project; Tempest uses its name for both."""

    project: str
    role: str

    @property
    def user(self) -> str:
        """The name."""
        return f"{self.project}-{self.role}"


def accounts(prefix: str, *projects: str) -> tuple[Account, ...]:
    """Accounts of projects of their own.

    Args:
        prefix: of the names of the projects.
        projects: for each, the roles of its users, separated by spaces.
    """
    return tuple(
        Account(f"{prefix}-{number}", role)
        for number, roles in enumerate(projects, start=1)
        for role in roles.split()
    )


# As many as a class of tests holds at a time, for each process that works with them.
COMPUTE_PROCESSES = 3
STORAGE = accounts("storage", OPERATOR, OPERATOR, OPERATOR, RESELLER_ADMIN)
# For the second person Tempest takes the first that is free, and expects a member of a project
# of its own; for the first one, a project with all three.
COMPUTE = accounts(
    "compute",
    *["member"] * COMPUTE_PROCESSES,
    *["member reader manager"] * COMPUTE_PROCESSES,
    *["admin"] * COMPUTE_PROCESSES,
)


def make(cloud: Cloud) -> None:
    """Make the projects and users."""
    keystone = client.Client(session=session(cloud, "admin", "lab"))
    roles = {role.name: role for role in keystone.roles.list()}
    projects: dict[str, object] = {}
    for account in (*STORAGE, *COMPUTE):
        if account.project not in projects:
            projects[account.project] = keystone.projects.create(account.project, DOMAIN)
        project = projects[account.project]
        user = keystone.users.create(account.user, DOMAIN, password=PASSWORD)
        keystone.roles.grant(roles[account.role], user=user, project=project)


def write_file(path: Path, chosen: Iterable[Account]) -> None:
    """Write accounts as Tempest reads them."""
    entries = [
        {
            "username": account.user,
            "password": PASSWORD,
            "project_name": account.project,
            "domain_name": DOMAIN_NAME,
            "roles": [account.role],
            "types": ["admin"] if account.role == "admin" else [],
            "resources": {"network": _NETWORK},
        }
        for account in chosen
    ]
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")


def operators() -> list[Account]:
    """Those to whom an account in Swift belongs."""
    return [account for account in STORAGE if account.role == OPERATOR]


def list_networks(cloud: Cloud, networks: str) -> None:
    """Put a list on each account in Swift, behind the back of the filters."""
    for account in operators():
        connection = swift_connection(
            cloud, account.user, account.project, url=cloud.backstage_url
        )
        connection.post_account({"X-Account-Meta-Allow-Tempest": networks})
