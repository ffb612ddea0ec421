# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What a service of the cloud did not do, and why, in a sentence for the person who asked.

Calls run in threads, where no language is chosen; so an error keeps facts, and
`ServiceError.sentence` makes the words when a page asks for them. `of_status` is the one
place that tells what a status of HTTP means.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from ipcontrol.access import SAFE_METHODS
from ipcontrol.contract import Verdict

SWIFT, NOVA = "Swift", "Nova"


class ServiceError(Exception):
    """A service did not do what was asked.

    Attributes:
        container: what was aimed at in Swift; None for the account, and in Nova.
        status: the HTTP status; None where there was no answer.
        service: the service's name.
    """

    def __init__(
        self, container: str | None = None, status: int | None = None, *, service: str = SWIFT
    ) -> None:
        super().__init__(container, status)
        self.container = container
        self.status = status
        self.service = service

    @property
    def sentence(self) -> str:
        """Why, in the reader's language; plain text."""
        return _(
            "%(service)s answered with an error (HTTP %(status)s). Try again, or ask whoever "
            "runs the cloud."
        ) % {"service": self.service, "status": self.status}

    def __str__(self) -> str:
        """For a log: the facts, in no language."""
        return (
            f"{type(self).__name__}: {self.service}, container {self.container!r}, "
            f"status {self.status}"
        )


class UnavailableError(ServiceError):
    """No answer: what would be cannot be said now."""

    @property
    def sentence(self) -> str:
        return _("%(service)s does not answer at the moment. Try again in a few seconds.") % {
            "service": self.service
        }


class LateError(UnavailableError):
    """The page has taken so long that the service was not asked any more."""

    @property
    def sentence(self) -> str:
        return _("There was not enough time to ask %(service)s. Try again.") % {
            "service": self.service
        }


class BusyError(UnavailableError):
    """The person has so much of the service asked already that nothing more was."""

    @property
    def sentence(self) -> str:
        return _(
            "%(service)s is being asked for you already, maybe by another page. "
            "Wait until that is there, and try again."
        ) % {"service": self.service}


class AbsentServiceError(UnavailableError):
    """The cloud's catalog does not name the service."""

    @property
    def sentence(self) -> str:
        return _("%(service)s is not in the catalog of services.") % {"service": self.service}


class SignedOutError(ServiceError):
    """401: the token is no longer valid."""

    def __init__(self, container: str | None = None, *, service: str = SWIFT) -> None:
        super().__init__(container, 401, service=service)

    @property
    def sentence(self) -> str:
        return _("%(service)s no longer knows who you are: sign in again.") % {
            "service": self.service
        }


class RejectedError(ServiceError):
    """400, or 409: the service does not take what was sent.

    Attributes:
        detail: the service's own sentence, in English; may be empty.
    """

    def __init__(
        self,
        container: str | None = None,
        status: int | None = 400,
        detail: str = "",
        *,
        service: str = SWIFT,
    ) -> None:
        super().__init__(container, status, service=service)
        self.detail = detail

    @property
    def sentence(self) -> str:
        params = {"service": self.service, "detail": self.detail}
        if not self.detail:
            return _("%(service)s does not accept this change.") % params
        return _("%(service)s does not accept this change: %(detail)s") % params


class RefusedError(ServiceError):
    """403: the caller's address is not admitted, or the person has no right to it.

    Attributes:
        address: the caller's, as Horizon tells it to the service; empty if unknown.
        by_address: whether the filter refused; False where the service's
            own authorization did.
        method: what was asked for, as an HTTP method.
    """

    def __init__(
        self,
        container: str | None = None,
        address: str = "",
        *,
        by_address: bool,
        method: str = "GET",
        service: str = SWIFT,
    ) -> None:
        super().__init__(container, 403, service=service)
        self.address = address
        self.by_address = by_address
        self.method = method

    @property
    def sentence(self) -> str:
        if not self.by_address:
            return _("You are not allowed to do this: your role does not permit it.")
        if not self.address:
            return _(
                "Your address cannot be determined, so Swift refuses you. "
                "Ask whoever runs this dashboard to check its list of trusted proxies."
            )
        return self._not_listed() % {"address": self.address}

    def _not_listed(self) -> str:
        if self.container is None:
            # There may be no list at all: a new project has none.
            return _(
                "Your address %(address)s may not do this: no entry of a whitelist admits it."
            )
        if self.method in SAFE_METHODS:
            return _(
                "Your address %(address)s is not on the list of addresses that may reach "
                "this container."
            )
        return _(
            "Your address %(address)s is not on the list of addresses that may change "
            "this container."
        )


class NotFoundError(ServiceError):
    """404, or 410: it is not there, or no longer.

    Attributes:
        object: the name of the object that was asked for; empty if none was.
    """

    def __init__(
        self, container: str | None = None, object: str = "", *, service: str = SWIFT
    ) -> None:
        super().__init__(container, 404, service=service)
        self.object = object

    @property
    def sentence(self) -> str:
        if self.service != SWIFT:
            return _("It is not there any more: somebody has deleted it.")
        if self.container is None:
            return _("This project has no account in Swift yet: create a container first.")
        if self.object:
            return _("There is no %(object)s in a container %(name)s (any more).") % {
                "object": self.object,
                "name": self.container,
            }
        return _("There is no container %(name)s (any more).") % {"name": self.container}


class LockoutError(ServiceError):
    """409: after the change, its sender could no longer change it back.

    Attributes:
        address: the sender's; empty if unknown.
    """

    def __init__(self, container: str | None, address: str = "") -> None:
        super().__init__(container, 409)
        self.address = address

    @property
    def sentence(self) -> str:
        return _(
            "After this change, your address %(address)s could no longer change the list back."
        ) % {"address": self.address}


class ChangedMeanwhileError(ServiceError):
    """What is stored is no longer what the person saw. Nothing was written.

    Attributes:
        current: all user metadata as they are now.
    """

    def __init__(self, container: str | None, current: Mapping[str, str]) -> None:
        super().__init__(container)
        self.current = current

    @property
    def sentence(self) -> str:
        return _("Somebody else has changed this list meanwhile, so nothing has been saved.")


class AmbiguousMetadataError(ServiceError):
    """Two items of metadata read alike, so that what is shown could be half of the list."""

    @property
    def sentence(self) -> str:
        return _(
            "Swift keeps two items of metadata here whose names read alike, so this list cannot "
            "be trusted and is not shown. Ask whoever runs the cloud."
        )


class UnreachableNameError(ServiceError):
    """No request can name this container: Swift takes none, or its path would mean another."""

    def __init__(self, container: str) -> None:
        super().__init__(container, 404)

    @property
    def sentence(self) -> str:
        return _('A container cannot be named "%(name)s".') % {
            "name": str(self.container).replace("\0", "\\0")
        }


def of_status(
    status: int,
    container: str | None = None,
    *,
    service: str = SWIFT,
    detail: str = "",
    verdict: str = "",
    **asked: Any,
) -> ServiceError:
    """What an answer's status means.

    Args:
        status: of HTTP, from 400 on.
        container: what was aimed at in Swift; None for the account.
        service: which service answered.
        detail: its own sentence.
        verdict: what the filter in Swift says; empty where another answered.
        asked: who asked for what, where that is known: ``address``, ``method``, ``object``.
    """
    match status:
        case 401:
            return SignedOutError(container, service=service)
        case 403:
            address, method = asked.get("address", ""), asked.get("method", "GET")
            by_address = verdict == Verdict.REFUSED
            return RefusedError(
                container, address, by_address=by_address, method=method, service=service
            )
        case 404 | 410:
            return NotFoundError(container, asked.get("object", ""), service=service)
        case 409 if verdict == Verdict.LOCKOUT:
            return LockoutError(container, asked.get("address", ""))
        case 400 | 409:
            return RejectedError(container, status, detail, service=service)
        case 502 | 503 | 504:
            return UnavailableError(container, status, service=service)
    return ServiceError(container, status, service=service)
