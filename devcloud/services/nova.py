# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Nova: the API, the conductor, the scheduler and the computes, in one process.

The API listens on 127.0.0.1 and on ::1, where the machine has it.
"""

import os
import socket
import sys

from devcloud import ini, releases, sqlite
from devcloud.compute import config
from devcloud.services import settings_from_command_line, wait_until_up, wsgi
from devcloud.settings import BIND, TRUSTED_PROXIES, Settings

BIND6 = "::1"


def write_configuration(settings: Settings) -> None:
    """Write nova.conf and api-paste.ini. Horizon speaks for its users from 127.0.0.1."""
    folder = settings.folder("nova")
    (folder / "instances").mkdir(exist_ok=True)
    ini.write(folder / "nova.conf", config.nova_conf(settings))
    trusted = ", ".join(TRUSTED_PROXIES)
    ini.write(folder / "api-paste.ini", config.api_paste(trusted, settings.nova_filters))


def load_configuration(settings: Settings) -> None:
    """Import Nova and read its configuration."""
    folder = settings.folder("nova")
    os.environ["OS_NOVA_CONFIG_DIR"] = str(folder)
    arguments = [sys.argv[0], "--config-file", str(folder / "nova.conf")]
    releases.choose_nova_threads()
    import os_vif
    from nova import conf, objects
    from nova import config as nova_config
    from oslo_log import log
    from oslo_service import _options

    import devcloud.compute.driver  # noqa: F401

    nova_config.parse_args(arguments, default_config_files=[])
    conf.CONF.register_opts(_options.service_opts)
    log.setup(conf.CONF, "nova")
    objects.register_all()
    os_vif.initialize()


def start_daemons(settings: Settings) -> None:
    """Start all but the API, and open the door for faults."""
    from devcloud.compute import control, daemons, database, outage

    sqlite.begin_writers_immediately()
    failures = outage.Outage()
    database.migrate(settings)
    daemons.write_node_identity(settings.folder("nova"))
    running = daemons.Daemons(settings.computes)
    for needed in ("keystone", "placement"):
        wait_until_up(settings.url(needed))
    running.start_all()
    control.listen(
        settings.folder("nova") / "control",
        {
            "start": running.start,
            "stop": running.stop,
            "database_down": failures.begin,
            "database_up": failures.end,
        },
    )


def binds(port: int) -> list[str]:
    """The addresses that the API can listen on."""
    try:
        socket.create_server((BIND6, port), family=socket.AF_INET6).close()
    except OSError:
        return [BIND]
    return [BIND, BIND6]


def main() -> None:
    """Run Nova."""
    settings = settings_from_command_line()
    write_configuration(settings)
    load_configuration(settings)
    start_daemons(settings)
    port = settings.ports["nova"]
    wsgi.serve(releases.nova_application(), port, binds(port), threads=16)


if __name__ == "__main__":
    main()
