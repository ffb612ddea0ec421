# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Form fields of both panels.

Nothing is read that is longer than its field takes, and no page shows again what would
make it endless: whoever sends such a thing did not type it.
"""

from collections.abc import Collection
from html import escape
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from ipcontrol.addresses import Network
from ipcontrol_dashboard.kit.networks_text import Word, words
from ipcontrol_dashboard.kit.problems import Problems, number

# A page shows this much again, whatever HTML makes of it.
SHOWN_ALWAYS = 20_000


class LimitedField(forms.Field):
    """A field that looks at nothing longer than it takes.

    A Django field with a limit reads first and measures then.

    Args:
        most: the limit, in characters.
        most_shown: what takes more than this in HTML, where ``"`` has six characters, is
            read, but not shown again; by default the same.
    """

    default_error_messages = {
        "too_long": gettext_lazy(
            "These are %(count)s characters, which is too much to look at: "
            "write no more than %(most)s."
        )
    }

    def __init__(self, *, most: int, most_shown: int | None = None, **kwargs: Any) -> None:
        # Before the others, for they ask `widget_attrs`.
        self.most, self.most_shown = most, most_shown
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > self.most:
            params = {"count": number(len(value)), "most": number(self.most)}
            raise ValidationError(self.error_messages["too_long"], "too_long", params)
        return super().clean(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        shown = super().bound_data(data, initial)
        return shown if fits(shown, self.most_shown or self.most) else ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # In a text area a browser would cut what is pasted, without a word.
        single = isinstance(widget, forms.TextInput) and not widget.is_hidden
        return super().widget_attrs(widget) | ({"maxlength": str(self.most)} if single else {})


def fits(value: object, most: int) -> bool:
    """Whether a page may show a value again."""
    return not isinstance(value, str) or (
        len(value) <= most and len(escape(value)) <= max(most, SHOWN_ALWAYS)
    )


class LimitedCharField(LimitedField, forms.CharField):
    """Text."""


class LimitedIntegerField(LimitedField, forms.IntegerField):
    """A number."""


class LimitedChoiceField(LimitedField, forms.ChoiceField):
    """One of some; an error names the one that was sent."""


class CarriedField(LimitedCharField):
    """What a form carries to the browser and back (`escaping.dump`).

    Whoever sends what no form of ours carries counts as one who sent nothing.
    """

    widget = forms.HiddenInput

    def __init__(self, *, most: int) -> None:
        super().__init__(most=most, required=False, strip=False)

    def clean(self, value: Any) -> str:
        try:
            return super().clean(value) if fits(value, self.most) else ""
        except ValidationError:
            return ""


class NetworksField(LimitedCharField):
    """Networks, separated by commas, semicolons or white space.

    Cleans to the networks in the order written, each once.

    Args:
        most_networks: how many it takes.

    Attributes:
        read: what could be read, even where something else is wrong, and the line where each
            stands.
    """

    widget = forms.Textarea
    default_error_messages = {
        "too_many": gettext_lazy("These are %(count)s networks: write no more than %(most)s.")
    }

    def __init__(self, *, most_networks: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most_networks = most_networks
        self.read: dict[Network, int] = {}

    def to_python(self, value: Any) -> Collection[Any]:
        self.read = {}
        found = list(words(super().to_python(value)))
        if len(found) > self.most_networks:
            params = {"count": number(len(found)), "most": number(self.most_networks)}
            raise ValidationError(self.error_messages["too_many"], "too_many", params)
        problems = Problems()
        for word in found:
            network = self.member(word)
            if network is None:
                problems.add(self.wrong, word)
            elif network in self.read:
                self.repeated(word, network, problems)
            else:
                self.read[network] = word.line
        if problems:
            raise ValidationError(problems.sentences)
        return self.read

    def member(self, word: Word) -> Any:
        """What a word stands for; None where that cannot be read. By default, a network."""
        return word.network

    def wrong(self, word: Word) -> str:
        """Say what is wrong with a word that is no network."""
        return word.problem

    def repeated(self, word: Word, network: Network, problems: Problems) -> None:
        """Add what is wrong with a network that was written before; nothing by default."""
