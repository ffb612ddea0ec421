# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Horizon with the plugin of this checkout."""

import os
from pathlib import Path

from devcloud.services import settings_from_command_line, wsgi

_THREADS = 16


def prepare(state: Path) -> None:
    """Set Django up on a cloud's settings, and check them."""
    os.environ["DEVCLOUD_STATE"] = str(state)
    os.environ["DJANGO_SETTINGS_MODULE"] = "devcloud.dashboard.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("check", deploy=False, fail_level="ERROR")


def make_static_files() -> None:
    """Collect and compress the static files."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0, link=True, clear=True)
    call_command("compress", verbosity=0)


def main() -> None:
    """Run Horizon."""
    cloud = settings_from_command_line()
    prepare(cloud.state)
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    from devcloud.dashboard import static_files

    with static_files.provide(Path(settings.STATIC_ROOT), make_static_files):
        wsgi.serve(get_wsgi_application(), cloud.ports["horizon"], threads=_THREADS)


if __name__ == "__main__":
    main()
