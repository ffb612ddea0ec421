# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import tempfile

import pytest

from devcloud.errors import DevCloudError
from devcloud.state_folder import StateFolder


@pytest.fixture(autouse=True)
def _temporary_files_here(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_a_temporary_folder_is_gone_when_it_is_closed():
    folder = StateFolder(None)
    (folder.path / "keystone").mkdir()

    folder.close()

    assert not folder.path.exists()


def test_a_folder_that_was_named_is_kept(tmp_path):
    folder = StateFolder(tmp_path / "mine")
    (folder.path / "keystone").mkdir()

    folder.close()

    assert (tmp_path / "mine" / "keystone").exists()


def test_a_folder_in_use_is_a_sentence(tmp_path):
    folder = StateFolder(tmp_path)

    with pytest.raises(DevCloudError, match="in use by another embedded cloud"):
        StateFolder(tmp_path)
    folder.close()


def test_a_folder_can_be_used_again(tmp_path):
    StateFolder(tmp_path).close()

    StateFolder(tmp_path).close()


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(DevCloudError, match="cannot be used: Not a directory"):
        StateFolder(tmp_path / "file")


def test_a_log_outlives_a_temporary_folder():
    folder = StateFolder(None)
    log = folder.path / "logs" / "swift.log"
    log.write_text("why it died")

    preserved = folder.preserved(log)
    folder.close()

    assert preserved.name.startswith("ipcontrol-swift-")
    assert preserved.read_text() == "why it died"


def test_a_log_stays_in_a_folder_that_is_kept(tmp_path):
    folder = StateFolder(tmp_path)
    log = folder.path / "logs" / "swift.log"

    assert folder.preserved(log) == log
    folder.close()
