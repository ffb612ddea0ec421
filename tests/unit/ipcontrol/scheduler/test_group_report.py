# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import pytest
from oslo_db import exception as db_exc

from ipcontrol.host_groups import HostGroupMap
from ipcontrol.scheduler.group_report import GroupReport

HOUR = 3600


class Hosts:
    """The cloud's hosts, and how often they were asked for."""

    def __init__(self, names):
        self.names = names.split()
        self.reads = 0
        self.error = None

    def __call__(self):
        self.reads += 1
        if self.error:
            raise self.error
        return self.names


@pytest.fixture
def hosts():
    return Hosts("doc1 dev1")


@pytest.fixture
def report(hosts, clock):
    return GroupReport(hosts, clock)


def groups(**metadata):
    """doc as it should be, and dev with other metadata."""
    doc = {"ipcontrol:hostname_prefix": "doc", "ipcontrol:subnets": "10.1.0.0/16"}
    dev = {
        "ipcontrol:hostname_prefix": "dev",
        **{f"ipcontrol:{key}": value for key, value in metadata.items()},
    }
    return HostGroupMap.from_aggregates([("doc", doc), ("dev", dev)])


@pytest.mark.parametrize(
    ("metadata", "sentence"),
    [
        ({"subnet": "10.2.0.0/16"}, "ipcontrol:subnet of dev has no effect: the keys are "),
        ({"subnets:3": "10.2.0.0/16"}, "dev has ipcontrol:subnets:3 but no ipcontrol:subnets: "),
        ({"hostname_prefix": "d"}, "Hosts whose names begin with doc belong to doc, not to dev"),
        ({"hostname_prefix": "doc"}, "doc is the prefix of dev too, whose name sorts first"),
        ({"hostname_prefix": "zzz"}, "No host belongs to dev (zzz*): its instances cannot start."),
        ({"hostname_prefix": ""}, "No host belongs to dev, because ipcontrol:hostname_prefix is "),
    ],
)
def test_a_mistake_is_a_warning(report, caplog, metadata, sentence):
    report.look_at(groups(**metadata))
    assert {record.levelname for record in caplog.records} == {"WARNING"}
    assert any(message.startswith(f"Host groups: {sentence}") for message in caplog.messages)


def test_an_aggregate_with_nothing_but_mistyped_keys_is_a_mistake_too(report, caplog):
    metadata = {"ipcontrol:prefix": "dev", "ipcontrol:Subnets": "10.2.0.0/16"}
    report.look_at(HostGroupMap.from_aggregates([("typo", metadata)]))
    assert len(caplog.messages) == 3
    assert all("typo" in message for message in caplog.messages)


def test_what_may_be_meant_is_none(report, caplog, hosts):
    hosts.names.append("docker1")
    report.look_at(groups(subnets="10.1.9.0/24"))
    assert caplog.messages == []


def test_the_same_groups_are_looked_at_once(report, hosts):
    found = groups()
    report.look_at(found)
    report.look_at(found)
    assert hosts.reads == 1


def test_hosts_that_went_are_noticed_after_a_while(report, hosts, clock, caplog):
    found = groups()
    report.look_at(found)
    hosts.names.remove("dev1")
    clock.now += HOUR
    report.look_at(found)
    assert caplog.messages == [
        "Host groups: No host belongs to dev (dev*): its instances cannot start."
    ]
    clock.now += HOUR
    report.look_at(found)
    assert len(caplog.messages) == 1


def test_hosts_are_read_only_where_a_group_has_none_among_those_that_are_known(report, hosts):
    report.look_at(groups(), members={"doc1", "dev1"})
    assert hosts.reads == 0
    report.look_at(groups(), members={"doc1"})
    assert hosts.reads == 1


def test_hosts_that_cannot_be_read_are_not_missed(report, hosts, caplog):
    hosts.error = db_exc.DBConnectionError()
    report.look_at(groups())
    assert caplog.messages == []
