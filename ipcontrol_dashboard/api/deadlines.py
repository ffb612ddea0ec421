# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""How long a page may take, however many calls it makes."""

import time

from django.http import HttpRequest

# Less than most servers in front of Horizon wait for it.
SECONDS = 30
_ATTRIBUTE = "ipcontrol_deadline"


def deadline(request: HttpRequest) -> float:
    """The moment, of ``time.monotonic``, after which nothing more is asked for this page."""
    if not hasattr(request, _ATTRIBUTE):
        setattr(request, _ATTRIBUTE, time.monotonic() + SECONDS)
    return float(getattr(request, _ATTRIBUTE))


def remaining(request: HttpRequest) -> float:
    """Seconds until then, at least 0."""
    return max(0.0, deadline(request) - time.monotonic())
