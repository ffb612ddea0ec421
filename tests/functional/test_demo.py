# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The demonstration as a person runs it: ``python -m devcloud``."""

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READY = "Ctrl-C stops everything."
# Longest silence until the cloud itself says that a service does not start.
SILENCE_SECONDS = 360
STOP_SECONDS = 90


class Demonstration:
    """``python -m devcloud`` with its output, line by line."""

    def __init__(self, temporary, *arguments):
        self.lines = []
        self._queue = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "devcloud", *arguments],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(temporary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    def wait_for(self, text):
        while not (self.lines and text in self.lines[-1]):
            line = self._queue.get(timeout=SILENCE_SECONDS)
            assert line is not None, "\n".join(self.lines) + self.process.stderr.read()
            self.lines.append(line)

    @property
    def output(self):
        return "\n".join(self.lines)

    def end(self, number):
        """Send a signal; return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)

    def services(self):
        """Service name -> process id of the children."""
        return services_of(self.process.pid)


def services_of(parent):
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        with contextlib.suppress(OSError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            named = [word for word in words if word.startswith("devcloud.services.")]
            if int(fields[1]) == parent and named:
                found[named[0].rpartition(".")[2]] = int(entry.name)
    return found


def gone(processes):
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        if not any(is_alive(process) for process in processes):
            return True
        time.sleep(0.05)
    return False


def is_alive(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture
def demonstrate(tmp_path):
    """Start a demonstration whose temporary files are in a folder of their own."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    started = []

    def demonstrate(*arguments):
        started.append(Demonstration(temporary, *arguments))
        return started[-1]

    demonstrate.temporary = temporary
    yield demonstrate
    for demonstration in started:
        demonstration.process.kill()
        demonstration.process.wait()


def test_a_person_is_led_to_horizon_and_nothing_is_left_after_ctrl_c(demonstrate):
    demonstration = demonstrate("--services", "swift,horizon")
    demonstration.wait_for(READY)
    services = demonstration.services()

    assert set(services) == {"keystone", "swift", "horizon"}
    for step in ("keystone", "swift", "horizon", "containers"):
        assert re.search(rf"^  {step} +\d+\.\d s$", demonstration.output, re.MULTILINE), step
    doors = re.findall(r"^  (http://\S+) +you are (\S+)", demonstration.output, re.MULTILINE)
    assert [address for _, address in doors] == [
        "127.0.0.1",
        "127.1.0.5",
        "127.2.0.5",
        "127.9.0.9",
    ]
    for url, _ in doors:
        with urllib.request.urlopen(f"{url}/auth/login/", timeout=30) as page:
            assert b"Password" in page.read()

    assert demonstration.end(signal.SIGINT) == 0
    assert gone(services.values())
    assert list(demonstrate.temporary.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_service_outlives_the_demonstration(demonstrate, number):
    demonstration = demonstrate("--services", "keystone")
    demonstration.wait_for(READY)
    services = demonstration.services()

    assert demonstration.end(number) != 0

    assert set(services) == {"keystone"}
    assert gone(services.values())
    # Nobody can tidy up after SIGKILL.
    assert number == signal.SIGKILL or list(demonstrate.temporary.iterdir()) == []


def test_nothing_is_left_of_a_start_that_is_interrupted(demonstrate):
    demonstration = demonstrate("--services", "keystone")
    demonstration.wait_for("Starting")
    deadline = time.monotonic() + STOP_SECONDS
    while not (services := demonstration.services()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)

    assert demonstration.end(signal.SIGINT) != 0

    assert gone(services.values())
    assert list(demonstrate.temporary.iterdir()) == []
    assert "Traceback" not in demonstration.process.stderr.read()


def test_a_service_that_dies_is_a_sentence_with_a_log_that_is_there(demonstrate):
    demonstration = demonstrate("--services", "keystone")
    demonstration.wait_for(READY)

    os.kill(demonstration.services()["keystone"], signal.SIGKILL)

    assert demonstration.process.wait(STOP_SECONDS) == 1
    sentence = re.fullmatch(
        r"devcloud: keystone was ended by SIGKILL: see its log, (\S+)\n",
        demonstration.process.stderr.read(),
    )
    assert sentence
    assert Path(sentence[1]).exists()
    assert list(demonstrate.temporary.iterdir()) == [Path(sentence[1])]


def test_the_walkthrough_answers_as_expected_and_its_state_can_be_gone_on_from(
    demonstrate, tmp_path
):
    state = ("--services", "swift", "--state", str(tmp_path / "state"))
    walkthrough = demonstrate(*state, "--walkthrough")
    walkthrough.wait_for("steps answered as expected.")

    assert walkthrough.process.wait(STOP_SECONDS) == 0
    assert "You shall not pass!" in walkthrough.output
    assert "127.9.0.9 $ swift list middleware-test" in walkthrough.output

    kept = demonstrate(*state)
    kept.wait_for(READY)

    # What was put in the first time is there, and is not put in again.
    assert not re.search(r"^  containers ", kept.output, re.MULTILINE)
    (variables,) = re.findall(r"^  \. (\S+)$", kept.output, re.MULTILINE)
    command = re.search(r"^  (\S+ -m devcloud.bound \S+ swift list)$", kept.output, re.MULTILINE)
    listing = subprocess.run(
        ["sh", "-c", f". {variables}; {command[1]}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "partner-exchange" in listing.stdout.split()
    assert kept.end(signal.SIGINT) == 0
    assert (tmp_path / "state" / "cloud.json").exists()
