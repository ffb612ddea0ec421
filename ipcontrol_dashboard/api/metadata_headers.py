# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""User metadata as headers of Swift's requests and answers."""

import re
from collections.abc import Iterable, Mapping

from ipcontrol.contract import VERDICT_HEADER
from ipcontrol.metadata_names import lower_case
from ipcontrol_dashboard.kit.service_errors import AmbiguousMetadataError, RejectedError

# A sentence that is longer is none.
LONGEST_SENTENCE = 500

# No white space at the ends, and nothing that ends a header's name.
_NAME = re.compile(r"[^:\s](?:[^:]*[^:\s])?")
# What is stored already has to be removable, whatever it is called.
_NAME_TO_REMOVE = re.compile(r"[^:\r\n\0]+")
_HALVES = range(0xD800, 0xE000)

Pairs = Iterable[tuple[str, str]]


def prefix(container: str | None) -> str:
    """What metadata names begin with, in lower case."""
    return "x-account-meta-" if container is None else "x-container-meta-"


def encode(container: str | None, changes: Mapping[str, str | None]) -> dict[str | bytes, str]:
    """The headers of a POST that makes these changes.

    An empty value removes the item, in Swift as here. Names are bytes: of text,
    python-swiftclient would make lower case as Python does (see `lower_case`).

    Raises:
        RejectedError: a name or value cannot stand in a header.
    """
    for name, value in changes.items():
        if not (_settable(name, value) if value else _removable(name)):
            raise RejectedError(container)
    return {(prefix(container) + name).encode(): value or "" for name, value in changes.items()}


def decode(container: str | None, pairs: Pairs) -> dict[str, str]:
    """The metadata in an answer, names in lower case.

    Raises:
        AmbiguousMetadataError: of two items only one could be shown.
    """
    start = prefix(container)
    found: dict[str, str] = {}
    for header, value in pairs:
        if not lower_case(header).startswith(start):
            continue
        name = lower_case(header).removeprefix(start)
        if name in found:
            raise AmbiguousMetadataError(container)
        found[name] = value
    return found


def received(response) -> list[tuple[str, str]]:
    """An answer's headers, in UTF-8 as Swift means them.

    Args:
        response: of `swiftclient.client.HTTPConnection.getresponse`, whose own
            reading of them fails on what is not UTF-8.
    """
    return [(_utf8(name), _utf8(value)) for name, value in response.headers.items()]


def sentence(pairs: Pairs, body: bytes) -> str:
    """The sentence in an answer's body; empty for a page."""
    found = {name.lower(): value for name, value in pairs}
    if not found.get("content-type", "").startswith("text/plain"):
        return ""
    return body.decode("utf-8", "replace").strip()[:LONGEST_SENTENCE]


def verdict(pairs: Pairs) -> str:
    """What ipcontrol's filter says; empty where another part of Swift answered."""
    return next((value for name, value in pairs if name.lower() == VERDICT_HEADER.lower()), "")


def _utf8(text: str) -> str:
    return text.encode("latin-1").decode("utf-8", "replace")


def _settable(name: str, value: str) -> bool:
    """Whether a header can hold them: no control characters, no halves of surrogates."""
    control = any(ord(each) < 0x20 or 0x7F <= ord(each) < 0xA0 for each in name + value)
    return not control and _in_utf8(name + value) and _NAME.fullmatch(name) is not None


def _removable(name: str) -> bool:
    return _in_utf8(name) and _NAME_TO_REMOVE.fullmatch(name) is not None


def _in_utf8(text: str) -> bool:
    return not any(ord(each) in _HALVES for each in text)
