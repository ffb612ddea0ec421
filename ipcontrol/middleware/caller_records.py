# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Who called: gathered in a worker's memory, kept for all proxies in their memcached.

A request costs no call of memcached: it is counted in memory, in bounded room, and a minute
after the first one a greenthread merges all that was counted. Each worker writes documents
of its own (`ipcontrol.middleware.worker_number`), one for each container, and whoever reads
adds up those of all workers. A document says which part was merged into it last, so that a
part whose writing was not confirmed is neither lost nor counted twice.

All documents of a container lie on one memcached, and beside them a mark since when that
memcached has them. A container that was deleted and made anew has documents of its own.
"""

import atexit
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from eventlet import spawn_after
from swift.common.exceptions import MemcacheConnectionError

from ipcontrol.access import SAFE_METHODS, Decision
from ipcontrol.callers import Callers, Recorded
from ipcontrol.middleware.authorization import is_callers_own
from ipcontrol.middleware.client_address import INFOCACHE
from ipcontrol.middleware.gathering import Gathering
from ipcontrol.middleware.operation import Operation, Place
from ipcontrol.middleware.worker_number import WorkerNumber, workers
from ipcontrol.tally import Part, Tally, combine, holds, merge

# Seconds between two merges of a worker.
INTERVAL = 60
# Where the parts of a request keep what is counted of it already.
COUNTED = "ipcontrol.counted"
_MARK = "ipcontrol/callers/mark"
# So many documents are read before others have their turn: some milliseconds for each.
_BATCH = 10
_DAY = 24 * 3600


class CallerRecords:
    """Counts requests, and tells who called.

    Args:
        recorded: what is counted.
        days: for how long a caller who does not come back is remembered.
        logger: Swift's, for what could not be counted.
        later: calls a function after so many seconds, in a greenthread.
    """

    def __init__(
        self,
        recorded: Recorded,
        days: int,
        logger: Any,
        later: Callable[[int, Callable[[], None]], Any] = spawn_after,
    ) -> None:
        self._recorded = recorded
        self._days = days
        self._logger = logger
        self._later = later
        self._gathering = Gathering()
        self._number = WorkerNumber()
        self._cache: Any = None
        self._waiting = self._merging = False

    def record(self, operation: Operation, place: Place | None) -> None:
        """Count a request that the authorization lets through, without a call of memcached.

        It is counted once for each container, however many requests Swift's middlewares make
        of it: they share a dictionary.

        Args:
            operation: the request, judged.
            place: what it aimed at; where None, that is looked for anew.
        """
        decision, address = operation.decision, operation.address
        if decision is None or not self._is_recorded(decision):
            return
        # A request that the operator always admits was passed on without a look at the container.
        place = place or operation.place()
        cache = operation.environ.get("swift.cache")
        if not (cache and address and place and is_callers_own(operation.environ)):
            return
        write = operation.method not in SAFE_METHODS
        call = place, decision.allowed, write
        counted = operation.environ[INFOCACHE].setdefault(COUNTED, set())
        if call in counted or operation.method == "OPTIONS":
            return
        counted.add(call)
        self._gathering.count(place, address, int(time.time()), decision, write)
        if not self._waiting:
            self._wait(cache)

    def _is_recorded(self, decision: Decision) -> bool:
        if self._recorded is Recorded.REFUSED:
            return not decision.allowed
        return self._recorded is Recorded.ALL

    def _wait(self, cache: Any) -> None:
        self._waiting = True
        if self._cache is None:
            # A worker that ends by and by comes by here; one that is killed does not.
            atexit.register(self.end)
        self._cache = cache
        self._later(INTERVAL, self.merge)

    def merge(self) -> None:
        """Merge all that was counted, as far as memcached answers."""
        self._waiting = False
        self._merge(self._cache, self._gathering.places())
        if self._gathering.missed:
            self._logger.warning(
                "ip_whitelist has not recorded the callers of %d requests: there was no room",
                self._gathering.missed,
            )
            self._gathering.missed = 0
        if self._gathering and not self._waiting:
            self._wait(self._cache)

    def end(self) -> None:
        """Merge for the last time, as the worker ends."""
        if self._cache is not None:
            self._merge(self._cache, self._gathering.places())
            self._number.release(self._cache)

    def tell(self, cache: Any, place: Place) -> Callers | None:
        """Who called a container: as this worker knows now, and all others merged.

        Args:
            cache: a `swift.common.memcached.MemcacheRing`.
            place: the container.

        Returns:
            None where memcached does not answer.
        """
        if self._recorded is Recorded.OFF:
            return Callers(self._recorded, self._days)
        if place in self._gathering.places():
            self._merge(cache, [place])
        found = workers(cache)
        if found is None:
            return None
        highest, counted_since = found
        keys = [f"{place.key}/{number}" for number in range(1, highest + 1)]
        mark, together = None, Tally()
        for start in range(0, len(keys), _BATCH):
            kept = cache.get_multi([_MARK, *keys[start : start + _BATCH]], place.key)
            if kept is None:
                return None
            mark, *documents = kept
            together.add(combine(documents, self._oldest()))
        together.limit()
        since = None
        if mark and counted_since:
            since = datetime.fromtimestamp(max(mark, counted_since), UTC)
        return Callers(self._recorded, self._days, since, *together.told())

    def _merge(self, cache: Any, places: list[Place]) -> None:
        if self._merging:
            return
        self._merging = True
        try:
            self._merge_each(cache, places)
        except MemcacheConnectionError as error:
            self._logger.warning("ip_whitelist cannot keep who called: %s", error)
        finally:
            self._merging = False

    def _merge_each(self, cache: Any, places: list[Place]) -> None:
        number = self._number.hold(cache) if places else None
        for place in places if number else ():
            part = self._gathering.leave(place)
            if part is not None:
                if not self._merge_part(cache, f"{place.key}/{number}", place, part):
                    return
                self._gathering.gone(place)

    def _merge_part(self, cache: Any, key: str, place: Place, part: Part) -> bool:
        """Merge a part; whether memcached has it."""
        found = cache.get_multi([_MARK, key], place.key)
        if found is None:
            return False
        mark, document = found
        merged = merge(document, part, self._oldest())
        values = {_MARK: mark or part.began, key: merged}
        cache.set_multi(values, place.key, time=self._days * _DAY)
        written = cache.get_multi([key], place.key)
        return written is not None and holds(written[0], part)

    def _oldest(self) -> int:
        return int(time.time()) - self._days * _DAY
