# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import signal
import tempfile

import pytest

from devcloud import cloud as cloud_module
from devcloud.cloud import Cloud, DevCloudError


@pytest.fixture(autouse=True)
def _temporary_files_here(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


class Ended:
    """A service that has ended."""

    end = "stopped by itself (exit code 3)"

    def terminate(self):
        pass

    def wait(self, seconds):
        pass


@pytest.fixture
def broken(monkeypatch):
    """A cloud whose services all end at once."""

    def process(name, settings):
        settings.log(name).write_text("why")
        return Ended()

    monkeypatch.setattr(cloud_module, "ServiceProcess", process)
    return Cloud(services=("swift",))


def test_a_service_that_does_not_exist_is_a_sentence():
    with pytest.raises(DevCloudError, match='There is no service "cinder": choose from keystone'):
        Cloud(services=("cinder",)).start()


def test_a_service_that_is_not_installed_is_a_sentence(monkeypatch):
    monkeypatch.setitem(cloud_module._PACKAGES, "swift", "not_installed")

    with pytest.raises(DevCloudError, match=r"swift is not installed .* `make demo`"):
        Cloud(services=("swift",)).start()


def test_a_service_that_dies_is_a_sentence_with_its_log(broken, tmp_path):
    with pytest.raises(
        DevCloudError, match=r"^keystone stopped by itself \(exit code 3\): see its log, (.+)$"
    ) as error:
        broken.__enter__()

    (log,) = tmp_path.glob("ipcontrol-keystone-*.log")
    assert str(error.value).endswith(str(log))
    assert log.read_text() == "why"


def test_nothing_but_that_log_is_left(broken, tmp_path):
    with pytest.raises(DevCloudError):
        broken.__enter__()

    assert [path.suffix for path in tmp_path.iterdir()] == [".log"]


def test_nothing_is_left_of_a_cloud_that_could_not_have_its_port(tmp_path, monkeypatch):
    with pytest.raises(DevCloudError):
        Cloud(services=("horizon",), horizon_port=65536).__enter__()

    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_of_a_clouds_signal_handlers():
    before = signal.getsignal(signal.SIGTERM)

    with pytest.raises(DevCloudError):
        Cloud(services=("horizon",), horizon_port=65536).__enter__()

    assert signal.getsignal(signal.SIGTERM) is before
