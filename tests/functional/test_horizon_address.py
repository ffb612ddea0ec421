# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Through Horizon, Swift and Nova decide by the address of the person at the browser.

Without the plugin, whoever may sign in reaches through Horizon what Swift keeps
from their own address, for Swift sees Horizon's.
"""

import html
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from requests.adapters import HTTPAdapter

from devcloud import accounts, network_stub, seed_nova
from devcloud.addresses import LAB, OUTSIDER, PARTNER, swift_connection
from devcloud.compute_clients import delete_servers, glance, host_of, nova
from devcloud.settings import BIND, REVERSE_PROXY
from tests.functional.swift_faults import SwiftFaults
from tests.servers import wait_for

CONTAINER = "address"
API = f"/api/swift/containers/{CONTAINER}"
DOWNLOAD = f"{API}/object/report.bin"
# Larger than what Horizon reads from Swift at once, so that it comes in pieces.
CONTENT = bytes(range(256)) * 5000
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}
FORGED = [
    {"X-Forwarded-For": LAB},
    {"X-Forwarded-For": f"{LAB}, {REVERSE_PROXY}"},
    {"Forwarded": f"for={LAB}"},
    {"X-Forwarded-For": LAB, "Forwarded": f"for={LAB}", "X-Real-IP": LAB, "Client-IP": LAB},
    {"X_Forwarded_For": LAB},
    {"X-Forwarded-For": f"{LAB}\tx", "Remote-Addr": LAB},
]


class _From(HTTPAdapter):
    def __init__(self, source):
        self._source = source
        super().__init__()

    def init_poolmanager(self, *arguments, **options):
        super().init_poolmanager(*arguments, source_address=(self._source, 0), **options)


class Browser:
    """Somebody signed in to Horizon, from one address."""

    def __init__(self, cloud, source, user="alice", headers=None):
        self._url = cloud.horizon_url
        self._session = requests.Session()
        self._session.mount("http://", _From(source))
        self._session.headers.update({"Referer": self._url, **(headers or {})})
        page = self.get("/auth/login/").text
        answer = self.send(
            "POST",
            "/auth/login/",
            data={
                "csrfmiddlewaretoken": re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)[1],
                "region": "default",
                "username": user,
                "password": accounts.PASSWORD,
            },
            allow_redirects=False,
        )
        assert answer.status_code == 302

    def get(self, path, **options):
        return self.send("GET", path, **options)

    def script(self, method, path, **options):
        token = {"X-CSRFToken": self._session.cookies["csrftoken"]}
        return self.send(method, path, headers={**SCRIPT, **token}, **options)

    def send(self, method, path, **options):
        return self._session.request(method, self._url + path, timeout=60, **options)


def sentence(answer):
    """What a page of refusal says."""
    return html.unescape(
        re.search(r'ipcontrol-problem">\s*<p><strong>(.*?)</strong>', answer.text, re.DOTALL)[1]
    )


def not_listed(address, verb="reach"):
    return (
        f"Your address {address} is not on the list of addresses that may {verb} this container."
    )


@pytest.fixture(scope="module", autouse=True)
def container(cloud):
    """A container that only the lab's network reaches, and the partner's reads."""
    backstage = swift_connection(cloud, url=cloud.backstage_url)
    backstage.put_container(
        CONTAINER,
        {
            "X-Container-Meta-Allow-Lab": "127.1.0.0/16",
            "X-Container-Meta-Allow-Partner": "127.2.0.0/16; read-only",
        },
    )
    backstage.put_object(CONTAINER, "report.bin", CONTENT)
    return backstage


@pytest.fixture(scope="module")
def lab(cloud):
    return Browser(cloud, LAB)


@pytest.fixture(scope="module")
def outsider(cloud):
    return Browser(cloud, OUTSIDER)


class TestListed:
    def test_downloads_all_of_an_object(self, lab):
        answer = lab.get(DOWNLOAD)
        assert (answer.status_code, answer.content == CONTENT) == (200, True)

    def test_lists(self, lab):
        answer = lab.script("GET", f"{API}/objects/")
        assert [item["name"] for item in answer.json()["items"]] == ["report.bin"]

    def test_uploads_and_deletes(self, lab, container):
        path = f"{API}/object/by-lab.txt"
        assert lab.script("POST", path, files={"file": ("x", b"text")}).status_code == 201
        assert container.get_object(CONTAINER, "by-lab.txt")[1] == b"text"
        assert lab.script("DELETE", path).status_code == 204


class TestUnlisted:
    def test_is_told_so_in_place_of_a_download(self, outsider):
        answer = outsider.get(DOWNLOAD)
        assert (answer.status_code, sentence(answer)) == (403, not_listed(OUTSIDER))

    def test_is_told_so_in_place_of_a_listing(self, outsider):
        answer = outsider.script("GET", f"{API}/objects/")
        assert (answer.status_code, answer.json()) == (403, not_listed(OUTSIDER))

    def test_is_told_so_after_an_upload_that_came_to_nothing(self, outsider, container):
        files = {"file": ("x", b"text")}
        answer = outsider.script("POST", f"{API}/object/by-outsider.txt", files=files)
        assert (answer.status_code, answer.json()) == (403, not_listed(OUTSIDER, "change"))
        assert "by-outsider.txt" not in [
            each["name"] for each in container.get_container(CONTAINER)[1]
        ]

    def test_is_told_so_after_a_deletion_that_came_to_nothing(self, outsider, container):
        answer = outsider.script("DELETE", DOWNLOAD)
        assert (answer.status_code, answer.json()) == (403, not_listed(OUTSIDER, "change"))
        container.head_object(CONTAINER, "report.bin")

    def test_cannot_copy_out_of_it(self, cloud, outsider, container):
        container.put_container("address-open", {"X-Container-Meta-Allow": "127.0.0.0/8"})
        answer = outsider.script(
            "POST",
            f"{API}/copy/report.bin",
            json={"dest_container": "address-open", "dest_name": "copied"},
        )
        assert answer.status_code == 403
        assert answer.json().startswith(f"Your address {OUTSIDER} may not do this")
        assert container.get_container("address-open")[1] == []

    def test_sees_no_trace_of_how_it_is_made(self, outsider):
        for answer in (outsider.get(DOWNLOAD), outsider.script("GET", f"{API}/objects/")):
            assert not re.search("Traceback|ClientException|AUTH_|txn", answer.text)


def test_who_may_only_read_reads_and_does_not_change(cloud):
    partner = Browser(cloud, PARTNER)
    assert partner.get(DOWNLOAD).content == CONTENT
    answer = partner.script("DELETE", DOWNLOAD)
    assert (answer.status_code, answer.json()) == (403, not_listed(PARTNER, "change"))


@pytest.mark.parametrize("forged", FORGED, ids=str)
def test_a_header_that_the_browser_forged_moves_nobody(cloud, forged):
    forger = Browser(cloud, OUTSIDER, headers=forged)
    assert sentence(forger.get(DOWNLOAD)) == not_listed(OUTSIDER)
    assert forger.script("GET", f"{API}/objects/").json() == not_listed(OUTSIDER)
    answer = forger.script("POST", f"{API}/object/forged", files={"file": ("x", b"text")})
    assert answer.json() == not_listed(OUTSIDER, "change")


@pytest.mark.parametrize("forged", FORGED, ids=str)
def test_a_header_that_the_browser_forged_keeps_nobody_out(cloud, forged):
    swapped = {name: value.replace(LAB, OUTSIDER) for name, value in forged.items()}
    assert Browser(cloud, LAB, headers=swapped).get(DOWNLOAD).content == CONTENT


class TestBehindATrustedProxy:
    def browser(self, cloud, header):
        return Browser(cloud, REVERSE_PROXY, headers={"X-Forwarded-For": header})

    def test_the_address_is_what_the_proxy_says(self, cloud):
        assert self.browser(cloud, LAB).get(DOWNLOAD).content == CONTENT
        assert sentence(self.browser(cloud, OUTSIDER).get(DOWNLOAD)) == not_listed(OUTSIDER)

    def test_what_the_browser_said_before_the_proxy_does_not_count(self, cloud):
        forger = self.browser(cloud, f"{LAB}, {OUTSIDER}")
        assert sentence(forger.get(DOWNLOAD)) == not_listed(OUTSIDER)

    def test_an_address_of_version_6_is_told_as_such(self, cloud):
        assert sentence(self.browser(cloud, "2001:db8::7").get(DOWNLOAD)) == not_listed(
            "2001:db8::7"
        )

    def test_an_address_that_cannot_be_read_is_nobodys(self, cloud):
        unknown = self.browser(cloud, f"{LAB}, somebody")
        answer = unknown.get(DOWNLOAD)
        assert answer.status_code == 403
        assert sentence(answer).startswith("Your address cannot be determined")


def test_administrators_are_told_of_a_proxy_on_this_machine_that_hides_its_callers(cloud):
    told = 'own machine is not in IPCONTROL["TRUSTED_PROXIES"]'
    behind = {"X-Forwarded-For": OUTSIDER}
    admin = Browser(cloud, BIND, "admin", behind)
    for panel in ("/admin/host_groups/", "/project/ip_whitelist/"):
        assert told in html.unescape(admin.get(panel).text)
    for other in (Browser(cloud, BIND, "alice", behind), Browser(cloud, BIND, "admin")):
        assert told not in html.unescape(other.get("/project/ip_whitelist/").text)
    assert cloud.log("horizon").read_text().count(told) == 1


def test_a_list_that_swift_cannot_read_is_said_at_once(cloud, container):
    container.put_container("address-unread")
    container.put_object("address-unread", "report", b"text")
    # A change of its metadata drops it from the proxies' cache.
    container.post_container("address-unread", {"X-Container-Meta-Allow": "127.0.0.0/8"})
    person = Browser(cloud, LAB)
    with SwiftFaults(cloud).stopped("container"):
        began = time.monotonic()
        answer = person.get("/api/swift/containers/address-unread/object/report")
        took = time.monotonic() - began
    # Five retries, as python-swiftclient makes them by itself, take half a minute.
    assert (answer.status_code, took < 30) == (503, True)
    assert sentence(answer).startswith("Swift does not answer at the moment")


def test_people_at_once_are_not_mixed_up(cloud, lab, outsider):
    people = [(lab, 200), (outsider, 403)] * 20

    def download(person):
        browser, _status = person
        return browser.get(DOWNLOAD).status_code

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(download, people)) == [status for _, status in people]


def test_the_accounts_list_rules_the_list_of_containers(cloud):
    backstage = swift_connection(cloud, "carol", "partner", cloud.backstage_url)
    backstage.post_account({"X-Account-Meta-Allow-Address": "127.2.0.0/16"})
    try:
        admitted = Browser(cloud, PARTNER, "carol").script("GET", "/api/swift/containers/")
        refused = Browser(cloud, OUTSIDER, "carol").script("GET", "/api/swift/containers/")
    finally:
        backstage.post_account({"X-Account-Meta-Allow-Address": ""})
    assert admitted.status_code == 200
    assert (refused.status_code, refused.json()) == (
        403,
        f"Your address {OUTSIDER} may not do this: no entry of a whitelist admits it.",
    )


class TestNova:
    @pytest.fixture(scope="class")
    def boot(self, cloud):
        """Boots a server through Horizon and says on which host it landed."""
        seed_nova.seed(cloud)
        admin = nova(cloud, "admin")
        image = next(iter(glance(cloud).images.list())).id
        flavor = admin.flavors.find(name=seed_nova.SMALLEST).id
        made = []

        def create(browser):
            answer = browser.script(
                "POST",
                "/api/nova/servers/",
                json={
                    "name": "address",
                    "source_id": image,
                    "flavor_id": flavor,
                    "key_name": None,
                    "user_data": None,
                    "security_groups": [],
                    "nics": [{"net-id": network_stub.NETWORK_ID}],
                },
            )
            assert answer.status_code == 201, answer.text
            made.append(admin.servers.get(answer.headers["Location"].rsplit("/", 1)[1]))
            return host_of(wait_for(admin, made[-1], "ACTIVE"))

        yield create
        delete_servers(admin, made)

    @pytest.mark.parametrize(("source", "group"), [(LAB, "doc"), (PARTNER, "ops")])
    def test_an_instance_lands_by_the_address_of_the_browser(self, cloud, boot, source, group):
        assert boot(Browser(cloud, source)).startswith(group)

    @pytest.mark.parametrize("forged", FORGED[:4], ids=str)
    def test_a_forged_header_does_not_move_an_instance(self, cloud, boot, forged):
        assert boot(Browser(cloud, OUTSIDER, headers=forged)).startswith("dev")
