# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Parsed lists in a bounded number of bytes."""

import threading
from collections.abc import Mapping

from ipcontrol.access import Whitelist
from ipcontrol.named_networks import Names

Items = tuple[tuple[str, str], ...]
# All metadata of the list's resource and, where names are read, of the account: to find out
# which of them count would take longer than to compare them all.
Key = tuple[Items, Items]

# What CPython takes, measured: at most 710 bytes a network, with its place in the list's
# index; for an entry or a mistake, with what the cache itself needs, at most 1.1 kB; for a
# name and its value in the key, at most 250 bytes and what Unicode takes.
_BYTES_OF_NETWORK = 768
_BYTES_OF_ENTRY = 1152
_BYTES_OF_ITEM = 256

_EMPTY = Whitelist()


def with_names(metadata: Mapping[str, str], account: Mapping[str, str]) -> Whitelist:
    """Read a list that refers to names which metadata of the account define."""
    return Whitelist.from_metadata(metadata, Names.from_metadata(account))


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
        self._kept: dict[Key, Whitelist] = {}
        self._lock = threading.Lock()

    def read(
        self, metadata: Mapping[str, str], account: Mapping[str, str] | None = None
    ) -> Whitelist:
        """Read the allow items out of user metadata, as `Whitelist.from_metadata` does.

        Args:
            metadata: of a container or an account.
            account: the account's, where the items refer to its names.
        """
        if not metadata:
            return _EMPTY
        key = tuple(metadata.items()), tuple(account.items()) if account else ()
        known = self._kept.get(key)
        if known is not None:
            return known
        whitelist = with_names(metadata, account) if account else Whitelist.from_metadata(metadata)
        # Metadata without a list are read as quickly again.
        return self._keep(key, whitelist) if whitelist.restricts else _EMPTY

    def _keep(self, key: Key, whitelist: Whitelist) -> Whitelist:
        size = _size(key, whitelist)
        with self._lock:
            if size <= self._room and key not in self._kept:
                self._kept[key] = whitelist
                self._used += size
            while self._used > self._room:
                oldest = next(iter(self._kept))
                self._used -= _size(oldest, self._kept.pop(oldest))
        return whitelist


def _size(key: Key, whitelist: Whitelist) -> int:
    items = sum(key, ())
    texts = sum(len(text.encode("utf-8", "surrogatepass")) for item in items for text in item)
    networks = sum(1 for entry in whitelist.entries for _ in entry.all_networks())
    entries = len(whitelist.entries) + len(whitelist.errors)
    return (
        2 * texts
        + len(items) * _BYTES_OF_ITEM
        + entries * _BYTES_OF_ENTRY
        + networks * _BYTES_OF_NETWORK
    )
