# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Whether the engine's own tests notice small changes of its code: `make mutants`.

mutmut (`[tool.mutmut]` in pyproject.toml) makes the changes and runs the tests. This names those
that survive, and fails where they are too many.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# Where mutmut keeps, in a file for each module, how the tests of each change have ended.
FOLDER = Path("mutants")
MOST_PERCENT = 2
# A test failed, or raised while it was collected; or the change made an endless loop, which the
# system ended (SIGXCPU). All else may have gone unnoticed: mutmut's own word "timeout" also
# stands for tests that it could not run.
_NOTICED = frozenset({1, 3, 24, -24, 152})


def main() -> int:
    """Run mutmut, and name the survivors.

    Returns:
        The exit status.
    """
    subprocess.run([Path(sys.executable).with_name("mutmut"), "run"], check=True)
    ends = dict(read(FOLDER))
    survivors = {name: end for name, end in ends.items() if end not in _NOTICED}
    percent = 100 * len(survivors) / len(ends)
    for name, end in survivors.items():
        print(name if end == 0 else f"{name} (its tests ended with {end})")
    print(f"{len(survivors)} of {len(ends)} changes survive: {percent:.1f} %")
    return int(percent >= MOST_PERCENT)


def read(folder: Path) -> Iterator[tuple[str, int | None]]:
    """The name of each change, and the exit status of its tests; None where they did not run."""
    for file in sorted(folder.rglob("*.meta")):
        yield from json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"].items()


if __name__ == "__main__":
    sys.exit(main())
