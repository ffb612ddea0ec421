# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The host groups as Nova's API database has them, kept for a few seconds."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from nova import context as nova_context
from nova import objects
from oslo_log import log as logging

from ipcontrol.host_groups import HostGroupMap, Severity

LOG = logging.getLogger(__name__)

# A database that does not answer is not asked by every request that waits.
_RETRY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class HostGroups:
    """One reading of the host groups.

    Attributes:
        map: the groups.
        aggregates: the UUID of a group's aggregate, by the group's name, for
            aggregates that have hosts.
    """

    map: HostGroupMap
    aggregates: dict[str, str]


def read_aggregates() -> Iterable[Any]:
    """Read all host aggregates, as nova.objects.Aggregate.

    All of them in one query: a subnet on its way from one group to another is
    never seen in neither. Asking by metadata key takes a query for each key,
    and was slower with more than a few.
    """
    return objects.AggregateList.get_all(nova_context.get_admin_context())  # type: ignore[no-any-return]


class HostGroupCache:
    """The last reading of the host groups, renewed when it is too old.

    Safe to use from several threads, native or green.

    Args:
        read: returns the aggregates; may raise anything.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        read: Callable[[], Iterable[Any]] = read_aggregates,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._clock = clock
        self._lock = threading.Lock()
        self._groups: HostGroups | None = None
        self._read_at = float("-inf")
        self._failed_at = float("-inf")
        self._errors: frozenset[str] = frozenset()

    def current(self, max_age: float) -> HostGroups | None:
        """Return the host groups.

        Args:
            max_age: seconds; an older reading is renewed first. If that fails,
                the older one stays in force.

        Returns:
            None if they never could be read.
        """
        asked_at = self._clock()
        # Whoever waits here gets the reading that it waited for.
        with self._lock:
            if not self._fresh(asked_at, max_age):
                self._renew()
            return self._groups

    def _fresh(self, now: float, max_age: float) -> bool:
        return now - self._read_at < max_age or now - self._failed_at < _RETRY_SECONDS

    def _renew(self) -> None:
        started = self._clock()
        try:
            aggregates = list(self._read())
        # Not only database errors: a pool without a free connection, for one,
        # raises SQLAlchemy's own. None of them may stop scheduling.
        except Exception as error:
            self._failed_at = self._clock()
            LOG.warning(
                "The host groups could not be read: %(kind)s. %(consequence)s",
                {
                    "kind": type(error).__name__,
                    "consequence": "No host passes until they can be."
                    if self._groups is None
                    else f"Those read {started - self._read_at:.0f} s ago stay in force.",
                },
            )
            LOG.debug("The error was:", exc_info=True)
            return
        self._groups = _host_groups(aggregates)
        self._read_at = started
        self._report(self._groups.map)

    def _report(self, groups: HostGroupMap) -> None:
        """Log what is wrong with the groups, once for as long as it lasts."""
        errors = {
            str(complaint)
            for complaint in groups.complaints()
            if complaint.severity is Severity.ERROR
        }
        for error in sorted(errors - self._errors):
            LOG.warning("Host groups: %s", error)
        self._errors = frozenset(errors)


def _host_groups(aggregates: Iterable[Any]) -> HostGroups:
    groups = HostGroupMap.from_aggregates((found.name, found.metadata) for found in aggregates)
    names = {group.name for group in groups.groups}
    return HostGroups(
        groups,
        {found.name: found.uuid for found in aggregates if found.name in names and found.hosts},
    )
