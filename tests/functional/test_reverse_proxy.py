# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""nginx in front of Swift, Nova and Horizon, as a load balancer would stand there."""

import re

import pytest

from devcloud import accounts, seed_nova
from devcloud.addresses import LAB, OUTSIDER, PARTNER, bound_to, swift_connection
from devcloud.compute_clients import delete_servers, glance, host_of, nova
from devcloud.settings import BIND, REVERSE_PROXY
from tests.functional.nginx import in_front_of, session_from
from tests.servers import wait_for


@pytest.fixture(scope="module")
def nginx(cloud, tmp_path_factory):
    """The addresses of the three services behind nginx, by name."""
    targets = {name: cloud.settings.url(name) for name in ("swift", "nova", "horizon")}
    with in_front_of(targets, tmp_path_factory.mktemp("nginx")) as addresses:
        yield addresses


@pytest.fixture(scope="module")
def container(cloud):
    """The path of a container that only the lab's network reaches, and a token."""
    connection = swift_connection(cloud, url=cloud.backstage_url)
    connection.put_container("balanced", {"X-Container-Meta-Allow-Lab": "127.1.0.0/16"})
    url, token = swift_connection(cloud).get_auth()
    return url.removeprefix(cloud.swift_url) + "/balanced", {"X-Auth-Token": token}


@pytest.mark.parametrize(("source", "status"), [(LAB, 204), (OUTSIDER, 403)])
def test_swift_decides_by_who_called_the_load_balancer(nginx, container, source, status):
    path, token = container
    assert session_from(source).head(nginx["swift"] + path, headers=token).status_code == status


@pytest.mark.parametrize(
    "forged",
    [
        {"X-Forwarded-For": LAB},
        {"X-Forwarded-For": f"{LAB}, {BIND}"},
        {"X-Forwarded-For": f"{LAB}, {REVERSE_PROXY}"},
        {"Forwarded": f"for={LAB}"},
        {"X-Forwarded-For": LAB, "Forwarded": f"for={LAB}", "X-Real-IP": LAB},
        {"X_Forwarded_For": LAB},
        {"X-Cluster-Client-Ip": LAB},
        {"X-Forwarded-For": "," * 1000},
    ],
    ids=str,
)
def test_a_header_that_the_caller_forged_moves_nobody(nginx, container, forged):
    path, token = container
    answer = session_from(OUTSIDER).head(nginx["swift"] + path, headers={**token, **forged})
    assert answer.status_code == 403


def test_a_thousand_hops_before_the_true_one_do_not_shut_the_caller_out(nginx, container):
    path, token = container
    hops = {"X-Forwarded-For": ",".join(["10.0.0.1"] * 400)}
    assert (
        session_from(LAB).head(nginx["swift"] + path, headers={**token, **hops}).status_code == 204
    )


@pytest.fixture(scope="module")
def boot(cloud, nginx):
    """Boots a server through nginx and says on which host it landed."""
    seed_nova.seed(cloud)
    admin = nova(cloud, "admin")
    image = next(iter(glance(cloud).images.list())).id
    flavor = admin.flavors.find(name=seed_nova.SMALLEST).id
    token = swift_connection(cloud).get_auth()[1]
    made = []

    def create(source, headers):
        answer = session_from(source).post(
            nginx["nova"] + "/v2.1/servers",
            headers={"X-Auth-Token": token, "X-OpenStack-Nova-API-Version": "2.37", **headers},
            json={
                "server": {
                    "name": "balanced",
                    "imageRef": image,
                    "flavorRef": flavor,
                    "networks": "none",
                }
            },
            timeout=60,
        )
        answer.raise_for_status()
        made.append(admin.servers.get(answer.json()["server"]["id"]))
        return host_of(wait_for(admin, made[-1], "ACTIVE"))

    yield create
    delete_servers(admin, made)


@pytest.mark.parametrize(("source", "group"), [(LAB, "doc"), (PARTNER, "ops"), (OUTSIDER, "dev")])
def test_nova_decides_by_who_called_the_load_balancer(boot, source, group):
    assert boot(source, {}).startswith(group)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_a_forged_header_does_not_move_an_instance(boot, header):
    value = LAB if header == "X-Forwarded-For" else f"for={LAB}"
    assert boot(OUTSIDER, {header: value}).startswith("dev")


@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-For": OUTSIDER}], ids=str)
def test_horizon_shows_who_called_the_load_balancer(cloud, nginx, headers):
    session = session_from(LAB)
    page = session.get(nginx["horizon"] + "/auth/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    session.post(
        nginx["horizon"] + "/auth/login/",
        data={
            "csrfmiddlewaretoken": token,
            "region": "default",
            "username": "alice",
            "password": accounts.PASSWORD,
        },
        headers={"Referer": nginx["horizon"], **headers},
    )
    shown = session.get(nginx["horizon"] + "/project/ip_whitelist/", headers=headers).text
    assert LAB in shown
    assert OUTSIDER not in shown


def test_a_client_bound_to_an_address_is_seen_with_it(cloud, container):
    """What all the others rest on."""
    with bound_to(OUTSIDER), pytest.raises(Exception, match="403"):
        swift_connection(cloud).head_container("balanced")
