# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Placement: what each compute has, and who holds how much of it."""

import os

from devcloud import ini, sqlite
from devcloud.authtoken import authtoken
from devcloud.services import settings_from_command_line, wsgi
from devcloud.settings import Settings


def write_configuration(settings: Settings) -> None:
    """Write placement.conf and make its database ready."""
    folder = settings.folder("placement")
    database = folder / "placement.sqlite"
    ini.write(
        folder / "placement.conf",
        {
            "DEFAULT": {
                "log_file": settings.log("placement"),
                "use_stderr": "false",
                # A line for every request is Placement's INFO; Nova's log tells the story.
                "default_log_levels": "alembic=WARN,placement.requestlog=WARN,stevedore=CRITICAL",
            },
            "api": {"auth_strategy": "keystone"},
            "placement_database": {
                "connection": sqlite.url(database),
                "sqlite_synchronous": "false",
                "sync_on_startup": "true",
            },
            "keystone_authtoken": authtoken(settings, "placement"),
        },
    )
    sqlite.prepare(database)


def main() -> None:
    """Run Placement."""
    settings = settings_from_command_line()
    write_configuration(settings)
    os.environ["OS_PLACEMENT_CONFIG_DIR"] = str(settings.folder("placement"))
    sqlite.begin_writers_immediately()
    from placement import wsgi as placement

    wsgi.serve(placement.init_application(), settings.ports["placement"])


if __name__ == "__main__":
    main()
