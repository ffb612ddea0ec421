# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What fields carry to the browser and back, though Horizon changes it on the way.

Horizon's escaping writes ``{%`` for ``{$`` wherever it stands, lest AngularJS read what people
wrote as its own (``horizon.utils.escape``).
"""

import json
from html import unescape
from typing import Any

from horizon.utils.escape import escape


def dump(value: object) -> str:
    """JSON that Horizon writes into a hidden field as it is."""
    return json.dumps(value, sort_keys=True).replace("$", "\\u0024")


def load(text: str) -> Any:
    """What `dump` wrote, or anybody else.

    Raises:
        ValueError: the text is no JSON, or holds what no page can show: half a character
            (a lone surrogate), brackets or digits without end.
    """
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError(str(error)) from error
    return value


def restored(typed: str, before: str) -> str:
    """What somebody means by a text that stood in a field as Horizon showed it.

    Args:
        typed: what came back.
        before: what the field was filled with.
    """
    return before if typed == unescape(escape(before)) else typed
