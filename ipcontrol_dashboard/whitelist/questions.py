# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Forms that ask and change nothing. Sent with GET, so that the answer has a URL."""

from django import forms
from django.utils.translation import gettext_lazy

from ipcontrol_dashboard.kit.fields import LimitedChoiceField
from ipcontrol_dashboard.whitelist.fields import AddressField


class AddressForm(forms.Form):
    """Asks what an address may do."""

    address = AddressField(label=gettext_lazy("Address"))


class TestForm(AddressForm):
    """Asks whether an address may do one thing."""

    METHODS = (
        ("GET", gettext_lazy("read or list")),
        ("PUT", gettext_lazy("upload")),
        ("POST", gettext_lazy("change metadata")),
        ("DELETE", gettext_lazy("delete")),
        ("HEAD", gettext_lazy("look at metadata")),
    )
    method = LimitedChoiceField(label=gettext_lazy("Wants to"), choices=METHODS, most=100)
