# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Hosts by the prefixes of their names."""

from collections.abc import Iterable
from dataclasses import dataclass


class Prefixes:
    """Finds the longest of some prefixes that a name begins with.

    It costs one look into a table for each length in use, however many there are.

    Args:
        prefixes: in any order.
    """

    def __init__(self, prefixes: Iterable[str]) -> None:
        self._prefixes = frozenset(prefixes)
        self._lengths = sorted(set(map(len, self._prefixes)), reverse=True)

    def longest(self, name: str) -> str | None:
        """Find the longest prefix that a name begins with; None if there is none."""
        starts = (name[:length] for length in self._lengths)
        return next((start for start in starts if start in self._prefixes), None)


_NO_PREFIXES = Prefixes(())


@dataclass(frozen=True, slots=True)
class HostSet:
    """Hosts by their names: ``host in host_set``.

    Attributes:
        prefix: what the names begin with; the empty prefix begins every name,
            and no name is one of None.
        grouped: the prefixes of all groups: a name that begins with a longer one
            of them is another group's.
    """

    prefix: str | None
    grouped: Prefixes = _NO_PREFIXES

    def __contains__(self, host: str) -> bool:
        """Whether the host is one of them."""
        if self.prefix is None or not host.startswith(self.prefix):
            return False
        return len(self.grouped.longest(host) or "") <= len(self.prefix)


ANY_HOST = HostSet("")
NO_HOST = HostSet(None)
