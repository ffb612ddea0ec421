# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Entries whose removal would change nothing for anybody, now or later.

Networks never overlap halfway: one holds the other, or they have no address in
common. The networks of a list thus form trees, and an address is held by the
smallest network around it and by all that hold this one. Of the entries that
hold an address only those with the latest end matter: for reading, the latest
of all; for writing, the latest of those that may write. An entry is needed
where it is the only one of these that is left.

All this costs little more than to sort the networks, however they overlap.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from ipcontrol.access import Whitelist
from ipcontrol.addresses import Network
from ipcontrol.entries import Entry
from ipcontrol.reach import smallest

# Of the entries that cover another one, so many are named.
MOST_NAMED = 3

_NEVER = datetime.max.replace(tzinfo=UTC)
# Networks inside one another, at most; so many lead to one that holds no other.
_DEEPEST = 129

# When an entry ends and whether it may write: the greater, the better.
_Terms = tuple[datetime, bool]


@dataclass(frozen=True, slots=True)
class Redundant:
    """An entry without effect.

    Attributes:
        entry: the entry.
        covered_by: entries with an effect that admit some of its addresses to as
            much and as long, at most `MOST_NAMED`; none for one that has expired.
        others: whether more of them are needed to cover it.
    """

    entry: Entry
    covered_by: tuple[Entry, ...] = ()
    others: bool = False


def redundant_entries(whitelist: Whitelist, at: datetime) -> list[Redundant]:
    """Find entries that can be removed, all of them together.

    Each of those that stay has an effect. Of entries that say the same, one
    stays; so does the first where all have expired, for a list without any
    entry would leave it to another one to rule.

    Args:
        whitelist: the list, judged by itself, whatever the operator admits.
        at: now, aware. What was before does not matter.

    Returns:
        The expired ones, then the others, in the list's order.
    """
    expired = [Redundant(entry) for entry in whitelist.entries if entry.expired(at)]
    live = [_Candidate(entry) for entry in whitelist.entries if not entry.expired(at)]
    if not live and not whitelist.errors:
        return expired[1:]
    _choose(live)
    covered = (each for each in live if not each.needed)
    return expired + [_redundant(each) for each in covered]


class _Candidate:
    """An entry that holds now, and whether it stays.

    Attributes:
        entry: the entry.
        networks: its networks, none inside another.
        terms: of the entry.
        turn: when it is chosen; better ones are later.
        nodes: its networks in the forest.
        leads_at: the nodes on whose rest there is none with a later turn.
        needed: whether it stays.
    """

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.networks = smallest(entry.all_networks())
        self.terms: _Terms = (entry.until or _NEVER, not entry.read_only)
        self.turn = 0
        self.nodes: list[_Node] = []
        self.leads_at: list[_Node] = []
        self.needed = True

    @property
    def size(self) -> int:
        """How many addresses it holds."""
        return sum(network.num_addresses for network in self.networks)

    def covers(self, other: "_Candidate") -> bool:
        """Whether it admits to as much and as long."""
        (ends, writes), (their_end, they_write) = self.terms, other.terms
        return ends >= their_end and writes >= they_write


class _Node:
    """A network of the list, between those that hold it and those that it holds.

    Attributes:
        network: the network.
        parent: the smallest other one that holds it.
        children: the largest that it holds.
        rest: how many addresses no child holds.
        reader: of the entries that hold it whole, the one with the latest turn.
        writer: the same of those that may write.
        needed: needed entries with this very network, by their terms.
    """

    def __init__(self, network: Network, parent: "_Node | None") -> None:
        self.network = network
        self.parent = parent
        self.children: list[_Node] = []
        self.rest = network.num_addresses
        self.reader: _Candidate | None = None
        self.writer: _Candidate | None = None
        self.needed: dict[_Terms, _Candidate] = {}
        if parent is not None:
            parent.children.append(self)
            parent.rest -= network.num_addresses
            self.reader, self.writer = parent.reader, parent.writer

    def add(self, candidate: _Candidate) -> None:
        """Add an entry with this network."""
        candidate.nodes.append(self)
        self.reader = _later(self.reader, candidate)
        if not candidate.entry.read_only:
            self.writer = _later(self.writer, candidate)

    @property
    def leaders(self) -> list[_Candidate]:
        """The entries that decide on its rest."""
        return [each for each in (self.writer, self.reader) if each is not None]

    def needed_on(self, terms: _Terms) -> _Candidate | None:
        """A needed entry with these terms that holds it whole."""
        node: _Node | None = self
        while node is not None:
            if terms in node.needed:
                return node.needed[terms]
            node = node.parent
        return None

    def inside(self) -> "Iterator[_Node]":
        """All that it holds."""
        for child in self.children:
            yield child
            yield from child.inside()


def _later(one: _Candidate | None, other: _Candidate) -> _Candidate:
    return other if one is None or other.turn > one.turn else one


def _choose(candidates: Sequence[_Candidate]) -> None:
    """Tell each candidate whether it is needed."""
    # The worse have to go first; of equals those with few addresses, of these the last.
    turns = list(reversed(candidates))
    turns.sort(key=lambda each: (each.terms, each.size))
    for turn, candidate in enumerate(turns):
        candidate.turn = turn
    for node in _forest(candidates):
        for leader in node.leaders if node.rest else ():
            leader.leads_at.append(node)
    for candidate in turns:
        candidate.needed = any(not node.needed_on(candidate.terms) for node in candidate.leads_at)
        for node in candidate.nodes if candidate.needed else ():
            node.needed.setdefault(candidate.terms, candidate)


def _forest(candidates: Iterable[_Candidate]) -> list[_Node]:
    """The networks, each after those that hold it."""
    pairs = [(network, each) for each in candidates for network in each.networks]
    nodes: list[_Node] = []
    node: _Node | None = None
    for network, candidate in sorted(pairs, key=lambda pair: (pair[0].version, pair[0])):
        while node is not None and not _holds(node.network, network):
            node = node.parent
        if node is None or node.network != network:
            node = _Node(network, node)
            nodes.append(node)
        node.add(candidate)
    return nodes


def _holds(outer: Network, inner: Network) -> bool:
    return inner.network_address in outer and inner.prefixlen >= outer.prefixlen


def _redundant(candidate: _Candidate) -> Redundant:
    """Name the needed entries that stand in for one that is not."""
    found: dict[_Candidate, None] = {}
    for node in candidate.nodes:
        found |= dict.fromkeys(_covers(candidate, node))
        if len(found) > MOST_NAMED:
            break
    covers = tuple(each.entry for each in islice(found, MOST_NAMED))
    return Redundant(candidate.entry, covers, len(found) > MOST_NAMED)


def _covers(candidate: _Candidate, node: _Node) -> Iterator[_Candidate]:
    for leader in node.leaders:
        whole = node.needed_on(leader.terms)
        if whole is not None and whole.covers(candidate):
            yield whole
            return
    for part in islice(node.inside(), _DEEPEST):
        yield from (each for each in part.needed.values() if each.covers(candidate))
