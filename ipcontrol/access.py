# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What an address may do: the decision of a list, and of all lists under the operator's policy."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from ipcontrol.addresses import Address, Network, PrefixMap
from ipcontrol.entries import (
    Entry,
    EntryError,
    InvalidItem,
    is_allow_item,
    is_blank,
    parse_item,
    references,
)
from ipcontrol.metadata_names import lower_case
from ipcontrol.named_networks import NO_NAMES, NamedNetworks, Names
from ipcontrol.trial import read_trial

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# Where a network stands: its entry's number in the list, its own in the entry; and the network.
Place = tuple[int, int, Network]


class Reason(StrEnum):
    """Why an address is admitted or refused."""

    ADMITTED = "admitted"
    ALWAYS_ALLOWED = "always-allowed"
    UNLISTED_ALLOWED = "unlisted-allowed"
    READ_ONLY = "read-only"
    EXPIRED = "expired"
    NOT_LISTED = "not-listed"
    NO_ENTRY = "no-entry"
    NO_ADDRESS = "no-address"
    UNLISTED_DENIED = "unlisted-denied"


class Source(StrEnum):
    """Whose list decides."""

    OPERATOR = "operator"
    CONTAINER = "container"
    BASE_CONTAINER = "base-container"
    ACCOUNT = "account"


class Decision(NamedTuple):
    """An answer to "may this address do this now?".

    Attributes:
        allowed: the answer.
        reason: why.
        entry: the entry that admits; for READ_ONLY and EXPIRED, the entry that
            would have.
        network: the network, of that entry or of the operator's, that holds the
            address.
        source: whose list decided; None where a `Whitelist` decided by itself.
        trial: what a list that is only tried out would have said, the nearest of them;
            None where there was none before the one that decided.
    """

    allowed: bool
    reason: Reason
    entry: Entry | None = None
    network: Network | None = None
    source: Source | None = None
    trial: "Decision | None" = None


@dataclass(frozen=True)
class Whitelist:
    """The allow items of one container or account.

    Attributes:
        entries: the valid items, by name.
        errors: the others, by name.
        trial: the first moment at which it is enforced, where it is tried out until then
            (`ipcontrol.trial`); None for a list that is not.
    """

    entries: tuple[Entry, ...] = ()
    errors: tuple[InvalidItem, ...] = ()
    trial: datetime | None = None

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, str], names: Names = NO_NAMES) -> "Whitelist":
        """Read the allow items out of user metadata.

        Args:
            metadata: names without ``X-Container-Meta-`` or
                ``X-Account-Meta-``, in any case, and values. Whatever is not an
                allow item is passed over.
            names: what the items may refer to. One that refers to what is not
                defined is an error.
        """
        entries: list[Entry] = []
        errors: list[InvalidItem] = []
        for name, value in sorted(metadata.items()):
            if not is_allow_item(name) or is_blank(value):
                continue
            try:
                entries.append(parse_item(name, value, names))
            except EntryError as error:
                # Without its traceback, which would keep all frames and what is in them.
                fresh = EntryError(error.template, **error.params)
                errors.append(InvalidItem(lower_case(name), value, fresh))
        return cls(tuple(entries), tuple(errors), read_trial(metadata))

    @cached_property
    def references(self) -> frozenset[str]:
        """The names that its items refer to, whether they are defined or not."""
        named = (each.name for entry in self.entries for each in entry.named)
        return frozenset(chain(named, *(references(item.value) for item in self.errors)))

    @property
    def restricts(self) -> bool:
        """Whether an allow item with a value is present, readable or not."""
        return bool(self.entries or self.errors)

    def rules(self, at: datetime) -> bool:
        """Whether it restricts, and is not only tried out at this (aware) moment."""
        return bool(self.entries or self.errors) and (self.trial is None or at >= self.trial)

    def decide(
        self, address: Address | None, method: str, at: datetime, source: Source | None = None
    ) -> Decision:
        """Decide by these items alone.

        Args:
            address: the caller; None where it is not known: nobody.
            method: the HTTP method, in upper case.
            at: the moment of the request, aware.
            source: whose list this is, for the decision to say so.
        """
        if address is None:
            return Decision(False, Reason.NO_ADDRESS, source=source)
        refusal = None
        for entry, network in self._holding(address):
            if entry.expired(at):
                # That an entry may only read says more than that one expired.
                if refusal is None or refusal.reason is not Reason.READ_ONLY:
                    refusal = Decision(False, Reason.EXPIRED, entry, network, source)
            elif entry.read_only and method not in SAFE_METHODS:
                refusal = Decision(False, Reason.READ_ONLY, entry, network, source)
            else:
                return Decision(True, Reason.ADMITTED, entry, network, source)
        if refusal is not None:
            return refusal
        reason = Reason.NOT_LISTED if self.restricts else Reason.NO_ENTRY
        return Decision(False, reason, source=source)

    def _holding(self, address: Address) -> list[tuple[Entry, Network]]:
        """The entries that hold an address, in order; each with its first network that does."""
        places: list[Place] = []
        for _, found in self._places.holding(address):
            places += found
        if self._naming:
            places += self._places_by_name(address)
        holding, last = [], -1
        for number, _, network in sorted(places):
            if number != last:
                last = number
                holding.append((self.entries[number], network))
        return holding

    @cached_property
    def _places(self) -> PrefixMap[list[Place]]:
        places: dict[Network, list[Place]] = {}
        for number, entry in enumerate(self.entries):
            for place, network in enumerate(entry.networks):
                places.setdefault(network, []).append((number, place, network))
        return PrefixMap(places.items())

    @cached_property
    def _naming(self) -> tuple[tuple[int, int, NamedNetworks], ...]:
        """Where each name stands: behind the networks of its entry.

        What it stands for is not copied: many lists may refer to the same thousands.
        """
        return tuple(
            (number, place, named)
            for number, entry in enumerate(self.entries)
            for place, named in enumerate(entry.named, len(entry.networks))
        )

    def _places_by_name(self, address: Address) -> Iterator[Place]:
        for number, place, named in self._naming:
            network = named.find(address)
            if network is not None:
                yield number, place, network


class Unlisted(StrEnum):
    """The operator's policy where no list restricts."""

    DENY = "deny"
    ALLOW = "allow"


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """What the operator says, around the owners' lists.

    Attributes:
        unlisted: the answer where no list restricts.
        always_allow: networks that are admitted before any list is read.
    """

    unlisted: Unlisted = Unlisted.DENY
    always_allow: tuple[Network, ...] = field(default=())

    def decide(
        self,
        address: Address | None,
        method: str,
        at: datetime,
        lists: Iterable[tuple[Source, Whitelist]],
    ) -> Decision:
        """Decide as the proxy does.

        Args:
            address: the caller; None where it is not known: nobody.
            method: the HTTP method, in upper case.
            at: the moment of the request, aware.
            lists: the lists that may rule, the nearest first: the container's,
                its base container's, the account's. The first that restricts, and is
                not only tried out, rules; those behind it are not asked for, so this
                may be a generator that fetches.
        """
        if address is None:
            return Decision(False, Reason.NO_ADDRESS)
        for network in self.always_allow:
            if address in network:
                return Decision(
                    True, Reason.ALWAYS_ALLOWED, network=network, source=Source.OPERATOR
                )
        tried: Decision | None = None
        for source, whitelist in lists:
            if whitelist.rules(at):
                decision = whitelist.decide(address, method, at, source)
                break
            if tried is None and whitelist.restricts:
                tried = whitelist.decide(address, method, at, source)
        else:
            decision = self._decide_unlisted()
        return decision if tried is None else decision._replace(trial=tried)

    def _decide_unlisted(self) -> Decision:
        if self.unlisted == Unlisted.ALLOW:
            return Decision(True, Reason.UNLISTED_ALLOWED, source=Source.OPERATOR)
        return Decision(False, Reason.UNLISTED_DENIED, source=Source.OPERATOR)


def ruling(lists: Iterable[tuple[Source, Whitelist]], at: datetime) -> Whitelist | None:
    """The list that rules at this (aware) moment; None where the operator's policy does."""
    return next((whitelist for _, whitelist in lists if whitelist.rules(at)), None)
