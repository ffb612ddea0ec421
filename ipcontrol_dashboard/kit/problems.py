# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What is wrong with what somebody sent: some of it in sentences, the rest counted.

A list that is wrong throughout is understood after a few of them, and a page that
tells each grows without end.
"""

from collections.abc import Callable, Iterable

from django.utils.formats import number_format
from django.utils.translation import ngettext

MOST_SHOWN = 8


class Problems:
    """What is wrong, in the order in which it is found.

    Attributes:
        count: how much that is, whether shown or not.
    """

    def __init__(self) -> None:
        self.count = 0
        self._shown: list[str] = []

    def add(self, sentence: Callable[..., str], *arguments: object) -> None:
        """Count one; its sentence is made only where it will be shown."""
        self.count += 1
        if self.count <= MOST_SHOWN:
            self._shown.append(sentence(*arguments))

    def __bool__(self) -> bool:
        return self.count > 0

    @property
    def sentences(self) -> list[str]:
        """The first ones, and how many more there are."""
        more = self.count - len(self._shown)
        return [*self._shown, _and_more(more)] if more else list(self._shown)


def shortened(sentences: Iterable[str]) -> list[str]:
    """The first sentences, and how many more there are."""
    problems = Problems()
    for sentence in sentences:
        problems.add(str, sentence)
    return problems.sentences


def _and_more(count: int) -> str:
    return ngettext("And %(count)s more.", "And %(count)s more.", count) % {"count": number(count)}


def number(count: int) -> str:
    """A number as people write it, with its thousands set apart."""
    return number_format(count, use_l10n=True, force_grouping=True)
