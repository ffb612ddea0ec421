# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Parsed lists in a bounded number of bytes."""

import threading
from collections.abc import Mapping

from ipcontrol.access import Whitelist
from ipcontrol.named_networks import NO_NAMES, Names

Items = tuple[tuple[str, str], ...]
# All metadata of the list's resource: to find out which of them count would take longer than
# to compare them all. And what its items may refer to.
Key = tuple[Items, Names]

# What CPython takes, measured: at most 710 bytes a network, with its place in the list's
# index; for an entry or a mistake, with what the cache itself needs, at most 1.1 kB; for a
# name and its value in the key, at most 250 bytes and what Unicode takes.
_BYTES_OF_NETWORK = 768
_BYTES_OF_ENTRY = 1152
_BYTES_OF_ITEM = 256

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
        self._lists: dict[Key, Whitelist] = {}
        self._lock = threading.Lock()

    def read(self, metadata: Mapping[str, str], names: Names = NO_NAMES) -> Whitelist:
        """Read the allow items out of user metadata, as `Whitelist.from_metadata` does.

        Args:
            metadata: of a container or an account.
            names: what the items may refer to; always the same object for the same names.
        """
        if not metadata:
            return _EMPTY
        key = tuple(metadata.items()), names
        known = self._lists.get(key)
        if known is not None:
            return known
        whitelist = Whitelist.from_metadata(metadata, names)
        # Metadata without a list are read as quickly again.
        return self._keep(key, whitelist) if whitelist.restricts else _EMPTY

    def _keep(self, key: Key, whitelist: Whitelist) -> Whitelist:
        size = _size(key, whitelist)
        with self._lock:
            if size <= self._room and key not in self._lists:
                self._lists[key] = whitelist
                self._used += size
            while self._used > self._room:
                oldest = next(iter(self._lists))
                self._used -= _size(oldest, self._lists.pop(oldest))
        return whitelist


class NamedLists:
    """Lists that refer to names, and the names: parsed once, by one state of the operator's.

    Where the operator's names change, all of it is made anew, so that nothing holds the old
    ones.

    Args:
        operator: the names that the operator defines.
        room: how many bytes all lists may take together, and a half of it what accounts
            define.
    """

    def __init__(self, operator: Names = NO_NAMES, room: int = 4 * 2**20) -> None:
        self.operator = operator
        self._room = room // 2
        self._used = 0
        self._names: dict[Items, Names] = {}
        self._lists = ListCache(room)
        self._lock = threading.Lock()

    def read(self, metadata: Mapping[str, str], account: Mapping[str, str]) -> Whitelist:
        """Read a stored list.

        Args:
            metadata: of a container or of the account.
            account: the account's, which define names.
        """
        definitions = tuple(account.items())
        names = self._names.get(definitions) or self._keep(definitions)
        return self._lists.read(metadata, names)

    def parse(self, metadata: Mapping[str, str], account: Mapping[str, str]) -> Whitelist:
        """Read a list that a request brings, which is its sender's to make up."""
        return Whitelist.from_metadata(metadata, self._names_of(account))

    def _names_of(self, account: Mapping[str, str]) -> Names:
        return Names.from_metadata(account, self.operator)

    def _keep(self, definitions: Items) -> Names:
        names = self._names_of(dict(definitions))
        size = _size_of_items(definitions) + sum(
            len(named.networks) * _BYTES_OF_NETWORK + _BYTES_OF_ENTRY
            for named in names.defined.values()
        )
        with self._lock:
            if self._used + size > self._room:
                self._names.clear()
                self._used = 0
            # What is not kept here is not the same object again, for lists to be found by.
            if size <= self._room and definitions not in self._names:
                self._names[definitions] = names
                self._used += size
        return self._names.get(definitions, names)


def _size(key: Key, whitelist: Whitelist) -> int:
    networks = sum(len(entry.networks) for entry in whitelist.entries)
    # A list may be the last to refer to what an account has defined; the operator's is elsewhere.
    named = sum(
        len(each.networks)
        for entry in whitelist.entries
        for each in entry.named
        if not each.by_operator
    )
    entries = len(whitelist.entries) + len(whitelist.errors)
    return (
        _size_of_items(key[0]) + entries * _BYTES_OF_ENTRY + (networks + named) * _BYTES_OF_NETWORK
    )


def _size_of_items(items: Items) -> int:
    texts = sum(len(text.encode("utf-8", "surrogatepass")) for item in items for text in item)
    return 2 * texts + len(items) * _BYTES_OF_ITEM
