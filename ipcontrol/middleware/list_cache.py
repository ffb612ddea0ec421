# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Parsed lists in a bounded number of bytes."""

import threading
from collections.abc import Mapping

from ipcontrol.access import Whitelist
from ipcontrol.entries import is_allow_item

Items = tuple[tuple[str, str], ...]

# What CPython takes, measured: at most 710 bytes a network, with its place in the list's
# index; for an entry or a mistake, with what the cache itself needs, at most 1.1 kB.
_BYTES_OF_NETWORK = 768
_BYTES_OF_ITEM = 1152

_EMPTY = Whitelist()


class ListCache:
    """Parses each distinct list once, as long as there is room for it.

    It is for lists that are stored. What a request brings is its sender's to make
    up, as often as he likes.

    Args:
        room: how many bytes all lists may take together. The oldest ones are dropped
            first; a list that takes more than all of it is not kept.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._used = 0
        self._kept: dict[Items, Whitelist] = {}
        self._lock = threading.Lock()

    def read(self, metadata: Mapping[str, str]) -> Whitelist:
        """Read the allow items out of user metadata, as `Whitelist.from_metadata` does."""
        items = tuple([item for item in metadata.items() if is_allow_item(item[0])])
        if not items:
            return _EMPTY
        return self._kept.get(items) or self._keep(items, Whitelist.from_metadata(dict(items)))

    def _keep(self, items: Items, whitelist: Whitelist) -> Whitelist:
        size = _size(items, whitelist)
        with self._lock:
            if size <= self._room and items not in self._kept:
                self._kept[items] = whitelist
                self._used += size
            while self._used > self._room:
                oldest = next(iter(self._kept))
                self._used -= _size(oldest, self._kept.pop(oldest))
        return whitelist


def _size(items: Items, whitelist: Whitelist) -> int:
    texts = sum(len(text.encode("utf-8", "surrogatepass")) for item in items for text in item)
    networks = sum(len(entry.networks) for entry in whitelist.entries)
    return 2 * texts + len(items) * _BYTES_OF_ITEM + networks * _BYTES_OF_NETWORK
