# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What Swift says in ``/info`` about the filter that enforces the lists."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ipcontrol.addresses import AddressError, Network, parse_network
from ipcontrol.whitelist import AccessPolicy, Unlisted

LOG = logging.getLogger(__name__)


class Mode(StrEnum):
    """Whether the lists have effect."""

    ENFORCE = "enforce"
    AUDIT = "audit"  # refusals are logged, not made
    ABSENT = "absent"  # Swift answers, and has no such filter
    UNKNOWN = "unknown"  # Swift does not show /info


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


@dataclass(frozen=True, slots=True)
class Enforcement:
    """What is enforced, and how.

    Attributes:
        mode: whether the lists have effect.
        policy: what applies around the lists. Where no filter is: everybody is
            admitted. Where that is not known: nobody, to promise nothing.
        always_allow_known: whether the operator shows the networks that are
            always admitted; where not, ``policy.always_allow`` is empty.
        admit_local: whether the proxy's own addresses are admitted too.
        limits: of metadata.
        staleness: seconds after which every proxy knows of a change; None
            where that is not known.
        version: of the filter; empty where there is none.
    """

    mode: Mode
    policy: AccessPolicy = field(default_factory=AccessPolicy)
    always_allow_known: bool = False
    admit_local: bool = False
    limits: Limits = field(default_factory=Limits)
    staleness: int | None = None
    version: str = ""

    @property
    def enforced(self) -> bool:
        """Whether Swift refuses anybody by these lists."""
        return self.mode is Mode.ENFORCE

    @property
    def exceptions_known(self) -> bool:
        """Whether Swift shows all addresses that are admitted besides the lists."""
        return self.always_allow_known and not self.admit_local


UNKNOWN = Enforcement(Mode.UNKNOWN)


def read_info(info: Mapping[str, Any]) -> Enforcement:
    """Read Swift's ``/info``.

    Args:
        info: the decoded answer.
    """
    section = info.get("ip_whitelist")
    if not isinstance(section, dict):
        policy = AccessPolicy(Unlisted.ALLOW)
        return Enforcement(Mode.ABSENT, policy, limits=_limits(info.get("swift", {})))
    return Enforcement(
        mode=Mode.AUDIT if section.get("mode") == Mode.AUDIT else Mode.ENFORCE,
        policy=AccessPolicy(_unlisted(section), _networks(section.get("always_allow", ()))),
        always_allow_known="always_allow" in section,
        admit_local=section.get("admit_local") is True,
        limits=_limits({**info.get("swift", {}), **section}),
        staleness=_number(section.get("staleness"), None),
        version=str(section.get("version", "")),
    )


def _unlisted(section: Mapping[str, Any]) -> Unlisted:
    return Unlisted.ALLOW if section.get("unlisted") == Unlisted.ALLOW else Unlisted.DENY


def _networks(texts: Any) -> tuple[Network, ...]:
    networks = []
    for text in texts:
        try:
            networks.append(parse_network(text))
        except AddressError:
            LOG.warning("Swift's /info always allows %r, which is not a network", text)
    return tuple(networks)


def _limits(section: Mapping[str, Any]) -> Limits:
    default = Limits()
    return Limits(
        count=_number(section.get("max_meta_count"), default.count),
        overall=_number(section.get("max_meta_overall_size"), default.overall),
        name=_number(section.get("max_meta_name_length"), default.name),
        value=_number(section.get("max_meta_value_length"), default.value),
    )


def _number(value: Any, default: Any) -> Any:
    return int(value) if isinstance(value, int | float) else default
