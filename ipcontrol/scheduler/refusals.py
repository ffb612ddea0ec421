# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Why no host passes, for the owner of the instance.

Nova shows these sentences to every user of the instance's project. They tell of
the address that the caller has anyway, and of no host, prefix, group or subnet.
"""

from ipcontrol.addresses import Address
from ipcontrol.host_groups import NO_HOST, HostSet

NOT_READ = "Which hosts may take this instance is not known yet: try again in some minutes."
UNKNOWN_HOST = (
    "It is not known where this instance was, and so not where it may go: an administrator has to "
    "name a host."
)
MOVE = "None of the hosts to which this instance may be moved can take it now."


def boot(address: Address | None, hosts: HostSet) -> str:
    """Return why an instance that was started from an address has no host.

    Args:
        address: None where it is not known.
        hosts: those that may take it at all.
    """
    source = "an address that is not known" if address is None else str(address)
    if hosts is NO_HOST:
        return f"No host takes instances that are started from {source}."
    return f"None of the hosts for instances that are started from {source} can take this one now."
