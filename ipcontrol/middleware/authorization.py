# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Whether Swift's authorization lets a request through, as far as it is the caller's own.

The proxy server asks the authorization itself, behind the filter, some methods twice. What
it was told is found out by standing in between.
"""

from typing import Any, Self

from swift.common.swob import Request, Response

from ipcontrol.middleware.client_address import Environ

_AUTHORIZE = "swift.authorize"
# What Swift's middlewares put into requests that they make by themselves.
_PRE_AUTHED = ".wsgi.pre_authed"


def is_callers_own(environ: Environ) -> bool:
    """Whether the authorization says something about the caller.

    Of a request that a middleware has authorized beforehand it says nothing: staticweb so
    reads the page that it shows to who was refused, and s3api with ACLs of its own the ACL
    by which it decides. With formpost, the form's signature has been verified.
    """
    source = environ.get("swift.source")
    if source == "S3":
        return not environ.get("swift.authorize_override")
    return environ.get("REMOTE_USER") != _PRE_AUTHED or source == "FP"


class Authorization:
    """Watches what the authorization answers while a request is passed on.

    Attributes:
        passed: whether it let the caller through.
    """

    __slots__ = ("_authorize", "_environ", "passed")

    def __init__(self, environ: Environ) -> None:
        self._environ = environ
        self._authorize: Any = environ.get(_AUTHORIZE)
        # Without any, everybody may do everything.
        self.passed = self._authorize is None

    def __enter__(self) -> Self:
        """Stand before it."""
        if self._authorize is not None:
            self._environ[_AUTHORIZE] = self
        return self

    def __call__(self, request: Request) -> Response | None:
        """Ask it."""
        denial: Response | None = self._authorize(request)
        self.passed = not denial
        return denial

    def __exit__(self, *_: object) -> None:
        """Step aside."""
        if self._authorize is not None:
            self._environ[_AUTHORIZE] = self._authorize
