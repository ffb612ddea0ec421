# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The containers that hang on the account: on its list, or on names that it defines.

Swift cannot be asked for them: each container has to be read. They are read a page at a time,
and whoever shows them says how far that is.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest

from ipcontrol.access import Source
from ipcontrol.containers import governing_containers
from ipcontrol_dashboard.api import swift
from ipcontrol_dashboard.kit import service_errors
from ipcontrol_dashboard.whitelist import states
from ipcontrol_dashboard.whitelist.forecasts import Forecast, of_changes
from ipcontrol_dashboard.whitelist.rules import Rules
from ipcontrol_dashboard.whitelist.states import Metadata, State
from ipcontrol_dashboard.whitelist.targets import Target

# Each costs a call to Swift, or more.
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Dependents:
    """What was found on one page of containers.

    Attributes:
        looked_at: how many containers were looked at, those of the pages before among them.
        following: the name after which the next page begins; empty where this is the last one.
        by_name: the containers whose own items refer to a name.
        followers: the containers without items of their own, which the account's list rules.
        unread: those that could not be read.
    """

    looked_at: int
    following: str = ""
    by_name: Mapping[str, list[str]] = field(default_factory=dict)
    followers: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def find(request: HttpRequest, account: State, after: str, looked_at: int) -> Dependents:
    """Look at a page of containers.

    Args:
        request: of the person.
        account: the account's list.
        after: the name that the page follows; empty for the first.
        looked_at: how many were looked at before.

    Raises:
        service_errors.ServiceError: the containers cannot be listed.
    """
    page = swift.containers(request, marker=after, limit=MOST_AT_ONCE)
    by_name: dict[str, list[str]] = {}
    followers, unread = [], []
    for name, rules in _read(request, account, page.names):
        if rules is None:
            unread.append(name)
            continue
        for reference in sorted(rules.own.references):
            by_name.setdefault(reference, []).append(name)
        if _follows(rules):
            followers.append(name)
    return Dependents(
        looked_at + len(page.names),
        page.names[-1] if page.has_next else "",
        by_name,
        tuple(followers),
        tuple(unread),
    )


def _follows(rules: Rules) -> bool:
    """Whether the account's list rules, or would if it had items."""
    *nearer, last = rules.lists
    return last.source is Source.ACCOUNT and not any(each.whitelist.restricts for each in nearer)


def _read(
    request: HttpRequest, account: State, names: Iterable[str]
) -> Iterator[tuple[str, Rules | None]]:
    """What rules each of the containers; None where that cannot be read."""
    names = list(names)
    found = _metadata(request, names, account.metadata)
    for name in names:
        metadata = found[name]
        if isinstance(metadata, service_errors.ServiceError):
            yield name, None
        else:
            known = account.rules.known
            yield name, states.rules_of(name, metadata, found, known, account.enforcement)


def _metadata(request: HttpRequest, names: Collection[str], account: Metadata) -> states.Found:
    wanted = dict.fromkeys(ruler for name in names for ruler in governing_containers(name))
    return swift.metadata_of(request, wanted) | {None: account}


def forecast(
    request: HttpRequest, account: State, after: Metadata, containers: Collection[str]
) -> Forecast:
    """What a change of the account's names does to lists that refer to them.

    Args:
        request: of the person.
        account: the account's list as it is now.
        after: the account's metadata as they would be.
        containers: those that refer to a name that changes.
    """
    found = _metadata(request, containers, account.metadata)
    changed = list(_before_and_after(account, after, containers, found))
    own = account.rules.own
    if account.rules.after(after).own != own:
        changed.insert(0, (account, account.rules.after(after)))
    return of_changes(account, changed)


def _before_and_after(
    account: State, after: Metadata, containers: Iterable[str], found: states.Found
) -> Iterator[tuple[State, Rules]]:
    known = states.known_names(after, account.enforcement)
    for name in containers:
        metadata = found[name]
        if isinstance(metadata, service_errors.ServiceError):
            continue
        before = states.of_container(account, Target(name), metadata, found, account.rules.known)
        rules = states.rules_of(name, metadata, {**found, None: after}, known, account.enforcement)
        yield before, rules
