# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import pytest

from devcloud.settings import DEFAULT_PROXIES, SERVICES, Proxy, Settings, port_names, with_needs


@pytest.fixture
def settings(tmp_path):
    return Settings(
        state=tmp_path,
        services=("keystone", "swift"),
        hosts={"doc": 2, "ops": 1},
        proxies={"swift": Proxy(options={"ip_whitelist": {"mode": "audit"}})},
        ports={"keystone": 5000, "swift": 8080},
        horizon={"DEBUG": True},
    )


def test_what_was_saved_is_loaded(settings):
    settings.save()

    assert Settings.load(settings.state) == settings


def test_a_folder_holds_a_cloud_once_its_settings_are_saved(settings):
    assert not Settings.exist_in(settings.state)

    settings.save()

    assert Settings.exist_in(settings.state)


def test_computes_are_numbered_from_one(settings):
    assert settings.computes == ["doc1", "doc2", "ops1"]


def test_a_service_brings_what_it_needs():
    assert with_needs(("horizon", "swift")) == ("keystone", "swift", "horizon")


def test_nova_brings_all_that_it_calls():
    assert with_needs(("nova",)) == tuple(
        name for name in SERVICES if name not in ("swift", "horizon")
    )


def test_every_server_of_swift_has_a_port():
    assert set(port_names(("keystone", "swift"), DEFAULT_PROXIES)) == {
        "keystone",
        "swift",
        "backstage",
        "account-server",
        "container-server",
        "object-server",
    }


def test_servers_of_swift_need_no_ports_where_it_does_not_run():
    assert port_names(("keystone",), DEFAULT_PROXIES) == ["keystone"]
