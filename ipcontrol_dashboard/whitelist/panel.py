# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The panel, in the group Object Store of the dashboard Project."""

import horizon
from django.utils.translation import gettext_lazy as _


class IPWhitelist(horizon.Panel):
    name = _("IP Whitelist")
    slug = "ip_whitelist"
    permissions = ("openstack.services.object-store",)
