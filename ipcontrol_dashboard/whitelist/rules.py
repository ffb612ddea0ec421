# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What rules one container or account, as the proxy would read it.

The panel decides nothing by itself: every answer is `AccessPolicy.decide`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from ipcontrol.access import AccessPolicy, Decision, Source, Whitelist
from ipcontrol.addresses import Address
from ipcontrol.lockout import refused_from
from ipcontrol.named_networks import NO_NAMES, DefinitionError, Names

# A method that only reads, and the one that changes metadata.
READ, CHANGE = "GET", "POST"


class Rights(StrEnum):
    """What an address may do.

    Attributes:
        WRITE: read and change.
        READ: read only.
        NONE: nothing.
        OPERATOR: nothing by any list; but Swift answered, so the operator admits it.
        UNENFORCED: nothing by any list; but it is not known that Swift goes by them.
    """

    WRITE = "write"
    READ = "read"
    NONE = "none"
    OPERATOR = "operator"
    UNENFORCED = "unenforced"


class KnownNames(NamedTuple):
    """The names that an account's lists may refer to, as far as they are known.

    Attributes:
        names: those that are.
        complete: whether any other name is not defined.
    """

    names: Names = NO_NAMES
    complete: bool = True

    def tell(self, whitelist: Whitelist) -> bool:
        """Whether it is known what all of a list's names stand for."""
        return all(map(self._tell, whitelist.references))

    def _tell(self, name: str) -> bool:
        try:
            return self.names.find(name).known
        except DefinitionError:
            return self.complete or name in (each.name for each in self.names.errors)


_NO_NAMES = KnownNames()


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that may rule.

    Attributes:
        source: whose it is.
        name: the container's name; empty for the account.
        whitelist: the list.
        hidden: whether Swift does not show it, or not what its names stand for.
            It then counts as one that admits nobody, which nobody is to be told
            for a fact.
    """

    source: Source
    name: str
    whitelist: Whitelist
    hidden: bool = False


def _enforced(listed: Listed) -> Listed:
    if listed.whitelist.trial is None:
        return listed
    return replace(listed, whitelist=replace(listed.whitelist, trial=None))


@dataclass(frozen=True, slots=True)
class Rules:
    """The lists of one container or account, the nearest first, under a policy.

    Attributes:
        policy: the operator's.
        lists: the first is the container's or the account's own.
        known: what their items may refer to.
        trials: whether the filter knows lists that are only tried out; an older one enforces
            them.
    """

    policy: AccessPolicy
    lists: tuple[Listed, ...]
    known: KnownNames = _NO_NAMES
    trials: bool = True

    def __post_init__(self) -> None:
        if not self.trials:
            object.__setattr__(self, "lists", tuple(map(_enforced, self.lists)))

    @property
    def names(self) -> Names:
        """What their items may refer to."""
        return self.known.names

    @property
    def own(self) -> Whitelist:
        """The entries that are edited here."""
        return self.lists[0].whitelist

    @property
    def ruling(self) -> Listed | None:
        """The list that rules now; None where the operator's policy does."""
        at = datetime.now(UTC)
        return next((listed for listed in self.lists if listed.whitelist.rules(at)), None)

    @property
    def inherited(self) -> Listed | None:
        """The ruling list where it is not the own one."""
        ruling = self.ruling
        return None if ruling is self.lists[0] else ruling

    def decide(self, address: Address | None, method: str, at: datetime) -> Decision:
        """The proxy's answer to this method from this address at this moment."""
        return self.policy.decide(
            address, method, at, ((listed.source, listed.whitelist) for listed in self.lists)
        )

    def after(self, metadata: Mapping[str, str]) -> "Rules":
        """The same with this as the own metadata."""
        is_account = self.lists[0].source is Source.ACCOUNT
        known = self.known
        if is_account:
            known = known._replace(names=Names.from_metadata(metadata, self.names.others))
        whitelist = Whitelist.from_metadata(metadata, known.names)
        own = replace(self.lists[0], whitelist=whitelist, hidden=not known.tell(whitelist))
        return replace(self, lists=(own, *self.lists[1:]), known=known)

    def shut_out_from(self, address: Address | None, at: datetime) -> datetime | None:
        """From when on, this moment or a later one, the address cannot change the list (back).

        Returns:
            None for never.
        """
        lists = [(listed.source, listed.whitelist) for listed in self.lists]
        return refused_from(self.policy, address, CHANGE, at, lists)

    def rights(self, address: Address | None, at: datetime) -> Rights:
        """What this address may do at this moment."""
        if self.decide(address, CHANGE, at).allowed:
            return Rights.WRITE
        return Rights.READ if self.decide(address, READ, at).allowed else Rights.NONE
