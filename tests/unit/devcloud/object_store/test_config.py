# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import configparser

import pytest
from swift.common.ring import RingData

from devcloud.object_store import config
from devcloud.settings import Proxy, Settings


@pytest.fixture
def read(tmp_path):
    """Write the configuration of a proxy, and read it."""

    def read(proxy):
        settings = Settings(
            state=tmp_path,
            services=("keystone", "swift"),
            hosts={},
            proxies={"front": proxy},
            ports={"keystone": 1, "front": 2, "swift": 3},
            horizon={},
        )
        parser = configparser.RawConfigParser()
        parser.read(config.write_proxy(settings, "front"))
        return parser

    return read


def pipeline(configuration):
    return configuration["pipeline:main"]["pipeline"].split()


def test_both_filters_are_where_they_belong(read):
    steps = pipeline(read(Proxy()))

    assert steps[steps.index("gatekeeper") + 1] == "client_address"
    assert steps[-2:] == ["ip_whitelist", "proxy-server"]


def test_a_proxy_without_the_filters_has_everything_else(read):
    steps = pipeline(read(Proxy(filters=False)))

    assert steps == [step for step in pipeline(read(Proxy())) if step not in config.OURS]


def test_every_step_of_the_pipeline_is_configured(read):
    configuration = read(Proxy())

    for step in pipeline(configuration)[:-1]:
        assert configuration.has_section(f"filter:{step}")


def test_the_options_of_a_proxy_are_added(read):
    configuration = read(Proxy(options={"ip_whitelist": {"mode": "audit"}}))

    assert configuration["filter:ip_whitelist"]["mode"] == "audit"
    assert "ipcontrol-dashboard" in configuration["filter:ip_whitelist"]["use"]


def test_a_proxy_may_have_a_cache_of_its_own(read):
    assert read(Proxy())["filter:cache"]["shared"] == "yes"
    assert read(Proxy(shares_cache=False))["filter:cache"]["shared"] == "no"


def test_each_replica_has_a_device_of_its_own(tmp_path):
    ports = {"container-server": 1, "keystone": 2, "swift": 3}
    settings = Settings(tmp_path, ("swift",), {}, {}, ports, {}, replicas=3)
    config.write_storage(settings, "container")

    ring = RingData.load(str(tmp_path / "swift" / "container.ring.gz"))
    assert [device["device"] for device in ring.devs] == ["d1", "d2", "d3"]
    assert ring.replica_count == 3
    assert sorted(path.name for path in (tmp_path / "swift" / "devices").iterdir()) == [
        "d1",
        "d2",
        "d3",
    ]
