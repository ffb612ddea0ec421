# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Signals that would end the cloud before it has tidied up."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ENDS = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def ends_as_exceptions() -> Iterator[None]:
    """Have SIGTERM and SIGHUP raise SystemExit, where nobody else handles them."""
    with _handled(_raise_exit, [n for n in _ENDS if signal.getsignal(n) is signal.SIG_DFL]):
        yield


@contextmanager
def ignored() -> Iterator[None]:
    """Have Ctrl-C and the like not interrupt the block."""
    with _handled(signal.SIG_IGN, [signal.SIGINT, *_ENDS]):
        yield


@contextmanager
def _handled(handler: Callable | int, numbers: list[int]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [(number, signal.signal(number, handler)) for number in numbers]
    try:
        yield
    finally:
        for number, previous in before:
            signal.signal(number, previous)


def _raise_exit(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)
