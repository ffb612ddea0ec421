# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What groups have as it is stored, with what the engine cannot read.

Whoever writes a group writes all of its subnets anew. What cannot be read would be gone
without a word, were it not shown before.
"""

from collections.abc import Iterable, Iterator, Mapping

from ipcontrol.addresses import AddressError, Network, format_network, parse_network
from ipcontrol.host_groups import from_metadata, metadata_changes, stored_subnets, unknown_keys
from ipcontrol_dashboard.api.host_group_types import Aggregate


def lines(metadata: Mapping[str, str]) -> list[str]:
    """Return every subnet as a line of a form: those that cannot be read as they are stored."""
    shown = [_readable(word) or word for _key, word in stored_subnets(metadata)]
    return list(dict.fromkeys([*shown, *_under_other_keys(metadata)]))


def unreadable(metadata: Mapping[str, str]) -> list[str]:
    """Return those of the lines that cannot be read."""
    found = [word for _key, word in stored_subnets(metadata) if _readable(word) is None]
    return list(dict.fromkeys([*found, *_under_other_keys(metadata)]))


def owners(aggregates: Iterable[Aggregate]) -> tuple[dict[str, str], dict[Network, str]]:
    """Return which group has a hostname prefix, and which a subnet, by name."""
    groups = [from_metadata(one.name, one.metadata)[0] for one in aggregates]
    subnets = {subnet: group.name for group in groups for subnet in group.subnets}
    return {group.hostname_prefix: group.name for group in groups}, subnets


def _readable(word: str) -> str | None:
    try:
        return format_network(parse_network(word))
    except AddressError:
        return None


def _under_other_keys(metadata: Mapping[str, str]) -> Iterator[str]:
    """What stands under keys without effect, such as ``ipcontrol:subnets:02``.

    With the key, so that nothing is in force that was not before.
    """
    cleared = metadata_changes(metadata, {})
    for key in unknown_keys(metadata):
        if key in cleared:
            yield f"{key}={metadata[key]}"
