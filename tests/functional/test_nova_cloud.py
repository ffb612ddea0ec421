# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The embedded Nova does what a Nova does: everything else is tested on top of that."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from novaclient import exceptions

from devcloud import seed_nova
from devcloud.addresses import LAB
from devcloud.cloud import Cloud
from devcloud.compute_clients import delete_servers, glance, host_of, nova
from tests.functional.nova_faults import NovaFaults
from tests.servers import evacuated, wait_for

HOSTS = {"doc": 2, "ops": 2, "dev": 2}


@pytest.fixture(scope="module")
def cloud():
    with Cloud(services=("nova",), hosts=HOSTS) as running:
        seed_nova.seed(running)
        yield running


@pytest.fixture(scope="module")
def admin(cloud):
    return nova(cloud, "admin")


@pytest.fixture(scope="module")
def faults(cloud):
    return NovaFaults(cloud.state)


@pytest.fixture(scope="module")
def create(cloud, admin):
    yield _creator(cloud, admin)
    delete_servers(admin, admin.servers.list())


def _creator(cloud, admin):
    alice = nova(cloud, source=LAB)
    image = next(iter(glance(cloud).images.list())).id
    flavor = alice.flavors.find(name=seed_nova.SMALLEST)

    def create(name="test", wait=True, nics="none"):
        server = alice.servers.create(name, image, flavor, nics=nics)
        return wait_for(admin, server, "ACTIVE") if wait else server

    return create


def _confirm(admin, server):
    wait_for(admin, server, "VERIFY_RESIZE").confirm_resize()
    return wait_for(admin, server, "ACTIVE")


def _other(host):
    return host[:-1] + {"1": "2", "2": "1"}[host[-1]]


def test_a_server_becomes_active_on_a_host_of_the_cloud(create):
    assert host_of(create()) in {"doc1", "doc2", "ops1", "ops2", "dev1", "dev2"}


def test_all_computes_are_up(admin):
    services = admin.services.list(binary="nova-compute")
    assert {(service.host, service.state) for service in services} == {
        (f"{prefix}{number}", "up") for prefix in HOSTS for number in (1, 2)
    }


def test_the_api_answers_on_ipv6_too(cloud):
    assert nova(cloud, source="::1").flavors.list()


def test_a_dozen_servers_created_at_the_same_time_all_become_active(create, admin):
    with ThreadPoolExecutor(12) as pool:
        servers = list(pool.map(lambda n: create(f"one-of-12-{n}"), range(12)))
    assert {server.status for server in servers} == {"ACTIVE"}


def test_a_server_on_the_network_has_an_address_and_leaves_no_port_behind(cloud, create, admin):
    server = create(nics="auto")
    address = server.addresses["shared"][0]["addr"]
    assert address.startswith("192.168.")
    server.delete()
    ports = cloud.state / "neutron" / "ports.json"
    deadline = time.monotonic() + 120
    while address in ports.read_text():
        assert time.monotonic() < deadline, "the port of a deleted server stays"
        time.sleep(0.1)


def test_servers_are_gone_once_deleted_and_may_be_deleted_again(create, admin):
    servers = [create(), create(wait=False)]
    delete_servers(admin, servers)
    assert not {each.id for each in servers} & {each.id for each in admin.servers.list()}
    delete_servers(admin, servers)


def test_a_cold_migration_moves_the_server(create, admin):
    server = create()
    admin.servers.migrate(server)
    assert host_of(_confirm(admin, server)) != host_of(server)


def test_a_live_migration_moves_the_server(create, admin):
    server = create()
    admin.servers.live_migrate(server, None, "auto")
    assert host_of(wait_for(admin, server, "ACTIVE")) != host_of(server)


def test_a_server_can_come_back_to_a_host_that_it_has_left(create, admin):
    server = create()
    for host in (_other(host_of(server)), host_of(server), _other(host_of(server))):
        admin.servers.live_migrate(server, host, "auto")
        wait_for(admin, server, "ACTIVE", until=lambda server, host=host: host_of(server) == host)


def test_a_resize_can_be_reverted(create, admin):
    server = create()
    admin.servers.resize(server, admin.flavors.find(name="m1.small"))
    wait_for(admin, server, "VERIFY_RESIZE").revert_resize()
    assert host_of(wait_for(admin, server, "ACTIVE")) == host_of(server)


def test_a_rebuild_stays_on_its_host(create, admin):
    server = create()
    admin.servers.rebuild(server, server.image["id"])
    assert host_of(wait_for(admin, server, "ACTIVE")) == host_of(server)


def test_a_shelved_server_is_nowhere_until_it_is_unshelved(create, admin):
    server = create()
    server.shelve()
    wait_for(admin, server, "SHELVED_OFFLOADED", until=lambda server: host_of(server) is None)
    server.unshelve()
    assert host_of(wait_for(admin, server, "ACTIVE"))


def test_a_server_is_evacuated_from_a_host_that_is_down(create, admin, faults):
    server = create()
    lost = host_of(server)
    (service,) = admin.services.list(host=lost, binary="nova-compute")
    with faults.stopped(lost):
        admin.services.force_down(service.id, True)
        server.evacuate()
        wait_for(admin, server, "ACTIVE", until=lambda server: evacuated(admin, server, lost))
    # Nova refuses this unless the compute has really been restarted.
    admin.services.force_down(service.id, False)


def test_a_server_waits_for_a_scheduler_that_is_stopped(create, admin, faults):
    with faults.stopped("scheduler"):
        server = create(wait=False)
        time.sleep(2)
        assert admin.servers.get(server.id).status == "BUILD"
    wait_for(admin, server, "ACTIVE")


def test_nothing_can_be_created_while_the_database_is_down(create, faults):
    with faults.database_down("api"), pytest.raises(exceptions.ClientException) as failure:
        create()
    assert failure.value.code == 500
    create()


def test_statements_that_do_not_match_an_outage_go_on(create, faults):
    with faults.database_down("api", matching="no statement says this"):
        create()


def test_a_server_waits_for_a_database_that_is_locked(create, admin, faults):
    with ThreadPoolExecutor(1) as pool:
        with faults.database_locked("cell1"):
            creation = pool.submit(create)
            time.sleep(2)
            assert not creation.done()
        assert creation.result(timeout=200).status == "ACTIVE"


def test_a_kept_cloud_goes_on_with_its_servers_also_where_it_was_moved(tmp_path):
    with Cloud(services=("nova",), hosts={"doc": 2}, state=tmp_path / "here") as first:
        seed_nova.seed(first)
        admin = nova(first, "admin")
        server = _creator(first, admin)("kept")
    said_before = len(first.log("nova").read_text())
    (tmp_path / "here").rename(tmp_path / "there")
    with Cloud(services=("nova",), hosts={"doc": 2}, state=tmp_path / "there") as second:
        seed_nova.seed(second)
        admin = nova(second, "admin")
        again = wait_for(admin, server, "ACTIVE")
        assert host_of(again) == host_of(server)
        again.stop()
        wait_for(admin, server, "SHUTOFF").start()
        wait_for(admin, server, "ACTIVE")
        assert len(admin.aggregates.list()) == len(seed_nova.HOST_GROUPS)
        admin.servers.live_migrate(again, None, "auto")
        assert host_of(wait_for(admin, server, "ACTIVE")) != host_of(server)
        assert "Traceback" not in second.log("nova").read_text()[said_before:]


def test_a_cloud_has_as_many_computes_as_it_was_asked_for():
    with Cloud(services=("nova",), hosts={"doc": 3, "gpu": 1}) as running:
        services = nova(running, "admin").services.list(binary="nova-compute")
    assert {service.host for service in services} == {"doc1", "doc2", "doc3", "gpu1"}
