# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What can be wrong, or worth knowing, about a host group: kinds, weights and sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from ipcontrol.errors import gettext_noop


class Severity(IntEnum):
    """How much a complaint matters."""

    NOTE = 1
    WARNING = 2
    ERROR = 3


class ComplaintKind(StrEnum):
    """What a complaint is about."""

    NO_PREFIX = "no-prefix"
    UNREADABLE_PREFIX = "unreadable-prefix"
    UNREADABLE_SUBNET = "unreadable-subnet"
    UNREADABLE_DEFAULT = "unreadable-default"
    CHUNK_GAP = "chunk-gap"
    UNKNOWN_KEY = "unknown-key"
    SAME_SUBNET = "same-subnet"
    SUBNET_INSIDE = "subnet-inside"
    SAME_PREFIX = "same-prefix"
    PREFIX_INSIDE = "prefix-inside"
    SEVERAL_DEFAULTS = "several-defaults"
    NO_HOSTS = "no-hosts"
    UNEXPECTED_HOSTS = "unexpected-hosts"
    NO_ADDRESSES = "no-addresses"


_SENTENCES = {
    ComplaintKind.NO_PREFIX: (
        Severity.ERROR,
        gettext_noop("No host belongs to %(group)s, because %(key)s is missing."),
    ),
    ComplaintKind.UNREADABLE_PREFIX: (
        Severity.ERROR,
        gettext_noop("No host belongs to %(group)s, because of %(key)s: %(error)s"),
    ),
    ComplaintKind.UNREADABLE_SUBNET: (
        Severity.ERROR,
        gettext_noop("A subnet of %(group)s in %(key)s has no effect: %(error)s"),
    ),
    ComplaintKind.UNREADABLE_DEFAULT: (
        Severity.ERROR,
        gettext_noop(
            '%(group)s is not the default group, because %(key)s is "%(text)s": write true or '
            "false."
        ),
    ),
    ComplaintKind.CHUNK_GAP: (
        Severity.WARNING,
        gettext_noop(
            "%(group)s has %(key)s but no %(missing)s: subnets may have been lost. Those that are "
            "there stay in force."
        ),
    ),
    ComplaintKind.UNKNOWN_KEY: (
        Severity.WARNING,
        gettext_noop(
            "%(key)s of %(group)s has no effect: the keys are %(prefix_key)s, %(subnets_key)s "
            "(then %(subnets_key)s:2, %(subnets_key)s:3, …) and %(default_key)s."
        ),
    ),
    ComplaintKind.SAME_SUBNET: (
        Severity.ERROR,
        gettext_noop(
            "%(subnet)s is in %(other)s too, whose name sorts first: its instances start there, "
            "not in %(group)s."
        ),
    ),
    ComplaintKind.SUBNET_INSIDE: (
        Severity.NOTE,
        gettext_noop("%(subnet)s is taken out of %(other)s's %(outer)s."),
    ),
    ComplaintKind.SAME_PREFIX: (
        Severity.ERROR,
        gettext_noop(
            "%(prefix)s is the prefix of %(other)s too, whose name sorts first: the hosts belong "
            "to it, and none to %(group)s."
        ),
    ),
    ComplaintKind.PREFIX_INSIDE: (
        Severity.WARNING,
        gettext_noop(
            "Hosts whose names begin with %(prefix)s belong to %(group)s, not to %(other)s "
            "(%(other_prefix)s*): the longest prefix decides."
        ),
    ),
    ComplaintKind.SEVERAL_DEFAULTS: (
        Severity.ERROR,
        gettext_noop(
            "%(group)s is marked as the default group, but %(other)s is too, and its name sorts "
            "first: all other addresses go there."
        ),
    ),
    ComplaintKind.NO_HOSTS: (
        Severity.WARNING,
        gettext_noop("No host belongs to %(group)s (%(prefix)s*): its instances cannot start."),
    ),
    ComplaintKind.UNEXPECTED_HOSTS: (
        Severity.NOTE,
        gettext_noop("The prefix %(prefix)s of %(group)s also takes %(hosts)s."),
    ),
    ComplaintKind.NO_ADDRESSES: (
        Severity.NOTE,
        gettext_noop("No address leads to %(group)s: it has no subnet and is not the default."),
    ),
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something that an administrator should know about a group.

    Attributes:
        kind: what it is about.
        group: the name of the group that it is about.
        params: what fills the sentence; an `ipcontrol.errors.IpControlError`
            among them stays an object, so that it can be translated too.
    """

    kind: ComplaintKind
    group: str
    params: Mapping[str, object] = field(hash=False)

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return _SENTENCES[self.kind][0]

    @property
    def template(self) -> str:
        """English text with ``%(name)s`` placeholders for `params`, for gettext."""
        return _SENTENCES[self.kind][1]

    def __str__(self) -> str:
        """The English text."""
        return self.template % self.params


def complain(kind: ComplaintKind, group: str, **params: object) -> Complaint:
    """Make a complaint; the group's name is one of the parameters of every sentence."""
    return Complaint(kind, group, {"group": group, **params})
