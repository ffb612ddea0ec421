# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Answers as the proxy server gives them where there is no container.

They are what somebody gets who may not know of one that is there. The proxy server
gives them itself wherever it need not go to the storage for it: it is told, by its
own cache of the request, that there is none.
"""

from inspect import getmembers
from typing import Any

from swift.common.http import HTTP_NOT_FOUND
from swift.common.swob import Request, Response, wsgi_to_str
from swift.proxy.controllers import AccountController, ContainerController
from swift.proxy.controllers.base import (
    Controller,
    cors_validation,
    get_cache_key,
    headers_to_container_info,
)
from swift.proxy.controllers.obj import BaseObjectController

from ipcontrol.middleware.client_address import INFOCACHE, Environ


def _methods() -> frozenset[str]:
    controllers = (AccountController, ContainerController, BaseObjectController)
    found = {
        name
        for controller in controllers
        for name, method in getmembers(controller)
        if getattr(method, "publicly_accessible", False)
    }
    return frozenset(found - {"OPTIONS"})


# The methods by which something is reached. To all others the proxy server answers, without
# a look at the storage, what may be asked for, or that this may not.
REACHING = _methods()


def without_container(environ: Environ, account: str, container: str) -> Request:
    """The same request, with a cache that says that there is no such container.

    Args:
        environ: of the request.
        account: its name, a WSGI string.
        container: its name, a WSGI string; may be empty.
    """
    known = dict(environ.get(INFOCACHE, {}))
    if container:
        key = get_cache_key(wsgi_to_str(account), wsgi_to_str(container))
        known[key] = headers_to_container_info({}, HTTP_NOT_FOUND)
    return Request({**environ, INFOCACHE: known})


def cors_response(
    app: object, request: Request, account: str, container: str, response: Response
) -> Response:
    """A response with the headers that the proxy server adds for the request's Origin.

    Args:
        app: the proxy server.
        request: of `without_container`.
        account: its name, a WSGI string.
        container: its name, a WSGI string.
        response: to this request.
    """
    controller = _Absent(app, wsgi_to_str(account), wsgi_to_str(container))
    answer: Response = controller.answer(request, response)
    return answer


class _Absent(Controller):
    """What the proxy server would make to answer for a container that is not there."""

    def __init__(self, app: Any, account: str, container: str) -> None:
        super().__init__(app)
        self.account_name = account
        self.container_name = container

    @cors_validation  # type: ignore[untyped-decorator]
    def answer(self, _request: Request, response: Response) -> Response:
        return response
