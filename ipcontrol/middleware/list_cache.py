# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Parsed lists in a bounded number of bytes."""

import threading
from collections.abc import Mapping

from ipcontrol.access import Whitelist
from ipcontrol.entries import is_allow_item
from ipcontrol.named_networks import Names, defined_name

Items = tuple[tuple[str, str], ...]

# What CPython takes, measured: at most 710 bytes a network, with its place in the list's
# index; for an entry or a mistake, with what the cache itself needs, at most 1.1 kB.
_BYTES_OF_NETWORK = 768
_BYTES_OF_ITEM = 1152

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
        self._kept: dict[Items, Whitelist] = {}
        self._lock = threading.Lock()

    def read(
        self, metadata: Mapping[str, str], account: Mapping[str, str] | None = None
    ) -> Whitelist:
        """Read the allow items out of user metadata, as `Whitelist.from_metadata` does.

        Args:
            metadata: of a container or an account.
            account: the account's, where the items refer to its names.
        """
        items = tuple([item for item in metadata.items() if is_allow_item(item[0])])
        if not items:
            return _EMPTY
        if account is None:
            return self._kept.get(items) or self._keep(items, Whitelist.from_metadata(dict(items)))
        definitions = tuple(
            [item for item in account.items() if defined_name(item[0]) is not None]
        )
        key = items + definitions
        return self._kept.get(key) or self._keep(key, with_names(dict(items), dict(definitions)))

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
    networks = sum(1 for entry in whitelist.entries for _ in entry.all_networks())
    return 2 * texts + len(items) * _BYTES_OF_ITEM + networks * _BYTES_OF_NETWORK
