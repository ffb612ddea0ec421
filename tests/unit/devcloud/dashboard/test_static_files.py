# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from devcloud.dashboard import static_files
from devcloud.settings import Settings


@pytest.fixture
def sources(tmp_path):
    root = tmp_path / "checkout"
    (root / "static").mkdir(parents=True)
    (root / "static" / "whitelist.scss").write_text("a")
    return root


@pytest.fixture
def folder_of(tmp_path, sources):
    def folder_of(**horizon):
        cloud = Settings(tmp_path / "state", ("horizon",), {}, {}, {}, horizon)
        return static_files.folder(cloud, tmp_path / "cache", sources)

    return folder_of


def maker_of(folder):
    """Something that fills the folder, and counts how often."""

    def make():
        make.times += 1
        folder.mkdir(exist_ok=True)
        (folder / "output.css").write_text("made")

    make.times = 0
    return make


def test_clouds_of_the_same_checkout_share_their_files(folder_of):
    assert folder_of() == folder_of()


def test_a_changed_source_is_another_folder(folder_of, sources):
    before = folder_of()
    (sources / "static" / "whitelist.scss").write_text("ab")

    assert folder_of() != before


def test_a_new_source_is_another_folder(folder_of, sources):
    before = folder_of()
    (sources / "templates").mkdir()
    (sources / "templates" / "index.html").touch()

    assert folder_of() != before


def test_another_theme_is_another_folder(folder_of):
    assert folder_of(DEFAULT_THEME="material") != folder_of()


def test_what_no_file_depends_on_makes_no_difference(folder_of):
    assert folder_of(ALLOWED_HOSTS=["127.1.0.5"]) == folder_of()


def test_files_stand_in_the_state_where_the_environment_cannot_be_written(tmp_path, sources):
    (tmp_path / "file").touch()
    cloud = Settings(tmp_path / "state", ("horizon",), {}, {}, {}, {})

    folder = static_files.folder(cloud, tmp_path / "file" / "cache", sources)

    assert folder == tmp_path / "state" / "horizon" / "static"


def test_files_are_made_once(folder_of):
    make = maker_of(folder_of())
    for _ in range(2):
        static_files.provide(folder_of(), make).close()

    assert make.times == 1


def test_files_that_are_served_can_be_served_by_another(folder_of):
    make = maker_of(folder_of())
    with ThreadPoolExecutor() as another, static_files.provide(folder_of(), make):
        another.submit(static_files.provide, folder_of(), make).result(timeout=60).close()

    assert make.times == 1


def test_files_whose_making_broke_off_are_made_again(folder_of):
    make = maker_of(folder_of())

    def break_off():
        make()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        static_files.provide(folder_of(), break_off)
    static_files.provide(folder_of(), make).close()

    assert make.times == 2


@pytest.fixture
def provide_nth(folder_of):
    def provide_nth(number):
        folder = folder_of(NUMBER=number)
        lock = static_files.provide(folder, maker_of(folder))
        os.utime(folder / ".complete", (number, number))
        return folder, lock

    return provide_nth


def test_only_the_newest_are_kept(provide_nth):
    folders = []
    for number in range(5):
        folder, lock = provide_nth(number)
        lock.close()
        folders.append(folder)

    assert [folder.exists() for folder in folders] == [False, False, True, True, True]


def test_files_that_are_served_are_kept(provide_nth):
    served, lock = provide_nth(0)
    for number in range(1, 5):
        provide_nth(number)[1].close()

    assert served.exists()
    lock.close()
