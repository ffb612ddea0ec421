# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Who called a container, as Swift's filter tells it and its clients read it.

They ask by ``GET /v1/AUTH_account/container?ip-whitelist=callers``; the answer is JSON, and
written and read here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from ipcontrol.addresses import AddressError, Network, format_network, parse_network
from ipcontrol.errors import IpControlError, gettext_noop

# The value of the query by which this is asked.
QUESTION = "callers"

# So many callers of a container are remembered at most, and so many entries.
LIMIT = 200
# An IPv6 caller is counted by the network that one customer, or one room, has.
IPV6_PREFIX_LENGTH = 64


class CallersError(IpControlError):
    """What was read does not tell who called."""


class Recorded(StrEnum):
    """What the operator has recorded: the option ``callers``."""

    OFF = "off"
    REFUSED = "refused"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Caller:
    """One address, or one IPv6 network of 64 bits, that called.

    Attributes:
        network: who.
        first_seen: when it called first, of the calls that are known.
        last_seen: when it called last.
        reads: requests that were let in and read.
        writes: requests that were let in and could change something.
        refusals: how many requests were refused, by `ipcontrol.access.Reason`.
        trial_refusals: how many would have been refused by a list that is only tried out, alike.
        source: whose list let it in last, as `ipcontrol.access.Source`; None where none did.
        entry: the name of the item that let it in last; None where no item did.
    """

    network: Network
    first_seen: datetime
    last_seen: datetime
    reads: int = 0
    writes: int = 0
    refusals: Mapping[str, int] = field(default_factory=dict)
    source: str | None = None
    entry: str | None = None
    trial_refusals: Mapping[str, int] = field(default_factory=dict)

    @property
    def refused(self) -> int:
        """How many of its requests were refused."""
        return sum(self.refusals.values())

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads back."""
        return {
            "address": format_network(self.network),
            "first_seen": _format_moment(self.first_seen),
            "last_seen": _format_moment(self.last_seen),
            "reads": self.reads,
            "writes": self.writes,
            "refusals": _numbers(self.refusals),
            "trial_refusals": _numbers(self.trial_refusals),
            "admitted_by": None if self.source is None else _name(self.source, self.entry),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Caller":
        """Read one caller.

        Raises:
            CallersError: this is none.
        """
        try:
            admitted_by = data["admitted_by"] or {}
            return cls(
                network=parse_network(data["address"]),
                first_seen=_parse_moment(data["first_seen"]),
                last_seen=_parse_moment(data["last_seen"]),
                reads=int(data["reads"]),
                writes=int(data["writes"]),
                refusals=_numbers(data["refusals"]),
                trial_refusals=_numbers(data["trial_refusals"]),
                source=admitted_by.get("source"),
                entry=admitted_by.get("entry"),
            )
        except (AddressError, *_UNREADABLE) as error:
            raise _unreadable() from error


@dataclass(frozen=True, slots=True)
class EntryUse:
    """How often an entry let somebody in.

    Attributes:
        source: whose list it is in, as `ipcontrol.access.Source`.
        entry: the name of its item.
        requests: how many it let in.
        last_used: when it did so last.
    """

    source: str
    entry: str
    requests: int
    last_used: datetime

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads back."""
        return {
            **_name(self.source, self.entry),
            "requests": self.requests,
            "last_used": _format_moment(self.last_used),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "EntryUse":
        """Read the use of one entry.

        Raises:
            CallersError: this is none.
        """
        try:
            return cls(
                source=str(data["source"]),
                entry=str(data["entry"]),
                requests=int(data["requests"]),
                last_used=_parse_moment(data["last_used"]),
            )
        except _UNREADABLE as error:
            raise _unreadable() from error


@dataclass(frozen=True, slots=True)
class Callers:
    """Who called a container.

    Attributes:
        recorded: of which requests anything is known.
        days: for how long a caller who does not come back is remembered.
        since: before this moment nothing is known; None where nothing is known at all.
        callers: the last seen first.
        entries: the last used first.
    """

    recorded: Recorded
    days: int
    since: datetime | None = None
    callers: tuple[Caller, ...] = ()
    entries: tuple[EntryUse, ...] = ()

    def as_json(self) -> list[dict[str, Any]]:
        """What `from_json` reads back.

        It is a list, of one, because Swift's middlewares take every answer to a GET of a
        container for a listing, which they go through.
        """
        answer = {
            "recorded": str(self.recorded),
            "days": self.days,
            "since": None if self.since is None else _format_moment(self.since),
            "callers": [each.as_json() for each in self.callers],
            "entries": [each.as_json() for each in self.entries],
        }
        return [answer]

    @classmethod
    def from_json(cls, data: Any) -> "Callers":
        """Read the decoded answer of the filter.

        Raises:
            CallersError: it is another one, as of a Swift without the filter.
        """
        try:
            (answer,) = data
            since = answer["since"]
            return cls(
                recorded=Recorded(answer["recorded"]),
                days=int(answer["days"]),
                since=None if since is None else _parse_moment(since),
                callers=tuple(map(Caller.from_json, answer["callers"][:LIMIT])),
                entries=tuple(map(EntryUse.from_json, answer["entries"][:LIMIT])),
            )
        except _UNREADABLE as error:
            raise _unreadable() from error


# What reading raises where something is missing, or of another type.
_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError)


def _unreadable() -> CallersError:
    return CallersError(gettext_noop("Swift's answer does not tell who called."))


def _numbers(data: Mapping[str, Any]) -> dict[str, int]:
    return {str(reason): int(number) for reason, number in data.items()}


def _name(source: str, entry: str | None) -> dict[str, str | None]:
    return {"source": str(source), "entry": entry}


def _format_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _parse_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)
