# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A door on loopback through which tests stop and start the parts of the Nova process."""

import json
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Action = Callable[..., None]


def listen(address_file: Path, actions: Mapping[str, Action]) -> None:
    """Serve ``POST /<action>`` with the action's arguments as a JSON object, on a free port.

    The address is written to ``address_file``. A failed action answers 400 with the reason.
    """
    handler = type("Handler", (_Handler,), {"actions": actions})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    address_file.write_text(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, name="control", daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    actions: Mapping[str, Action]

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            self.actions[self.path.strip("/")](**json.loads(content))
        except Exception as error:
            self._answer(HTTPStatus.BAD_REQUEST, f"{type(error).__name__}: {error}")
        else:
            self._answer(HTTPStatus.OK, "")

    def log_message(self, *args: object) -> None:
        """Stay out of the service's output."""

    def _answer(self, status: HTTPStatus, text: str) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
