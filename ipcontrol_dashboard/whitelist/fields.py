# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Form fields that read the parts of an entry and say what to write instead."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ipcontrol.addresses import Network
from ipcontrol.entries import Member, format_member
from ipcontrol.named_networks import NO_NAMES, SIGN, DefinitionError, NamedNetworks, Names
from ipcontrol_dashboard.kit import escaping, fields
from ipcontrol_dashboard.kit.networks_text import Word
from ipcontrol_dashboard.kit.translation import translated

# A value travels in a header, of which Swift takes 8 kB at the most; its own limit on
# a value, which the form tells apart, is 256 bytes where no operator changed it.
MOST_CHARACTERS = 16_384
MOST_NETWORKS = 2_000
# Eight times what Swift keeps of a name: `EntryForm` tells how much is too much.
MOST_LABEL = 1_024

_UNFIT_FOR_LABEL = re.compile(r"[^A-Za-z0-9-]+", re.ASCII)
_OPTION = re.compile(r"read-?only|until=.*", re.IGNORECASE)
# As <input type="datetime-local"> writes it (HTML, local date and time strings),
# and as a person does.
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]+([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?:\.0+)? *(?:Z|UTC)?",
    re.ASCII | re.IGNORECASE,
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def fit_label(text: str) -> str:
    """The nearest text that Swift keeps as it is in a metadata name."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _UNFIT_FOR_LABEL.sub("-", plain).strip("-").lower()


class LabelField(fields.LimitedCharField):
    """A label: ASCII letters, digits and hyphens; in lower case, as the engine compares.

    Swift drops metadata whose name has an underscore in it and does not say so
    (WSGI servers cannot tell it from a hyphen), and other characters do not
    survive every client.

    Args:
        keep: a label that exists and is taken as it is, however odd.
    """

    def __init__(self, *, keep: str = "", **kwargs) -> None:
        super().__init__(most=MOST_LABEL, **kwargs)
        self.keep = keep

    def clean(self, value):
        text = escaping.restored(super().clean(value), self.keep)
        if text in ("", self.keep):
            return text
        if _UNFIT_FOR_LABEL.search(text):
            raise ValidationError(self._advice(text))
        return text.lower()

    @staticmethod
    def _advice(text: str) -> str:
        fit = fit_label(text)
        if not fit:
            return _('Swift cannot keep "%(text)s": write letters, digits and hyphens.') % {
                "text": text
            }
        return _(
            'Swift cannot keep "%(text)s": write letters, digits and hyphens, such as %(fit)s.'
        ) % {"text": text, "fit": fit}


def split_members(
    members: Iterable[Member],
) -> tuple[tuple[Network, ...], tuple[NamedNetworks, ...]]:
    """Part what a `NetworksField` cleans to."""
    named = tuple(each for each in members if isinstance(each, NamedNetworks))
    return tuple(each for each in members if not isinstance(each, NamedNetworks)), named


class NetworksField(fields.NetworksField):
    """Networks, separated by commas or white space; one that is repeated counts once.

    Cleans to a tuple of networks and of names of networks, in the order written.

    Attributes:
        names: those that there are.
    """

    default_error_messages = {
        "too_long": gettext_lazy(
            "These are %(count)s characters, more than an entry takes (%(most)s): write wider "
            "networks in place of narrow ones, or several entries."
        ),
        "too_many": gettext_lazy(
            "These are %(count)s networks, more than an entry takes (%(most)s): write wider "
            "networks in place of narrow ones, or several entries."
        ),
    }

    def __init__(self, **kwargs) -> None:
        super().__init__(most=MOST_CHARACTERS, most_networks=MOST_NETWORKS, **kwargs)

    names = NO_NAMES

    def offer(self, names: Names) -> None:
        """Take these names, and have a script offer them while somebody types."""
        self.names = names
        offered = sorted(each.name for each in names.usable())
        self.widget.attrs["data-ipw-names"] = escaping.dump(offered)

    def to_python(self, value) -> tuple[Member, ...]:
        return tuple(super().to_python(value))

    def member(self, word: Word) -> Member | None:
        if not word.text.startswith(SIGN):
            return super().member(word)
        try:
            return self.names.find(word.text.removeprefix(SIGN))
        except DefinitionError:
            return None

    def wrong(self, word: Word) -> str:
        if word.text.startswith(SIGN):
            return self._undefined(word.text.removeprefix(SIGN))
        if _OPTION.fullmatch(word.text):
            return _('"%(word)s" is not a network: choose it in the fields below.') % {
                "word": word.text
            }
        return super().wrong(word)

    def prepare_value(self, value):
        if isinstance(value, str) or not isinstance(value, Sequence):
            return value
        return "\n".join(map(format_member, value))

    def _undefined(self, name: str) -> str:
        try:
            self.names.find(name)
        except DefinitionError as error:
            return translated(error)
        return ""


class UntilField(fields.LimitedCharField):
    """A moment in UTC, or nothing.

    The widget is the browser's own picker of date and time, which needs no
    JavaScript and is a plain text field in a browser that has none.
    """

    widget = forms.TextInput(attrs={"type": "datetime-local"})
    example = gettext_lazy("2026-12-31 18:00")

    def __init__(self, **kwargs) -> None:
        super().__init__(most=100, **kwargs)

    def to_python(self, value) -> datetime | None:
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        match = _MOMENT.fullmatch(text)
        try:
            if match is None:
                raise ValueError
            time = match[2] if match[2][2] == ":" else "0" + match[2]
            return datetime.fromisoformat(f"{match[1]}T{time}").replace(tzinfo=UTC)
        except ValueError:
            raise ValidationError(self._advice(text)) from None

    def _advice(self, text: str) -> str:
        if _DAY.fullmatch(text):
            return _('"%(text)s" lacks the time: write %(text)s 00:00 for its first moment.') % {
                "text": text
            }
        return _('"%(text)s" is not a moment: write it in UTC as %(example)s.') % {
            "text": text,
            "example": self.example,
        }

    def prepare_value(self, value):
        if not isinstance(value, datetime):
            return value
        text = value.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()
        return text if value.second else text.removesuffix(":00")
