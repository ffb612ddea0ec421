# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""One module a service, each run as a process of its own.

``python -m devcloud.services.<name> STATE`` writes the service's configuration into the state
folder, makes or keeps its data there, listens on its port of ``cloud.json`` and stays until it is
terminated. What it prints goes to its log. `devcloud.cloud` tells that it is ready by its port
answering.
"""

import ctypes
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from devcloud.settings import Settings

# The environment variable with the process id of the cloud that started a service.
PARENT = "DEVCLOUD_PARENT"
_PR_SET_PDEATHSIG = 1
_POLL_SECONDS = 0.05


def settings_from_command_line() -> Settings:
    """The settings of the cloud that this process belongs to; dies when its cloud does.

    The command line is cut off: OpenStack's services would read it as theirs.
    """
    state = Path(sys.argv[1])
    del sys.argv[1:]
    _die_with_parent()
    return Settings.load(state)


def _die_with_parent() -> None:
    parent = os.environ.get(PARENT)
    if parent is None:
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(parent):
        sys.exit("devcloud: the process that started this service is gone")


def wait_until_up(url: str, timeout: float = 300) -> None:
    """Wait until a service answers a request, whatever it answers.

    Raises:
        TimeoutError: it did not within ``timeout`` seconds.
    """
    deadline = time.monotonic() + timeout
    while not answers(url):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{url} does not answer")
        time.sleep(_POLL_SECONDS)


def answers(url: str) -> bool:
    """Whether a service answers, with an error or without."""
    try:
        urllib.request.urlopen(url, timeout=60).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
