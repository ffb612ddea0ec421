# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The example data, as people at different addresses meet them."""

import urllib.request

import pytest
import swiftclient

from devcloud.addresses import LAB, OUTSIDER, PARTNER, VAULT, bound_to, swift_connection
from devcloud.cloud import Cloud
from devcloud.seed import seed

NAMES = {"archive", "lab-results", "partner-exchange", "press-kit", "scratch", "vault"}


@pytest.fixture(scope="module")
def seeded():
    with Cloud(services=("swift",)) as cloud:
        seed(cloud)
        yield cloud


def answer(source, call):
    """The status with which Swift answers a call from an address."""
    with bound_to(source):
        try:
            call()
        except swiftclient.ClientException as error:
            return error.http_status
    return 200


@pytest.mark.parametrize(
    ("container", "admitted"),
    [
        ("lab-results", {LAB}),
        ("partner-exchange", {LAB, PARTNER}),
        ("press-kit", {LAB, PARTNER, OUTSIDER, VAULT}),
        ("archive", {LAB}),
        ("scratch", {LAB, PARTNER}),
        ("vault", {VAULT}),
    ],
)
def test_a_container_is_listed_from_where_its_list_says(seeded, container, admitted):
    for source in (LAB, PARTNER, OUTSIDER, VAULT):
        connection = swift_connection(seeded)
        status = answer(source, lambda c=connection: c.get_container(container))
        assert status == (200 if source in admitted else 403), source


@pytest.mark.parametrize("container", ["partner-exchange", "scratch"])
def test_the_partners_network_may_not_write(seeded, container):
    connection = swift_connection(seeded)

    assert answer(PARTNER, lambda: connection.put_object(container, "new", b"")) == 403


def test_the_partner_reads_what_is_exchanged_and_nothing_else(seeded):
    account = swift_connection(seeded).get_auth()[0]

    def listing(container):
        token = swift_connection(seeded, "carol", "partner").get_auth()[1]
        return lambda: swiftclient.get_container(account, token, container)

    assert answer(PARTNER, listing("partner-exchange")) == 200
    assert answer(PARTNER, listing("scratch")) == 403


def test_anybody_downloads_the_press_kit_without_a_login(seeded):
    account = swift_connection(seeded).get_auth()[0]

    with (
        bound_to(OUTSIDER),
        urllib.request.urlopen(f"{account}/press-kit/press-release.txt", timeout=30) as answer,
    ):
        assert answer.read().startswith(b"The laboratory")


def test_the_mistake_is_stored_as_it_was_made(seeded):
    behind = swift_connection(seeded, url=seeded.backstage_url)

    assert behind.head_container("archive")["x-container-meta-allow-office"] == "10.1.2.3/16"


def test_the_lab_finds_all_containers_in_its_account(seeded):
    with bound_to(LAB):
        _, containers = swift_connection(seeded).get_account()

    assert {container["name"] for container in containers} == NAMES


def test_what_people_have_changed_is_left_alone(seeded):
    with bound_to(LAB):
        connection = swift_connection(seeded)
        connection.post_container("scratch", {"X-Container-Meta-Allow-Us": "127.1.0.0/16"})
        connection.delete_object("scratch", "notes.txt")

    seed(seeded)

    with bound_to(LAB):
        headers, objects = connection.get_container("scratch")
        connection.post_container("scratch", {"X-Remove-Container-Meta-Allow-Us": "x"})
    assert headers["x-container-meta-allow-us"] == "127.1.0.0/16"
    assert objects == []
