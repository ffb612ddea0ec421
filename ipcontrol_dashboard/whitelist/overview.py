# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""One page of containers, and what rules each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from ipcontrol.containers import governing_containers
from ipcontrol.metadata_names import is_token
from ipcontrol.trial import ITEM
from ipcontrol_dashboard.api import swift
from ipcontrol_dashboard.kit import service_errors
from ipcontrol_dashboard.whitelist import reach_words, sentences, states, trials
from ipcontrol_dashboard.whitelist.rules import KnownNames, Rights, Rules
from ipcontrol_dashboard.whitelist.targets import Target
from ipcontrol_dashboard.whitelist.viewer import Viewer


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A container whose list cannot be shown.

    Attributes:
        name: its name.
        rights: what the person at the page's address may do; None where that is not known.
        problem: why its list cannot be shown; None where it can.
    """

    name: str
    rights: Rights | None
    problem: service_errors.ServiceError | None

    @property
    def id(self) -> str:
        """What Horizon's table calls the row."""
        return self.name

    @property
    def rights_words(self) -> str:
        """The rights in words."""
        return sentences.rights(self.rights)

    @property
    def target(self) -> Target:
        """Its page."""
        return Target(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(UnreadableRow):
    """A container.

    Attributes:
        rules: the lists that may rule it.
        at: the moment of the page.
        invalid_names: names of its own items that HTTP does not allow.
        only_read: whether the person may look at its list and not change it.
        trial: what says that its own list is only tried out; None where nothing does.
    """

    problem: None = None
    rules: Rules
    at: datetime
    invalid_names: frozenset[str]
    only_read: bool
    trial: trials.Trial | None

    @property
    def who(self) -> str:
        """Who may reach it."""
        return reach_words.reach(self.rules, self.at)

    @property
    def attention(self) -> str:
        """How many items cannot be read where the list rules, or have names that hide others."""
        ruling = self.rules.ruling
        unreadable = ruling.whitelist.errors if ruling and not ruling.hidden else ()
        items = {item.name for item in unreadable} | self.invalid_names
        if self.trial is not None and self.trial.unreadable:
            items |= {ITEM}
        return reach_words.attention(len(items))

    @property
    def tried_out(self) -> str:
        """Until when its own list is only tried out; empty where it is not, or has no entries."""
        return (
            self.trial.short if self.trial and self.trial.on and self.rules.own.restricts else ""
        )

    @property
    def count(self) -> int:
        """How many items it has of its own."""
        return len(self.rules.own.entries) + len(self.rules.own.errors)

    @property
    def expiry(self) -> sentences.Expiry | None:
        """When the next of its own entries ceases to hold."""
        return sentences.expiry(sentences.next_expiry(self.rules.own, self.at), self.at)


def rows(
    request: HttpRequest, names: Sequence[str], viewer: Viewer, account: states.Metadata
) -> list[UnreadableRow]:
    """A row for each container; their metadata is fetched at once.

    Args:
        request: of the person who looks.
        names: the containers of the page.
        viewer: for whom.
        account: the account's own metadata.
    """
    wanted = dict.fromkeys(ruler for name in names for ruler in governing_containers(name))
    found = swift.metadata_of(request, wanted) | {None: account}
    known = states.known_names(account, viewer.enforcement)
    return [_row(name, found, known, viewer) for name in names]


def _row(name: str, found: states.Found, known: KnownNames, viewer: Viewer) -> UnreadableRow:
    metadata = found[name]
    if isinstance(metadata, service_errors.ServiceError):
        return UnreadableRow(name, viewer.rights_despite(metadata), metadata)
    rules = states.rules_of(name, metadata, found, known, viewer.enforcement)
    return Row(
        name=name,
        rights=viewer.rights(rules),
        rules=rules,
        at=viewer.at,
        invalid_names=frozenset(item for item in metadata if not is_token(item)),
        only_read=viewer.only_reads(rules),
        trial=trials.read(metadata, viewer.enforcement, viewer.at),
    )
