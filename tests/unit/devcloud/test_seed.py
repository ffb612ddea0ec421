# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest

from devcloud import seed
from devcloud.addresses import LAB, OUTSIDER, PARTNER
from ipcontrol.access import Reason, Whitelist

NOW = datetime(2026, 3, 1, 12, 34, 56, tzinfo=UTC)
CONTAINERS = {container.name: container for container in seed.containers(NOW, "id:*")}
DEFAULTS = {account.project: account for account in seed.accounts()}


def decide(items, address, method="GET", at=NOW):
    return Whitelist.from_metadata(items).decide(ip_address(address), method, at)


@pytest.mark.parametrize("name", sorted(CONTAINERS))
def test_a_container_admits_the_address_that_makes_it(name):
    container = CONTAINERS[name]
    items = container.items or DEFAULTS["lab"].items

    assert decide(items, container.source, "PUT").allowed


def test_one_item_has_a_mistake_and_no_other():
    errors = {
        name: str(error.error)
        for name, container in CONTAINERS.items()
        for error in Whitelist.from_metadata(container.items).errors
    }

    assert list(errors) == ["archive"]
    assert "10.1.0.0/16" in errors["archive"]


def test_the_one_with_a_mistake_is_not_sent_past_the_write_check():
    assert [name for name in CONTAINERS if CONTAINERS[name].backstage] == ["archive"]


def test_the_partner_reads_for_ten_days_and_never_writes():
    items = CONTAINERS["partner-exchange"].items
    days = timedelta(days=1)

    assert decide(items, PARTNER, "GET", NOW + 9.9 * days).allowed
    assert decide(items, PARTNER, "GET", NOW + 10 * days).reason is Reason.EXPIRED
    assert decide(items, PARTNER, "PUT").reason is Reason.READ_ONLY


def test_anybody_reaches_the_press_kit():
    assert decide(CONTAINERS["press-kit"].items, OUTSIDER).allowed
    assert decide(CONTAINERS["press-kit"].items, "2001:db8:ffff::1").allowed


@pytest.mark.parametrize("address", [LAB, PARTNER, OUTSIDER])
def test_nobody_of_the_demonstration_reaches_the_vault(address):
    assert not decide(CONTAINERS["vault"].items, address).allowed


def test_one_container_leaves_it_to_the_account():
    assert [name for name in CONTAINERS if not CONTAINERS[name].items] == ["scratch"]


def test_the_account_admits_the_lab_and_lets_the_partner_look():
    items = DEFAULTS["lab"].items

    assert decide(items, LAB, "PUT").allowed
    assert decide(items, PARTNER, "GET").allowed
    assert not decide(items, PARTNER, "PUT").allowed
    assert not decide(items, OUTSIDER).allowed


def test_every_container_holds_something():
    assert all(container.objects for container in CONTAINERS.values())
