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
from ipcontrol.errors import gettext_noop

SWIFT, NOVA = "Swift", "Nova"


class ServiceError(Exception):
    """A service did not do what was asked.

    Attributes:
        template: the sentence, to be filled in with the attributes.
        usual_status: of HTTP, where none is told.
        container: what was aimed at in Swift; None for the account, and in Nova.
        status: the HTTP status; None where there was no answer.
        service: the service's name.
    """

    template = gettext_noop(
        "%(service)s answered with an error (HTTP %(status)s). Try again, or ask whoever runs "
        "the cloud."
    )
    usual_status: int | None = None

    def __init__(
        self, container: str | None = None, status: int | None = None, *, service: str = SWIFT
    ) -> None:
        super().__init__(container, status)
        self.container = container
        self.status = self.usual_status if status is None else status
        self.service = service

    @property
    def sentence(self) -> str:
        """Why, in the reader's language; plain text."""
        return _(self.template) % vars(self)

    def __str__(self) -> str:
        """For a log: the facts, in no language."""
        return (
            f"{type(self).__name__}: {self.service}, container {self.container!r}, "
            f"status {self.status}"
        )


class UnavailableError(ServiceError):
    """No answer: what would be cannot be said now."""

    template = gettext_noop(
        "%(service)s does not answer at the moment. Try again in a few seconds."
    )


class LateError(UnavailableError):
    """The page has taken so long that the service was not asked any more."""

    template = gettext_noop("There was not enough time to ask %(service)s. Try again.")


class BusyError(UnavailableError):
    """The person has so much of the service asked already that nothing more was."""

    template = gettext_noop(
        "%(service)s is being asked for you already, maybe by another page. "
        "Wait until that is there, and try again."
    )


class AbsentServiceError(UnavailableError):
    """The cloud's catalog does not name the service."""

    template = gettext_noop("%(service)s is not in the catalog of services.")


class SignedOutError(ServiceError):
    """401: the token is no longer valid."""

    template = gettext_noop("%(service)s no longer knows who you are: sign in again.")
    usual_status = 401


class RejectedError(ServiceError):
    """400, or 409: the service does not take what was sent.

    Attributes:
        detail: the service's own sentence, in English; may be empty.
    """

    template = gettext_noop("%(service)s does not accept this change: %(detail)s")
    usual_status = 400

    def __init__(self, *args: Any, detail: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.detail = detail

    @property
    def sentence(self) -> str:
        if self.detail:
            return super().sentence
        return _("%(service)s does not accept this change.") % vars(self)


class RefusedError(ServiceError):
    """403: the caller's address is not admitted, or the person has no right to it.

    Attributes:
        address: the caller's, as Horizon tells it to the service; empty if unknown.
        by_address: whether the filter refused; False where the service's own
            authorization did.
        method: what was asked for, as an HTTP method.
    """

    usual_status = 403

    def __init__(
        self,
        container: str | None = None,
        address: str = "",
        *,
        by_address: bool,
        method: str = "GET",
        service: str = SWIFT,
    ) -> None:
        super().__init__(container, service=service)
        self.address = address
        self.by_address = by_address
        self.method = method

    @property
    def sentence(self) -> str:
        return self._sentence() % vars(self)

    def _sentence(self) -> str:
        if not self.by_address:
            return _("You are not allowed to do this: your role does not permit it.")
        if not self.address:
            return _(
                "Your address cannot be determined, so %(service)s refuses you. "
                "Ask whoever runs this dashboard to check its list of trusted proxies."
            )
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

    usual_status = 404

    def __init__(
        self, container: str | None = None, object: str = "", *, service: str = SWIFT
    ) -> None:
        super().__init__(container, service=service)
        self.object = object

    @property
    def sentence(self) -> str:
        return self._sentence() % vars(self)

    def _sentence(self) -> str:
        if self.service != SWIFT:
            return _("It is not there any more: somebody has deleted it.")
        if self.container is None:
            return _("This project has no account in Swift yet: create a container first.")
        if self.object:
            return _("There is no %(object)s in a container %(container)s (any more).")
        return _("There is no container %(container)s (any more).")


class LockoutError(ServiceError):
    """409: after the change, its sender could no longer change it back.

    Attributes:
        address: the sender's; empty if unknown.
    """

    template = gettext_noop(
        "After this change, your address %(address)s could no longer change the list back."
    )
    usual_status = 409

    def __init__(self, container: str | None, address: str = "") -> None:
        super().__init__(container)
        self.address = address


class ChangedMeanwhileError(ServiceError):
    """What is stored is no longer what the person saw. Nothing was written.

    Attributes:
        current: all user metadata as they are now.
    """

    template = gettext_noop(
        "Somebody else has changed this list meanwhile, so nothing has been saved."
    )

    def __init__(self, container: str | None, current: Mapping[str, str]) -> None:
        super().__init__(container)
        self.current = current


class AmbiguousMetadataError(ServiceError):
    """Two items of metadata read alike, so that what is shown could be half of the list."""

    template = gettext_noop(
        "Swift keeps two items of metadata here whose names read alike, so this list cannot "
        "be trusted and is not shown. Ask whoever runs the cloud."
    )


class UnreachableNameError(ServiceError):
    """No request can name this container: Swift takes none, or its path would mean another."""

    usual_status = 404

    @property
    def sentence(self) -> str:
        name = str(self.container).replace("\0", "\\0")
        return _('A container cannot be named "%(name)s".') % {"name": name}


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
    address = asked.get("address", "")
    match status:
        case 401:
            return SignedOutError(container, service=service)
        case 403:
            by_address, method = verdict == Verdict.REFUSED, asked.get("method", "GET")
            return RefusedError(
                container, address, by_address=by_address, method=method, service=service
            )
        case 404 | 410:
            return NotFoundError(container, asked.get("object", ""), service=service)
        case 409 if verdict == Verdict.LOCKOUT:
            return LockoutError(container, address)
        case 400 | 409:
            return RejectedError(container, status, detail=detail, service=service)
        case 502 | 503 | 504:
            return UnavailableError(container, status, service=service)
    return ServiceError(container, status, service=service)
