# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""No page of Horizon calls Nova or Swift without the address of the person at the browser.

Somebody opens all pages and all answers of Horizon's API for scripts. What Nova writes of every
request, and what Swift answers, shows the address under which each call arrived, whether it was
made with novaclient, openstacksdk or swiftclient.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import openstack_dashboard
import pytest

from devcloud import seed_nova
from devcloud.compute_clients import delete_servers, glance, nova
from tests.functional.horizon import Person
from tests.servers import wait_for

# Nobody else in the tests comes from here.
NOBODY_ELSE = "127.8.0.77"
REST = Path(openstack_dashboard.__file__).parent / "api" / "rest"
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}
# Nova serves what versions there are past all its filters.
VERSIONS = {"GET /", "GET /v2.1"}
# These end the session, or change it.
_LEFT_OUT = ("/auth/", "/i18n/", "/static/", "/api/")
_MOST_PAGES = 250


def routes(module):
    """The paths of one module of Horizon's API, as patterns."""
    text = (REST / f"{module}.py").read_text()
    found = re.findall(r"url_regex = (r'.+?'(?:\s*\\\n\s*r?'.+?')*)\n", text)
    assert len(found) == text.count("url_regex = ")
    return ["".join(re.findall(r"'(.+?)'", each)).rstrip("$") for each in found]


def filled(route, **known):
    """A path for a pattern, with what is known in the place of its groups."""
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda group: known.get(group[1], "1"), route)


def links(page):
    """Where the links of a page lead within Horizon, without queries."""
    for link in page.html.xpath("//a/@href"):
        parts = urlsplit(link)
        if (
            not parts.netloc
            and parts.path.startswith("/")
            and not parts.path.startswith(_LEFT_OUT)
        ):
            yield parts.path


def kind(path):
    """Pages that differ in what they are about alone are of one kind."""
    return re.sub(r"[0-9a-f-]{32,36}|/\d+(?=/)", "*", path)


def visit(person, *starts):
    """Open pages, and those that they lead to, one of each kind."""
    waiting, seen = list(starts), set(map(kind, starts))
    while waiting:
        page = person.get(waiting.pop(0))
        for path in links(page):
            if kind(path) not in seen:
                seen.add(kind(path))
                waiting.append(path)
        assert len(seen) < _MOST_PAGES, sorted(seen)
    return seen


@pytest.fixture(scope="module")
def server(cloud):
    """An instance, so that there are pages about it."""
    seed_nova.seed(cloud)
    admin = nova(cloud, "admin")
    made = admin.servers.create(
        "visited",
        next(iter(glance(cloud).images.list())).id,
        admin.flavors.find(name=seed_nova.SMALLEST).id,
        nics="none",
    )
    yield wait_for(admin, made, "ACTIVE")
    delete_servers(admin, [made])


@pytest.fixture(scope="module")
def told(cloud, server):
    """Visits all of Horizon; gives the address and the request of every call that Nova got."""
    log = cloud.log("nova")
    before = log.stat().st_size
    person = Person(cloud, "admin", NOBODY_ELSE)
    visited = visit(person, "/project/", "/admin/", "/identity/", "/settings/")
    known = {"server_id": server.id, "flavor_id": server.flavor.get("id", "1")}
    for route in routes("nova"):
        person.get(f"/api/{filled(route, **known)}", headers=SCRIPT)
    assert len(visited) > 50
    text = log.read_bytes()[before:].decode()
    return re.findall(r'requestlog (?:\[[^]]*\] )?(\S+) "(\w+ \S+?)[?"]', text)


class TestNova:
    def test_is_told_the_address_with_every_call(self, told):
        others = {call for address, call in told if address != NOBODY_ELSE}
        assert others - VERSIONS == set()

    @pytest.mark.parametrize(
        "resource",
        [
            *("servers", "os-aggregates", "os-server-groups", "limits"),
            # With openstacksdk since Horizon 26 or 27.
            *("flavors", "os-keypairs", "os-services", "os-availability-zone", "os-hypervisors"),
        ],
    )
    def test_is_called_for_all_that_the_pages_show(self, told, resource):
        assert [call for _address, call in told if f"/{resource}" in call]


class TestSwift:
    def test_refuses_by_the_address_whatever_is_asked(self, cloud):
        person = Person(cloud, "alice", NOBODY_ELSE)
        open_to_all = ("swift/info/", "swift/policies/")
        asked = [filled(route, container="docs", object="x") for route in routes("swift")]
        answers = {
            path: person.get(f"/api/{path}", headers=SCRIPT).status_code
            for path in asked
            if path not in open_to_all
        }
        # Some can only be sent, which 405 says.
        assert set(answers.values()) <= {403, 405}
        assert list(answers.values()).count(403) > 3, answers
