# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Trying a list out: it is judged, and not enforced.

Beside the allow items of a container or account stands ``whitelist-trial`` among its metadata:
``true``, or a moment as in ``until`` from which the list is enforced by itself. Until then what
would rule without the list rules. A value that is neither puts nothing off: the list is enforced.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from ipcontrol.entries import EntryError, format_until, is_blank, parse_until
from ipcontrol.errors import IpControlError, gettext_noop
from ipcontrol.metadata_names import lower_case

ITEM = "whitelist-trial"
ALWAYS = "true"
# The end of a trial without one.
NEVER = datetime.max.replace(tzinfo=UTC)

_LONGEST_SHOWN = 40


class TrialError(IpControlError):
    """A value does not say until when a list is tried out."""


def is_trial_item(name: str) -> bool:
    """Whether a metadata name, without its prefix and in any case, is that of this item."""
    return len(name) == len(ITEM) and lower_case(name) == ITEM


def parse_trial(value: str) -> datetime:
    """Read the item's value.

    Returns:
        The first moment, in UTC, at which the list is enforced; `NEVER` for ``true``.

    Raises:
        TrialError: it is neither; its text says what to write.
    """
    if value == ALWAYS:
        return NEVER
    try:
        return parse_until(f"until={value}")
    except EntryError:
        raise TrialError(
            gettext_noop(
                '"%(value)s" does not say until when the list is tried out: write true, or a '
                "moment in UTC from which it is enforced, as 2026-12-31T18:00Z, with the Z."
            ),
            value=value[:_LONGEST_SHOWN],
        ) from None


def format_trial(end: datetime) -> str:
    """Write the item's value, as `parse_trial` reads it back to the second."""
    return ALWAYS if end == NEVER else format_until(end)


def read_trial(metadata: Mapping[str, str]) -> datetime | None:
    """Find out of user metadata until when a list is tried out.

    Args:
        metadata: names without ``X-Container-Meta-`` or ``X-Account-Meta-``, in any case, and
            values.

    Returns:
        As `parse_trial`; None for a list that is enforced, also where that cannot be read.
    """
    values = [value for name, value in metadata.items() if is_trial_item(name)]
    try:
        # Where there are several, none of them may put off what another one does not.
        return min((parse_trial(value) for value in values if not is_blank(value)), default=None)
    except TrialError:
        return None
