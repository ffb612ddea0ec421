# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Django middleware: the guard at the start, and sentences for what is not done."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from swiftclient.exceptions import ClientException

from ipcontrol_dashboard import hooks, interruptions, limits, proxies, refusals, scopes

NAME = f"{__name__}.CallerMiddleware"


class CallerMiddleware:
    """Serves only while every call to Swift and Nova tells the caller's address.

    Args:
        get_response: the next one.

    Raises:
        ImproperlyConfigured: one would not. Django then serves nothing, while
            ``manage.py check``, which loads no middleware, can say why.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        hooks.guard()
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return limits.answer(request) or refusals.reword(request, self.get_response(request))

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        proxies.watch(request)
        if not (interruptions.is_ours(request) and request.user.is_authenticated):
            return None
        return scopes.elsewhere(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ClientException):
            return refusals.answer(request, exception)
        return interruptions.answer(request, exception)


def install() -> None:
    """Put the middleware next to the views; once, however often it is called.

    Horizon's enabled files cannot add a middleware, and one that an operator may
    forget guards nothing.
    """
    if NAME not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, NAME]
