# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The host groups as Nova's API database has them, kept and read anew in the background."""

import threading
import time
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import nova.conf
from nova import context as nova_context
from nova import objects
from oslo_log import log as logging

from ipcontrol.host_groups import HostGroupMap
from ipcontrol.scheduler.group_reader import GroupReader
from ipcontrol.scheduler.group_report import GroupReport

LOG = logging.getLogger(__name__)
CONF = nova.conf.CONF

# A database that does not answer is not asked by every request that waits.
_RETRY_SECONDS = 1.0
# How soon a changed interval is noticed.
_LONGEST_SLEEP_SECONDS = 1.0
# A reading that takes longer is told of while it lasts.
_OVERDUE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class HostGroups:
    """One reading of the host groups.

    Attributes:
        map: the groups.
        aggregates: the UUID of a group's aggregate, by the group's name, for
            aggregates that have hosts.
        members: the hosts of all aggregates, host groups or not.
    """

    map: HostGroupMap
    aggregates: dict[str, str]
    members: frozenset[str] = frozenset()


def read_aggregates() -> Iterable[Any]:
    """Read all host aggregates, as nova.objects.Aggregate.

    All of them in one query: a subnet on its way from one group to another is
    never seen in neither. Asking by metadata key takes a query for each key,
    and was slower with more than a few.
    """
    return objects.AggregateList.get_all(nova_context.get_admin_context())  # type: ignore[no-any-return]


def refresh_interval() -> float:
    """Seconds, as configured now."""
    return float(CONF.ipcontrol.refresh_interval)


def _start_reader(cache: "HostGroupCache") -> threading.Thread:
    # Where Nova runs on eventlet, it has made this a greenthread.
    thread = threading.Thread(
        target=_keep_fresh, args=(weakref.ref(cache),), name="ipcontrol-host-groups", daemon=True
    )
    thread.start()
    return thread


def _keep_fresh(reference: "weakref.ref[HostGroupCache]") -> None:
    while (cache := reference()) is not None:
        pause = cache.renew_if_due()
        # Not held while asleep, so that this ends when nobody needs it any more.
        del cache
        time.sleep(pause)


class HostGroupCache:
    """The last reading of the host groups, renewed in the background.

    Only the first reading is waited for, and every one where the interval is 0.
    At most one is under way. Safe to use from several threads, native or green.

    Args:
        read: returns the aggregates; may raise anything, and take its time.
        interval: seconds after which the groups are read anew; 0 for every request.
        clock: seconds that never go back.
        start_reader: starts what calls `renew_if_due`, and is asked again where
            that has ended, as in a process that was forked.
        report: looks at every reading, in the background.
    """

    def __init__(
        self,
        read: Callable[[], Iterable[Any]] = read_aggregates,
        interval: Callable[[], float] = refresh_interval,
        clock: Callable[[], float] = time.monotonic,
        start_reader: Callable[["HostGroupCache"], threading.Thread] = _start_reader,
        report: GroupReport | None = None,
    ) -> None:
        self._read = read
        self._interval = interval
        self._clock = clock
        self._start_reader = start_reader
        self._reading = threading.Lock()
        self._starting = threading.Lock()
        self._reader: threading.Thread | None = None
        self._parse = GroupReader()
        self._report = report or GroupReport()
        self._groups: HostGroups | None = None
        self._read_at = float("-inf")
        self._failed_at = float("-inf")
        self._under_way_since: float | None = None

    def current(self) -> HostGroups | None:
        """Return the host groups; None if they never could be read."""
        if self._groups is None or self._interval() == 0:
            self._wait_for_reading()
        else:
            self._tell_if_overdue()
        self._ensure_reader()
        return self._groups

    def renew_if_due(self) -> float:
        """Read the groups if the interval is over, and log what is wrong with them.

        Returns:
            After how many seconds to look again.
        """
        interval = self._interval()
        if self._groups is not None and interval > 0 and self._due_in(interval) <= 0:
            with self._reading:
                self._renew()
        if self._groups is not None:
            self._report.look_at(self._groups.map, self._groups.members)
        return max(0.01, min(self._due_in(interval), _LONGEST_SLEEP_SECONDS))

    def _due_in(self, interval: float) -> float:
        return max(self._read_at, self._failed_at) + interval - self._clock()

    def _wait_for_reading(self) -> None:
        asked_at = self._clock()
        # Whoever waits here gets the reading that it waited for.
        with self._reading:
            read = self._groups is not None and self._interval() > 0
            failed = asked_at - self._failed_at < _RETRY_SECONDS
            if not (read or failed or self._read_at > asked_at):
                self._renew()

    def _ensure_reader(self) -> None:
        if self._reader is not None and self._reader.is_alive():
            return
        with self._starting:
            if self._reader is None or not self._reader.is_alive():
                self._reader = self._start_reader(self)

    def _renew(self) -> None:
        started = self._under_way_since = self._clock()
        try:
            self._groups = self._parsed(list(self._read()))
        # Not only database errors: a pool without a free connection, for one,
        # raises SQLAlchemy's own. None of them may stop scheduling.
        except Exception as error:
            self._failed_at = self._clock()
            LOG.warning(
                "The host groups could not be read: %(kind)s. %(consequence)s",
                {"kind": type(error).__name__, "consequence": self._without_reading(started)},
            )
            LOG.debug("The error was:", exc_info=True)
            return
        finally:
            self._under_way_since = None
        self._read_at = started

    def _tell_if_overdue(self) -> None:
        since, now = self._under_way_since, self._clock()
        if since is not None and now - since > _OVERDUE_SECONDS:
            self._under_way_since = None
            LOG.warning(
                "Nova's API database has not answered for %(seconds).0f s. %(consequence)s",
                {"seconds": now - since, "consequence": self._without_reading(now)},
            )

    def _without_reading(self, now: float) -> str:
        if self._groups is None:
            return "No host passes until they can be."
        return f"The host groups read {now - self._read_at:.0f} s ago stay in force."

    def _parsed(self, aggregates: list[Any]) -> HostGroups:
        groups = self._parse.read((found.name, found.metadata) for found in aggregates)
        names = {group.name for group in groups.groups}
        return HostGroups(
            groups,
            {
                found.name: found.uuid
                for found in aggregates
                if found.name in names and found.hosts
            },
            frozenset(host for found in aggregates for host in found.hosts),
        )
