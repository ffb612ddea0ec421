# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Glance: images in a folder."""

import contextlib
import io
import os
import sys
from pathlib import Path

from devcloud import ini, sqlite
from devcloud.authtoken import authtoken
from devcloud.services import settings_from_command_line, wsgi
from devcloud.settings import Settings

_STORES = {
    "files": "images",
    "os_glance_tasks_store": "tasks",
    "os_glance_staging_store": "staging",
}


def write_configuration(settings: Settings) -> None:
    """Write glance-api.conf, and make its database and stores ready."""
    folder = settings.folder("glance")
    database = folder / "glance.sqlite"
    stores = {section: folder / name for section, name in _STORES.items()}
    for store in stores.values():
        store.mkdir(exist_ok=True)
    store_sections: dict[str, ini.Options] = {
        section: {"filesystem_store_datadir": store} for section, store in stores.items()
    }
    sections: dict[str, ini.Options] = {
        "DEFAULT": {
            "log_file": settings.log("glance"),
            "use_stderr": "false",
            "default_log_levels": "alembic=WARN,sqlalchemy=WARN,stevedore=CRITICAL",
            "enabled_backends": "files:file",
            "enabled_import_methods": "[]",
            "worker_self_reference_url": settings.url("glance"),
        },
        "oslo_messaging_notifications": {"driver": "noop"},
        "database": {"connection": sqlite.url(database), "sqlite_synchronous": "false"},
        "glance_store": {"default_backend": "files"},
        "paste_deploy": {
            "config_file": Path(sys.prefix, "etc", "glance", "glance-api-paste.ini"),
            "flavor": "keystone",
        },
        "keystone_authtoken": authtoken(settings, "glance"),
    }
    ini.write(folder / "glance-api.conf", sections | store_sections)
    sqlite.prepare(database)


def load_application():
    """The WSGI application, with its database up to date."""
    from glance.cmd import manage
    from glance.common import config, wsgi_app

    config.set_config_defaults()
    # The migration needs the configuration, which otherwise the application reads.
    wsgi_app.CONF(
        [],
        project="glance",
        prog="glance-api",
        default_config_files=wsgi_app._get_config_files(),
    )
    # It exits, with success, where there is nothing to migrate.
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        manage.DbCommands().sync()
    return wsgi_app.init_app()


def main() -> None:
    """Run Glance."""
    settings = settings_from_command_line()
    write_configuration(settings)
    os.environ["OS_GLANCE_CONFIG_DIR"] = str(settings.folder("glance"))
    sqlite.begin_writers_immediately()
    wsgi.serve(load_application(), settings.ports["glance"])


if __name__ == "__main__":
    main()
