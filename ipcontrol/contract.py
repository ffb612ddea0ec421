# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the filter of Swift and its clients agree on, written and read in one place.

That is the headers which they send each other, and what stands about the filter in
Swift's ``/info``.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any

from ipcontrol.access import AccessPolicy, Unlisted
from ipcontrol.addresses import AddressError, Network, format_network, parse_network
from ipcontrol.callers import Recorded
from ipcontrol.named_networks import DefinitionError, NamedNetworks, Names, check_name

LOG = logging.getLogger(__name__)

INFO_SECTION = "ip_whitelist"
# A client sends it with a change after which it could not change the list back.
CONFIRM_LOCKOUT_HEADER = "X-Confirm-Lockout"
# Asks something of the filter itself: GET …/container?ip-whitelist=callers.
QUERY = "ip-whitelist"
# The filter sends it with each answer of its own; the value is a `Verdict`.
VERDICT_HEADER = "X-Ip-Whitelist"


class Verdict(StrEnum):
    """Why a request is not passed on; the value is also the name of its counter."""

    REFUSED = "refused"
    MALFORMED = "malformed"
    LOCKOUT = "lockout"
    UNAVAILABLE = "unavailable"
    ABSENT = "absent"  # answered as Swift answers for what is not there, without the header


class Mode(StrEnum):
    """Whether the lists have effect; the first two are what an operator chooses of."""

    ENFORCE = "enforce"
    AUDIT = "audit"  # refusals are logged, not made
    ABSENT = "absent"  # Swift answers, and has no such filter
    UNKNOWN = "unknown"  # Swift does not show /info


CONFIGURABLE_MODES = (Mode.ENFORCE, Mode.AUDIT)


@dataclass(frozen=True, slots=True)
class Limits:
    """Swift's limits on metadata; the defaults are those of Swift itself.

    Attributes:
        count: items in one container or account.
        overall: bytes of all names and values.
        name: bytes of one name, without its prefix.
        value: bytes of one value.
    """

    count: int = 90
    overall: int = 4096
    name: int = 128
    value: int = 256

    @classmethod
    def from_info(cls, section: Mapping[str, Any]) -> "Limits":
        """Read them as Swift, and the filter, call them."""
        default = cls()
        return cls(
            count=_number(section.get("max_meta_count"), default.count),
            overall=_number(section.get("max_meta_overall_size"), default.overall),
            name=_number(section.get("max_meta_name_length"), default.name),
            value=_number(section.get("max_meta_value_length"), default.value),
        )

    def as_info(self) -> dict[str, int]:
        """What `from_info` reads back."""
        return {
            "max_meta_count": self.count,
            "max_meta_overall_size": self.overall,
            "max_meta_name_length": self.name,
            "max_meta_value_length": self.value,
        }


# What /info shows at most of the operator's names; anybody may ask for it.
MOST_NAMES = 500
MOST_NETWORKS = 2_000


@dataclass(frozen=True, slots=True)
class PublishedNames:
    """The names that the operator defines for everybody, as far as ``/info`` shows them.

    Attributes:
        networks: what each name stands for, in the order of the operator's file; None where
            that is not shown.
        total: how many names there are, shown or not.
    """

    networks: Mapping[str, tuple[Network, ...] | None] = field(default_factory=dict)
    total: int = 0

    @classmethod
    def of(cls, names: Names, with_networks: bool) -> "PublishedNames":
        """What to show of names.

        Args:
            names: the operator's.
            with_networks: whether to show what they stand for, as far as there is room.
        """
        room = MOST_NETWORKS if with_networks else 0
        shown: dict[str, tuple[Network, ...] | None] = {}
        for name, named in islice(names.defined.items(), MOST_NAMES):
            fits = 0 < len(named.networks) <= room
            shown[name] = tuple(named.networks) if fits else None
            room -= len(named.networks) if fits else 0
        return cls(shown, len(names.defined))

    @classmethod
    def from_info(cls, section: Mapping[str, Any]) -> "PublishedNames":
        """Read them out of the filter's section."""
        names = section.get("names")
        if not isinstance(names, dict):
            return cls()
        shown = {
            name: _networks(networks) if isinstance(networks, list) else None
            for name, networks in names.items()
            if _is_name(name)
        }
        return cls(shown, max(len(shown), _number(section.get("names_total"), 0)))

    def as_info(self) -> dict[str, Any]:
        """What `from_info` reads back."""
        names = {
            name: None if networks is None else [format_network(each) for each in networks]
            for name, networks in self.networks.items()
        }
        return {"names": names, "names_total": self.total}

    @property
    def complete(self) -> bool:
        """Whether all names are shown; an unknown one may be the operator's otherwise."""
        return len(self.networks) >= self.total

    def as_names(self) -> Names:
        """The same as `Names.from_metadata` takes them for what accounts do not define."""
        return Names(
            {
                name: NamedNetworks(name, networks or (), True, known=networks is not None)
                for name, networks in self.networks.items()
            }
        )


@dataclass(frozen=True, slots=True)
class Enforcement:
    """What is enforced, and how.

    Attributes:
        mode: whether the lists have effect.
        policy: what applies around the lists. Where no filter is: everybody is
            admitted. Where that is not known: nobody, to promise nothing.
        always_allow_known: whether the operator shows the networks that are
            always admitted; where not, a client finds ``policy.always_allow`` empty.
        admit_local: whether the proxy's own addresses are admitted too.
        limits: of metadata.
        staleness: seconds after which every proxy knows of a change; None
            where that is not known.
        version: of the filter; empty where there is none.
        names: the operator's; None where he has said none, or the filter is older than they.
        trials: whether the filter knows lists that are only tried out. An older one enforces
            them.
        callers: of which requests it is recorded who called.
        history: whether the filter writes down who changes a list. An older one does not.
    """

    mode: Mode
    policy: AccessPolicy = field(default_factory=AccessPolicy)
    always_allow_known: bool = False
    admit_local: bool = False
    limits: Limits = field(default_factory=Limits)
    staleness: int | None = None
    version: str = ""
    names: PublishedNames | None = None
    trials: bool = False
    callers: Recorded = Recorded.OFF
    history: bool = False

    @property
    def enforced(self) -> bool:
        """Whether Swift refuses anybody by these lists."""
        return self.mode is Mode.ENFORCE

    @property
    def exceptions_known(self) -> bool:
        """Whether Swift shows all addresses that are admitted besides the lists."""
        return self.always_allow_known and not self.admit_local

    @classmethod
    def from_info(cls, info: Mapping[str, Any]) -> "Enforcement":
        """Read Swift's ``/info``.

        Args:
            info: the decoded answer.
        """
        section = info.get(INFO_SECTION)
        swift = info.get("swift", {})
        if not isinstance(section, dict):
            policy = AccessPolicy(Unlisted.ALLOW)
            return cls(Mode.ABSENT, policy, limits=Limits.from_info(swift))
        return cls(
            # What a client does not understand is not to be taken for less than it is.
            mode=Mode.AUDIT if section.get("mode") == Mode.AUDIT else Mode.ENFORCE,
            policy=AccessPolicy(_unlisted(section), _networks(section.get("always_allow", ()))),
            always_allow_known="always_allow" in section,
            admit_local=section.get("admit_local") is True,
            limits=Limits.from_info({**swift, **section}),
            staleness=_number(section.get("staleness"), None),
            version=str(section.get("version", "")),
            names=PublishedNames.from_info(section) if "names" in section else None,
            trials=section.get("trials") is True,
            callers=_recorded(section),
            history=section.get("history") is True,
        )

    def as_info(self) -> dict[str, Any]:
        """The filter's section of ``/info``, which `from_info` reads back."""
        section: dict[str, Any] = {
            "version": self.version,
            "mode": str(self.mode),
            "unlisted": str(self.policy.unlisted),
            "admit_local": self.admit_local,
            **self.limits.as_info(),
            "staleness": self.staleness,
            "trials": self.trials,
            "callers": str(self.callers),
            "history": self.history,
        }
        if self.always_allow_known:
            section["always_allow"] = [format_network(each) for each in self.policy.always_allow]
        if self.names is not None:
            section |= self.names.as_info()
        return section


UNKNOWN = Enforcement(Mode.UNKNOWN)


def _unlisted(section: Mapping[str, Any]) -> Unlisted:
    return Unlisted.ALLOW if section.get("unlisted") == Unlisted.ALLOW else Unlisted.DENY


def _recorded(section: Mapping[str, Any]) -> Recorded:
    known = section.get("callers")
    return Recorded(known) if known in list(Recorded) else Recorded.OFF


def _networks(texts: Any) -> tuple[Network, ...]:
    networks = []
    for text in texts:
        try:
            networks.append(parse_network(text))
        except AddressError:
            LOG.warning("Swift's /info has %r among networks, which is not one", text)
    return tuple(networks)


def _is_name(text: Any) -> bool:
    try:
        check_name(text)
    except DefinitionError:
        LOG.warning("Swift's /info has %r among names, which is not one", text)
        return False
    return True


def _number(value: Any, default: Any) -> Any:
    return int(value) if isinstance(value, int | float) else default
