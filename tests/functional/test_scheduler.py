# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A real nova-scheduler puts instances on the hosts of their caller's subnet, and keeps them there.

doc: 127.1.0.0/16; ops: 127.2.0.0/16, 127.1.9.0/24, ::1; dev: all other addresses.
"""

import contextlib
import io
import json
import sqlite3
import time

import pytest
from novaclient import exceptions

from devcloud import seed_nova
from devcloud.addresses import LAB, OUTSIDER, PARTNER, environment, run_from
from devcloud.cloud import Cloud
from devcloud.compute_clients import delete_servers, glance, host_of, nova
from devcloud.settings import BIND, DEFAULT_WEIGHERS
from ipcontrol.host_groups import DEFAULT_KEY, PREFIX_KEY, SUBNETS_KEY
from tests.functional.nova_faults import NovaFaults
from tests.servers import evacuated, wait_for, wait_until_refused

HOSTS = {"doc": 2, "ops": 2, "dev": 2}
SAME_HOST_WEIGHER = "ipcontrol.scheduler.ip_scheduler.SameHostOnResizeWeigher"
# [ipcontrol] refresh_interval of the embedded cloud, and a little more.
UNTIL_IN_FORCE = 1.2
NONE_OF_THE_HOSTS = (
    "No valid host was found. None of the hosts for instances that are started from {} can take "
    "this one now."
)
READS_THE_GROUPS = "FROM aggregates LEFT OUTER JOIN"


@contextlib.contextmanager
def cloud_with(weighers=DEFAULT_WEIGHERS, **options):
    """A cloud whose Nova has more options, as OS_GROUP__NAME.

    oslo.config reads what nova.conf does not have from the environment.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name, value in options.items():
            patch.setenv(name, value)
        with Cloud(services=("nova",), hosts=HOSTS, nova_weighers=weighers) as running:
            seed_nova.seed(running)
            yield running


@pytest.fixture(scope="module")
def cloud():
    # With this on, Nova by itself believes the forwarding headers of anybody.
    with cloud_with(OS_OSLO_MIDDLEWARE__ENABLE_PROXY_HEADERS_PARSING="true") as running:
        yield running


@pytest.fixture(scope="module")
def admin(cloud):
    return nova(cloud, "admin")


@pytest.fixture(scope="module")
def images(cloud):
    """Two images, by their ids."""
    client = glance(cloud)
    first = next(each.id for each in client.images.list() if each.name == seed_nova.IMAGE)
    other = client.images.create(
        name="other", disk_format="raw", container_format="bare", visibility="public"
    )
    # Last: Glance closes the body of an upload, and cheroot then fails the connection's next call.
    client.images.upload(other.id, io.BytesIO(bytes(1024)))
    return first, other.id


@pytest.fixture(scope="module")
def flavor(admin):
    return admin.flavors.find(name=seed_nova.SMALLEST)


@pytest.fixture
def faults(cloud):
    return NovaFaults(cloud.state)


@pytest.fixture
def boot(cloud, admin, images, flavor):
    """Boot from an address; the servers are deleted after the test."""
    made = []

    def boot(source, user="alice", headers=None, status="ACTIVE", **options):
        client = nova(cloud, user, source=source)
        client.client.additional_headers = headers or {}
        server = client.servers.create("test", images[0], flavor, nics="none", **options)
        made.append(server)
        return wait_for(admin, server, status) if status else settled(admin, server)

    yield boot
    delete_servers(admin, made)


@pytest.fixture
def from_elsewhere(cloud):
    """Alice and an administrator, calling from another group's subnet."""
    return nova(cloud, source=PARTNER), nova(cloud, "admin", source=PARTNER)


@pytest.fixture
def groups(admin):
    """Change the metadata of a group for one test, and wait until the scheduler knows."""
    before = {group.name: dict(group.metadata) for group in admin.aggregates.list()}

    def change(name, **metadata):
        aggregate = next(group for group in admin.aggregates.list() if group.name == name)
        admin.aggregates.set_metadata(aggregate, metadata)

    def change_and_wait(name, metadata):
        change(name, **metadata)
        time.sleep(UNTIL_IN_FORCE)

    yield change_and_wait
    for name, metadata in before.items():
        change(name, **metadata)
    time.sleep(UNTIL_IN_FORCE)


@pytest.fixture
def disabled(admin):
    """Keep new instances off a host for one test."""
    services = []

    def disable(host):
        (service,) = admin.services.list(host=host, binary="nova-compute")
        services.append(service)
        admin.services.disable(service.id)

    yield disable
    for service in services:
        admin.services.enable(service.id)


def group_of(server):
    return host_of(server).rstrip("12")


def settled(admin, server):
    """The server when nothing more is being done to it, however that ended."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        server = admin.servers.get(server.id)
        if getattr(server, "OS-EXT-STS:task_state") is None and server.status != "BUILD":
            return server
        time.sleep(0.1)
    raise AssertionError(f"{server.name} is {server.status}, and something is being done to it")


def sibling(host):
    return host[:-1] + {"1": "2", "2": "1"}[host[-1]]


def log_of(cloud, server):
    return [line for line in cloud.log("nova").read_text().splitlines() if server.id in line]


def assert_told(cloud, servers, *words):
    """The scheduler's log has one line above debug, about one of these, with these words."""
    lines = [
        line
        for line in cloud.log("nova").read_text().splitlines()
        if " INFO ipcontrol" in line and any(server.id in line for server in servers)
    ]
    assert len(lines) == 1, lines
    assert all(word in lines[0] for word in words), lines[0]


class TestFirstBoot:
    @pytest.mark.parametrize(
        ("source", "group"),
        [
            (LAB, "doc"),
            ("127.1.255.254", "doc"),
            ("127.1.9.7", "ops"),
            (PARTNER, "ops"),
            ("::1", "ops"),
            (OUTSIDER, "dev"),
            (BIND, "dev"),
        ],
    )
    def test_an_instance_starts_on_a_host_of_its_callers_subnet(self, boot, source, group):
        assert group_of(boot(source)) == group

    def test_the_command_line_client_is_a_caller_like_any_other(self, cloud, admin, images):
        arguments = ["--image", images[0], "--flavor", seed_nova.SMALLEST, "--nic", "none"]
        done = run_from(
            PARTNER,
            ["openstack", "server", "create", *arguments, "--wait", "-f", "json", "by-hand"],
            {**environment(cloud), "OS_COMPUTE_API_VERSION": "2.90"},
        )
        assert done.returncode == 0, done.stderr
        server = admin.servers.get(json.loads(done.stdout)["id"])
        assert group_of(server) == "ops"
        delete_servers(admin, [server])

    def test_all_of_several_instances_start_in_the_group(self, boot, admin):
        boot(PARTNER, min_count=4, max_count=4)
        servers = [wait_for(admin, each, "ACTIVE") for each in admin.servers.list()]
        assert [group_of(server) for server in servers] == ["ops"] * 4
        delete_servers(admin, servers)

    def test_the_log_says_who_why_and_what_passed(self, cloud, boot):
        server = boot("127.1.9.7")
        assert any(
            f"Request from 127.1.9.7 for instance {server.id}: host group ops (127.1.9.0/24), "
            "2 of 6 hosts pass: " in line
            for line in log_of(cloud, server)
        )

    def test_a_group_without_a_host_that_is_up_starts_nothing(self, boot, disabled):
        disabled("doc1")
        disabled("doc2")
        server = boot(LAB, status="ERROR")
        assert host_of(server) is None
        assert server.fault["message"] == NONE_OF_THE_HOSTS.format(LAB)

    def test_of_several_instances_without_a_host_each_says_why(self, cloud, boot, admin, disabled):
        disabled("doc1")
        disabled("doc2")
        boot(LAB, status=None, min_count=3, max_count=3)
        servers = [wait_for(admin, each, "ERROR") for each in admin.servers.list()]
        delete_servers(admin, servers)
        assert [each.fault["message"] for each in servers] == [NONE_OF_THE_HOSTS.format(LAB)] * 3
        assert_told(cloud, servers, f"Request from {LAB} for instance ", "host group doc")


class TestAddress:
    @pytest.mark.parametrize(
        "headers",
        [
            {"X-Forwarded-For": LAB},
            {"X-Forwarded-For": f"{LAB}, {BIND}"},
            {"Forwarded": f"for={LAB}"},
            {"X-Forwarded-For": LAB, "Forwarded": f"for={LAB}", "X-Real-IP": LAB},
            {"x_forwarded_for": LAB},
        ],
        ids="+".join,
    )
    def test_a_forged_forwarding_header_moves_nobody(self, boot, headers):
        assert group_of(boot(PARTNER, headers=headers)) == "ops"

    def test_a_trusted_proxy_speaks_for_its_caller(self, boot):
        assert group_of(boot(BIND, headers={"X-Forwarded-For": LAB})) == "doc"

    def test_a_trusted_proxy_does_not_hand_on_what_its_caller_forged(self, boot):
        server = boot(BIND, headers={"X-Forwarded-For": f"{LAB}, {PARTNER}"})
        assert group_of(server) == "ops"

    def test_an_unreadable_hop_makes_the_caller_unknown(self, boot):
        server = boot(BIND, headers={"X-Forwarded-For": f"{LAB}, somebody"})
        assert group_of(server) == "dev"


NO_MOVE = "None of the hosts to which this instance may be moved can take it now."


def fault_of(cloud, server):
    """The latest fault that Nova keeps, which its API shows for instances in ERROR alone."""
    with contextlib.closing(sqlite3.connect(cloud.state / "nova" / "cell1.sqlite")) as cell:
        found = cell.execute(
            "SELECT message FROM instance_faults WHERE instance_uuid = ? ORDER BY id DESC",
            (server.id,),
        )
        return found.fetchone()[0]


class TestMove:
    """Always asked for from a subnet of another group."""

    def test_a_cold_migration_stays_in_the_group(self, boot, admin, from_elsewhere):
        server = boot(LAB)
        from_elsewhere[1].servers.migrate(server)
        wait_for(admin, server, "VERIFY_RESIZE").confirm_resize()
        assert host_of(wait_for(admin, server, "ACTIVE")) == sibling(host_of(server))

    def test_a_live_migration_stays_in_the_group(self, boot, admin, from_elsewhere):
        server = boot(LAB)
        from_elsewhere[1].servers.live_migrate(server, None, "auto")
        assert host_of(wait_for(admin, server, "ACTIVE")) == sibling(host_of(server))

    def test_an_evacuation_stays_in_the_group(self, boot, admin, from_elsewhere, faults):
        server = boot(LAB)
        lost = host_of(server)
        (service,) = admin.services.list(host=lost, binary="nova-compute")
        with faults.stopped(lost):
            admin.services.force_down(service.id, True)
            from_elsewhere[1].servers.evacuate(server)
            moved = wait_for(admin, server, "ACTIVE", until=lambda it: evacuated(admin, it, lost))
            assert host_of(moved) == sibling(lost)
        admin.services.force_down(service.id, False)

    def test_the_unshelve_of_an_offloaded_instance_stays_in_the_group(
        self, boot, admin, from_elsewhere
    ):
        server = boot(LAB)
        from_elsewhere[0].servers.shelve(server)
        wait_for(admin, server, "SHELVED_OFFLOADED", until=lambda it: host_of(it) is None)
        from_elsewhere[0].servers.unshelve(server)
        assert group_of(wait_for(admin, server, "ACTIVE")) == "doc"

    def test_a_resize_stays_on_its_host(self, boot, admin, from_elsewhere):
        server = boot(LAB)
        from_elsewhere[0].servers.resize(server, admin.flavors.find(name="m1.small"))
        wait_for(admin, server, "VERIFY_RESIZE").confirm_resize()
        assert host_of(wait_for(admin, server, "ACTIVE")) == host_of(server)

    def test_a_resize_leaves_a_host_that_takes_nothing_for_another_of_the_group(
        self, boot, admin, from_elsewhere, disabled
    ):
        server = boot(LAB)
        disabled(host_of(server))
        from_elsewhere[0].servers.resize(server, admin.flavors.find(name="m1.small"))
        wait_for(admin, server, "VERIFY_RESIZE").confirm_resize()
        assert host_of(wait_for(admin, server, "ACTIVE")) == sibling(host_of(server))

    def test_a_migration_that_finds_no_host_in_the_group_leaves_the_instance(
        self, cloud, boot, admin, from_elsewhere, disabled
    ):
        server = boot(LAB)
        disabled(sibling(host_of(server)))
        from_elsewhere[1].servers.migrate(server)
        wait_until_refused(admin, server, "migrate")
        assert host_of(wait_for(admin, server, "ACTIVE")) == host_of(server)
        assert_told(cloud, [server], f"from {PARTNER}", f"a move from {host_of(server)}", "0 of ")
        assert NO_MOVE in fault_of(cloud, server)

    def test_a_resize_that_finds_no_host_says_why(
        self, cloud, boot, admin, from_elsewhere, disabled
    ):
        server = boot(LAB)
        disabled("doc1")
        disabled("doc2")
        from_elsewhere[0].servers.resize(server, admin.flavors.find(name="m1.small"))
        wait_until_refused(admin, server, "resize")
        assert host_of(wait_for(admin, server, "ACTIVE")) == host_of(server)
        assert_told(cloud, [server], f"from {PARTNER}", "host group doc", "0 of ")
        assert NO_MOVE in fault_of(cloud, server)

    def test_an_evacuation_that_finds_no_host_says_why_to_the_owner(
        self, cloud, boot, admin, from_elsewhere, faults, disabled
    ):
        server = boot(LAB)
        lost = host_of(server)
        (service,) = admin.services.list(host=lost, binary="nova-compute")
        disabled(sibling(lost))
        with faults.stopped(lost):
            admin.services.force_down(service.id, True)
            from_elsewhere[1].servers.evacuate(server)
            wait_for(admin, server, "ERROR")
        admin.services.force_down(service.id, False)
        assert NO_MOVE in nova(cloud).servers.get(server.id).fault["message"]

    @pytest.mark.parametrize("image", [0, 1], ids=["the-same-image", "a-new-image"])
    def test_a_rebuild_stays_on_its_host(self, boot, admin, from_elsewhere, images, image):
        server = boot(LAB)
        from_elsewhere[0].servers.rebuild(server, images[image])
        rebuilt = wait_for(
            admin, server, "ACTIVE", until=lambda it: it.image["id"] == images[image]
        )
        assert host_of(rebuilt) == host_of(server)


class TestOverlappingPrefixes:
    """doc's prefix is d, so that it fits dev's hosts too: those belong to dev."""

    @pytest.fixture(autouse=True)
    def _overlap(self, groups):
        groups("doc", {PREFIX_KEY: "d"})

    def test_the_shorter_prefix_takes_none_of_the_hosts_of_the_longer_one(self, boot):
        assert {group_of(boot(LAB)) for _ in range(4)} == {"doc"}
        assert {group_of(boot(OUTSIDER)) for _ in range(4)} == {"dev"}

    def test_an_unshelved_instance_stays_in_the_group_of_the_longest_prefix(
        self, boot, cloud, admin
    ):
        alice = nova(cloud, source=OUTSIDER)
        server = boot(OUTSIDER)
        for _ in range(3):
            alice.servers.shelve(server)
            wait_for(admin, server, "SHELVED_OFFLOADED", until=lambda it: host_of(it) is None)
            alice.servers.unshelve(server)
            assert group_of(wait_for(admin, server, "ACTIVE")) == "dev"

    def test_a_resize_off_its_host_stays_in_the_group_of_the_longest_prefix(
        self, boot, cloud, admin, disabled
    ):
        server = boot(OUTSIDER)
        disabled(host_of(server))
        nova(cloud, source=OUTSIDER).servers.resize(server, admin.flavors.find(name="m1.small"))
        wait_for(admin, server, "VERIFY_RESIZE").confirm_resize()
        assert host_of(wait_for(admin, server, "ACTIVE")) == sibling(host_of(server))


class TestNamedHost:
    def test_an_operator_starts_an_instance_on_any_host_of_a_zone(self, boot):
        assert host_of(boot(LAB, user="admin", availability_zone="nova:dev1")) == "dev1"

    def test_an_operator_starts_an_instance_on_any_host(self, boot):
        assert host_of(boot(LAB, user="admin", host="dev2")) == "dev2"

    def test_nobody_else_names_a_host(self, boot):
        with pytest.raises(exceptions.Forbidden):
            boot(LAB, host="dev2")
        with pytest.raises(exceptions.Forbidden):
            boot(LAB, availability_zone="nova:dev1")

    def test_an_operator_moves_an_instance_to_any_host(self, boot, admin):
        server = boot(LAB)
        admin.servers.live_migrate(server, "ops1", "auto")
        assert host_of(wait_for(admin, server, "ACTIVE")) == "ops1"

    def test_where_an_operator_put_it_an_instance_stays(self, boot, admin, from_elsewhere):
        server = boot(LAB, user="admin", host="dev2")
        from_elsewhere[1].servers.live_migrate(server, None, "auto")
        assert host_of(wait_for(admin, server, "ACTIVE")) == "dev1"


class TestChanges:
    def test_a_subnet_given_to_another_group_starts_there_from_then_on(self, boot, admin, groups):
        before = boot(PARTNER)
        groups("ops", {SUBNETS_KEY: "127.1.9.0/24"})
        groups("doc", {SUBNETS_KEY: "127.1.0.0/16, 127.2.0.0/16"})
        assert group_of(boot(PARTNER)) == "doc"
        # What runs stays where it is, and moves among its own.
        admin.servers.live_migrate(before, None, "auto")
        assert host_of(wait_for(admin, before, "ACTIVE")) == sibling(host_of(before))

    def test_a_group_with_another_prefix_starts_on_other_hosts(self, boot, groups):
        groups("doc", {PREFIX_KEY: "ops2"})
        assert host_of(boot(LAB)) == "ops2"

    def test_a_prefix_that_was_lost_starts_nothing(self, cloud, boot, groups):
        groups("doc", {PREFIX_KEY: None})
        assert host_of(boot(LAB, status="ERROR")) is None
        assert "No host belongs to doc, because" in cloud.log("nova").read_text()

    def test_an_address_of_no_group_starts_anywhere_unless_told_otherwise(
        self, cloud, boot, groups
    ):
        groups("dev", {DEFAULT_KEY: None})
        server = boot(OUTSIDER)
        assert any(
            "no host group (unmapped = any), 6 of 6 hosts pass" in line
            for line in log_of(cloud, server)
        )


class TestFaults:
    def test_the_last_groups_stay_in_force_while_the_database_does_not_answer(
        self, cloud, boot, faults
    ):
        boot(LAB)
        with faults.database_down("api", matching=READS_THE_GROUPS):
            time.sleep(UNTIL_IN_FORCE)
            assert group_of(boot(LAB)) == "doc"
            assert group_of(boot(OUTSIDER)) == "dev"
        assert "stay in force" in cloud.log("nova").read_text()

    def test_no_host_passes_before_the_groups_could_be_read(self, cloud, boot, faults):
        faults.restart("scheduler")
        with faults.database_down("api", matching=READS_THE_GROUPS):
            assert host_of(boot(LAB, status="ERROR")) is None
        assert "No host passes until they can be" in cloud.log("nova").read_text()
        time.sleep(UNTIL_IN_FORCE)
        assert group_of(boot(LAB)) == "doc"


class TestUngrouped:
    """No default group, and dev's hosts are in no group: they are for callers of none."""

    @pytest.fixture(scope="class")
    def cloud(self):
        with cloud_with(OS_IPCONTROL__UNMAPPED="ungrouped") as running:
            aggregates = nova(running, "admin").aggregates
            aggregates.set_metadata(
                next(each for each in aggregates.list() if each.name == "dev"),
                {PREFIX_KEY: None, DEFAULT_KEY: None},
            )
            yield running

    @pytest.fixture(scope="class")
    def admin(self, cloud):
        return nova(cloud, "admin")

    @pytest.fixture(scope="class")
    def images(self, cloud):
        return [next(iter(glance(cloud).images.list())).id]

    @pytest.fixture(scope="class")
    def flavor(self, admin):
        return admin.flavors.find(name=seed_nova.SMALLEST)

    def test_an_address_of_no_group_starts_on_hosts_of_no_group(self, boot):
        assert {group_of(boot(OUTSIDER)) for _ in range(4)} == {"dev"}
        assert group_of(boot(LAB)) == "doc"

    def test_its_instance_moves_among_them(self, boot, admin):
        server = boot(OUTSIDER)
        admin.servers.live_migrate(server, None, "auto")
        assert host_of(wait_for(admin, server, "ACTIVE")) == sibling(host_of(server))

    def test_it_starts_on_no_groups_host_where_they_are_full(self, boot, disabled):
        disabled("dev1")
        disabled("dev2")
        assert host_of(boot(OUTSIDER, status="ERROR")) is None


class TestMigrationToTheSameHost:
    """With a driver that can do it, as VMware's, and Nova's own weighers for load."""

    @pytest.fixture(scope="class")
    def cloud(self):
        with cloud_with(
            weighers=("nova.scheduler.weights.all_weighers", SAME_HOST_WEIGHER),
            DEVCLOUD_MIGRATES_TO_SAME_HOST="true",
        ) as running:
            yield running

    @pytest.fixture(scope="class")
    def admin(self, cloud):
        return nova(cloud, "admin")

    @pytest.fixture(scope="class")
    def images(self, cloud):
        return [next(iter(glance(cloud).images.list())).id]

    @pytest.fixture(scope="class")
    def flavor(self, admin):
        return admin.flavors.find(name=seed_nova.SMALLEST)

    def test_a_cold_migration_leaves_its_host(self, boot, admin):
        server = boot(LAB)
        before = host_of(server)
        # Fuller than the other one, so that Nova's own weighers prefer that.
        for _ in range(3):
            boot(LAB, user="admin", host=before)
        admin.servers.migrate(server)
        wait_for(admin, server, "VERIFY_RESIZE").confirm_resize()
        assert host_of(wait_for(admin, server, "ACTIVE")) == sibling(before)

    def test_a_resize_stays_on_its_host(self, boot, admin):
        server = boot(LAB)
        admin.servers.resize(server, admin.flavors.find(name="m1.small"))
        wait_for(admin, server, "VERIFY_RESIZE").confirm_resize()
        assert host_of(wait_for(admin, server, "ACTIVE")) == host_of(server)


class TestLargeCloud:
    """Placement answers with two hosts of the six, and only listed addresses may start."""

    @pytest.fixture(scope="class")
    def cloud(self):
        with cloud_with(
            OS_SCHEDULER__MAX_PLACEMENT_RESULTS="2",
            OS_IPCONTROL__REQUIRE_AGGREGATES="true",
            OS_IPCONTROL__UNMAPPED="none",
        ) as running:
            yield running

    @pytest.fixture(scope="class")
    def admin(self, cloud):
        return nova(cloud, "admin")

    @pytest.fixture(scope="class")
    def images(self, cloud):
        return [next(iter(glance(cloud).images.list())).id]

    @pytest.fixture(scope="class")
    def flavor(self, admin):
        return admin.flavors.find(name=seed_nova.SMALLEST)

    @pytest.mark.parametrize(
        ("source", "group"), [(LAB, "doc"), (PARTNER, "ops"), (OUTSIDER, "dev")]
    )
    def test_every_group_is_found_by_its_aggregate(self, boot, source, group):
        assert group_of(boot(source)) == group

    def test_a_move_is_found_by_the_aggregate_too(self, boot, admin):
        server = boot(PARTNER)
        admin.servers.live_migrate(server, None, "auto")
        assert host_of(wait_for(admin, server, "ACTIVE")) == sibling(host_of(server))

    def test_where_placement_has_no_candidate_the_log_still_says_who_and_why(
        self, cloud, boot, disabled
    ):
        """No filter is called then."""
        disabled("doc1")
        disabled("doc2")
        server = boot(LAB, status="ERROR")
        assert_told(cloud, [server], f"Request from {LAB} for instance ", "host group doc")

    def test_groups_whose_aggregates_have_no_hosts_are_cut_off(self, boot, admin):
        """What the option is for: the same boots succeed with the hosts in their aggregates."""
        members = [(each, list(each.hosts)) for each in admin.aggregates.list()]
        for aggregate, hosts in members:
            for host in hosts:
                aggregate.remove_host(host)
        time.sleep(UNTIL_IN_FORCE)
        try:
            found = [boot(source, status=None).status for source in (LAB, PARTNER, OUTSIDER) * 2]
        finally:
            for aggregate, hosts in members:
                for host in hosts:
                    aggregate.add_host(host)
        time.sleep(UNTIL_IN_FORCE)
        assert "ERROR" in found
        assert group_of(boot(OUTSIDER)) == "dev"

    def test_an_address_of_no_group_starts_nowhere(self, boot, groups):
        groups("dev", {DEFAULT_KEY: None})
        assert host_of(boot(OUTSIDER, status="ERROR")) is None
