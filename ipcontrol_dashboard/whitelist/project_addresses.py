# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A name that stands for addresses of the project itself, as Neutron knows them.

That it does so stands in an item of the account beside its definition, whose value is the name
and the addresses that were left out, so that they do not count as new later::

    X-Account-Meta-Ipcontrol-Project-Addresses: project, 192.0.2.7
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ipcontrol.addresses import Address, Network, address_or_none, format_network, split_list
from ipcontrol_dashboard.whitelist import changes
from ipcontrol_dashboard.whitelist.changes import Metadata

ITEM = "ipcontrol-project-addresses"


def own_items(metadata: Metadata) -> dict[str, str]:
    """The items of an account that say what names stand for, and how they were made."""
    made = {ITEM: metadata[ITEM]} if ITEM in metadata else {}
    return changes.definitions(metadata) | made


@dataclass(frozen=True, slots=True)
class Origin:
    """Which name was made from the project's addresses.

    Attributes:
        name: the name; empty for none.
        left_out: the addresses that it was not to stand for.
    """

    name: str = ""
    left_out: frozenset[Address] = frozenset()

    @classmethod
    def from_metadata(cls, metadata: Metadata) -> "Origin":
        """Read it out of an account's metadata; none where the name is no longer defined."""
        name, *words = split_list(metadata.get(ITEM, "")) or [""]
        if name not in changes.names_defined(metadata):
            return cls()
        addresses = (address_or_none(word) for word in words)
        return cls(name, frozenset(each for each in addresses if each is not None))


@dataclass(frozen=True, slots=True)
class Drift:
    """What has become of the project's addresses since a name was made from them.

    Attributes:
        new: those that the project has got.
        gone: networks of the name that are no addresses of the project any more.
    """

    new: tuple[Address, ...] = ()
    gone: tuple[Network, ...] = ()

    @classmethod
    def of(
        cls, origin: Origin, networks: Iterable[Network], present: Collection[Address]
    ) -> "Drift":
        """Compare.

        Args:
            origin: of the name.
            networks: what the name stands for.
            present: the project's addresses as they are.
        """
        there = {str(format_network(each)): each for each in networks}
        now = {str(address): address for address in present}
        new = (each for text, each in now.items() if text not in there)
        return cls(
            tuple(each for each in new if each not in origin.left_out),
            tuple(each for text, each in there.items() if text not in now),
        )


def change(name: str, left_out: Iterable[Address], most: int) -> Mapping[str, str]:
    """The item that tells how a name was made, as much of it as there is room for.

    Args:
        name: the name.
        left_out: the addresses that it is not to stand for.
        most: bytes that Swift keeps of a value. What has no room counts as new later.
    """
    value = name
    for address in left_out:
        longer = f"{value}, {address}"
        if len(longer) > most:
            break
        value = longer
    return {ITEM: value}


def removal(metadata: Metadata, name: str) -> Mapping[str, str]:
    """The change that forgets how a name was made; empty where it was made otherwise."""
    made = split_list(metadata.get(ITEM, ""))[:1] == [name]
    return {ITEM: ""} if made else {}
