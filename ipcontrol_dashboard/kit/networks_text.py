# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Networks out of what people type or paste: the one reader of all fields."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ipcontrol.address_hints import is_mask
from ipcontrol.addresses import AddressError, Network, network_or_none, parse_network
from ipcontrol_dashboard.kit.translation import translated

_SEPARATORS = re.compile(r"[,;\s]+")
# Between two words of a line, as in a range. At a line's beginning it marks a list's item.
_DASH = re.compile(r"(?<=[^\s,;])[^\S\r\n]*[-\u2013\u2014][^\S\r\n]*(?=[^\s,;])")
# The same for a slash and a length.
_SLASH = re.compile(r"(?<=[^\s,;])[^\S\r\n]*/[^\S\r\n]*(?=[0-9])")


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody wrote for one network.

    Attributes:
        line: where it stands, from 1.
        text: as it was written.
    """

    line: int
    text: str

    @property
    def network(self) -> Network | None:
        """The network; None where it cannot be read."""
        return network_or_none(self.text)

    @property
    def problem(self) -> str:
        """What is wrong with it and what to write instead; empty for a network."""
        try:
            parse_network(self.text)
        except AddressError as error:
            return translated(error)
        return ""


def words(text: str) -> Iterator[Word]:
    """Part a text at commas, semicolons and white space.

    What is written for one network is one word: also a range, an address with a
    length behind a space, or with a netmask, for which the engine knows what to
    suggest.
    """
    last: Word | None = None
    for word in _parts(text):
        if last is None:
            last = word
        elif is_mask(word.text) and _is_address(last.text):
            yield Word(last.line, f"{last.text} {word.text}")
            last = None
        else:
            yield last
            last = word
    if last is not None:
        yield last


def _parts(text: str) -> Iterator[Word]:
    for number, line in enumerate(text.splitlines(), start=1):
        for word in _SEPARATORS.split(_SLASH.sub("/", _DASH.sub("-", line))):
            if word:
                yield Word(number, word)


def _is_address(text: str) -> bool:
    network = network_or_none(text)
    return network is not None and network.version == 4 and "/" not in text
