# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""While Nova's scheduler or its database fails, no instance starts on another group's host.

doc: 127.1.0.0/16; ops: 127.2.0.0/16; dev: all other addresses.
"""

import contextlib
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from keystoneauth1 import exceptions as keystone_exceptions
from novaclient import exceptions

from devcloud import seed_nova
from devcloud.addresses import LAB, PARTNER
from devcloud.cloud import Cloud
from devcloud.compute_clients import delete_servers, glance, host_of, nova
from ipcontrol.host_groups import PREFIX_KEY
from tests.functional.nova_faults import NovaFaults
from tests.servers import wait_for, wait_until_refused

GROUPS = {LAB: "doc", PARTNER: "ops"}
DOZEN = (LAB, PARTNER) * 6
# [ipcontrol] refresh_interval of the embedded cloud, and a little more.
UNTIL_IN_FORCE = 1.2
READS_THE_GROUPS = "FROM aggregates LEFT OUTER JOIN"
_SECONDS = 180


class Boots:
    """Boots servers at the same time, and knows where each was started from."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.admin = nova(cloud, "admin")
        self._image = next(iter(glance(cloud).images.list())).id
        self._flavor = self.admin.flavors.find(name=seed_nova.SMALLEST)
        # Signed in beforehand, so that the boots themselves are at the same time.
        self._clients = {source: nova(cloud, source=source) for source in GROUPS}
        for client in self._clients.values():
            client.servers.list()
        self.made = []

    def start(self, source):
        """Ask for a server; None where Nova refuses, or is not there."""
        try:
            server = self._clients[source].servers.create(
                "fault", self._image, self._flavor, nics="none"
            )
        except (exceptions.ClientException, keystone_exceptions.ClientException):
            return None
        self.made.append((source, server))
        return server

    def start_all(self, sources):
        with ThreadPoolExecutor(len(sources)) as pool:
            return list(pool.map(self.start, sources))

    def settled(self, since=0):
        """Where the servers were started from, their states and hosts, when nothing goes on."""
        deadline = time.monotonic() + _SECONDS
        while True:
            found = [self._look(*each) for each in self.made[since:]]
            if all(status != "BUILD" for _, status, _ in found):
                return found
            assert time.monotonic() < deadline, f"stuck: {found}"
            time.sleep(0.2)

    def _look(self, source, server):
        server = self.admin.servers.get(server.id)
        return source, server.status, host_of(server)

    def delete_all(self):
        delete_servers(self.admin, [server for _, server in self.made])


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    """A cloud whose Nova may die; nobody else uses it."""
    with Cloud(("nova",), state=tmp_path_factory.mktemp("scheduler-faults")) as running:
        seed_nova.seed(running)
        yield running


@pytest.fixture
def boots(cloud):
    made = Boots(cloud)
    yield made
    made.delete_all()


@pytest.fixture
def faults(cloud):
    return NovaFaults(cloud.state)


def assert_right(found):
    """Whatever became of them: on a host of their group, or on none."""
    for source, status, host in found:
        assert status in {"ACTIVE", "ERROR"}
        assert (host is None) == (status == "ERROR"), (status, host)
        assert host is None or host.rstrip("12") == GROUPS[source]


def assert_all_started(found):
    assert_right(found)
    assert {status for _, status, _ in found} == {"ACTIVE"}


# --- The scheduler is stopped -------------------------------------------------


def test_of_a_dozen_boots_none_is_lost_or_misplaced_while_the_scheduler_restarts(boots, faults):
    restarts = threading.Thread(target=_restart_again_and_again, args=(faults, 3))
    restarts.start()
    boots.start_all(DOZEN)
    restarts.join()
    found = boots.settled()
    assert len(found) == len(DOZEN)
    assert_all_started(found)


def _restart_again_and_again(faults, times):
    for _ in range(times):
        faults.restart("scheduler")
        time.sleep(0.3)


def test_of_a_dozen_boots_none_is_misplaced_when_nova_is_killed(cloud, boots):
    """The embedded Nova is one process, and the messages under way die with it: what had no
    host then gets none, as in a Nova whose broker was lost."""
    booting = threading.Thread(target=boots.start_all, args=(DOZEN,))
    booting.start()
    deadline = time.monotonic() + _SECONDS
    while not boots.made:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    cloud.stop_service("nova", kill=True)
    booting.join()
    cloud.start_service("nova")
    cloud.wait_for_service("nova")
    for source, server in boots.made:
        host = host_of(boots.admin.servers.get(server.id))
        assert host is None or host.rstrip("12") == GROUPS[source]
    survived = len(boots.made)
    boots.start_all((LAB, PARTNER) * 2)
    assert_all_started(boots.settled(since=survived))


# --- The groups cannot be read ------------------------------------------------


def test_before_the_groups_could_be_read_no_boot_of_many_starts(boots, faults):
    # Nova's own scheduler does not start without that reading: it fails right afterwards.
    faults.restart("scheduler")
    with faults.database_down("api", matching=READS_THE_GROUPS):
        boots.start_all(DOZEN[:6])
        found = boots.settled()
    assert_right(found)
    assert [status for _, status, _ in found] == ["ERROR"] * 6
    fault = boots.admin.servers.get(boots.made[0][1].id).fault["message"]
    assert fault == (
        "No valid host was found. Which hosts may take this instance is not known yet: try again in "
        "some minutes."
    )
    time.sleep(UNTIL_IN_FORCE)
    boots.start_all((LAB, PARTNER))
    assert_all_started(boots.settled(since=6))


def test_before_the_groups_could_be_read_nothing_moves_either(boots, faults):
    server = boots.start(LAB)
    ((_, _, host),) = boots.settled()
    faults.restart("scheduler")
    with faults.database_down("api", matching=READS_THE_GROUPS):
        boots.admin.servers.migrate(server)
        wait_until_refused(boots.admin, server, "migrate")
        assert host_of(wait_for(boots.admin, server, "ACTIVE")) == host
        # Where it is, it may be rebuilt.
        boots.admin.servers.rebuild(server, boots.admin.servers.get(server.id).image["id"])
        assert host_of(wait_for(boots.admin, server, "ACTIVE")) == host
    time.sleep(UNTIL_IN_FORCE)
    boots.admin.servers.live_migrate(server, None, "auto")
    moved = wait_for(boots.admin, server, "ACTIVE", until=lambda server: host_of(server) != host)
    assert host_of(moved).startswith("doc")


def test_the_last_groups_hold_for_all_boots_until_they_can_be_read_again(cloud, boots, faults):
    boots.start_all((LAB, PARTNER))
    assert_all_started(boots.settled())
    with faults.database_down("api", matching=READS_THE_GROUPS), _prefix(cloud, "doc", "dev1"):
        time.sleep(UNTIL_IN_FORCE)
        boots.start_all(DOZEN)
        assert_all_started(boots.settled(since=2))
    with _prefix(cloud, "doc", "dev1"):
        time.sleep(UNTIL_IN_FORCE)
        boots.start(LAB)
        ((_, _, host),) = boots.settled(since=2 + len(DOZEN))
        assert host == "dev1"
    time.sleep(UNTIL_IN_FORCE)


def test_no_boot_waits_for_a_database_that_hangs_while_the_groups_are_known(cloud, boots, faults):
    boots.start_all((LAB, PARTNER))
    assert_all_started(boots.settled())
    with faults.database_down("api", matching=READS_THE_GROUPS, hangs=True):
        time.sleep(UNTIL_IN_FORCE)
        with _prefix(cloud, "doc", "dev1"):
            boots.start_all(DOZEN)
            assert_all_started(boots.settled(since=2))
    # It answers again, and with it what was changed comes into force.
    with _prefix(cloud, "doc", "dev1"):
        time.sleep(UNTIL_IN_FORCE)
        boots.start(LAB)
        ((_, _, host),) = boots.settled(since=2 + len(DOZEN))
        assert host == "dev1"
    time.sleep(UNTIL_IN_FORCE)


@contextlib.contextmanager
def _prefix(cloud, group, prefix):
    """Another prefix for a group, written past Nova's API, which could not read it either."""
    _write_prefix(cloud, group, prefix)
    try:
        yield
    finally:
        _write_prefix(cloud, group, group)


def _write_prefix(cloud, group, prefix):
    with closing(sqlite3.connect(cloud.state / "nova" / "api.sqlite", timeout=60)) as api, api:
        written = api.execute(
            "UPDATE aggregate_metadata SET value = ? WHERE key = ? AND aggregate_id = "
            "(SELECT id FROM aggregates WHERE name = ?)",
            (prefix, PREFIX_KEY, group),
        )
        assert written.rowcount == 1


# --- The database is locked ---------------------------------------------------


@pytest.mark.parametrize("database", ["api", "cell1"])
def test_boots_wait_for_a_database_that_is_locked_and_land_where_they_should(
    boots, faults, database
):
    with ThreadPoolExecutor(6) as pool:
        with faults.database_locked(database):
            asked = [pool.submit(boots.start, source) for source in (LAB, PARTNER) * 3]
            time.sleep(UNTIL_IN_FORCE + 1)
            assert not [each for each in boots.made if _host(boots, each[1])]
        assert all(each.result() for each in asked)
    assert_all_started(boots.settled())


def _host(boots, server):
    return host_of(boots.admin.servers.get(server.id))


def test_boots_that_are_under_way_when_the_database_is_locked_land_where_they_should(
    boots, faults
):
    """The lock comes between the API and the scheduler."""
    with faults.stopped("scheduler"):
        boots.start_all((LAB, PARTNER) * 3)
    with faults.database_locked("cell1"):
        time.sleep(UNTIL_IN_FORCE + 1)
    assert_all_started(boots.settled())
