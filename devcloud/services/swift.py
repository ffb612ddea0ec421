# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Swift: the account, container and object servers and the proxies, in one eventlet process.

``POST /stop/<server>`` and ``/start/<server>`` on the address in ``swift/control`` take a server
down and up again: ``account``, ``container``, ``object`` or a proxy's name. ``POST
/delay/<server>/<seconds>/<count>`` has it hold back the next answers to HEAD.
"""

import signal
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

from devcloud.services import settings_from_command_line
from devcloud.settings import BIND, Settings


def prepare(settings: Settings) -> None:
    """Point Swift to this cloud's swift.conf, and patch the process, before anything reads it."""
    from devcloud.object_store import config

    path = config.write_swift_conf(settings)
    from swift.common import utils

    utils.SWIFT_CONF_FILE = str(path)
    utils.HASH_PATH_PREFIX = utils.HASH_PATH_SUFFIX = b""
    utils.validate_hash_conf()
    utils.monkey_patch()
    utils.disable_fallocate()
    from swift.common import constraints, storage_policy

    constraints.reload_constraints()
    storage_policy.reload_storage_policies()


class HeldBack:
    """Holds back answers to HEAD, each after it was made, as a server under load may do.

    Attributes:
        delays: of the next answers, in seconds.
    """

    def __init__(self, app) -> None:
        self._app = app
        self.delays: list[float] = []

    def __call__(self, environ, start_response):
        """Answer a request."""
        import eventlet

        answer = self._app(environ, start_response)
        if environ["REQUEST_METHOD"] == "HEAD" and self.delays:
            eventlet.sleep(self.delays.pop())
        return answer


class Servers:
    """The servers of this process, each on a port of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._configurations: dict[str, tuple[Path, int]] = {}
        self._running: dict[str, tuple] = {}
        self._applications: dict[str, HeldBack] = {}

    def add(self, name: str, configuration: Path, port: int) -> None:
        """Add a server and start it."""
        self._configurations[name] = (configuration, port)
        self.start(name)

    def start(self, name: str) -> None:
        """Load a server anew and serve it."""
        import eventlet
        from eventlet import wsgi
        from swift.common.http_protocol import SwiftHttpProtocol
        from swift.common.utils import NullLogger
        from swift.common.wsgi import loadapp

        configuration, port = self._configurations[name]
        application = self._applications[name] = HeldBack(loadapp(str(configuration)))
        listener = eventlet.listen((BIND, port), reuse_port=False)
        pool = eventlet.GreenPool(256)
        green_thread = eventlet.spawn(
            wsgi.server,
            listener,
            application,
            NullLogger(),
            protocol=SwiftHttpProtocol,
            capitalize_response_headers=False,
            log_output=False,
            custom_pool=pool,
        )
        self._running[name] = (listener, green_thread, pool)

    def stop(self, name: str) -> None:
        """Stop listening and drop the connections."""
        listener, green_thread, pool = self._running.pop(name)
        green_thread.kill()
        listener.close()
        for connection in list(pool.coroutines_running):
            connection.kill()

    def delay(self, name: str, seconds: str, count: str) -> None:
        """Hold back the next answers to HEAD."""
        self._applications[name].delays = [float(seconds)] * int(count)

    def control(self, environ, start_response):
        """Serve the requests of the module's text."""
        _, action, *arguments = environ["PATH_INFO"].split("/")
        actions: dict[str, Callable[..., None]]
        actions = {"start": self.start, "stop": self.stop, "delay": self.delay}
        actions[action](*arguments)
        start_response("204 No Content", [])
        return []

    def listen_for_control(self) -> None:
        """Serve `control` on a free port."""
        import eventlet
        from eventlet import wsgi

        listener = eventlet.listen((BIND, 0))
        eventlet.spawn(wsgi.server, listener, self.control, log_output=False)
        port = listener.getsockname()[1]
        (self._settings.folder("swift") / "control").write_text(f"http://{BIND}:{port}")


def main() -> None:
    """Run Swift."""
    warnings.simplefilter("ignore")
    settings = settings_from_command_line()
    prepare(settings)
    import eventlet

    from devcloud.object_store import config

    servers = Servers(settings)
    for kind in config.STORAGE_TYPES:
        path = config.write_storage(settings, kind)
        servers.add(kind, path, settings.ports[f"{kind}-server"])
    servers.listen_for_control()
    for name in settings.proxies:
        servers.add(name, config.write_proxy(settings, name), settings.ports[name])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    while True:
        eventlet.sleep(3600)


if __name__ == "__main__":
    main()
