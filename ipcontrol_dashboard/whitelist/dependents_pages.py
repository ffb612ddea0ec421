# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Pages that tell which containers hang on the account, a page of containers at a time."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.views.generic import TemplateView

from ipcontrol.named_networks import MAX_NAME_LENGTH
from ipcontrol_dashboard.kit.service_errors import ServiceError
from ipcontrol_dashboard.whitelist import dependents
from ipcontrol_dashboard.whitelist.pages import MOST_NAME, TEMPLATES, ListView
from ipcontrol_dashboard.whitelist.targets import URLS, Target

# Digits of a number of containers.
MOST_DIGITS = 9


class Reference(NamedTuple):
    """Containers that refer to a name, as the page shows them.

    Attributes:
        name: the name; empty for the account's list itself.
        defined: whether it is.
        targets: the containers.
    """

    name: str
    defined: bool
    targets: list[Target]


class Search(NamedTuple):
    """One page of containers, and how to go on.

    Attributes:
        found: what hangs on the account.
        references: of this page.
        next_url: where the next page is; empty for nowhere.
        of_form: whether a form carries the containers, to tell what it does to them.
        problem: why they could not be looked at; empty where they were.
    """

    found: dependents.Dependents
    references: list[Reference]
    next_url: str
    of_form: bool
    problem: str = ""


class DependentsPage(ListView):
    """A page about the account that can tell which containers hang on it.

    Its template asks for them, by ``view.search``.
    """

    @property
    def of(self) -> str | None:
        """The name that it is told of; empty for the account's list, None for all names."""
        return None

    @cached_property
    def search(self) -> Search:
        """The containers from where the query says on."""
        query, looked_at = self.request.GET, self._looked_at()
        after = query.get("after", "")[:MOST_NAME]
        try:
            found = dependents.find(self.request, self.state, after, looked_at)
        except ServiceError as error:
            # What the page is about can be done all the same.
            return Search(dependents.Dependents(looked_at), [], "", False, error.sentence)
        references = list(self._references(found))
        return Search(found, references, self._next_url(found), of_form=bool(self.of))

    def _looked_at(self) -> int:
        text = self.request.GET.get("looked_at", "")[:MOST_DIGITS]
        return int(text) if text.isdecimal() and text.isascii() else 0

    def _references(self, found: dependents.Dependents) -> Iterator[Reference]:
        if self.of == "":
            yield Reference("", True, list(map(Target, found.followers)))
            return
        rules = self.state.rules
        defined = {each.name for each in rules.names.usable()}
        for name, containers in sorted(found.by_name.items()):
            if self.of in (None, name):
                known = name in defined or not rules.known.complete
                yield Reference(name, known, list(map(Target, containers)))

    def _next_url(self, found: dependents.Dependents) -> str:
        if not found.following:
            return ""
        query = {"after": found.following, "looked_at": found.looked_at}
        if self.of is not None:
            query["of"] = self.of
        return f"{reverse(URLS + 'dependents')}?{urlencode(query)}"


class DependentsView(DependentsPage, TemplateView):
    """Further containers: a part of a page, for a script."""

    template_name = TEMPLATES + "_dependents.html"

    @property
    def of(self) -> str | None:
        name = self.request.GET.get("of")
        return None if name is None else name[:MAX_NAME_LENGTH]
