# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Options of the filters, read strictly.

An option that is misspelled, or read leniently, changes who gets in without
anybody noticing. The standard library alone: both filters' options are read
here, and one of them runs in Nova too.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum
from typing import TypeVar

from ipcontrol.addresses import AddressError, Network, parse_network, split_list
from ipcontrol.errors import IpControlError

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

_BOOLEANS = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}
# More than any number has that is an option.
_DIGITS = 10
# What Swift's loader and its loggers put into, or read from, any section.
_FOREIGN = re.compile(r"__\w+__|(access_)?log_\w+|statsd_\w+")


class OptionError(IpControlError):
    """An option of a filter cannot be used; the service must not start."""


def option(default: T, meaning: str, values: tuple[str, ...] = ()) -> T:
    """A field of a dataclass of settings; the reference of the options is made from it.

    Args:
        default: what holds where nothing is written.
        meaning: what the option does, in reStructuredText.
        values: the texts that may be written, where the type does not tell.
    """
    return field(default=default, metadata={"meaning": meaning, "values": values})


class Options:
    """The options of one filter's section.

    Args:
        section: how the section is named in messages.
        values: what paste.deploy passes as ``local_conf``.
        inherited: what it passes as ``global_conf``: ``[DEFAULT]``, and what the section
            itself has as ``set name = value``.
    """

    def __init__(
        self, section: str, values: Mapping[str, str], inherited: Mapping[str, str] | None = None
    ) -> None:
        self._section = section
        self._own = values
        self._values = {**(inherited or {}), **values}

    def reject_unknown(self, known: Iterable[str]) -> None:
        """Raise OptionError for an option that is neither known nor a logger's.

        What is inherited is for others too.
        """
        names = frozenset(known)
        for name in self._own:
            if name not in names and not _FOREIGN.fullmatch(name):
                raise OptionError(
                    '[filter:%(section)s] has no option "%(name)s"; its options are %(known)s.',
                    section=self._section,
                    name=name,
                    known=", ".join(sorted(names)),
                )

    def text(self, name: str, default: str) -> str:
        """A text as written."""
        return self._values.get(name, default).strip()

    def networks(self, name: str) -> tuple[Network, ...]:
        """Networks, separated by commas or white space; none by default."""
        try:
            return tuple(map(parse_network, split_list(self.text(name, ""))))
        except AddressError as error:
            raise OptionError(
                "[filter:%(section)s] %(name)s: %(error)s",
                section=self._section,
                name=name,
                error=error,
            ) from error

    def boolean(self, name: str, default: bool) -> bool:
        """True or false, in any of the spellings that oslo.config takes."""
        value = self.text(name, str(default))
        if value.lower() not in _BOOLEANS:
            raise self._not_one_of(name, value, ("true", "false"))
        return _BOOLEANS[value.lower()]

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number."""
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and len(value) < _DIGITS):
            raise self._no_number(name, value, least, most)
        if not least <= int(value) <= most:
            raise self._no_number(name, value, least, most)
        return int(value)

    def choice(self, name: str, default: E, values: Iterable[E] | None = None) -> E:
        """One of the values; of all values of the default's type where none are given."""
        known = {str(each): each for each in values or type(default)}
        value = self.text(name, default)
        if value not in known:
            raise self._not_one_of(name, value, known)
        return known[value]

    def one_of(self, name: str, values: tuple[str, ...]) -> str:
        """One of the values in any case, as spelled among them; the first by default."""
        value = self.text(name, values[0])
        spelled = {known.lower(): known for known in values}
        if value.lower() not in spelled:
            raise self._not_one_of(name, value, values)
        return spelled[value.lower()]

    def _no_number(self, name: str, value: str, least: int, most: int) -> OptionError:
        return OptionError(
            '[filter:%(section)s] %(name)s is "%(value)s": write a number, %(least)s to %(most)s.',
            section=self._section,
            name=name,
            value=value,
            least=least,
            most=most,
        )

    def _not_one_of(self, name: str, value: str, values: Iterable[str]) -> OptionError:
        return OptionError(
            '[filter:%(section)s] %(name)s is "%(value)s": write %(values)s.',
            section=self._section,
            name=name,
            value=value,
            values=" or ".join(values),
        )
