# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Who there is in the embedded cloud."""

import dataclasses

PASSWORD = "secret"
DOMAIN = "default"
# The domain's name, where clients ask for that instead of the id.
DOMAIN_NAME = "Default"


@dataclasses.dataclass(frozen=True)
class User:
    """A user and the roles in projects."""

    name: str
    project: str
    roles: tuple[str, ...]


# Swift's operator_roles are admin and member: members own their project's containers.
USERS = (
    User("alice", "lab", ("member",)),
    User("bob", "lab", ("member",)),
    User("carol", "partner", ("member",)),
    User("admin", "lab", ("admin",)),
    User("reseller", "lab", ("ResellerAdmin",)),
)
SERVICE_USERS = tuple(
    User(name, "service", ("service", "admin"))
    for name in ("swift", "glance", "nova", "neutron", "placement")
)
