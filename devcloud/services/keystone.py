# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Keystone: sqlite, fernet tokens, the users of `devcloud.accounts`."""

import os
import threading
import warnings

from devcloud import ini, sqlite
from devcloud.services import settings_from_command_line, wsgi
from devcloud.settings import BIND, Settings

_KEY_FOLDERS = ("fernet", "receipts", "credential")


def write_configuration(settings: Settings) -> None:
    """Write keystone.conf and the keys, which must exist before Keystone loads."""
    folder = settings.folder("keystone")
    ini.write(
        folder / "keystone.conf",
        {
            "DEFAULT": {
                "public_endpoint": settings.url("keystone") + "/",
                "log_file": settings.log("keystone"),
                "use_stderr": "false",
                "default_log_levels": "sqlalchemy=WARN,alembic=WARN,pycadf=ERROR,"
                "stevedore=CRITICAL,keystone.server.flask.application=ERROR,py.warnings=ERROR,"
                # It says of every token that bcrypt reads no more than 72 bytes of a password.
                "keystone.common.password_hashing=ERROR",
            },
            "oslo_messaging_notifications": {"driver": "noop"},
            "database": {
                "connection": sqlite.url(folder / "keystone.sqlite"),
                "sqlite_synchronous": "false",
            },
            "token": {"provider": "fernet", "expiration": 86400},
            "fernet_tokens": {"key_repository": folder / "fernet"},
            "fernet_receipts": {"key_repository": folder / "receipts"},
            "credential": {"key_repository": folder / "credential"},
            # bcrypt's lowest: the passwords are no secret.
            "identity": {"password_hash_rounds": 4},
            # As memcached does, it keeps a copy: Keystone changes what it has cached.
            "cache": {"enabled": "true", "backend": "dogpile.cache.memory_pickle"},
        },
    )
    for name in _KEY_FOLDERS:
        _write_keys(folder / name)


def _write_keys(folder) -> None:
    from cryptography.fernet import Fernet

    folder.mkdir(mode=0o700, exist_ok=True)
    for number in "01":
        key = folder / number
        if not key.exists():
            key.touch(mode=0o600)
            key.write_bytes(Fernet.generate_key())


def load_application(settings: Settings):
    """The WSGI application, with its database made and filled."""
    os.environ["OS_KEYSTONE_CONFIG_DIR"] = str(settings.folder("keystone"))
    sqlite.begin_writers_immediately()
    # The application first: making it configures Keystone, which can be done only once.
    from keystone.server.flask import core

    application = core.initialize_application("public", config_files=core._get_config_files())
    sqlite.prepare(settings.folder("keystone") / "keystone.sqlite")
    from keystone.common.sql import upgrades

    from devcloud import identity

    upgrades.offline_sync_database_to_version()
    identity.fill(settings)
    return application


def one_at_a_time(application):
    """Let one request in at a time.

    Keystone reads, then writes, in one transaction that sqlite cannot upgrade under another
    writer.
    """
    lock = threading.Lock()

    def locked(environ, start_response):
        with lock:
            return list(application(environ, start_response))

    return locked


def main() -> None:
    """Run Keystone."""
    warnings.simplefilter("ignore")
    settings = settings_from_command_line()
    write_configuration(settings)
    application = one_at_a_time(load_application(settings))
    wsgi.serve(application, settings.ports["keystone"], [BIND], threads=8)


if __name__ == "__main__":
    main()
