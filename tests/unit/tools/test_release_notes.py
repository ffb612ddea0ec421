# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Release notes: read without git, checked as reno does, of the version that is released."""

import re
from pathlib import Path

import pytest
import yaml

from ipcontrol import __version__

pytest.importorskip("reno", reason="the environment of the newest release alone has it")

from reno import config

from tools import release_notes

ROOT = Path(__file__).parents[3]
NOTES = sorted((ROOT / "releasenotes" / "notes").glob("*.yaml"))
SECTIONS = {section.name for section in config.Config(str(ROOT)).sections}


@pytest.fixture
def tree(tmp_path):
    """A source tree without history, and a way to put notes into it."""
    folder = tmp_path / "releasenotes" / "notes"
    folder.mkdir(parents=True)

    def note(name, number, **sections):
        (folder / f"{name}-{number:016x}.yaml").write_text(yaml.safe_dump(sections))
        return tmp_path

    return note


def report(root):
    release_notes.write_report(root, root / "build" / "CHANGELOG.rst")
    return (root / "build" / "CHANGELOG.rst").read_text()


@pytest.mark.parametrize("path", NOTES, ids=lambda path: path.stem)
class TestNotes:
    def test_have_renos_sections_alone_and_texts_in_them(self, path):
        note = yaml.safe_load(path.read_text())
        assert note.keys() <= SECTIONS | {"prelude"}
        assert isinstance(note.get("prelude", ""), str)
        texts = [each for name in note.keys() - {"prelude"} for each in note[name]]
        assert all(isinstance(each, str) for each in texts)

    def test_have_a_number_of_their_own(self, path):
        assert [each for each in NOTES if each.stem[-16:] == path.stem[-16:]] == [path]


def test_the_newest_notes_are_of_the_version_that_the_code_tells():
    assert next(iter(release_notes.notes_by_version(ROOT))) == __version__


def test_every_version_begins_with_what_it_is_about():
    for paths in release_notes.notes_by_version(ROOT).values():
        assert [path for path in paths if "prelude" in yaml.safe_load(path.read_text())]


def test_the_page_has_no_code_as_markdown_writes_it():
    assert re.findall(r"(?<!`)`(?![`_])[^`\n]+`(?![`_])", report(ROOT)) == []


def test_a_note_stands_under_the_version_in_its_files_name(tree):
    tree("1.0.0-first", 1, features=["a"])
    tree("1.10.0-tenth", 2, fixes=["b"])
    page = report(tree("1.9.0-ninth", 3, fixes=["c"]))
    assert re.findall(r"^1\.[\d.]+$|^- .$", page, re.MULTILINE) == [
        *("1.10.0", "- b"),
        *("1.9.0", "- c"),
        *("1.0.0", "- a"),
    ]


def test_a_note_without_a_version_is_refused(tree):
    with pytest.raises(ValueError, match="reno new"):
        report(tree("no-version", 1, fixes=["b"]))
