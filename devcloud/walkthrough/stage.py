# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Plays one step after the other, and keeps account of answers that were not expected."""

import shlex
import subprocess
import textwrap
from collections.abc import Callable

from devcloud.addresses import environment, run_from
from devcloud.cloud import Cloud

_WIDTH = 92
_INDENT = "    "


class Stage:
    """Where a chapter is played.

    Args:
        cloud: the running cloud.
        write: takes each line.

    Attributes:
        steps: how many steps were played.
        surprises: the numbers of those that answered otherwise than expected.
    """

    def __init__(self, cloud: Cloud, write: Callable[[str], None]) -> None:
        self.cloud = cloud
        self.steps = 0
        self.surprises: list[int] = []
        self._write = write
        self._variables: dict[str, str] = {}

    def open(self, title: str) -> None:
        """Begin a chapter."""
        self._write(f"\n{title}\n{'=' * len(title)}")
        self._variables = {}

    def tell(self, text: str) -> None:
        """Say in plain words what comes next; one step follows."""
        self.steps += 1
        number = f"{self.steps}.".ljust(len(_INDENT))
        self._write(
            "\n" + textwrap.fill(text, _WIDTH, initial_indent=number, subsequent_indent=_INDENT)
        )

    def run(
        self,
        source: str,
        command: str,
        answer: str = "",
        refused: bool = False,
        user: str = "alice",
        project: str = "lab",
    ) -> str:
        """Run a command from an address, print both and what it answered.

        Args:
            source: the address that the command's connections come from.
            command: as a person types it.
            answer: what must stand in the output.
            refused: whether the command must fail.
            user: who runs it.
            project: the user's project.

        Returns:
            What it answered.
        """
        variables = environment(self.cloud, user, project)
        self._export(variables)
        self._write(f"{_INDENT}{source} $ {command}")
        result = run_from(source, shlex.split(command), variables)
        output = _output(result)
        for line in output.splitlines():
            self._write(f"{_INDENT}{line}")
        wanted = "refused" if refused else "done"
        quoted = f', with "{answer}" in the answer' if answer else ""
        self.expect(bool(result.returncode) == refused and answer in output, wanted + quoted)
        return output

    def show(self, text: str) -> None:
        """Print something else that belongs to the step."""
        self._write(textwrap.indent(text, _INDENT))

    def expect(self, fulfilled: bool, expectation: str) -> None:
        """Say whether something is as expected, in words that follow "expected:"."""
        if fulfilled:
            self._write(f"{_INDENT}-> as expected: {expectation}")
        else:
            self.surprises.append(self.steps)
            self._write(f"{_INDENT}-> UNEXPECTED; this was expected: {expectation}")

    def close(self) -> None:
        """Say how it went."""
        if self.surprises:
            numbers = ", ".join(map(str, dict.fromkeys(self.surprises)))
            self._write(f"\nNot as expected: step {numbers} of {self.steps}.")
        else:
            self._write(f"\nAll {self.steps} steps answered as expected.")

    def _export(self, variables: dict[str, str]) -> None:
        """Print how a shell gets these variables, but for those that it has."""
        changed = dict(variables.items() - self._variables.items())
        self._variables = variables
        if not changed:
            return
        assignments = [f"{name}={shlex.quote(changed[name])}" for name in sorted(changed)]
        self._write(
            textwrap.fill(
                f"export {' '.join(assignments)}",
                _WIDTH,
                initial_indent=_INDENT,
                subsequent_indent=_INDENT + "  ",
                break_long_words=False,
                break_on_hyphens=False,
            )
        )


def _output(result: subprocess.CompletedProcess) -> str:
    return "\n".join(filter(None, [result.stdout.strip(), result.stderr.strip()]))
