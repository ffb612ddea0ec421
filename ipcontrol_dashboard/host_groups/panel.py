# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Where the panel stands, and who sees it."""

import horizon
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ipcontrol_dashboard.host_groups import constants


class HostGroups(horizon.Panel):
    name = _("Host Groups")
    slug = "host_groups"
    permissions = ("openstack.services.compute",)
    policy_rules = constants.VIEW_RULES

    def allowed(self, context) -> bool:
        # As Horizon's own panels of Nova: with system scope in use, only a system token.
        wanted = "compute" in settings.SYSTEM_SCOPE_SERVICES
        if wanted != bool(context["request"].user.system_scoped):
            return False
        return super().allowed(context)
