# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The plugin as a Django application."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent


class IPControlDashboardConfig(AppConfig):
    """Makes Horizon carry the caller's address before it answers anybody.

    Attributes:
        path: where Django looks for ``templates`` and ``static``: the package
            when it is installed, the repository when it is installed editable.
    """

    name = "ipcontrol_dashboard"
    verbose_name = _("Access by address")
    path = str(PACKAGE if (PACKAGE / "templates").is_dir() else PACKAGE.parent)

    def ready(self) -> None:
        # Horizon's clients can be imported once the applications are loaded.
        from ipcontrol_dashboard.carry import checks, hooks, middleware

        checks.register()
        hooks.install()
        middleware.install()
