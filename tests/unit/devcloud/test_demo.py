# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import contextlib
import socket
from types import SimpleNamespace

import pytest

from devcloud import demo, walkthrough
from devcloud.cloud import DevCloudError
from devcloud.settings import BIND, DEFAULT_HOSTS, SERVICES


def test_all_services_run_unless_told_otherwise():
    options = demo._parse([])

    assert options.services == SERVICES
    assert options.hosts == DEFAULT_HOSTS


def test_a_walkthrough_does_without_horizon():
    assert demo._parse(["--walkthrough"]).services == tuple(
        name for name in SERVICES if name != "horizon"
    )


def test_services_are_separated_by_commas():
    assert demo._parse(["--services", "swift, horizon"]).services == ("swift", "horizon")


def test_computes_are_counted_by_prefix():
    assert demo._parse(["--hosts", "doc:20,ops:3"]).hosts == {"doc": 20, "ops": 3}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--services", "cinder"], 'there is no service "cinder": choose from keystone'),
        (["--hosts", "doc"], '"doc" is not PREFIX:NUMBER, such as doc:2'),
        (["--hosts", "doc:-1"], '"doc:-1" is not PREFIX:NUMBER'),
        (["--hosts", ":2"], '":2" is not PREFIX:NUMBER'),
        (["--port", "http"], "invalid int value"),
    ],
)
def test_what_cannot_be_understood_is_said(capsys, arguments, said):
    with pytest.raises(SystemExit) as end:
        demo.main(arguments)

    assert end.value.code == 2
    assert said in capsys.readouterr().err


def test_a_taken_port_is_one_sentence_and_no_success(capsys):
    with socket.create_server((BIND, 0)) as listener:
        port = listener.getsockname()[1]

        code = demo.main(["--services", "horizon", "--port", str(port)])

    assert code == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"devcloud: Port {port} of 127.0.0.1, for horizon, is taken")


class FakeCloud(contextlib.AbstractContextManager):
    """A cloud without services, so that nothing is put into it."""

    def __init__(self, state):
        self.state = state
        self.settings = SimpleNamespace(services=())
        self.dead = False

    def __exit__(self, *_):
        return None

    def check(self):
        if self.dead:
            raise DevCloudError("swift stopped by itself")


@pytest.fixture
def cloud(tmp_path, monkeypatch):
    cloud = FakeCloud(tmp_path)
    monkeypatch.setattr(demo, "Cloud", lambda **options: cloud)
    return cloud


@pytest.mark.parametrize(("went_well", "code"), [(True, 0), (False, 1)])
def test_the_walkthroughs_success_is_the_commands(cloud, monkeypatch, went_well, code):
    monkeypatch.setattr(walkthrough, "play", lambda cloud: went_well)

    assert demo.main(["--walkthrough"]) == code


def test_an_error_because_of_a_dead_service_is_about_that_service(cloud, monkeypatch, capsys):
    def play(cloud):
        cloud.dead = True
        raise ConnectionError("refused")

    monkeypatch.setattr(walkthrough, "play", play)

    assert demo.main(["--walkthrough"]) == 1
    assert capsys.readouterr().err == "devcloud: swift stopped by itself\n"


def test_a_walkthrough_that_ends_with_a_dead_service_does_not_succeed(cloud, monkeypatch):
    def play(cloud):
        cloud.dead = True
        return True

    monkeypatch.setattr(walkthrough, "play", play)

    assert demo.main(["--walkthrough"]) == 1


def test_an_interrupted_walkthrough_does_not_succeed(cloud, monkeypatch):
    def play(cloud):
        raise KeyboardInterrupt

    monkeypatch.setattr(walkthrough, "play", play)

    assert demo.main(["--walkthrough"]) != 0


def test_ctrl_c_ends_the_stay_with_success(cloud, monkeypatch):
    def sleep(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(demo.time, "sleep", sleep)
    monkeypatch.setattr(demo.guide, "lines", lambda cloud, doors: [])

    assert demo.main([]) == 0


def test_a_service_that_dies_ends_the_stay_with_its_name(cloud, monkeypatch, capsys):
    cloud.dead = True
    monkeypatch.setattr(demo.guide, "lines", lambda cloud, doors: [])

    assert demo.main([]) == 1
    assert "swift stopped by itself" in capsys.readouterr().err


def test_a_kept_cloud_is_filled_once(cloud, monkeypatch):
    filled = []
    cloud.settings.services = ("swift",)
    monkeypatch.setattr("devcloud.seed.seed", filled.append)

    demo._fill(cloud)
    demo._fill(cloud)

    assert filled == [cloud]
