# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Whether the engine's own tests notice small changes of its code: `make mutants`.

mutmut (`[tool.mutmut]` in pyproject.toml) makes the changes and runs the tests. This names those
that survive, and fails where they are too many.
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

MOST_PERCENT = 2
# All else may have gone unnoticed: mutmut calls it a timeout, too, where it could not run the
# tests.
_NOTICED = "killed"


def main() -> int:
    """Run mutmut, and name the survivors.

    Returns:
        The exit status.
    """
    mutmut = Path(sys.executable).with_name("mutmut")
    subprocess.run([mutmut, "run"], check=True)
    command = [mutmut, "results", "--all", "true"]
    listed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    verdicts = dict(read(listed.splitlines()))
    survivors = [name for name, verdict in verdicts.items() if verdict != _NOTICED]
    percent = 100 * len(survivors) / len(verdicts)
    for name in survivors:
        print(f"{verdicts[name]}: {name}")
    print(f"{len(survivors)} of {len(verdicts)} changes survive: {percent:.1f} %")
    return int(percent >= MOST_PERCENT)


def read(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    """The name of each change, and what became of it."""
    for line in lines:
        name, colon, verdict = line.strip().partition(": ")
        if colon:
            yield name, verdict


if __name__ == "__main__":
    sys.exit(main())
