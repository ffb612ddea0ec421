# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Addresses and networks, read strictly, and the longest matching prefix.

An access rule must mean the same to everybody who reads it. Forms that
programs read differently (leading zeros, netmasks, host bits, zones) are
therefore refused, with the text that was probably meant. An IPv4-mapped IPv6
address (RFC 4291, section 2.5.5.2) is the IPv4 address: that is how an IPv4
caller appears on a dual-stack listener.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from operator import itemgetter
from typing import Generic, TypeVar

from ipcontrol.address_hints import MAX_LENGTH, explain
from ipcontrol.errors import IpControlError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
T = TypeVar("T")

# Python's str.strip() and \s take more than ASCII; another reader of the same text
# would not, so neither do we.
WHITE_SPACE = " \t\n\r\f\v"
_SEPARATORS = re.compile(rf"[,{WHITE_SPACE}]+")
# ::ffff:0:0/96 holds the IPv4-mapped addresses.
_MAPPED_PREFIX_LENGTH = 96
_PREFIX_LENGTH = re.compile(r"0|[1-9][0-9]{0,2}", re.ASCII)


class AddressError(IpControlError):
    """A text is not an address, or not a network."""


def parse_address(text: str) -> Address:
    """Read one address.

    Args:
        text: a dotted quad without leading zeros, or an IPv6 address in a form
            of RFC 4291, section 2.2; no zone, port, brackets or white space.

    Returns:
        The address; the IPv4 address for an IPv4-mapped one.

    Raises:
        AddressError: the text is anything else; its text says what to write.
    """
    address = address_or_none(text)
    if address is None:
        raise _error(text, address_or_none)
    return address


def address_or_none(text: object) -> Address | None:
    """Read one address as `parse_address` does, without a word on what is wrong.

    To find that takes ten times as long as to read an address.
    """
    # The standard library also reads integers.
    if not isinstance(text, str) or len(text) > MAX_LENGTH:
        return None
    return _known_address(text)


# The same callers and proxies come again and again. What anybody may fill stays below
# a megabyte, for no longer text is put here.
@lru_cache(maxsize=1024)
def _known_address(text: str) -> Address | None:
    try:
        return _unmapped(_strict_address(text))
    except ValueError:
        return None


# For the same reason: to write an address takes longer than to find its text here.
@lru_cache(maxsize=1024)
def format_address(address: Address) -> str:
    """Return the shortest text that `parse_address` reads back as this address."""
    return str(address)


def parse_network(text: str) -> Network:
    """Read one network.

    Args:
        text: an address as in `parse_address`, alone or followed by ``/`` and a
            prefix length in bits; host bits must be zero.

    Returns:
        The network; the IPv4 network for one inside ``::ffff:0:0/96``.

    Raises:
        AddressError: the text is anything else; its text says what to write.
    """
    network = network_or_none(text)
    if network is None:
        raise _error(text, network_or_none)
    return network


def network_or_none(text: str) -> Network | None:
    """Read one network as `parse_network` does, without a word on what is wrong."""
    try:
        return _strict_network(text)
    except ValueError:
        return None


def split_list(text: str) -> list[str]:
    """Split a list of addresses or networks at its commas and white space; none is empty."""
    return [word for word in _SEPARATORS.split(text) if word]


def format_network(network: Network) -> str:
    """Return the shortest text that `parse_network` reads back as this network."""
    single = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if single else str(network)


def _error(text: object, read: Callable[[str], Address | Network | None]) -> AddressError:
    template, params = explain(text, read, one_address=read is address_or_none)
    return AddressError(template, **params)


def _strict_address(text: str) -> Address:
    # The standard library also reads zones.
    if "%" in text:
        raise ValueError
    return IPv6Address(text) if ":" in text else IPv4Address(text)


def _unmapped(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped


def _strict_network(text: str) -> Network:
    if not isinstance(text, str) or len(text) > MAX_LENGTH:
        raise ValueError
    base, slash, length = text.partition("/")
    address = _strict_address(base)
    if not slash:
        return ip_network(_unmapped(address))
    if not _PREFIX_LENGTH.fullmatch(length):
        raise ValueError
    network = ip_network((address, int(length)))
    if isinstance(network, IPv6Network):
        return _unmapped_network(network)
    return network


def _unmapped_network(network: IPv6Network) -> Network:
    mapped = network.network_address.ipv4_mapped
    if mapped is None or network.prefixlen < _MAPPED_PREFIX_LENGTH:
        return network
    return IPv4Network((mapped, network.prefixlen - _MAPPED_PREFIX_LENGTH))


class PrefixMap(Generic[T]):
    """Values by network; a lookup finds the longest network that holds an address.

    A lookup costs one dictionary access for each prefix length in use (33 and
    129 at the most), however many networks there are.

    Args:
        items: networks and their values; of two items with the same network the
            first one stays.
    """

    def __init__(self, items: Iterable[tuple[Network, T]]) -> None:
        tables: dict[tuple[int, int], dict[int, tuple[Network, T]]] = {}
        for network, value in items:
            shift = _host_bits(network)
            table = tables.setdefault((network.version, shift), {})
            table.setdefault(int(network.network_address) >> shift, (network, value))
        self._fill(tables)

    def _fill(self, tables: dict[tuple[int, int], dict[int, tuple[Network, T]]]) -> None:
        self._tables = {
            version: [
                (shift, table)
                for (table_version, shift), table in sorted(tables.items(), key=itemgetter(0))
                if table_version == version
            ]
            for version in (4, 6)
        }

    @classmethod
    def join(cls, maps: Sequence["PrefixMap[T]"]) -> "PrefixMap[T]":
        """Put maps together; of the same network in several, the first one stays."""
        tables: dict[tuple[int, int], dict[int, tuple[Network, T]]] = {}
        for own in reversed(maps):
            for version, shifts in own._tables.items():
                for shift, table in shifts:
                    tables.setdefault((version, shift), {}).update(table)
        joined: PrefixMap[T] = cls(())
        joined._fill(tables)
        return joined

    def __len__(self) -> int:
        """The number of networks."""
        return sum(len(table) for shifts in self._tables.values() for _, table in shifts)

    def get(self, network: Network) -> T | None:
        """The value of this very network; None if it has none."""
        shift = _host_bits(network)
        table = dict(self._tables[network.version]).get(shift, {})
        found = table.get(int(network.network_address) >> shift)
        return None if found is None else found[1]

    def lookup(self, address: Address) -> tuple[Network, T] | None:
        """Find the longest network that holds the address, and its value; None if none does."""
        return next(self.holding(address), None)

    def holding(self, address: Address) -> Iterator[tuple[Network, T]]:
        """Find all networks that hold the address, and their values; the longest first."""
        number = int(address)
        for shift, table in self._tables[address.version]:
            found = table.get(number >> shift)
            if found is not None:
                yield found


def _host_bits(network: Network) -> int:
    return network.max_prefixlen - network.prefixlen


class NetworkSet:
    """Networks by the ten thousand, in some 100 bytes each.

    They are kept as numbers, and made when they are asked for.

    Args:
        networks: may come again; each counts once.
    """

    def __init__(self, networks: Iterable[Network] = ()) -> None:
        tables: dict[tuple[int, int], set[int]] = {}
        for network in networks:
            bits = _host_bits(network)
            numbers = tables.setdefault((network.version, bits), set())
            numbers.add(int(network.network_address) >> bits)
        self._tables = sorted(tables.items(), key=itemgetter(0))

    def find(self, address: Address) -> Network | None:
        """The longest network that holds the address; None if none does."""
        number = int(address)
        for (version, bits), numbers in self._tables:
            if version == address.version and number >> bits in numbers:
                return _network(version, bits, number >> bits)
        return None

    def __contains__(self, network: object) -> bool:
        """Whether this very network is one of them."""
        if not isinstance(network, IPv4Network | IPv6Network):
            return False
        bits = _host_bits(network)
        numbers = dict(self._tables).get((network.version, bits), ())
        return int(network.network_address) >> bits in numbers

    def __iter__(self) -> Iterator[Network]:
        """The networks, IPv4 first."""
        for (version, bits), numbers in self._tables:
            for number in numbers:
                yield _network(version, bits, number)

    def __len__(self) -> int:
        """The number of networks."""
        return sum(len(numbers) for _, numbers in self._tables)


def _network(version: int, bits: int, number: int) -> Network:
    if version == 4:
        return IPv4Network((number << bits, 32 - bits))
    return IPv6Network((number << bits, 128 - bits))
