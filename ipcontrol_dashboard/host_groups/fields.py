# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Form fields that say what to write instead."""

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from horizon import forms

from ipcontrol.addresses import AddressError, Network, parse_network
from ipcontrol.host_groups import HostGroupError, parse_hostname_prefix
from ipcontrol_dashboard.host_groups import sentences
from ipcontrol_dashboard.translation import said

# Of a long list that is wrong throughout, the rest is counted.
MOST_ERRORS = 8

_SEPARATORS = re.compile(r"[,;\s]+")


class HostnamePrefixField(forms.CharField):
    """What the names of a group's hosts begin with."""

    def to_python(self, value: object) -> str:
        """Check the prefix.

        Raises:
            django.core.exceptions.ValidationError: it is none; the text says what to write.
        """
        text = super().to_python(value)
        if text in self.empty_values:
            return text
        try:
            return parse_hostname_prefix(text)
        except HostGroupError as error:
            raise ValidationError(said(error)) from error


class SubnetsField(forms.CharField):
    """Networks, one a line; several in a line, parted by commas, are understood too."""

    widget = forms.Textarea

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        # What could be read, even where something else is wrong.
        self.read: dict[Network, int] = {}

    def to_python(self, value: object) -> dict[Network, int]:
        """Read the lines.

        Returns:
            The number of its line by network, in the order of the lines.

        Raises:
            django.core.exceptions.ValidationError: one error for each wrong line.
        """
        networks = self.read = {}
        errors: list[str] = []
        for number, word in _words(super().to_python(value)):
            try:
                network = parse_network(word)
            except AddressError as error:
                errors.append(in_line(number, said(error)))
                continue
            if network in networks:
                errors.append(in_line(number, _same_as(network, networks[network])))
            networks.setdefault(network, number)
        if errors:
            raise ValidationError(_cut(errors))
        return networks


def in_line(number: int, sentence: str) -> str:
    """Say where something is wrong."""
    return _("Line %(number)d: %(sentence)s") % {"number": number, "sentence": sentence}


def _words(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        # The engine knows what to suggest for a range, "10.0.0.1 - 10.0.0.9".
        words = [line.strip()] if "-" in line else _SEPARATORS.split(line)
        yield from ((number, word) for word in words if word)


def _same_as(network: Network, number: int) -> str:
    return _("%(subnet)s stands in line %(number)d already.") % {
        "subnet": sentences.network(network),
        "number": number,
    }


def _cut(errors: list[str]) -> list[str]:
    more = len(errors) - MOST_ERRORS
    if more < 2:
        return errors
    return [
        *errors[:MOST_ERRORS],
        ngettext("%(count)d more line is wrong.", "%(count)d more lines are wrong.", more)
        % {"count": more},
    ]
