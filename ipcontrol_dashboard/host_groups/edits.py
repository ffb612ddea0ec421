# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What somebody else changed in a group while a form was open, in words."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import TypeVar

from django.utils.translation import gettext as _

from ipcontrol.host_groups import NAMESPACE, PREFIX_KEY, from_metadata
from ipcontrol_dashboard.api.host_group_types import Aggregate
from ipcontrol_dashboard.host_groups import sentences, stored
from ipcontrol_dashboard.kit import escaping
from ipcontrol_dashboard.kit.fields import fits

T = TypeVar("T")

# More than the metadata of a group with as many subnets as its form takes.
MOST_SEEN = 400_000


def own_metadata(metadata: Mapping[str, str]) -> dict[str, str]:
    """Return the part of an aggregate's metadata that is about host groups."""
    return {key: value for key, value in metadata.items() if key.startswith(NAMESPACE)}


def dump(aggregate: Aggregate) -> str:
    """Return an aggregate's state as a form carries it."""
    state = escaping.dump({"name": aggregate.name, "metadata": own_metadata(aggregate.metadata)})
    # What somebody else wrote may be longer than a form takes: then it is only compared.
    return state if fits(state, MOST_SEEN) else sha256(state.encode()).hexdigest()


def differences_since(carried: str, aggregate: Aggregate) -> list[str]:
    """Say what was changed since a form was opened; nothing for nothing.

    Args:
        carried: what `dump` returned then; it comes back from a browser.
        aggregate: as it is now.
    """
    if carried == dump(aggregate):
        return []
    try:
        state = escaping.load(carried)
        metadata = {key: str(value) for key, value in state["metadata"].items()}
        before = Aggregate(aggregate.id, str(state["name"]), metadata)
    except (ValueError, TypeError, KeyError, AttributeError):
        return [_("This form has lost what it was opened with.")]
    found = list(differences(before, aggregate))
    return found or [_("Its metadata was written in another form.")]


def differences(before: Aggregate, now: Aggregate) -> Iterator[str]:
    """Say in which ways a group differs from what it was, in what cannot be read too."""
    if before.name != now.name:
        yield _("It is called %(now)s, no longer %(before)s.") % {
            "now": now.name,
            "before": before.name,
        }
    # As stored: read, one that is wrong would be as good as none.
    old_prefix, new_prefix = (one.metadata.get(PREFIX_KEY, "") for one in (before, now))
    if old_prefix != new_prefix:
        yield _("Its hostname prefix is %(now)s, no longer %(before)s.") % {
            "now": new_prefix or "?",
            "before": old_prefix or "?",
        }
    old, _complaints = from_metadata(before.name, before.metadata)
    new, _complaints = from_metadata(now.name, now.metadata)
    if added := _only_in(new.subnets, old.subnets):
        yield _("Added: %(subnets)s.") % {"subnets": sentences.subnets(added)}
    if removed := _only_in(old.subnets, new.subnets):
        yield _("Removed: %(subnets)s.") % {"subnets": sentences.subnets(removed)}
    yield from _unreadable(before, now)
    if new.default and not old.default:
        yield _("It has become the default group.")
    if old.default and not new.default:
        yield _("It is no longer the default group.")


def _unreadable(before: Aggregate, now: Aggregate) -> Iterator[str]:
    old, new = stored.unreadable(before.metadata), stored.unreadable(now.metadata)
    if added := _only_in(new, old):
        yield _("Unreadable, and added: %(subnets)s.") % {"subnets": sentences.names(added)}
    if removed := _only_in(old, new):
        yield _("Unreadable, and removed: %(subnets)s.") % {"subnets": sentences.names(removed)}


def _only_in(some: Iterable[T], others: Iterable[T]) -> list[T]:
    known = frozenset(others)
    return [each for each in some if each not in known]
