# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What a PUT or POST would do to the metadata of a container or an account."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from swift.common.swob import wsgi_to_str

from ipcontrol.access import Whitelist
from ipcontrol.entries import is_allow_item, is_blank
from ipcontrol.metadata_names import is_token, lower_case
from ipcontrol.named_networks import ANY_NAMES, Names, defined_name
from ipcontrol.trial import ITEM as TRIAL_ITEM
from ipcontrol.trial import TrialError, is_trial_item, parse_trial

# Those that set metadata.
METHODS = ("PUT", "POST")

# All that use Python's http.client, for instance, stop reading an answer's headers there.
_UNUSABLE = (
    "HTTP allows no such name, and programs would not see what stands behind it (it is shown "
    "percent-encoded here). Use letters, digits and hyphens. An empty value removes it."
)
_PLAIN = "!#$&'*+^`|"


def metadata_changes(environ: Mapping[str, Any], kind: str) -> dict[str, str]:
    """Read the changes out of the request's headers, as Swift does.

    ``X-Container-Meta-…`` sets an item, or removes it where its value is
    empty; ``X-Remove-Container-Meta-…`` removes it, unless the other is
    there too (``swift.proxy.controllers.base``, ``transfer_headers``).

    Args:
        environ: of the request.
        kind: what the request aims at: ``account``, ``container`` or ``object``.

    Returns:
        Values by the item's name in lower case; an empty value removes. Nothing
        for objects and for other methods: Swift takes no notice there.
    """
    if kind == "object" or environ["REQUEST_METHOD"] not in METHODS:
        return {}
    prefix = f"HTTP_X_{kind}_META_".upper()
    removal = f"HTTP_X_REMOVE_{kind}_META_".upper()
    removed = {_name(key, removal): "" for key in environ if key.startswith(removal)}
    stored = {
        _name(key, prefix): str(wsgi_to_str(environ[key]))
        for key in environ
        if key.startswith(prefix)
    }
    return removed | stored


def list_items(changes: Mapping[str, str], kind: str) -> dict[str, str]:
    """Those of the changes that change a list.

    That is its items, whether it is tried out, and, of an account, what its names stand for.
    """
    return {
        name: value
        for name, value in changes.items()
        if is_allow_item(name)
        or is_trial_item(name)
        or (kind == "account" and defined_name(name) is not None)
    }


def mistakes(changes: Mapping[str, str], kind: str) -> str:
    """Say what is wrong with the metadata that are set; empty where nothing is.

    Returns:
        A line for each item: its header, and what to write instead.
    """
    named = {name: _UNUSABLE for name, value in changes.items() if value and not is_token(name)}
    if not named:
        # Whether its names are defined is not to be told to just anybody.
        listed = Whitelist.from_metadata(changes, ANY_NAMES).errors
        named = {item.name: str(item.error) for item in listed} | _mistaken_trial(changes)
    if kind == "account":
        defined = Names.from_metadata(changes).errors
        named |= {item.item: str(item.error) for item in defined}
    return lines(named, kind)


def _mistaken_trial(changes: Mapping[str, str]) -> dict[str, str]:
    value = changes.get(TRIAL_ITEM, "")
    try:
        if not is_blank(value):
            parse_trial(value)
    except TrialError as error:
        return {TRIAL_ITEM: str(error)}
    return {}


def lines(mistakes: Mapping[str, str], kind: str) -> str:
    """A line for each item: its header, and what is wrong with it."""
    return "\n".join(
        f"X-{kind}-Meta-{quote(name, _PLAIN, errors='surrogateescape')}: ".title() + text
        for name, text in mistakes.items()
    )


def _name(key: str, prefix: str) -> str:
    return lower_case(str(wsgi_to_str(key.removeprefix(prefix))).replace("_", "-"))
