# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What stands in the embedded Nova at the beginning: flavors, an image and three host groups.

Each step looks first, so that a kept cloud is left as its people made it.
"""

import io
from collections.abc import Iterable

from devcloud.cloud import Cloud
from devcloud.compute_clients import glance, nova
from ipcontrol.addresses import parse_network
from ipcontrol.host_groups import HostGroup, HostGroupMap, to_metadata

IMAGE = "example"
# Name, MiB of memory, virtual CPUs, GiB of disk.
FLAVORS = (("m1.tiny", 512, 1, 1), ("m1.small", 2048, 1, 10), ("m1.medium", 4096, 2, 20))
SMALLEST = FLAVORS[0][0]


def _subnets(*texts: str):
    return tuple(map(parse_network, texts))


HOST_GROUPS = (
    HostGroup("doc", "doc", _subnets("127.1.0.0/16", "2001:db8:1::/48")),
    # 127.1.9.0/24 lies inside doc's subnet, and the longer prefix wins.
    HostGroup("ops", "ops", _subnets("127.2.0.0/16", "127.1.9.0/24", "::1")),
    HostGroup("dev", "dev", default=True),
)


def seed(cloud: Cloud) -> None:
    """Fill a cloud in which Nova runs."""
    administrator = nova(cloud, "admin")
    add_flavors(administrator)
    add_image(cloud)
    add_host_groups(administrator)


def add_flavors(administrator) -> None:
    """Make the flavors that are missing."""
    present = {flavor.name for flavor in administrator.flavors.list()}
    for name, memory, cpus, disk in FLAVORS:
        if name not in present:
            administrator.flavors.create(name, memory, cpus, disk)


def add_image(cloud: Cloud, name: str = IMAGE) -> None:
    """Upload a public image; it holds nothing, for nothing is ever booted from it."""
    images = glance(cloud).images
    if any(image.name == name for image in images.list()):
        return
    image = images.create(
        name=name, disk_format="raw", container_format="bare", visibility="public"
    )
    images.upload(image.id, io.BytesIO(bytes(1024)))


def add_host_groups(administrator, groups: Iterable[HostGroup] = HOST_GROUPS) -> None:
    """Make the host aggregates of the groups, with the hosts of each as members."""
    present = {aggregate.name for aggregate in administrator.aggregates.list()}
    hosts = [service.host for service in administrator.services.list(binary="nova-compute")]
    wanted = HostGroupMap(groups)
    for group in wanted.groups:
        if group.name in present:
            continue
        aggregate = administrator.aggregates.create(group.name, None)
        administrator.aggregates.set_metadata(aggregate, to_metadata(group))
        for host in filter(wanted.hosts_of(group).__contains__, hosts):
            administrator.aggregates.add_host(aggregate, host)
