# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What Swift and the request say together: one list as it is now, for one person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _

from ipcontrol.access import Source, Whitelist
from ipcontrol.addresses import Address
from ipcontrol.containers import governing_containers
from ipcontrol.contract import Enforcement, Limits
from ipcontrol.entries import NAME, Entry, EntryError, InvalidItem
from ipcontrol.errors import gettext_noop
from ipcontrol.named_networks import NO_NAMES, Names
from ipcontrol_dashboard.api import swift
from ipcontrol_dashboard.carry import caller
from ipcontrol_dashboard.kit import service_errors
from ipcontrol_dashboard.whitelist import changes, sentences, trials
from ipcontrol_dashboard.whitelist.rules import CHANGE, KnownNames, Listed, Rules
from ipcontrol_dashboard.whitelist.targets import Target
from ipcontrol_dashboard.whitelist.viewer import Viewer

Metadata = Mapping[str, str]
Found = Mapping[str | None, Metadata | service_errors.ServiceError]

_HIDDEN = gettext_noop("Swift does not show this list to you.")


class ChangeBlocked(NamedTuple):
    """Why a person cannot change a list.

    Attributes:
        sentence: why.
        certain: whether the operator cannot have admitted the person besides.
    """

    sentence: str
    certain: bool


@dataclass(frozen=True, slots=True)
class State:
    """One list, and who is looking at it.

    Attributes:
        target: whose list it is.
        metadata: all metadata of its container or account, names in lower case.
        rules: the lists that may rule it.
        enforcement: what Swift says about itself.
        caller: the person's address; None where it is not known.
        at: now, in UTC.
        owner: whether the person's role may change lists, as far as is known:
            not where Swift refuses to show the account to it.
    """

    target: Target
    metadata: Metadata
    rules: Rules
    enforcement: Enforcement
    caller: Address | None
    at: datetime
    owner: bool = True

    @property
    def items(self) -> dict[str, Entry | InvalidItem]:
        """The own items, readable or not, by name."""
        return changes.items(self.rules.own)

    @property
    def removable(self) -> dict[str, Entry | InvalidItem]:
        """What can be removed here, by name: the own items, and stray ones."""
        return changes.stray(self.metadata) | self.items

    @property
    def trial(self) -> trials.Trial | None:
        """What says that it is only tried out; None where nothing does."""
        return trials.read(self.metadata, self.enforcement, self.at)

    @property
    def limits(self) -> Limits:
        """Swift's limits on metadata."""
        return self.enforcement.limits

    @property
    def viewer(self) -> Viewer:
        """The person who looks at it."""
        return Viewer(self.caller, True, self.enforcement, self.at)

    @property
    def blocked(self) -> "ChangeBlocked | None":
        """Why the person cannot change the list; None where nothing is known against it."""
        if not self.owner:
            return ChangeBlocked(
                _("Your role does not permit you to change this list."), certain=True
            )
        if not self.viewer.only_reads(self.rules):
            return None
        sentence = _(
            "Your address %(address)s may only read here, so you cannot change this list."
        )
        return ChangeBlocked(
            sentence % {"address": self.caller}, certain=self.enforcement.exceptions_known
        )

    def lockout(self, metadata: Metadata) -> datetime | None:
        """From when on this metadata would take from the person the right to change it back.

        Returns:
            This moment or a later one; None where that never comes, and where
            the person loses the right no later without the change.
        """
        after = self.rules.after(metadata).shut_out_from(self.caller, self.at)
        if after is None or not self.enforcement.enforced:
            return None
        before = self.rules.shut_out_from(self.caller, self.at)
        return after if before is None or after < before else None

    def lockout_sentence(self, metadata: Metadata, lockout: datetime) -> str:
        """Why this metadata would shut the person out."""
        if lockout > self.at:
            return _(
                "This would shut you out on %(moment)s (%(distance)s): from then on, no entry "
                "lets your address %(address)s change the list back."
            ) % {
                "moment": sentences.moment(lockout),
                "distance": sentences.distance(lockout, self.at),
                "address": self.caller,
            }
        after = self.rules.after(metadata)
        decision = after.decide(self.caller, CHANGE, self.at)
        why = sentences.answer(self.caller, decision, after)
        return _("This would shut you out: you could not change it back. %(why)s") % {"why": why}


def load(request: HttpRequest, target: Target) -> State:
    """Read one list, and those behind it.

    Raises:
        service_errors.ServiceError: Swift refused, or did not answer.
    """
    enforcement = swift.enforcement(request)
    metadata = swift.metadata(request, target.container)
    found = {**_inherited_metadata(request, target), target.container: metadata}
    known = known_names(found[None], enforcement)
    rules = rules_of(target.container, metadata, found, known, enforcement)
    # Who may change a container owns its account, and may look at that too.
    owner = not _refused_by_role(found[None])
    return State(target, metadata, rules, enforcement, caller.address(request), now(), owner)


def of_container(
    seen_by: State, target: Target, metadata: Metadata, found: Found, known: KnownNames
) -> State:
    """Another container's list, for the same person at the same moment.

    Args:
        seen_by: the list that is known.
        target: the container.
        metadata: its own.
        found: metadata by container (None: the account), its base containers' among it.
        known: the account's names.
    """
    rules = rules_of(target.container, metadata, found, known, seen_by.enforcement)
    return replace(seen_by, target=target, metadata=metadata, rules=rules)


def rules_of(
    container: str | None,
    metadata: Metadata,
    found: Found,
    known: KnownNames,
    enforcement: Enforcement,
) -> Rules:
    """What rules a container, or the account (None).

    Args:
        container: which.
        metadata: its own.
        found: metadata by container (None: the account), its base containers' among it.
        known: the account's names.
        enforcement: what Swift says about itself.
    """
    source = Source.ACCOUNT if container is None else Source.CONTAINER
    own = _read_list(source, container or "", metadata, known)
    lists = (own, *_inherited_lists(container, found, known))
    return Rules(enforcement.policy, lists, known, enforcement.trials)


def now() -> datetime:
    """The moment by which a page judges."""
    return datetime.now(UTC).replace(microsecond=0)


def known_names(
    account: Metadata | service_errors.ServiceError, enforcement: Enforcement
) -> KnownNames:
    """The names that lists of an account may refer to: its own, and the operator's."""
    published = enforcement.names
    others = published.as_names() if published else None
    complete = published is None or published.complete
    if isinstance(account, service_errors.ServiceError):
        # Where Swift does not show the account, any name may be defined, or defined anew.
        return KnownNames(NO_NAMES, complete=False)
    return KnownNames(Names.from_metadata(account, others), complete)


def _read_list(source: Source, name: str, metadata: Metadata, known: KnownNames) -> Listed:
    """Read a list, whose items may refer to names of the account.

    A list is hidden where it is not known what its names stand for.
    """
    whitelist = Whitelist.from_metadata(metadata, known.names)
    return Listed(source, name, whitelist, hidden=not known.tell(whitelist))


def _inherited_metadata(request: HttpRequest, target: Target) -> Found:
    """The metadata that rule where the own ones have no entries."""
    if target.container is None:
        return {}
    names = list(governing_containers(target.container))[1:]
    return swift.metadata_of(request, [*names, None])


def _refused_by_role(found: Metadata | service_errors.ServiceError) -> bool:
    return isinstance(found, service_errors.RefusedError) and not found.by_address


def _inherited_lists(container: str | None, found: Found, known: KnownNames) -> Iterator[Listed]:
    """The lists behind a container's own one, of what was found by name (None: account)."""
    if container is None:
        return
    for name in list(governing_containers(container))[1:]:
        if isinstance(found[name], service_errors.NotFoundError):
            # As the filter does: whoever came to create it would rule what lies behind it.
            break
        yield _inherited(Source.BASE_CONTAINER, name, found[name], known)
    yield _inherited(Source.ACCOUNT, "", found[None], known)


def _inherited(
    source: Source,
    name: str,
    found: Metadata | service_errors.ServiceError,
    known: KnownNames,
) -> Listed:
    if isinstance(found, service_errors.NotFoundError):
        return Listed(source, name, Whitelist())
    if isinstance(found, service_errors.ServiceError):
        item = InvalidItem(NAME, "", EntryError(_HIDDEN))
        return Listed(source, name, Whitelist(errors=(item,)), hidden=True)
    return _read_list(source, name, found, known)
