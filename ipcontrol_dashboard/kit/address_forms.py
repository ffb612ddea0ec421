# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What becomes of one address: a form that asks and changes nothing.

It is sent with GET, so that the answer has a URL and needs no JavaScript; its look is
``ipcontrol_dashboard/_try_address.html``.
"""

from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from ipcontrol.addresses import Address, AddressError, parse_address
from ipcontrol_dashboard.kit.fields import LimitedCharField
from ipcontrol_dashboard.kit.translation import translated


class AddressField(LimitedCharField):
    """One address. What is longer than one can be, the engine tells in its own words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=1_000, **kwargs)

    def to_python(self, value: Any) -> Address | None:
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            return parse_address(text)
        except AddressError as error:
            raise ValidationError(translated(error)) from None


class AddressForm(forms.Form):
    """Asks what becomes of an address."""

    address = AddressField(label=gettext_lazy("Try an address"))

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """What a page was asked; a form that asks nothing where that was nothing."""
        return cls(request.GET if "address" in request.GET else None)

    @property
    def tried(self) -> Address | None:
        """The address to answer for; None where there is none, or it cannot be read."""
        return self.cleaned_data["address"] if self.is_valid() else None
