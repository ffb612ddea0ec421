# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Names of metadata, which travel as parts of header names."""

import re
import string

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def is_token(name: str) -> bool:
    """Whether HTTP allows this name (RFC 9110, section 5.6.2).

    Swift stores others too, and many programs then lose the headers that follow.

    Args:
        name: without its prefix, ``X-Container-Meta-`` or another.
    """
    return _TOKEN.fullmatch(name) is not None


def lower_case(name: str) -> str:
    """The name as it is compared: letters of ASCII alone have no case.

    Python's ``lower`` makes the Kelvin sign a ``k``, and of two items one.
    """
    return name.lower() if name.isascii() else name.translate(_LOWER)
