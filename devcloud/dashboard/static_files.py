# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Horizon's static files, collected and compressed once for all clouds that have the same.

They stand in the Python environment, which they are made from. Whatever goes into them goes into
the name of their folder, so a folder that is complete is never out of date.
"""

import fcntl
import hashlib
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from devcloud.settings import Settings

CACHE = Path(sys.prefix, "var", "ipcontrol-devcloud", "static")
_ROOT = Path(__file__).resolve().parents[2]
_SOURCES = ("devcloud/dashboard", "enabled", "static", "templates")
# Settings that no static file depends on, and in which clouds differ.
_IRRELEVANT = frozenset({"ALLOWED_HOSTS", "IPCONTROL"})
_COMPLETE = ".complete"
_TURN = "turn.lock"
_MOST_KEPT = 3


def folder(cloud: Settings, cache: Path = CACHE, root: Path = _ROOT) -> Path:
    """Where this cloud's static files are, or will be."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:
        return cloud.folder("horizon") / "static"
    return cache / _fingerprint(cloud, root)


def provide(folder: Path, make: Callable[[], None]) -> TextIO:
    """Have the files made where they are missing.

    Args:
        folder: of `folder`.
        make: fills the folder; what a broken-off attempt left may be in it.

    Returns:
        What keeps the folder from being removed until it is closed.
    """
    # One at a time makes and removes; any number serve.
    with (folder.parent / _TURN).open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        served = _lock_of(folder).open("a")
        fcntl.flock(served, fcntl.LOCK_SH)
        if not (folder / _COMPLETE).exists():
            make()
        # Its time tells when the folder was last wanted.
        (folder / _COMPLETE).touch()
        _remove_old(folder)
    return served


def _fingerprint(cloud: Settings, root: Path) -> str:
    settings = {k: v for k, v in cloud.horizon.items() if k not in _IRRELEVANT}
    content = json.dumps([settings, list(_file_states(root))], default=str)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _file_states(root: Path) -> Iterator[tuple[str, int, int]]:
    import openstack_dashboard

    # Its time changes whenever a package comes, goes or changes its version.
    packages = Path(openstack_dashboard.__file__).parents[1]
    yield str(packages), packages.stat().st_mtime_ns, 0
    for source in _SOURCES:
        for file in sorted((root / source).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                state = file.stat()
                yield str(file), state.st_mtime_ns, state.st_size


def _remove_old(newest: Path) -> None:
    """Remove all but the newest folders, where no Horizon serves them."""
    complete = sorted(newest.parent.glob(f"*/{_COMPLETE}"), key=lambda mark: mark.stat().st_mtime)
    for mark in complete[:-_MOST_KEPT]:
        old = mark.parent
        with _lock_of(old).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(old, ignore_errors=True)
            _lock_of(old).unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")
