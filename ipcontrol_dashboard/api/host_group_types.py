# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What Nova tells about aggregates, hosts and instances, and why it did not do something."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ipcontrol.errors import gettext_noop
from ipcontrol_dashboard.kit.service_errors import NOVA, ServiceError


class HalfCreatedError(ServiceError):
    """The aggregate is there, but Nova did not take its metadata.

    Attributes:
        cause: why.
        aggregate_id: the aggregate that can be finished or removed.
    """

    def __init__(self, cause: ServiceError, aggregate_id: int) -> None:
        super().__init__(None, cause.status, service=NOVA)
        self.cause = cause
        self.aggregate_id = aggregate_id

    @property
    def sentence(self) -> str:
        return self.cause.sentence


class HostsUntoldError(ServiceError):
    """Nova answers, and does not tell this role on which host an instance is."""

    template = gettext_noop("Nova does not tell your role on which host an instance is.")


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A host aggregate, as Nova keeps it.

    Attributes:
        id: Nova's integer id.
        name: unique in a cloud.
        metadata: all of it, other people's keys included, without the zone.
        members: names of its member hosts; a host group does not need any.
        availability_zone: the zone that it makes of its members; may be empty.
    """

    id: int
    name: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    availability_zone: str = ""

    @property
    def bare(self) -> bool:
        """Whether nobody has put anything into it yet.

        An aggregate whose metadata was refused looks so, and means nothing to Nova.
        """
        return not (self.metadata or self.members or self.availability_zone)


@dataclass(frozen=True, slots=True)
class ComputeHost:
    """A compute service's host.

    Attributes:
        name: the host's name in Nova, not the hypervisor's.
        up: whether it reports; None where Nova does not know (its cell is down).
        enabled: whether an operator lets it take instances.
        disabled_reason: the operator's words; may be empty.
    """

    name: str
    up: bool | None = True
    enabled: bool = True
    disabled_reason: str = ""

    @property
    def ready(self) -> bool:
        """Whether it can take a new instance: what Nova's ComputeFilter asks."""
        return bool(self.up) and self.enabled


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance.

    Attributes:
        id: its UUID.
        name: its owner's.
    """

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Move:
    """A finished migration, resize, live migration or evacuation."""

    instance_id: str
    source: str
    destination: str
