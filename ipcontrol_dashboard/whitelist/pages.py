# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What all pages have in common."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ipcontrol_dashboard.kit.problem_pages import ProblemPage
from ipcontrol_dashboard.whitelist import states
from ipcontrol_dashboard.whitelist.targets import INDEX_URL, Target

# Four times Swift's limit, which an operator can raise. Each suffix of a name that makes
# it serve another container is a call to Swift.
MOST_NAME = 1_024

TEMPLATES = "ipcontrol_dashboard/whitelist/"

# In the query of a page: the person wants to try what is likely to be refused.
ANYWAY = "anyway"


class SwiftView(ProblemPage):
    """A page about a container, or about the account."""

    back = reverse_lazy(INDEX_URL)
    back_label = gettext_lazy("Back to the containers")

    @property
    def target(self) -> Target:
        """What the page is about."""
        return Target(self.kwargs.get("container"))

    @property
    def heading(self) -> str:
        return self.target.title

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if len(self.target.container or "") > MOST_NAME:
            return self.problem(_("Swift keeps no container of so long a name."), 404)
        return super().dispatch(request, *args, **kwargs)


class ListView(SwiftView):
    """A page about one list."""

    @cached_property
    def state(self) -> states.State:
        """The list as it is now."""
        return states.load(self.request, self.target)

    @property
    def blocked(self) -> states.ChangeBlocked | None:
        """Why the person cannot change the list; None also for who wants to try it anyway."""
        blocked = self.state.blocked
        tries = blocked is not None and not blocked.certain and ANYWAY in self.request.GET
        return None if tries else blocked
