# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Networks out of what people type or paste: the one reader of all fields."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ipcontrol.addresses import AddressError, Network, network_or_none, parse_network
from ipcontrol_dashboard.translation import said

_SEPARATORS = re.compile(r"[,;\s]+")
# Between two words of a line, as in a range. At a line's beginning it marks a list's item.
_DASH = re.compile(r"(?<=[^\s,;])[^\S\r\n]*[-\u2013\u2014][^\S\r\n]*(?=[^\s,;])")


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
            return said(error)
        return ""


def words(text: str) -> Iterator[Word]:
    """Part a text at commas, semicolons and white space."""
    for number, line in enumerate(text.splitlines(), start=1):
        # The engine knows what to suggest for a range, which it gets as one word.
        for word in _SEPARATORS.split(_DASH.sub("-", line)):
            if word:
                yield Word(number, word)
