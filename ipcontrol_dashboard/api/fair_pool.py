# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Calls to the cloud at the same time, by the threads of one pool that all people share.

A page may have to ask about a hundred containers. Nothing in WSGI tells that its reader has
gone, so what bounds the work is this: the process has so many threads whoever asks; people take
turns at them, call by call; nobody holds them all, or lets more wait than a page can need; and
what is not done in time is dropped.
"""

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar

Item = TypeVar("Item", bound=Hashable)
Result = TypeVar("Result")


class BusyError(Exception):
    """Somebody has so many calls waiting that no more are taken."""


@dataclass(frozen=True, slots=True)
class _Task:
    """A call that is to be made."""

    call: Callable[[Any], Any]
    item: Any
    future: "Future[Any]" = field(default_factory=Future)

    def run(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            self.future.set_result(self.call(self.item))
        except BaseException as error:
            self.future.set_exception(error)


class FairPool:
    """Threads at which people take turns.

    Args:
        threads: the greatest number of calls at the same time.
        share: how many of them may be one person's.
        most_waiting: how many calls of one person may wait. What is asked for at once may be
            more, while nothing else of that person waits.
    """

    def __init__(self, threads: int, share: int, most_waiting: int) -> None:
        self.share = share
        self._threads = threads
        self._most_waiting = most_waiting
        self._lock = Lock()
        # The person whose turn is next comes first.
        self._waiting: dict[str, deque[_Task]] = {}
        self._running: Counter[str] = Counter()

    @cached_property
    def _executor(self) -> ThreadPoolExecutor:
        # Not before it is needed: threads do not live on in the children of a server that forks.
        return ThreadPoolExecutor(self._threads, "ipcontrol")

    def map(
        self,
        person: str,
        call: Callable[[Item], Result],
        items: Iterable[Item],
        seconds: float,
    ) -> dict[Item, Result]:
        """Call with each of the items.

        Args:
            person: whose turns it takes.
            call: runs in another thread.
            items: each once.
            seconds: after which nobody waits any longer.

        Returns:
            What the calls returned, by item; without those that were not done in time.

        Raises:
            BusyError: too much is waiting already; nothing was called.
            Exception: what a call raised.
        """
        tasks = {item: _Task(call, item) for item in items}
        self._add(person, tasks.values())
        for _ in range(min(len(tasks), self._threads)):
            self._executor.submit(self._work)
        try:
            done, _ = wait([task.future for task in tasks.values()], seconds)
        finally:
            self._drop(person, tasks.values())
        return {item: task.future.result() for item, task in tasks.items() if task.future in done}

    def _add(self, person: str, tasks: Iterable[_Task]) -> None:
        tasks = list(tasks)
        with self._lock:
            waiting = len(self._waiting.get(person, ()))
            if waiting and waiting + len(tasks) > self._most_waiting:
                raise BusyError
            if tasks:
                self._waiting.setdefault(person, deque()).extend(tasks)

    def _drop(self, person: str, tasks: Iterable[_Task]) -> None:
        if not [task for task in tasks if task.future.cancel()]:
            return
        with self._lock:
            left = [task for task in self._waiting.get(person, ()) if not task.future.cancelled()]
            self._put_back(person, deque(left))

    def _put_back(self, person: str, tasks: deque[_Task]) -> None:
        """Give a person a turn after all others; none, where nothing waits."""
        self._waiting.pop(person, None)
        if tasks:
            self._waiting[person] = tasks

    def _work(self) -> None:
        """Make calls until none waits that may run."""
        while taken := self._take():
            person, task = taken
            try:
                task.run()
            finally:
                self._finish(person)

    def _take(self) -> tuple[str, _Task] | None:
        with self._lock:
            for person, tasks in self._waiting.items():
                if self._running[person] < self.share:
                    task = tasks.popleft()
                    self._put_back(person, tasks)
                    self._running[person] += 1
                    return person, task
        return None

    def _finish(self, person: str) -> None:
        with self._lock:
            self._running[person] -= 1
            if not self._running[person]:
                del self._running[person]


POOL = FairPool(threads=16, share=4, most_waiting=200)
