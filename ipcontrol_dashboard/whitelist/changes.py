# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Changes to a list: what they would leave, what they cost, what they would overwrite.

Metadata is a mapping of names in lower case, without ``X-Container-Meta-``, to
values. A change maps the names that it touches to new values; an empty value
removes the item, as in Swift.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ipcontrol.access import Whitelist
from ipcontrol.addresses import Network
from ipcontrol.contract import Limits
from ipcontrol.entries import LABEL_PREFIX, NAME, Entry, InvalidItem, is_allow_item
from ipcontrol.errors import IpControlError, gettext_noop
from ipcontrol.metadata_names import is_token
from ipcontrol.named_networks import SIGN, defined_name, to_metadata
from ipcontrol.trial import is_trial_item
from ipcontrol_dashboard.kit import escaping
from ipcontrol_dashboard.whitelist import sentences

Metadata = Mapping[str, str]

# As `Entry.value` writes it.
_BETWEEN_NETWORKS = ", "


# The other items are not ours to judge, but many programs lose what follows these.
_STRAY = gettext_noop(
    "This is no entry, and HTTP does not allow its name: other programs may not show "
    "the items that follow it. Remove it."
)


def own_items(metadata: Metadata) -> dict[str, str]:
    """The allow items, a trial and the stray ones: all that this panel shows and touches."""
    return {
        name: value
        for name, value in metadata.items()
        if is_allow_item(name) or is_trial_item(name) or not is_token(name)
    }


def definitions(metadata: Metadata) -> dict[str, str]:
    """The items of an account that define names, well or not."""
    return {name: value for name, value in metadata.items() if defined_name(name) is not None}


def names_defined(metadata: Metadata) -> list[str]:
    """The names that an account's metadata define, well or not."""
    return sorted({name for name in map(defined_name, metadata) if name is not None})


def definition_change(
    metadata: Metadata, name: str, networks: Iterable[Network], most: int
) -> dict[str, str]:
    """The change of an account after which a name stands for these networks; for none: no more.

    Args:
        metadata: the account's.
        name: the name.
        networks: what it is to stand for.
        most: bytes that Swift keeps of a value.
    """
    removed = {item: "" for item in definitions(metadata) if defined_name(item) == name}
    return removed | to_metadata(name, networks, most)


def stray(metadata: Metadata) -> dict[str, InvalidItem]:
    """The items, by name, that only stand in the way of others."""
    return {
        name: InvalidItem(name, value, IpControlError(_STRAY))
        for name, value in metadata.items()
        if not is_token(name) and not is_allow_item(name)
    }


def changed(metadata: Metadata, change: Metadata) -> dict[str, str]:
    """What the metadata becomes."""
    return {name: value for name, value in {**metadata, **change}.items() if value}


def shown(name: str) -> str:
    """An item's label, or the name that it defines, as the tables show it."""
    defined = defined_name(name)
    if defined is not None:
        return SIGN + defined
    return sentences.label(name.removeprefix(NAME).removeprefix(LABEL_PREFIX.removeprefix(NAME)))


def items(whitelist: Whitelist) -> dict[str, Entry | InvalidItem]:
    """All items of a list, readable or not, by name."""
    every: tuple[Entry | InvalidItem, ...] = (*whitelist.entries, *whitelist.errors)
    return {item.name: item for item in every}


# --- What somebody else did meanwhile -----------------------------------------


def dump(items: Metadata) -> str:
    """Items as a form carries them, to be compared when it comes back."""
    return escaping.dump(dict(items))


def load(text: str) -> dict[str, str]:
    """What `dump` wrote; empty for anything else, so that nothing counts as seen."""
    try:
        seen = escaping.load(text)
    except ValueError:
        return {}
    if not isinstance(seen, dict):
        return {}
    return {name: value for name, value in seen.items() if isinstance(value, str)}


def differences(seen: Metadata, now: Metadata, names: Collection[str] | None = None) -> list[str]:
    """What became of the items since they were seen, a sentence for each.

    Args:
        seen: the own items as the form showed them.
        now: the metadata as it is.
        names: the items to look at; all own items by default.
    """
    if names is None:
        names = seen.keys() | own_items(now).keys()
    return [
        _difference(name, seen.get(name, ""), now.get(name, ""))
        for name in sorted(names)
        if seen.get(name, "") != now.get(name, "")
    ]


def _difference(name: str, before: str, after: str) -> str:
    params = {"name": shown(name), "before": before, "after": after}
    if not before:
        return _("%(name)s was added: %(after)s") % params
    if not after:
        return _("%(name)s was removed; it was: %(before)s") % params
    return _("%(name)s was changed from %(before)s to %(after)s") % params


# --- What Swift has room for --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of Swift's metadata budget is used.

    Attributes:
        items: how many items, whosesoever.
        size: their names and values, in bytes.
        limits: the budget.
    """

    items: int
    size: int
    limits: Limits

    @classmethod
    def of(cls, metadata: Metadata, limits: Limits) -> "Usage":
        """Count as Swift's container server does (``DatabaseBroker.validate_metadata``)."""
        size = sum(length(name) + length(value) for name, value in metadata.items())
        return cls(len(metadata), size, limits)

    @property
    def percent(self) -> int:
        """The scarcer of the two, from 0 to 100."""
        used = max(self.items / self.limits.count, self.size / self.limits.overall)
        return min(100, round(100 * used))

    @property
    def context(self) -> str:
        """The colour of a progress bar, as Bootstrap calls it."""
        return "danger" if self.percent >= 90 else "warning" if self.percent >= 70 else "info"


def length(text: str) -> int:
    """The length that Swift counts, in bytes."""
    return len(text.encode("utf-8", "surrogatepass"))


def too_much(metadata: Metadata, change: Metadata, limits: Limits) -> list[str]:
    """Why Swift would not take a change, a sentence for each reason."""
    problems = [
        _too_long(shown(name), length(value), limits.value)
        for name, value in change.items()
        if length(value) > limits.value
    ]
    after = Usage.of(changed(metadata, change), limits)
    before = Usage.of(metadata, limits)
    if after.items > limits.count and after.items > before.items:
        problems.append(_too_many(after.items, limits.count))
    if after.size > limits.overall and after.size > before.size:
        problems.append(_too_large(after.size, limits.overall))
    return problems


def _too_long(name: str, size: int, limit: int) -> str:
    # Where an entry is parted, the separator between its networks goes. At least, for
    # networks fill an item seldom to the last byte, and options stand in each anew.
    parts = ceil((size + len(_BETWEEN_NETWORKS)) / (limit + len(_BETWEEN_NETWORKS)))
    return ngettext(
        "%(name)s would take %(length)d bytes of the %(limit)d that Swift keeps "
        "in an item: spread its networks over at least %(count)d entry.",
        "%(name)s would take %(length)d bytes of the %(limit)d that Swift keeps "
        "in an item: spread its networks over at least %(count)d entries.",
        parts,
    ) % {"name": name, "length": size, "limit": limit, "count": parts}


def _too_many(count: int, limit: int) -> str:
    return ngettext(
        "There would be %(count)d item of metadata; Swift keeps %(limit)d: remove one first, "
        "or put several networks into one entry.",
        "There would be %(count)d items of metadata; Swift keeps %(limit)d: remove some first, "
        "or put several networks into one entry.",
        count,
    ) % {"count": count, "limit": limit}


def _too_large(size: int, limit: int) -> str:
    return _(
        "All metadata together would take %(size)d bytes; Swift keeps %(limit)d: remove an entry "
        "first, or write wider networks in place of several narrow ones."
    ) % {"size": size, "limit": limit}
