# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What a page shows in place of its content, because a service did not do what it needs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views import View
from horizon import exceptions

from ipcontrol_dashboard.kit import interruptions, scopes
from ipcontrol_dashboard.kit.notices import notice
from ipcontrol_dashboard.kit.service_errors import RefusedError, ServiceError, SignedOutError

# What a service's answer means for a page; whatever else went wrong is a 503.
_OWN_STATUS = (403, 404)


class ProblemPage(View):
    """A view that says what a service did not do, in place of its content.

    Attributes:
        back: where the page of a problem leads; empty for nowhere.
        back_label: how that is called.
    """

    back = ""
    back_label = gettext_lazy("Back")

    @property
    def heading(self) -> str:
        """The page's title, plain text."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except SignedOutError as error:
            raise exceptions.NotAuthenticated from error
        except ServiceError as error:
            return self.problem(error.sentence, error.status, by_address=_by_address(error))

    def problem(
        self, sentence: str, status: int | None, *, by_address: bool = False, anyway: str = ""
    ) -> HttpResponse:
        """The page of a problem.

        Args:
            sentence: what is the matter.
            status: of HTTP, as the service answered; None where it did not.
            by_address: whether a list refused that another person may change.
            anyway: where the person can try it in any case; empty for nowhere.
        """
        return notice(
            self.request,
            "_problem.html",
            status if status in _OWN_STATUS else 503,
            page_title=self.heading,
            sentence=sentence,
            by_address=by_address,
            anyway=anyway,
            back=self.back,
            back_label=self.back_label,
            posted=interruptions.posted(self.request),
            again_url=scopes.with_scope(self.request, self.request.get_full_path()),
        )


def _by_address(error: ServiceError) -> bool:
    """Whether the list refused, and the address that it would have to hold is known."""
    return isinstance(error, RefusedError) and error.by_address and bool(error.address)
