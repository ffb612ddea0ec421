# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import stat

from devcloud import ini


def test_sections_and_options_stand_as_given(tmp_path):
    path = ini.write(tmp_path / "a.conf", {"DEFAULT": {"workers": 0}, "app": {"use": "egg:x"}})

    assert path.read_text() == "[DEFAULT]\nworkers = 0\n\n[app]\nuse = egg:x\n"


def test_a_list_is_an_option_that_stands_several_times(tmp_path):
    path = ini.write(tmp_path / "a.conf", {"s": {"filters": ["one", "two"]}})

    assert "filters = one\nfilters = two\n" in path.read_text()


def test_only_its_owner_reads_a_configuration(tmp_path):
    path = ini.write(tmp_path / "a.conf", {"s": {"password": "secret"}})

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
