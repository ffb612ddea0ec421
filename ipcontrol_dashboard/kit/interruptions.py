# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What a person typed into one of our forms, where the form could not be answered.

Horizon leads whoever has to sign in again back to the form, and opens it anew:
what was typed waits in the session for that (`save_input`, `saved_input`), as it does for who
has switched the project meanwhile (see `scopes`). And while
Keystone does not answer, Horizon cannot draw its menus, so that every page would
be an error 500: ours say what is the matter, and offer to send again what was
sent (`answer`, `posted`).
"""

import time
from enum import StrEnum
from html import escape
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.forms import Form, MultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import ResolverMatch
from django.utils.translation import gettext as _
from horizon import messages
from horizon.exceptions import NotAuthenticated
from horizon.forms import ModalFormView
from keystoneauth1 import exceptions as keystone_exceptions

TEMPLATE = "ipcontrol_dashboard/outage.html"
RETRY_SECONDS = 5
# More is not kept in a session: anybody can fill one.
MOST_CHARACTERS = 16384
# More is not offered to be sent again: as much as the largest form of ours takes.
MOST_POSTED = 800_000
# Whoever signs in later, at the same browser, may be somebody else.
INPUT_LIFETIME = 600

_SESSION_KEY = "ipcontrol_typed"
_PACKAGE = __name__.partition(".")[0]
_CSRF = "csrfmiddlewaretoken"
_UNANSWERED = (
    keystone_exceptions.ConnectFailure,
    keystone_exceptions.DiscoveryFailure,
    keystone_exceptions.HttpServerError,
)


class Reason(StrEnum):
    """Why what was typed has to wait."""

    SIGNED_OUT = "signed out"
    SWITCHED = "switched"


def answer(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The answer to a request for a page of ours that was interrupted.

    Returns:
        None where Horizon's own answer is right.
    """
    if not is_plugin_request(request):
        return None
    if isinstance(exception, NotAuthenticated) and posted(request):
        save_input(request, Reason.SIGNED_OUT)
        # From a modal too: Horizon's script follows redirections to the sign-in alone.
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    if isinstance(exception, _UNANSWERED):
        return _unavailable(request)
    return None


def is_plugin_request(request: HttpRequest) -> bool:
    """Whether a request is for a page of ours."""
    match = request.resolver_match
    return match is not None and is_plugin_view(match)


def is_plugin_view(match: ResolverMatch) -> bool:
    """Whether a URL is one of a page of ours: whether its view is of this package."""
    module = getattr(match.func, "__module__", None) or ""
    return module.partition(".")[0] == _PACKAGE


def posted(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form of ours that this request sends: names and values.

    None of them where a page that sends them again would be endless.
    """
    view = getattr(getattr(request.resolver_match, "func", None), "view_class", object)
    if request.method != "POST" or not issubclass(view, ModalFormView):
        return []
    found = [
        (name, value) for name, values in request.POST.lists() for value in values if name != _CSRF
    ]
    return found if sum(len(escape(name + value)) for name, value in found) <= MOST_POSTED else []


def saved_input(request: HttpRequest, form: type[Form]) -> dict[str, Any]:
    """What was typed into this form before it had to wait, by field; only once.

    The person is told that it was not saved.
    """
    found = request.session.get(_SESSION_KEY) if request.method == "GET" else None
    if not found or found["page"] != _page(request):
        return {}
    del request.session[_SESSION_KEY]
    if time.time() - found["at"] > INPUT_LIFETIME:
        return {}
    messages.warning(request, _why(found["reason"]))
    return _initial(found["fields"], form)


def _initial(fields: dict[str, list[str]], form: type[Form]) -> dict[str, Any]:
    return {
        name: values if isinstance(form.base_fields[name], MultipleChoiceField) else values[-1]
        for name, values in fields.items()
        if name in form.base_fields
    }


def save_input(request: HttpRequest, reason: Reason) -> bool:
    """Keep what was typed into a form of ours, if anything was; whether it is kept."""
    fields: dict[str, list[str]] = {}
    for name, value in posted(request):
        fields.setdefault(name, []).append(value)
    if not 0 < sum(len(name) + len(value) for name, value in posted(request)) <= MOST_CHARACTERS:
        return False
    request.session[_SESSION_KEY] = {
        "page": _page(request),
        "at": time.time(),
        "fields": fields,
        "reason": str(reason),
    }
    return True


def _why(reason: str) -> str:
    if reason == Reason.SWITCHED:
        return _("Nothing has been saved yet. Look through the form and send it.")
    return _("You had to sign in again, so nothing was saved. Look through the form and send it.")


def _page(request: HttpRequest) -> list[str]:
    return [request.path, request.GET.urlencode()]


def _unavailable(request: HttpRequest) -> HttpResponse:
    context = {
        "again_url": request.get_full_path(),
        "posted": posted(request),
        "csrf_token": get_token(request),
    }
    # Without the request: Horizon's context processors ask Keystone as well.
    return HttpResponse(
        render_to_string(TEMPLATE, context),
        status=503,
        headers={"Retry-After": str(RETRY_SECONDS)},
    )
