# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Form fields that say what to write instead."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ipcontrol.addresses import Network, format_network
from ipcontrol.host_groups import MAX_VALUE_LENGTH, HostGroupError, parse_hostname_prefix
from ipcontrol_dashboard.kit.fields import LimitedCharField, NetworksField
from ipcontrol_dashboard.kit.networks_text import Word
from ipcontrol_dashboard.kit.problems import Problems
from ipcontrol_dashboard.kit.translation import translated

# Nova sets no limit on an aggregate's metadata; these are some 800 of them, each a row
# in its database. More subnets fit into another group of hosts, or into fewer, wider ones.
MOST_SUBNETS = 10_000
# As many IPv6 networks, one a line.
MOST_CHARACTERS = 25 * MOST_SUBNETS


class HostnamePrefixField(LimitedCharField):
    """What the names of a group's hosts begin with."""

    def __init__(self, **kwargs) -> None:
        super().__init__(most=MAX_VALUE_LENGTH, **kwargs)

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
            raise ValidationError(translated(error)) from error


class SubnetsField(NetworksField):
    """Networks, one a line, each once; several in a line are understood too."""

    default_error_messages = {
        "too_long": gettext_lazy(
            "These are %(count)s characters, more than a group takes (%(most)s): write wider "
            "subnets in place of narrow ones."
        ),
        "too_many": gettext_lazy(
            "These are %(count)s subnets, more than a group takes (%(most)s): write wider "
            "subnets in place of narrow ones."
        ),
    }

    def __init__(self, **kwargs) -> None:
        super().__init__(most=MOST_CHARACTERS, most_networks=MOST_SUBNETS, **kwargs)

    def wrong(self, word: Word) -> str:
        return in_line(word.line, word.problem)

    def repeated(self, word: Word, network: Network, problems: Problems) -> None:
        problems.add(_same_as, word, network, self.read[network])


def in_line(number: int, sentence: str) -> str:
    """Say where something is wrong."""
    return _("Line %(number)d: %(sentence)s") % {"number": number, "sentence": sentence}


def _same_as(word: Word, network: Network, number: int) -> str:
    sentence = _("%(subnet)s stands in line %(number)d already.") % {
        "subnet": format_network(network),
        "number": number,
    }
    return in_line(word.line, sentence)
