# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What a page is about: one container, or the account's defaults."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

URLS = "horizon:project:ip_whitelist:"
INDEX_URL = URLS + "index"


@dataclass(frozen=True, slots=True)
class Target:
    """A container, or the account.

    Attributes:
        container: its name; None for the account.
    """

    container: str | None

    @property
    def title(self) -> str:
        """What its page is called."""
        return _("Account defaults") if self.container is None else self.container

    def url(self, action: str = "entries", **query) -> str:
        """The URL of one of its pages, as named in `urls`."""
        if self.container is None:
            url = reverse(f"{URLS}account_{action}")
        else:
            url = reverse(f"{URLS}container_{action}", args=(self.container,))
        return f"{url}?{urlencode(query, doseq=True)}" if query else url
