# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What Swift did not do, and why, in a sentence for the person who asked.

Calls run in threads, where no language is chosen; so an error keeps facts, and
`SwiftError.sentence` makes the words when a page asks for them.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from ipcontrol.access import SAFE_METHODS


class SwiftError(Exception):
    """Swift did not do what was asked.

    Attributes:
        container: what was aimed at; None for the account.
        status: the HTTP status; None where there was no answer.
    """

    def __init__(self, container: str | None, status: int | None = None) -> None:
        super().__init__(container, status)
        self.container = container
        self.status = status

    @property
    def sentence(self) -> str:
        """Why, in the reader's language; plain text."""
        return _("Swift did not answer as expected. Try again, or ask whoever runs the cloud.")

    def __str__(self) -> str:
        """For a log: the facts, in no language."""
        return f"{type(self).__name__}: container {self.container!r}, status {self.status}"


class RefusedError(SwiftError):
    """403: the caller's address is not admitted, or the person has no right to it.

    Attributes:
        address: the caller's, as Horizon tells it to Swift; empty if unknown.
        by_address: whether the filter refused; False where Swift's own
            authorization did.
        method: what was asked for, as an HTTP method.
    """

    def __init__(
        self, container: str | None, address: str = "", *, by_address: bool, method: str = "GET"
    ) -> None:
        super().__init__(container, 403)
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


class NotFoundError(SwiftError):
    """404: there is no such container, or no longer.

    Attributes:
        object: the name of the object that was asked for; empty if none was.
    """

    def __init__(self, container: str | None, object: str = "") -> None:
        super().__init__(container, 404)
        self.object = object

    @property
    def sentence(self) -> str:
        if self.container is None:
            return _("This project has no account in Swift yet: create a container first.")
        if self.object:
            return _("There is no %(object)s in a container %(name)s (any more).") % {
                "object": self.object,
                "name": self.container,
            }
        return _("There is no container %(name)s (any more).") % {"name": self.container}


class UnavailableError(SwiftError):
    """No answer, or 5xx: whether the caller is admitted cannot be said now."""

    @property
    def sentence(self) -> str:
        return _("Swift does not answer at the moment. Try again in a few seconds.")


class AmbiguousMetadataError(SwiftError):
    """Two items of metadata read alike, so that what is shown could be half of the list."""

    @property
    def sentence(self) -> str:
        return _(
            "Swift keeps two items of metadata here whose names read alike, so this list cannot "
            "be trusted and is not shown. Ask whoever runs the cloud."
        )


class LateError(UnavailableError):
    """The page has taken so long that Swift was not asked any more."""

    @property
    def sentence(self) -> str:
        return _("There was no time left to ask Swift. Try again.")


class BusyError(UnavailableError):
    """The person has so much of Swift asked already that nothing more was."""

    @property
    def sentence(self) -> str:
        return _(
            "Swift is being asked about many containers for you already, maybe by another page. "
            "Wait until that is there, and try again."
        )


class SignedOutError(SwiftError):
    """401: the token is no longer valid."""

    def __init__(self, container: str | None) -> None:
        super().__init__(container, 401)

    @property
    def sentence(self) -> str:
        return _("Swift no longer knows who you are: sign in again.")


class BadItemError(SwiftError):
    """400: Swift does not take an item.

    Attributes:
        detail: Swift's own sentence, in English; may be empty.
    """

    def __init__(self, container: str | None, detail: str = "") -> None:
        super().__init__(container, 400)
        self.detail = detail

    @property
    def sentence(self) -> str:
        if not self.detail:
            return _("Swift does not accept this change.")
        return _("Swift does not accept this change: %(detail)s") % {"detail": self.detail}


class LockoutError(SwiftError):
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


class ChangedMeanwhileError(SwiftError):
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


class UnreachableNameError(SwiftError):
    """No request can name this container: Swift takes none, or its path would mean another."""

    def __init__(self, container: str) -> None:
        super().__init__(container, 404)

    @property
    def sentence(self) -> str:
        return _('A container cannot be named "%(name)s".') % {
            "name": str(self.container).replace("\0", "\\0")
        }
