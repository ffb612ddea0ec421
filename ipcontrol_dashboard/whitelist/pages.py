# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What all pages have in common."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from horizon import exceptions
from horizon.utils.http import is_ajax

from ipcontrol_dashboard.api import swift
from ipcontrol_dashboard.kit import interruptions, scopes
from ipcontrol_dashboard.whitelist import states
from ipcontrol_dashboard.whitelist.targets import INDEX_URL, Target

# Four times Swift's limit, which an operator can raise. Each suffix of a name that makes
# it serve another container is a call to Swift.
MOST_NAME = 1_024

TEMPLATES = "ipcontrol_dashboard/whitelist/"

# In the query of a page: the person wants to try what is likely to be refused.
ANYWAY = "anyway"

# What Swift's answer means for a page; whatever else went wrong is a 503.
_OWN_STATUS = (403, 404)


class SwiftView:
    """A page that shows what Swift refuses, in place of its content."""

    @property
    def target(self) -> Target:
        """What the page is about."""
        return Target(self.kwargs.get("container"))

    @property
    def heading(self) -> str:
        """The page's title, plain text."""
        return self.target.title

    @property
    def back(self) -> str:
        """Where an error's page leads; empty for nowhere."""
        return reverse(INDEX_URL)

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if len(self.target.container or "") > MOST_NAME:
            return self.problem(_("Swift keeps no container of so long a name."), 404)
        try:
            return super().dispatch(request, *args, **kwargs)
        except swift.SignedOutError as error:
            raise exceptions.NotAuthenticated from error
        except swift.ServiceError as error:
            return self.problem(error.sentence, error.status, by_address=_by_address(error))

    def problem(
        self,
        sentence: str,
        status: int | None,
        *,
        by_address: bool = False,
        anyway: str = "",
    ) -> HttpResponse:
        """The page of an error; in a modal, what would be another status is not shown.

        Args:
            sentence: what is the matter.
            status: of HTTP, as Swift answered.
            by_address: whether the list refused.
            anyway: where the person can try it in any case; empty for nowhere.
        """
        modal = is_ajax(self.request)
        name = "_problem.html" if modal else "problem.html"
        code = status if status in _OWN_STATUS else 503
        context = {
            "page_title": self.heading,
            "sentence": sentence,
            "by_address": by_address,
            "anyway": anyway,
            "hide": modal,
            "back": self.back,
            "sent": interruptions.sent(self.request),
            "again_url": scopes.stamped(self.request, self.request.get_full_path()),
        }
        return TemplateResponse(
            self.request, TEMPLATES + name, context, status=200 if modal else code
        )


def _by_address(error: swift.ServiceError) -> bool:
    """Whether the list refused, and the address that it would have to hold is known."""
    return isinstance(error, swift.RefusedError) and error.by_address and bool(error.address)


class ListView(SwiftView):
    """A page about one list."""

    @cached_property
    def state(self) -> states.State:
        """The list as it is now."""
        return states.load(self.request, self.target)

    @property
    def fixed(self) -> states.Fixed | None:
        """Why the person cannot change the list; None also for who wants to try it anyway."""
        fixed = self.state.fixed
        tries = fixed is not None and not fixed.certain and ANYWAY in self.request.GET
        return None if tries else fixed
