# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What somebody else changed while a form was open.

A form carries the group as it was when it was opened. Before a write the group
is read again; what differs is told in words, and the form then carries the
newer state, so that saving once more is a decision and not an accident.
"""

import json
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from ipcontrol.host_groups import NAMESPACE, HostGroup, from_metadata
from ipcontrol_dashboard import escaping
from ipcontrol_dashboard.api.host_groups import Aggregate
from ipcontrol_dashboard.host_groups import sentences


def ours(metadata: Mapping[str, str]) -> dict[str, str]:
    """Return the part of an aggregate's metadata that is about host groups."""
    return {key: value for key, value in metadata.items() if key.startswith(NAMESPACE)}


def opened(aggregate: Aggregate) -> str:
    """Return an aggregate's state as a form carries it."""
    state = {"name": aggregate.name, "metadata": ours(aggregate.metadata)}
    return escaping.dump(state)


def since(carried: str, aggregate: Aggregate) -> list[str]:
    """Say what was changed since a form was opened; nothing for nothing.

    Args:
        carried: what `opened` returned then; it comes back from a browser.
        aggregate: as it is now.
    """
    if carried == opened(aggregate):
        return []
    try:
        state = json.loads(carried)
        name, metadata = str(state["name"]), dict(state["metadata"])
        before, _complaints = from_metadata(name, metadata)
    except (ValueError, TypeError, KeyError, AttributeError):
        return [_("This form has lost what it was opened with.")]
    now, _complaints = from_metadata(aggregate.name, aggregate.metadata)
    return list(differences(before, now)) or [_("Its metadata was written in another form.")]


def differences(before: HostGroup, now: HostGroup) -> Iterator[str]:
    """Say in which ways a group differs from what it was."""
    if before.name != now.name:
        yield _("It is called %(now)s, no longer %(before)s.") % {
            "now": now.name,
            "before": before.name,
        }
    if before.hostname_prefix != now.hostname_prefix:
        yield _("Its hostname prefix is %(now)s, no longer %(before)s.") % {
            "now": now.hostname_prefix or "?",
            "before": before.hostname_prefix or "?",
        }
    came = [subnet for subnet in now.subnets if subnet not in before.subnets]
    if came:
        yield _("Added: %(subnets)s.") % {"subnets": sentences.subnets(came)}
    went = [subnet for subnet in before.subnets if subnet not in now.subnets]
    if went:
        yield _("Removed: %(subnets)s.") % {"subnets": sentences.subnets(went)}
    if now.default and not before.default:
        yield _("It has become the default group.")
    if before.default and not now.default:
        yield _("It is no longer the default group.")
