# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The folder with all files of one cloud: the caller's, kept, or a temporary one, removed."""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import TextIO

from devcloud.errors import DevCloudError

_PROBE = "user.devcloud"


class StateFolder:
    """A state folder that is this cloud's alone while it is open.

    Args:
        wished: the folder to use and keep; a temporary one is made where it is None.

    Raises:
        DevCloudError: the folder cannot be used.
    """

    def __init__(self, wished: Path | None) -> None:
        self._temporary = wished is None
        self._lock: TextIO | None = None
        if wished is None:
            self.path = Path(tempfile.mkdtemp(prefix="ipcontrol-")).resolve()
        else:
            self.path = wished.expanduser().resolve()
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let others use the folder, or remove it."""
        if self._lock:
            self._lock.close()
        if self._temporary:
            shutil.rmtree(self.path, ignore_errors=True)

    def preserved(self, log: Path) -> Path:
        """Where a log can still be read when the folder is closed."""
        if not self._temporary:
            return log
        handle, copy = tempfile.mkstemp(prefix=f"ipcontrol-{log.stem}-", suffix=log.suffix)
        os.close(handle)
        return Path(shutil.copyfile(log, copy))

    def _open(self) -> None:
        try:
            (self.path / "logs").mkdir(parents=True, exist_ok=True)
            self._lock = (self.path / "lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DevCloudError(
                f"The state folder {self.path} is in use by another embedded cloud."
            ) from None
        except OSError as error:
            raise DevCloudError(
                f"The state folder {self.path} cannot be used: {error.strerror}."
            ) from None
        self._check_attributes()

    def _check_attributes(self) -> None:
        """Swift keeps the metadata of objects in extended attributes."""
        try:
            os.setxattr(self.path / "lock", _PROBE, b"")
        except OSError as error:
            raise DevCloudError(
                f"The file system of {self.path} has no extended attributes, which Swift needs "
                f"({error.strerror}): name a folder on another one with --state."
            ) from None
