# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A thousand edits on a real Swift: the forecast, and what two proxies answer then."""

import itertools
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest

from devcloud.addresses import swift_connection
from devcloud.cloud import Cloud
from devcloud.settings import Proxy
from ipcontrol.access import AccessPolicy, Source, Whitelist
from ipcontrol.addresses import parse_network
from ipcontrol.forecast import Right, forecast
from ipcontrol.named_networks import Names
from tests.functional.doors import send

PROXIES = ("one", "two")
EDITS, CONTAINERS = 1_000, 40
# Whatever becomes of the lists, this address may undo it.
OWNER, OWNER_ITEM = "127.1.0.5", "127.1.0.5"
CALLERS = [f"127.{second}.{third}.9" for second in (2, 3) for third in (0, 1, 128)]
NETWORKS = ["127.2.0.0/16", "127.3.0.0/16", "127.2.0.0/24", "127.3.128.0/17", *CALLERS]
METHODS = {"HEAD": Right.READ, "PUT": Right.WRITE}
# What Swift takes from nobody, and says so to whom the list admits, before it stores anything.
UPLOAD = {"X-Delete-At": "never"}
REFUSED, ADMITTED = 403, (204, 400)


@dataclass
class Stored:
    """What is stored, and the lists as the filter reads them."""

    account: dict[str, str]
    containers: dict[str, dict[str, str]]

    def lists(self, container: str) -> list[tuple[Source, Whitelist]]:
        names = Names.from_metadata(self.account)
        base = container.removesuffix("_segments")
        stored = [(Source.CONTAINER, self.containers.get(container, {}))]
        if base != container:
            stored.append((Source.BASE_CONTAINER, self.containers[base]))
        stored.append((Source.ACCOUNT, self.account))
        return [(source, Whitelist.from_metadata(each, names)) for source, each in stored]


class Swift:
    """The account, as its owner edits it and callers reach it."""

    def __init__(self, cloud):
        self.urls = [cloud.settings.url(name) for name in PROXIES]
        owner = swift_connection(cloud, url=cloud.backstage_url)
        url, self.token = owner.get_auth()
        self.path = "/v1/" + url.rpartition("/")[2]
        owner.post_account({"X-Account-Meta-Allow-Owner": OWNER_ITEM})
        for number in range(CONTAINERS):
            owner.put_container(f"c{number}", {"X-Container-Meta-Allow-Owner": OWNER_ITEM})
            owner.put_container(f"c{number}_segments")
        self.asked = 0
        account = {"allow-owner": OWNER_ITEM, "network-office": "127.2.0.0/24"}
        containers = {f"c{number}": {"allow-owner": OWNER_ITEM} for number in range(CONTAINERS)}
        self.stored = Stored(account, containers)
        self.lists = self.stored.lists
        self.change(None, account)

    def ask(self, method, path, headers=None, source=OWNER):
        self.asked += 1
        headers = {"X-Auth-Token": self.token, **(headers or {})}
        url = self.urls[self.asked % len(self.urls)]
        return send(url, method, self.path + path, headers, b"", source).status

    def admits(self, method, container, source):
        path, headers = f"/{container}", {}
        if method == "PUT":
            path, headers = path + "/object", UPLOAD
        status = self.ask(method, path, headers, source)
        assert status == REFUSED or status in ADMITTED, (status, method, path, source)
        return status != REFUSED

    def change(self, container, items):
        """Have the owner change the account, or a container, through one of the proxies."""
        kind, path, stored = "Account", "", self.stored.account
        if container is not None:
            kind, path, stored = "Container", f"/{container}", self.stored.containers[container]
        headers = {f"X-{kind}-Meta-{name}": value for name, value in items.items()}
        status = self.ask("POST", path, headers | {"X-Confirm-Lockout": "true"})
        assert status == 204, (status, container, items)
        changed = {name: value for name, value in {**stored, **items}.items() if value}
        stored.clear()
        stored.update(changed)


def edit(rng: random.Random, stored: dict[str, str], ends: list[datetime]) -> dict[str, str]:
    """A random change of one list: an entry is added, changed or removed."""
    entries = [name for name in stored if name.startswith("allow-e")]
    if entries and rng.random() < 0.3:
        return {rng.choice(entries): ""}
    value = ", ".join(rng.sample([*NETWORKS, "@office"], rng.randint(1, 3)))
    if rng.random() < 0.4:
        value += "; read-only"
    if rng.random() < 0.3:
        value += f"; until={rng.choice(ends).replace(tzinfo=None).isoformat()}Z"
    return {f"allow-e{rng.randrange(4)}": value}


def predicted(before: bool, shifts, right, address, moment) -> bool:
    """What a forecast says of an address at a moment, that is admitted or not before the change."""
    found = [
        shift
        for shift in shifts
        if shift.right is right
        and shift.overlaps(parse_network(address))
        and shift.starts <= moment
        and not (shift.ends and shift.ends <= moment)
    ]
    assert len(found) <= 1
    return not found[0].lost if found else before


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    state = tmp_path_factory.mktemp("forecast")
    with Cloud(("swift",), proxies={name: Proxy() for name in PROXIES}, state=state) as running:
        yield running


@pytest.fixture(scope="module")
def swift(cloud):
    return Swift(cloud)


def now():
    return datetime.now(UTC).replace(microsecond=0)


def test_of_a_thousand_edits_the_forecast_and_the_answers_differ_nowhere(swift):
    rng = random.Random(11)
    # Nothing ends while the edits are made, so that each answer has one right time.
    ends = [now() + timedelta(hours=hours) for hours in (1, 2)]
    differences, changes = [], 0
    for number in range(EDITS):
        container = rng.choice(list(swift.stored.containers))
        served, source = container + rng.choice(("", "_segments")), rng.choice(CALLERS)
        method = rng.choice(list(METHODS))
        was, before, at = swift.admits(method, served, source), swift.lists(served), now()
        # Every tenth edit is one of the name, in force in all lists.
        if number % 10 == 9:
            networks = ", ".join(rng.sample(NETWORKS, rng.randint(1, 2)))
            swift.change(None, {"network-office": networks})
        else:
            swift.change(container, edit(rng, swift.stored.containers[container], ends))
        shifts = forecast(AccessPolicy(), before, swift.lists(served), at)
        answer = swift.admits(method, served, source)
        changes += answer != was
        if answer != predicted(was, shifts, METHODS[method], source, at):
            differences.append((number, served, method, source))
    assert differences == []
    assert changes > EDITS / 20, "hardly any edit made a difference"


def test_what_is_forecast_for_a_later_moment_is_so_then(swift):
    rng, at = random.Random(12), now()
    end = at + timedelta(seconds=8)
    expected = {}
    for container in swift.stored.containers:
        stored = swift.stored.containers[container]
        swift.change(container, edit(rng, stored, [end]))
        before = swift.lists(container)
        swift.change(container, edit(rng, stored, [end]))
        after = swift.lists(container)
        shifts = forecast(AccessPolicy(), before, after, at)
        for method, source in itertools.product(METHODS, CALLERS[:2]):
            was = AccessPolicy().decide(ip_address(source), method, end, before).allowed
            expected[container, method, source] = predicted(
                was, shifts, METHODS[method], source, end
            )
    time.sleep(max(0, (end - datetime.now(UTC)).total_seconds()))
    assert {probe: swift.admits(probe[1], probe[0], probe[2]) for probe in expected} == expected
