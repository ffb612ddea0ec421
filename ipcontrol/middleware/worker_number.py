# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A number for each worker of each proxy that no other one has at the same time.

Swift's client of memcached has no compare-and-swap, so no two workers may write one value
if nothing is to be lost. It has ``incr``, which is atomic: who gets 1 was the first. The
numbers are few, for the lowest that nobody holds is taken, so that all that any worker
wrote can be read by counting.
"""

import secrets
import time
from typing import Any

# How many numbers were ever taken, and since when that is counted.
_WORKERS = "ipcontrol/callers/workers"
_SINCE = "ipcontrol/callers/since"
# Seconds after which a number whose holder is silent may be taken by another.
LEASE = 300
# More workers than any cloud has. What is read of a container is read so many times.
MOST = 4096
# Who finds a number held has counted it up, by one, before he saw that it is.
_ATTEMPTS = 2**16


class WorkerNumber:
    """One worker's number; it is held for as long as it is asked for often enough."""

    def __init__(self) -> None:
        self._number = 0
        self._token = secrets.randbits(32) * _ATTEMPTS + _ATTEMPTS

    def hold(self, cache: Any) -> int | None:
        """Keep the number for another `LEASE` seconds, or take one.

        Args:
            cache: a `swift.common.memcached.MemcacheRing`.

        Returns:
            None where there is none to be had, because memcached does not answer.

        Raises:
            MemcacheConnectionError: it does not answer.
        """
        found = workers(cache)
        if found is None:
            return None
        highest, _ = found
        if not (0 < self._number <= highest and self._is_mine(cache)):
            self._number = _take(cache, highest)
        if self._number:
            cache.set(_lease(self._number), self._token, time=LEASE)
        return self._number or None

    def release(self, cache: Any) -> None:
        """Leave the number to others."""
        if self._number and self._is_mine(cache):
            cache.delete(_lease(self._number))
        self._number = 0

    def _is_mine(self, cache: Any) -> bool:
        held = _number(cache.get(_lease(self._number)))
        return self._token <= held < self._token + _ATTEMPTS


def workers(cache: Any) -> tuple[int, int | None] | None:
    """The highest number that was taken, and since when numbers are.

    Args:
        cache: a `swift.common.memcached.MemcacheRing`.

    Returns:
        The moment is in whole seconds since 1970, and None where none was taken. None in
        all where memcached does not answer.
    """
    found = cache.get_multi([_WORKERS, _SINCE], _WORKERS)
    if found is None:
        return None
    return min(_number(found[0]), MOST), _number(found[1]) or None


def _take(cache: Any, highest: int) -> int:
    for number in range(1, highest + 1):
        if cache.get(_lease(number)) is None and cache.incr(_lease(number), time=LEASE) == 1:
            return number
    number = _number(cache.incr(_WORKERS))
    if number == 1:
        cache.set_multi({_SINCE: int(time.time())}, _WORKERS)
    free = number <= MOST and cache.incr(_lease(number), time=LEASE) == 1
    return number if free else 0


def _lease(number: int) -> str:
    return f"ipcontrol/callers/worker/{number}"


def _number(value: Any) -> int:
    """What memcached has counted comes back as digits, and in a dictionary as it is."""
    try:
        return int(value or 0)
    except ValueError:
        return 0
