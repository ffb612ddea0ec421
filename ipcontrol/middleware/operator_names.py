# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The names that the operator defines in a file, as the file is now.

It is read as the proxy starts, and looked at every few seconds from then on, in a greenthread
of each worker: no request waits for it. What reading it costs is spread, so that requests get
their turn meanwhile. While it cannot be read, what was read last stays in force.
"""

import os
import stat
import time
import weakref
from collections.abc import Callable
from typing import Any

import eventlet

from ipcontrol.middleware.list_cache import NamedLists
from ipcontrol.named_networks import Names
from ipcontrol.networks_file import MAX_BYTES, NetworksFileError, parse_networks_file

# Seconds from one look at the file to the next.
INTERVAL = 2
# Seconds from one line in the log about the same fault to the next.
COMPLAINT_INTERVAL = 60

# Seconds for which a file that was just written may be written again at the same time.
_SETTLING = 1


def _no_pause() -> None:
    """As the proxy starts, nobody waits."""


class OperatorNames:
    """Keeps the operator's names as the file has them.

    Args:
        path: of the file; empty where there is none.
        logger: for what is wrong with it.
        changed: called with the names each time when there are others.

    Attributes:
        lists: reads lists with these names.
    """

    def __init__(self, path: str, logger: Any, changed: Callable[[Names], object]) -> None:
        self.lists = NamedLists()
        self._path = path
        self._logger = logger
        self._changed = changed
        # What tells one state of the file from another: time of change, size and inode.
        self._seen: tuple[int, int, int] | None = None
        self._fault = ""
        self._complained = -float(COMPLAINT_INTERVAL)

    def start(self) -> None:
        """Read the file, and look at it every few seconds for as long as this object is there."""
        self._changed(self.lists.operator)
        if self._path:
            self.look()
            eventlet.spawn(_watch, weakref.ref(self))

    def look(self, pause: Callable[[], object] = _no_pause) -> None:
        """Read the file anew if it is another one than before.

        Args:
            pause: as `parse_networks_file` takes it.
        """
        try:
            self._read_if_changed(os.stat(self._path), pause)
        except OSError as error:
            # It may come back as it was.
            self._seen = None
            self._fault = str(error)
        except (UnicodeError, NetworksFileError) as error:
            self._fault = str(error)
        if self._fault:
            self._complain()

    def _read_if_changed(self, status: os.stat_result, pause: Callable[[], object]) -> None:
        signature = (status.st_mtime_ns, status.st_size, status.st_ino)
        # Somebody may still be writing, without that the time of the change differs.
        settled = not 0 <= time.time() - status.st_mtime < _SETTLING
        if signature == self._seen or not (settled or self._seen is None):
            return
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            raise NetworksFileError(f"it is not a file of at most {MAX_BYTES} bytes")
        self._seen = signature if settled else None
        with open(self._path, encoding="utf-8") as file:
            names = parse_networks_file(file.read(MAX_BYTES), pause)
        self._fault = ""
        self.lists = NamedLists(names)
        self._changed(names)

    def _complain(self) -> None:
        now = time.monotonic()
        if now - self._complained >= COMPLAINT_INTERVAL:
            self._complained = now
            self._logger.error(
                "ip_whitelist cannot read %s, and goes on with %d names read before: %s",
                self._path,
                len(self.lists.operator.defined),
                self._fault,
            )


def _watch(reference: "weakref.ref[OperatorNames]") -> None:
    while True:
        eventlet.sleep(INTERVAL)
        names = reference()
        if names is None:
            return
        try:
            names.look(eventlet.sleep)
        except Exception:
            # Whatever it is, the file has to be looked at again.
            names._logger.exception("ip_whitelist cannot look at the file of names")
        del names
