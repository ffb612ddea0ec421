# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Pin what a release of OpenStack is tested with: `make constraints RELEASE=2025.1`.

The services are the newest of their series in constraints/releases.toml. All other packages
are those of OpenStack's upper constraints for the release, which its operators have too; with
the newest release, the newest that fit, so that what will break is seen early. The tools of the
tests are the newest everywhere. README's table of the releases follows.

OpenStack's upper constraints come from releases.openstack.org, or from a file or address that
UPPER names, such as a checkout of openstack/requirements.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import urllib.request
import venv
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "constraints"
UPPER = "https://releases.openstack.org/constraints/upper/{}"
# What only tests.
TOOLS = frozenset({"cheroot", "hypothesis", "pytest", "pytest-django", "pytest-xdist", "selenium"})
# pip before and since 25.3.
BUILD = dict.fromkeys(("PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT"), str(FOLDER / "build.txt"))
EXTRAS = {True: "test,lint,dist,fuzz,mutants,upstream,docs", False: "test"}
README = ROOT / "README.md"
SHOWN = ("Horizon", "Swift", "Nova")
_HEADER = """\
# What the project is tested with on OpenStack {release}; `make constraints RELEASE={release}`
# makes it anew.
"""


def releases() -> dict[str, dict[str, str]]:
    """The services' series by release, oldest first."""
    return tomllib.loads((FOLDER / "releases.toml").read_text(encoding="utf-8"))


def main(release: str, upper: str = "") -> int:
    """Write a release's file.

    Returns:
        The exit status.
    """
    series = releases()
    if release not in series:
        print(f"Choose a release of {', '.join(series)}.", file=sys.stderr)
        return 1
    newest = release == list(series)[-1]
    try:
        given = "" if newest else read(upper or UPPER.format(release))
    except OSError as error:
        hint = "Name a file or an address: make constraints UPPER=…"
        print(f"OpenStack's constraints cannot be read: {error}. {hint}", file=sys.stderr)
        return 1
    pinned = resolve(bounds(given, series[release]), EXTRAS[newest])
    lines = [f"{name}=={pinned[name]}\n" for name in sorted(pinned, key=str.lower)]
    target = FOLDER / f"{release}.txt"
    target.write_text(_HEADER.format(release=release) + "".join(lines), encoding="utf-8")
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{target.relative_to(ROOT)}: {len(lines)} packages")
    return 0


def read(where: str) -> str:
    """The text of a file or an address."""
    if "://" in where:
        with urllib.request.urlopen(where, timeout=60) as answer:  # noqa: S310
            return answer.read().decode()
    return Path(where).read_text(encoding="utf-8")


def bounds(upper: str, series: Mapping[str, str]) -> list[str]:
    """The constraints under which pip chooses: OpenStack's, with the services' series."""
    free = {normal(name) for name in (*series, *TOOLS)}
    kept = [line for line in upper.splitlines() if normal(_name(line)) not in free]
    return [*kept, *(f"{name}=={version}.*" for name, version in series.items())]


def resolve(constraints: Iterable[str], extras: str) -> dict[str, str]:
    """What pip would install in an empty environment: versions by name."""
    with tempfile.TemporaryDirectory() as folder:
        # The XStatic packages build themselves from those that are installed.
        venv.create(folder, with_pip=True)
        file, report = Path(folder, "constraints.txt"), Path(folder, "report.json")
        file.write_text("\n".join(constraints), encoding="utf-8")
        command = [Path(folder, "bin", "python"), "-m", "pip", "install", "--dry-run"]
        options = [f"--constraint={file}", f"--report={report}", f"{ROOT}[{extras}]"]
        subprocess.run([*command, *options], check=True, env={**os.environ, **BUILD})
        chosen = [each["metadata"] for each in json.loads(report.read_text())["install"]]
    return {
        each["name"]: each["version"] for each in chosen if each["name"] != "ipcontrol-dashboard"
    }


def with_table(page: str) -> str:
    """A page with its table of the releases as it is now: the one that begins with OpenStack."""
    rows = [["OpenStack", *SHOWN], ["---"] * (len(SHOWN) + 1)]
    for release in releases():
        pinned = versions(release)
        rows.append([release, *(pinned[name.lower()] for name in SHOWN)])
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return re.sub(r"^\| OpenStack \|.*\n(\|.*\n)*", table, page, flags=re.MULTILINE)


def versions(release: str) -> dict[str, str]:
    """A release's versions by name."""
    lines = (FOLDER / f"{release}.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if "==" in line)


def normal(name: str) -> str:
    """A package's name as PyPI compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _name(line: str) -> str:
    return re.match(r"[\w.-]*", line)[0]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
