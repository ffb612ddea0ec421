# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The hypervisor of the embedded computes: Nova's fake driver, made to survive a restart."""

import os
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from nova import context as nova_context
from nova import objects
from nova.virt import fake


def node_uuid(nodename: str) -> str:
    """The UUID of a compute node: the same at every start, unlike the fake driver's own."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, nodename))


class Hypervisor(fake.FakeDriver):
    """A host of a size that an example can fill."""

    # Set for a test: drivers as VMware's can, the others cannot.
    capabilities: ClassVar = fake.FakeDriver.capabilities | {
        "supports_migrate_to_same_host": bool(os.environ.get("DEVCLOUD_MIGRATES_TO_SAME_HOST"))
    }

    vcpus = 16
    memory_mb = 32768
    local_gb = 500

    def init_host(self, host):
        """Bring back the guests: those of a real hypervisor outlive nova-compute."""
        super().init_host(host)
        context = nova_context.get_admin_context()
        for instance in objects.InstanceList.get_by_host(context, host):
            self.instances[instance.uuid] = fake.FakeInstance(
                instance.name, instance.power_state, instance.uuid
            )

    def post_live_migration(self, context, instance, block_device_info, migrate_data=None):
        """Forget the guest: the fake driver would still have it when it is to come back."""
        self.destroy(context, instance, None, block_device_info)

    def get_available_resource(self, nodename):
        resources = super().get_available_resource(nodename)
        resources["uuid"] = node_uuid(nodename)
        return resources

    def get_nodenames_by_uuid(self, refresh=False):
        return {node_uuid(name): name for name in self.get_available_nodes()}

    def get_host_uptime(self):
        """The machine's own, in the words of uptime(1): that command may be missing."""
        up = timedelta(seconds=int(float(Path("/proc/uptime").read_text().split()[0])))
        load = ", ".join(f"{load:.2f}" for load in os.getloadavg())
        hours, minutes = divmod(up.seconds // 60, 60)
        return (
            f" {time.strftime('%H:%M:%S')} up {up.days} days, {hours:2}:{minutes:02},"
            f"  1 user,  load average: {load}"
        )


# Nova loads drivers from nova.virt alone.
fake.Hypervisor = Hypervisor
