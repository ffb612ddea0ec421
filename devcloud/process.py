# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""One service of the embedded cloud as a child process."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from devcloud.services import PARENT, answers
from devcloud.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
_READY = {"keystone": "/v3", "swift": "/healthcheck", "horizon": "/auth/login/"}


class ServiceProcess:
    """A service that has been started; it may not answer yet.

    Start it from a thread that lives as long as it: for Linux, the end of the thread that forked
    is the death of the parent.
    """

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self._ready_url = settings.url(name) + _READY.get(name, "/")
        with settings.log(name).open("ab") as log:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-W",
                    "ignore",
                    "-m",
                    f"devcloud.services.{name}",
                    settings.state,
                ],
                cwd=ROOT,
                env={**os.environ, PARENT: str(os.getpid())},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C reaches the parent alone, which stops its services in order.
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def end(self) -> str | None:
        """How it ended, in words; None while it lives."""
        code = self._process.poll()
        if code is None:
            return None
        if code < 0:
            return f"was ended by {signal.Signals(-code).name}"
        return f"stopped by itself (exit code {code})"

    def answers(self) -> bool:
        """Whether it answers requests."""
        return answers(self._ready_url)

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()

    def kill(self) -> None:
        """End it without a chance to clean up."""
        self._process.kill()
        self._process.wait()

    def wait(self, seconds: float) -> None:
        """Wait for its end; kill it when the time is up."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
