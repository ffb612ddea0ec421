# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What is wrong with the host groups, in the scheduler's log."""

import time
from collections.abc import Callable, Collection, Iterable

from nova import context as nova_context
from nova import objects
from oslo_log import log as logging

from ipcontrol.host_groups import ComplaintKind, HostGroupMap, Severity

LOG = logging.getLogger(__name__)

# Hosts come and go without a change of the groups, and ten thousand take seconds to read.
_HOSTS_SECONDS = 3600.0


def read_hosts() -> list[str]:
    """Read the names of all hosts that run instances, in whichever cell."""
    found = objects.HostMappingList.get_all(nova_context.get_admin_context())
    return [mapping.host for mapping in found]


class GroupReport:
    """Logs each mistake once for as long as it lasts.

    Args:
        hosts: returns the names of the cloud's hosts; may raise anything.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        hosts: Callable[[], Iterable[str]] = read_hosts,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hosts = hosts
        self._clock = clock
        self._map: HostGroupMap | None = None
        self._looked_at = float("-inf")
        self._logged: frozenset[str] = frozenset()

    def look_at(self, groups: HostGroupMap, members: Collection[str] = ()) -> None:
        """Log what is newly wrong, where groups or hosts may have changed since the last look.

        Args:
            groups: of the latest reading.
            members: hosts that are known anyway; all are read only where some
                group has none of these.
        """
        if groups is self._map and self._clock() - self._looked_at < _HOSTS_SECONDS:
            return
        self._map, self._looked_at = groups, self._clock()
        wrong = groups.complaints(members, least=Severity.WARNING)
        if any(complaint.kind is ComplaintKind.NO_HOSTS for complaint in wrong):
            wrong = groups.complaints(self._all_hosts(), least=Severity.WARNING)
        sentences = frozenset(map(str, wrong))
        for sentence in sorted(sentences - self._logged):
            LOG.warning("Host groups: %s", sentence)
        self._logged = sentences

    def _all_hosts(self) -> list[str] | None:
        try:
            return list(self._hosts())
        # As with the groups: whatever it was, it must not stop anything.
        except Exception as error:
            LOG.debug("The hosts could not be read: %s", type(error).__name__)
            return None
