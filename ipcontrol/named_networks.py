# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Networks with names, for items to refer to: ``allow-office: @office, 198.51.100.7``.

An account's owner defines them in the account's metadata. An item of it is named
``network-<name>``, or, where one item is too small, ``network-<name>.2``, ``network-<name>.3``
and so on for more of the same name; its value is a list of networks. The operator defines
more for all accounts. Of two with the same name the account's own counts, also where it cannot
be read: what an owner wrote must not come to mean something else by itself.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ipcontrol.addresses import (
    Address,
    AddressError,
    Network,
    NetworkSet,
    format_network,
    parse_network,
    split_list,
)
from ipcontrol.errors import IpControlError, gettext_noop
from ipcontrol.metadata_names import lower_case

# What a word begins with that is a name.
SIGN = "@"
ITEM_PREFIX = "network-"
MAX_NAME_LENGTH = 63

MISSING = gettext_noop("A network is missing: write one such as 192.0.2.0/24.")

_NAME = re.compile(rf"[a-z0-9-]{{1,{MAX_NAME_LENGTH}}}", re.ASCII)
_ITEM = re.compile(
    rf"{ITEM_PREFIX}([^.]*)(?:\.(?:[2-9]|[1-9][0-9]{{1,3}}))?", re.ASCII | re.DOTALL
)
_LONGEST_SHOWN = 40


class DefinitionError(IpControlError):
    """A name, or what it stands for, cannot be used."""


@dataclass(frozen=True)
class NamedNetworks:
    """Networks that have a name.

    Attributes:
        name: without the ``@``.
        networks: at least one, where they are known.
        by_operator: whether the operator defined it; the account's owner otherwise.
        known: whether the networks are known. A client may be shown a name of the operator's
            without them; none are here then.
    """

    name: str
    networks: Collection[Network]
    by_operator: bool = False
    known: bool = True

    def find(self, address: Address) -> Network | None:
        """The longest of the networks that holds the address; None if none does."""
        return self._set.find(address)

    @cached_property
    def _set(self) -> NetworkSet:
        # Thousands of the operator's are such a set already.
        if isinstance(self.networks, NetworkSet):
            return self.networks
        return NetworkSet(self.networks)


@dataclass(frozen=True, slots=True)
class InvalidDefinition:
    """An item that defines nothing, and why.

    Attributes:
        item: the item's name in lower case.
        name: the name that is not defined by it.
        value: the item's value as stored.
        error: what is wrong with it.
    """

    item: str
    name: str
    value: str
    error: IpControlError


# Compared by what they are, not by what is in them: caches go by them.
@dataclass(frozen=True, eq=False)
class Names:
    """All names that the items of an account may refer to.

    Attributes:
        defined: what the account's owner has defined so that it can be used, by name.
        errors: items of the account that define nothing. A name in one of them is not
            defined, whatever its other items say.
        others: what the operator defines, looked up for other names; copied nowhere.
    """

    defined: Mapping[str, NamedNetworks] = field(default_factory=dict)
    errors: tuple[InvalidDefinition, ...] = ()
    others: "Names | None" = None

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, str], others: "Names | None" = None) -> "Names":
        """Read the definitions out of an account's user metadata.

        Args:
            metadata: names without ``X-Account-Meta-``, in any case, and values. Whatever is
                no definition is passed over.
            others: what the operator defines.
        """
        found: dict[str, list[Network]] = {}
        errors: list[InvalidDefinition] = []
        for item, value in sorted(metadata.items()):
            name = defined_name(item)
            if name is None or not split_list(value):
                continue
            try:
                networks = parse_definition(name, value)
                found.setdefault(name, []).extend(networks)
            except DefinitionError as error:
                # Without its traceback, which would keep all frames and what is in them.
                fresh = DefinitionError(error.template, **error.params)
                errors.append(InvalidDefinition(lower_case(item), name, value, fresh))
        broken = {each.name for each in errors}
        own = {
            name: NamedNetworks(name, tuple(dict.fromkeys(networks)))
            for name, networks in found.items()
            if name not in broken
        }
        return cls(own, tuple(errors), others)

    def usable(self) -> Iterator[NamedNetworks]:
        """All that can be referred to, the account's own first."""
        yield from self.defined.values()
        if self.others is not None:
            hidden = self.defined.keys() | {each.name for each in self.errors}
            yield from (each for each in self.others.usable() if each.name not in hidden)

    def find(self, name: str) -> NamedNetworks:
        """What a name stands for.

        Args:
            name: without the ``@``.

        Raises:
            DefinitionError: the name is not defined; its text says what to do.
        """
        found = self.defined.get(name)
        if found is not None:
            return found
        check_name(name)
        invalid = next((each for each in self.errors if each.name == name), None)
        if invalid is not None:
            raise DefinitionError(
                gettext_noop("@%(name)s stands for networks that cannot be read: %(error)s"),
                name=name,
                error=invalid.error,
            )
        if self.others is not None:
            return self.others.find(name)
        raise DefinitionError(
            gettext_noop("No networks are defined by the name @%(name)s: define them first."),
            name=name,
        )


NO_NAMES = Names()


class _Any(Names):
    """Stands for names that are not known yet: every one that can be a name is defined."""

    def find(self, name: str) -> NamedNetworks:
        check_name(name)
        return NamedNetworks(name, ())


# For reading an item whose names are somebody else's to look up.
ANY_NAMES: Names = _Any()


def defined_name(item: str) -> str | None:
    """The name that an item of an account's metadata defines; None for another item.

    Args:
        item: without ``X-Account-Meta-``, in any case.
    """
    match = _ITEM.fullmatch(lower_case(item))
    return match[1] if match else None


def check_name(name: str) -> None:
    """Refuse what is not a name.

    Raises:
        DefinitionError: its text says what to write.
    """
    if not _NAME.fullmatch(name):
        raise DefinitionError(
            gettext_noop(
                '"@%(name)s" is not a name: write at most %(most)d lower-case letters, digits and '
                "hyphens."
            ),
            name=name[:_LONGEST_SHOWN],
            most=MAX_NAME_LENGTH,
        )


def parse_definition(name: str, value: str) -> tuple[Network, ...]:
    """Read one item of a definition.

    Args:
        name: the name that it defines.
        value: networks, separated by commas or white space.

    Raises:
        DefinitionError: the name is none, or the value is not such a list.
    """
    check_name(name)
    words = split_list(value)
    if any(word.startswith(SIGN) for word in words):
        raise DefinitionError(
            gettext_noop("A name stands for networks, not for another name: write the networks.")
        )
    if not words:
        raise DefinitionError(MISSING)
    try:
        return tuple(map(parse_network, words))
    except AddressError as error:
        raise DefinitionError(error.template, **error.params) from error


def to_metadata(name: str, networks: Iterable[Network], most: int = 256) -> dict[str, str]:
    """The items that define a name, without ``X-Account-Meta-``, as `Names` reads them back.

    Args:
        name: the name.
        networks: what it is to stand for.
        most: bytes that Swift keeps of a value; no network is longer.
    """
    values: list[str] = []
    for text in map(format_network, networks):
        longer = f"{values[-1]}, {text}" if values else text
        if values and len(longer) <= most:
            values[-1] = longer
        else:
            values.append(text)
    return {
        ITEM_PREFIX + name + (f".{number}" if number > 1 else ""): value
        for number, value in enumerate(values, start=1)
    }
