# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Check the release notes and write them as one page: `make releasenotes`.

reno takes a note's version from git's tags. Here the name of the note's file begins with it, so
that an archive without history tells the same: `reno new 1.1.0-what-changed` makes a note of
1.1.0. reno is told by its cache, the file that it reads where it has no history.
"""

import re
import sys
from argparse import Namespace
from pathlib import Path

import yaml
from reno import config, formatter, linter, loader

ROOT = Path(__file__).resolve().parents[1]
TITLE = "Release Notes"
_NAME = re.compile(r"(\d+\.\d+\.\d+)-[a-z0-9-]+-[0-9a-f]{16}")


def notes_by_version(root: Path) -> dict[str, list[Path]]:
    """The notes' files by version, the newest version first.

    Raises:
        ValueError: a file's name does not tell of which version it is.
    """
    found: dict[str, list[Path]] = {}
    for path in sorted((root / "releasenotes" / "notes").glob("*.yaml")):
        named = _NAME.fullmatch(path.stem)
        if not named:
            raise ValueError(f"{path.name}: make it with `reno new 1.1.0-what-changed`")
        found.setdefault(named[1], []).append(path)
    newest_first = sorted(found, key=lambda version: [*map(int, version.split("."))], reverse=True)
    return {version: found[version] for version in newest_first}


def write_cache(root: Path) -> None:
    """Tell reno of which version each note is."""
    notes, contents = [], {}
    for version, paths in notes_by_version(root).items():
        names = [str(path.relative_to(root)) for path in paths]
        notes.append({"version": version, "files": [[name, version] for name in names]})
        for name, path in zip(names, paths, strict=True):
            contents[name] = yaml.safe_load(path.read_text(encoding="utf-8"))
    cache = {"notes": notes, "dates": [], "file-contents": contents}
    target = Path(loader.get_cache_filename(config.Config(str(root))))
    target.write_text(yaml.safe_dump(cache, allow_unicode=True), encoding="utf-8")


def write_report(root: Path, target: Path) -> None:
    """Write all notes of a source tree as one page, in reStructuredText."""
    write_cache(root)
    settings = config.Config(str(root))
    with loader.Loader(settings) as notes:
        text = formatter.format_report(
            notes, settings, notes.versions, title=TITLE, show_source=False
        )
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8")


def main() -> int:
    """Check the notes, and write the page to build/.

    Returns:
        The exit status.
    """
    # reno's own check opens the repository, though it looks at files alone.
    if (ROOT / ".git").exists() and linter.lint_cmd(Namespace(), config.Config(str(ROOT))):
        return 1
    target = ROOT / "build" / "CHANGELOG.rst"
    write_report(ROOT, target)
    print(target.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
