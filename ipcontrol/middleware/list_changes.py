# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What a PUT or POST would do to the allow items of a container or an account."""

from collections.abc import Mapping
from typing import Any

from swift.common.swob import wsgi_to_str

from ipcontrol.whitelist import Whitelist, is_allow_item

_METHODS = ("PUT", "POST")


def allow_changes(environ: Mapping[str, Any], kind: str) -> dict[str, str]:
    """Read the changes out of the request's headers, as Swift does.

    ``X-Container-Meta-Allow…`` sets an item, or removes it where its value is
    empty; ``X-Remove-Container-Meta-Allow…`` removes it, unless the other is
    there too (``swift.proxy.controllers.base``, ``transfer_headers``).

    Args:
        environ: of the request.
        kind: what the request aims at: ``account``, ``container`` or ``object``.

    Returns:
        Values by the item's name in lower case; an empty value removes. Nothing
        for objects and for other methods: Swift takes no notice there.
    """
    if kind == "object" or environ["REQUEST_METHOD"] not in _METHODS:
        return {}
    prefix = f"HTTP_X_{kind}_META_".upper()
    removal = f"HTTP_X_REMOVE_{kind}_META_".upper()
    removed = {_name(key, removal): "" for key in environ if key.startswith(removal)}
    stored = {
        _name(key, prefix): str(wsgi_to_str(environ[key]))
        for key in environ
        if key.startswith(prefix)
    }
    return {name: value for name, value in (removed | stored).items() if is_allow_item(name)}


def mistakes(changes: Mapping[str, str], kind: str) -> str:
    """Say what is wrong with the items that are set; empty where nothing is.

    Returns:
        A line for each item: its header, and what to write instead.
    """
    return "\n".join(
        f"X-{kind}-Meta-{item.name}: ".title() + str(item.error)
        for item in Whitelist.from_metadata(changes).errors
    )


def _name(key: str, prefix: str) -> str:
    return str(wsgi_to_str(key.removeprefix(prefix))).replace("_", "-").lower()
