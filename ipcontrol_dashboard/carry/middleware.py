# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Django middleware: the guard at the start, and sentences for what is not done."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from swiftclient.exceptions import ClientException

from ipcontrol.contract import VERDICT_HEADER
from ipcontrol_dashboard.carry import hooks, proxies, refusals
from ipcontrol_dashboard.kit import interruptions, limits, scopes

NAME = f"{__name__}.CallerMiddleware"
OUTERMOST = f"{__name__}.PrivateMiddleware"
# Horizon's own views of Swift, which its panel of containers calls.
SWIFT_ROUTE = "api/swift/"


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
        if not (interruptions.is_plugin_request(request) and request.user.is_authenticated):
            return None
        return scopes.refuse_other_scope(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ClientException):
            return refusals.answer(request, exception)
        return interruptions.answer(request, exception)


class PrivateMiddleware:
    """Keeps addresses and lists out of caches.

    It is the outermost: Horizon makes other answers of redirections for scripts.

    Args:
        get_response: the next one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_private(request, response):
            patch_cache_control(response, no_store=True)
        if (
            request.method == "HEAD"
            and interruptions.is_plugin_request(request)
            and not response.streaming
        ):
            # Some servers send it, and then it is taken for the next answer.
            response.content = b""
        return response


def _is_private(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the answer may tell addresses, lists, or what only some addresses may see."""
    match = request.resolver_match
    from_swift = match is not None and SWIFT_ROUTE in match.route
    return (
        from_swift
        or interruptions.is_plugin_request(request)
        or VERDICT_HEADER in response.headers
    )


def install() -> None:
    """Put the middleware next to the views, and the other before all; once.

    Horizon's enabled files cannot add a middleware, and one that an operator may
    forget guards nothing.
    """
    if NAME not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [OUTERMOST, *settings.MIDDLEWARE, NAME]
