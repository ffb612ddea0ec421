# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The releases of OpenStack are told in one place, and everything agrees with it."""

import re

import pytest

from tools import constraints

UPPER = """\
Django===4.2.19
horizon===25.3.2
SQLAlchemy===2.0.38;python_version>='3.10'
pytest===8.3.4
XStatic-JQuery.quicksearch===2.0.3.2
"""
PAGES = [constraints.README, *sorted((constraints.ROOT / "docs").rglob("*.md"))]


class TestBounds:
    def test_keep_openstacks_constraints(self):
        kept = constraints.bounds(UPPER, {"nova": "31"})
        assert "SQLAlchemy===2.0.38;python_version>='3.10'" in kept
        assert "XStatic-JQuery.quicksearch===2.0.3.2" in kept

    def test_let_the_tools_of_the_tests_be_the_newest(self):
        assert not [each for each in constraints.bounds(UPPER, {}) if "pytest" in each]

    def test_take_the_newest_of_a_services_series(self):
        found = constraints.bounds(UPPER, {"horizon": "25.3"})
        assert [each for each in found if "horizon" in each] == ["horizon==25.3.*"]


class TestReleases:
    def test_have_a_file_each(self):
        files = {file.stem for file in constraints.FOLDER.glob("20*.txt")}
        assert files == set(constraints.releases())

    def test_stand_oldest_first(self):
        assert list(constraints.releases()) == sorted(constraints.releases())

    @pytest.mark.parametrize("release", constraints.releases())
    def test_are_pinned_in_their_series(self, release):
        pinned = constraints.versions(release)
        for service, series in constraints.releases()[release].items():
            assert f"{pinned[service]}.".startswith(f"{series}."), service


class TestReadme:
    def test_has_the_table_of_the_releases(self):
        page = constraints.README.read_text()
        assert all(f"| {release} |" in page for release in constraints.releases())
        assert constraints.with_table(page) == page

    def test_gets_a_table_in_place_of_the_old_one(self):
        page = "before\n\n| OpenStack | Nova |\n| --- | --- |\n| 2014.1 | 0 |\n\nafter\n"
        changed = constraints.with_table(page)
        assert "2014.1" not in changed
        assert changed.startswith("before\n\n| OpenStack | Horizon | Swift | Nova |\n| --- |")
        assert changed.endswith("|\n\nafter\n")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_another_oldest_release(page):
    oldest = next(iter(constraints.releases().values()))
    told = re.findall(r"(Horizon|Swift|Nova) ([\d.]+\d)\)? and later", page.read_text())
    assert [each for each in told if oldest[each[0].lower()] != each[1]] == []


def test_a_release_that_is_not_known_is_said(capsys):
    assert constraints.main("2014.1") == 1
    assert "Choose a release of 2025.1" in capsys.readouterr().err


def test_constraints_that_cannot_be_read_are_said(capsys, tmp_path):
    before = (constraints.FOLDER / "2025.1.txt").read_bytes()
    assert constraints.main("2025.1", str(tmp_path / "none.txt")) == 1
    assert "make constraints UPPER=" in capsys.readouterr().err
    assert (constraints.FOLDER / "2025.1.txt").read_bytes() == before
