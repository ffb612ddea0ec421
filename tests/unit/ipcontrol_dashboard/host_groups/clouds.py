# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Small clouds, as Nova would tell them."""

from ipcontrol_dashboard.api.host_groups import Aggregate, ComputeHost
from ipcontrol_dashboard.host_groups.overview import build


def aggregate(name, prefix="", subnets="", default=False, **more):
    metadata = {"ipcontrol:hostname_prefix": prefix} if prefix else {}
    metadata |= {"ipcontrol:subnets": subnets} if subnets else {}
    metadata |= {"ipcontrol:default": "true"} if default else {}
    more.setdefault("id", sum(map(ord, name)))
    return Aggregate(name=name, metadata=metadata | more.pop("metadata", {}), **more)


def hosts(names, **state):
    return [ComputeHost(name, **state) for name in names.split()]


DOC = aggregate("doc", "doc", "10.1.0.0/16, 2001:db8:1::/48")
OPS = aggregate("ops", "ops", "10.2.0.0/16, 10.1.9.0/24")
DEV = aggregate("dev", "dev", default=True)
HOSTS = [
    *hosts("doc1 doc2 ops1 dev1 dev2 gpu7"),
    ComputeHost("ops2", up=False),
    ComputeHost("doc3", enabled=False, disabled_reason="new disk"),
]
COUNTS = {"doc1": 3, "ops1": 1}


def three():
    """doc with 2 of 3 hosts, ops with 1 of 2, dev as the default; gpu7 is in no group."""
    return build([DOC, OPS, DEV], HOSTS, COUNTS)
