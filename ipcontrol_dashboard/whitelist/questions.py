# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the proxy would answer to an address."""

from django.utils.translation import gettext_lazy

from ipcontrol_dashboard.kit.address_forms import AddressForm
from ipcontrol_dashboard.kit.fields import LimitedChoiceField


class RequestForm(AddressForm):
    """Asks whether an address may do one thing."""

    METHODS = (
        ("GET", gettext_lazy("read or list")),
        ("PUT", gettext_lazy("upload")),
        ("POST", gettext_lazy("change metadata")),
        ("DELETE", gettext_lazy("delete")),
        ("HEAD", gettext_lazy("look at metadata")),
    )
    method = LimitedChoiceField(label=gettext_lazy("Wants to"), choices=METHODS, most=100)
