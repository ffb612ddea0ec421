# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The rows of the page Networks: the names that an account's lists can refer to."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ipcontrol.addresses import Network
from ipcontrol.contract import PublishedNames
from ipcontrol.named_networks import SIGN
from ipcontrol_dashboard.api.neutron import ProjectAddress
from ipcontrol_dashboard.kit.translation import translated
from ipcontrol_dashboard.whitelist import changes, sentences
from ipcontrol_dashboard.whitelist.project_addresses import Drift, Origin
from ipcontrol_dashboard.whitelist.states import State

# As many of a name's networks are shown; the form has all of them.
MOST_NETWORKS = 20


@dataclass(frozen=True, slots=True)
class NameRow:
    """A name, as the account or the operator defines it.

    Attributes:
        name: without the sign.
        networks: what it stands for, as markup.
        own: whether the account defines it.
        editable: whether it can be changed here.
        stored: what cannot be read, as stored.
        problem: why it cannot be read.
        note: what is to be known of it besides.
    """

    name: str
    networks: SafeString | str
    own: bool
    editable: bool
    stored: str = ""
    problem: str = ""
    note: str = ""

    @property
    def id(self) -> str:
        """What Horizon's table calls the row."""
        return self.name if self.own else f"operator/{self.name}"

    @property
    def shown_name(self) -> str:
        """The name as it stands in items."""
        return SIGN + self.name

    @property
    def source(self) -> str:
        """Who defines it."""
        return _("project") if self.own else _("operator")


def rows(account: State, *, changeable: bool) -> list[NameRow]:
    """The account's own names, those that cannot be read among them; then the operator's."""
    published = account.enforcement.names or PublishedNames()
    return [*_own(account, published, changeable), *_operators(account, published)]


def _own(account: State, published: PublishedNames, changeable: bool) -> Iterator[NameRow]:
    names = account.rules.names
    for name in changes.names_defined(account.metadata):
        broken = next((each for each in names.errors if each.name == name), None)
        note = _("The operator defines it too: here your own definition counts.")
        note = note if name in published.networks else ""
        if broken is not None:
            problem = translated(broken.error)
            yield NameRow(name, "", True, changeable, broken.value, problem, note)
        elif name in names.defined:
            networks = _shown(names.defined[name].networks)
            yield NameRow(name, networks, True, changeable, note=note)


def _operators(account: State, published: PublishedNames) -> Iterator[NameRow]:
    own = set(changes.names_defined(account.metadata))
    for name, networks in published.networks.items():
        note = _("Not used here: this project has a definition of its own.")
        shown = _("The operator does not show them.") if networks is None else _shown(networks)
        yield NameRow(name, shown, False, False, note=note if name in own else "")


def drift(account: State, addresses: Iterable[ProjectAddress]) -> Drift:
    """What has become of the project's addresses since a name was made from them."""
    origin = Origin.from_metadata(account.metadata)
    named = account.rules.names.defined.get(origin.name)
    return Drift.of(origin, named.networks if named else (), [each.address for each in addresses])


def _shown(networks: Collection[Network]) -> SafeString:
    shown = sentences.chips(islice(networks, MOST_NETWORKS))
    return format_html("{}{}", shown, sentences.more_networks(len(networks) - MOST_NETWORKS))
