# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Host groups out of aggregates that are read again and again, and seldom change."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ipcontrol.host_groups import Complaint, HostGroup, HostGroupMap, from_metadata, is_host_group


class _Read(NamedTuple):
    """An aggregate's metadata, and what they make; no group for an aggregate of others."""

    metadata: Mapping[str, str]
    group: HostGroup | None
    complaints: tuple[Complaint, ...]


class GroupReader:
    """Parses what has changed since the last reading, and nothing else."""

    def __init__(self) -> None:
        self._last: dict[str, _Read] = {}
        self._map = HostGroupMap(())

    def read(self, aggregates: Iterable[tuple[str, Mapping[str, str]]]) -> HostGroupMap:
        """Read the map out of host aggregates, given by name and all of their metadata.

        Returns:
            The very map of the last reading, where it would be the same.
        """
        found = {name: self._once(name, metadata) for name, metadata in aggregates}
        if not self._is_last(found):
            self._map = HostGroupMap(
                (each.group for each in found.values() if each.group is not None),
                (complaint for each in found.values() for complaint in each.complaints),
            )
        self._last = found
        return self._map

    def _once(self, name: str, metadata: Mapping[str, str]) -> _Read:
        last = self._last.get(name)
        if last is not None and last.metadata == metadata:
            return last
        if not is_host_group(metadata):
            return _Read(dict(metadata), None, ())
        return _Read(dict(metadata), *from_metadata(name, metadata))

    def _is_last(self, found: Mapping[str, _Read]) -> bool:
        # By identity: to compare many networks takes as long as to read them.
        return found.keys() == self._last.keys() and all(
            read is self._last[name] or read.group is self._last[name].group is None
            for name, read in found.items()
        )
