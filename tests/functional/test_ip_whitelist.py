# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The whitelist on a real Swift: python-swiftclient, from real addresses."""

import http.client
import itertools
import json
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from swiftclient import ClientException

from devcloud.addresses import (
    LAB,
    OUTSIDER,
    PARTNER,
    bound_to,
    environment,
    run_from,
    swift_connection,
)
from devcloud.cloud import Cloud
from devcloud.settings import Proxy

LAB_NETWORK = "127.1.0.0/16"
OPERATOR = "127.7.0.1"
ALLOW = "X-Container-Meta-Allow"
CONFIRM = {"X-Confirm-Lockout": "true"}
PROXIES = {
    "open": Proxy(options={"ip_whitelist": {"unlisted": "allow"}}),
    "alone": Proxy(shares_cache=False, options={"ip_whitelist": {"unlisted": "allow"}}),
    "audit": Proxy(options={"ip_whitelist": {"mode": "audit"}}),
    "operated": Proxy(options={"ip_whitelist": {"always_allow": OPERATOR, "admit_local": "no"}}),
}


class Swift:
    """The proxies of a cloud, called from chosen addresses."""

    def __init__(self, cloud):
        self.cloud = cloud
        self._connections = {}
        self._numbers = itertools.count()

    def connection(self, source, user="alice", proxy="swift"):
        key = (source, user, proxy)
        if key not in self._connections:
            project = "partner" if user == "carol" else "lab"
            url = self.cloud.settings.url(proxy)
            self._connections[key] = swift_connection(self.cloud, user, project, url)
        return self._connections[key]

    def do(self, source, action, *args, user="alice", proxy="swift", **options):
        with bound_to(source):
            return getattr(self.connection(source, user, proxy), action)(*args, **options)

    def status(self, source, action, *args, **options):
        """200 for a success, else the refusal's status."""
        try:
            self.do(source, action, *args, **options)
        except ClientException as error:
            return error.http_status
        return 200

    def backstage(self, action, *args, user="alice", **options):
        """The same storage without the filters."""
        return self.do("127.0.0.1", action, *args, user=user, proxy="backstage", **options)

    def container(self, suffix="", headers=None, *, user="alice", **items):
        """A new container with these allow items and one object; its name."""
        name = f"c{next(self._numbers)}{suffix}"
        named = {f"{ALLOW}-{label}": value for label, value in items.items()}
        self.backstage("put_container", name, headers={**named, **(headers or {})}, user=user)
        self.backstage("put_object", name, "report", b"secret", user=user)
        return name

    def raw(self, source, method, path, headers=None, body=None, proxy="swift"):
        """One request without a client library: status, headers and body."""
        parts = urlsplit(self.cloud.settings.url(proxy))
        connection = http.client.HTTPConnection(
            parts.hostname, parts.port, timeout=30, source_address=(source, 0)
        )
        connection.request(method, path, body=body, headers=headers or {})
        response = connection.getresponse()
        text = response.read()
        connection.close()
        return response.status, response.headers, text

    def account_path(self, user="alice"):
        return urlsplit(self.connection("127.0.0.1", user, "backstage").get_auth()[0]).path

    def token(self, user="alice"):
        return {"X-Auth-Token": self.connection("127.0.0.1", user, "backstage").get_auth()[1]}

    def control(self, action, server):
        address = (self.cloud.settings.folder("swift") / "control").read_text()
        request = urllib.request.Request(f"{address}/{action}/{server}", method="POST")
        urllib.request.urlopen(request, timeout=30).close()


@pytest.fixture(scope="module")
def swift():
    with Cloud(services=("keystone", "swift"), proxies=PROXIES) as cloud:
        yield Swift(cloud)


class TestWhoseListRules:
    def test_a_containers_own(self, swift):
        name = swift.container(lab=LAB_NETWORK)
        assert swift.do(LAB, "get_object", name, "report")[1] == b"secret"
        with pytest.raises(ClientException) as caught:
            swift.do(OUTSIDER, "get_object", name, "report")
        assert caught.value.http_status == 403
        assert caught.value.http_response_content == b"You shall not pass!"

    @pytest.mark.parametrize("suffix", ["_segments", "+segments"])
    def test_that_of_the_container_that_is_served(self, swift, suffix):
        name = swift.container(lab=LAB_NETWORK)
        for source, status in ((LAB, 200), (OUTSIDER, 403)):
            assert swift.status(source, "put_container", name + suffix) == status
            assert swift.status(source, "put_object", name + suffix, "1", b"x") == status

    def test_the_accounts_and_then_the_operators_policy(self, swift):
        name = swift.container(user="carol")
        read = ("get_object", name, "report")
        assert swift.status(PARTNER, *read, user="carol") == 403
        assert swift.status(PARTNER, *read, user="carol", proxy="open") == 200
        swift.backstage("post_account", {"X-Account-Meta-Allow": PARTNER}, user="carol")
        assert swift.status(PARTNER, *read, user="carol") == 200
        assert swift.status(OUTSIDER, *read, user="carol", proxy="open") == 403
        assert swift.status(PARTNER, "get_account", user="carol") == 200
        assert swift.status(OUTSIDER, "get_account", user="carol") == 403
        swift.backstage("post_account", {"X-Account-Meta-Allow": ""}, user="carol")

    def test_nobodys_for_an_operator(self, swift):
        name = swift.container(lab=LAB_NETWORK)
        assert swift.status(OPERATOR, "get_object", name, "report", proxy="operated") == 200
        assert swift.status(OPERATOR, "get_object", name, "report") == 403

    def test_nobodys_for_the_proxys_own_machine(self, swift):
        name = swift.container(lab=LAB_NETWORK)
        assert swift.status("127.0.0.1", "get_object", name, "report") == 200
        assert swift.status("127.0.0.1", "get_object", name, "report", proxy="operated") == 403

    def test_a_read_only_entry_admits_no_writes(self, swift):
        name = swift.container(lab=f"{LAB_NETWORK}; read-only")
        assert swift.status(LAB, "get_object", name, "report") == 200
        assert swift.status(LAB, "head_container", name) == 200
        assert swift.status(LAB, "put_object", name, "new", b"x") == 403
        assert swift.status(LAB, "delete_object", name, "report") == 403
        assert swift.status(LAB, "post_container", name, {"X-Container-Meta-A": "b"}) == 403

    def test_an_entry_ends_when_it_says(self, swift):
        def until(seconds):
            end = datetime.now(UTC) + timedelta(seconds=seconds)
            return f"{LAB_NETWORK}; until={end:%Y-%m-%dT%H:%M:%SZ}"

        name = swift.container(lab=until(3600))
        assert swift.status(LAB, "get_object", name, "report") == 200
        swift.backstage("post_container", name, headers={f"{ALLOW}-lab": until(3)})
        time.sleep(3)
        assert swift.status(LAB, "get_object", name, "report") == 403

    def test_a_name_that_is_not_ascii_is_ruled_like_any_other(self, swift):
        name = swift.container(suffix="-größe 100%/2".replace("/", "_"), lab=LAB_NETWORK)
        assert swift.status(LAB, "get_object", name, "report") == 200
        assert swift.status(OUTSIDER, "get_object", name, "report") == 403

    def test_a_container_that_is_not_there_looks_like_one_that_is(self, swift):
        name = swift.container(lab=LAB_NETWORK)
        path = swift.account_path()
        for container in (name, "nothing"):
            assert swift.raw(OUTSIDER, "GET", f"{path}/{container}/x")[0] == 401
            assert swift.raw(OUTSIDER, "GET", f"{path}/{container}/x", swift.token())[0] == 403

    def test_nobodys_where_swift_keeps_something_for_itself(self, swift):
        """A reseller could list a restricted container by its shards."""
        shards = "/v1/.shards_" + swift.account_path().split("/")[-1] + "/docs-0"
        token = swift.token("reseller")
        made = swift.raw("127.0.0.1", "PUT", shards, token, proxy="backstage")[0]
        assert made == 201
        assert swift.raw(OUTSIDER, "GET", shards, token, proxy="open")[0] == 403
        assert swift.raw(OPERATOR, "GET", shards, token, proxy="operated")[0] in (200, 204)


class TestChangesOfAList:
    def test_they_are_in_force_at_once_on_every_proxy_that_shares_the_cache(self, swift):
        name = swift.container(lab=LAB_NETWORK)
        read = ("get_object", name, "report")
        assert swift.status(OUTSIDER, *read, proxy="open") == 403
        swift.do(LAB, "post_container", name, {f"{ALLOW}-guest": OUTSIDER})
        assert swift.status(OUTSIDER, *read) == 200
        assert swift.status(OUTSIDER, *read, proxy="open") == 200
        swift.do(LAB, "post_container", name, {f"X-Remove{ALLOW[1:]}-guest": "x"})
        assert swift.status(OUTSIDER, *read) == 403
        assert swift.status(OUTSIDER, *read, proxy="open") == 403

    @pytest.mark.parametrize("action", ["post_container", "put_container"])
    def test_a_malformed_item_is_named_and_nothing_is_stored(self, swift, action):
        name = swift.container(lab=LAB_NETWORK)
        with pytest.raises(ClientException) as caught:
            swift.do(LAB, action, name, {f"{ALLOW}-New": "10.1.2.3/16"})
        assert caught.value.http_status == 400
        content = caught.value.http_response_content.decode()
        assert content.startswith("X-Container-Meta-Allow-New: ")
        assert "10.1.0.0/16" in content
        assert f"{ALLOW}-new".lower() not in swift.backstage("head_container", name)

    @pytest.mark.parametrize("change", [{f"{ALLOW}-lab": ""}, {f"{ALLOW}-lab": OUTSIDER}])
    def test_a_lock_out_is_a_conflict_until_it_is_confirmed(self, swift, change):
        name = swift.container(lab=LAB_NETWORK)
        assert swift.status(LAB, "post_container", name, change) == 409
        assert swift.status(LAB, "get_object", name, "report") == 200
        assert swift.status(LAB, "post_container", name, {**change, **CONFIRM}) == 200
        assert swift.status(LAB, "get_object", name, "report") == 403

    def test_an_account_can_be_locked_out_of_too(self, swift):
        swift.backstage("post_account", {"X-Account-Meta-Allow": PARTNER}, user="carol")
        change = {"X-Account-Meta-Allow": OUTSIDER}
        assert swift.status(PARTNER, "post_account", change, user="carol") == 409
        assert swift.status(PARTNER, "post_account", {**change, **CONFIRM}, user="carol") == 200
        assert swift.status(PARTNER, "get_account", user="carol") == 403
        assert swift.status(OUTSIDER, "get_account", user="carol") == 200
        swift.backstage("post_account", {"X-Account-Meta-Allow": ""}, user="carol")

    def test_a_creation_is_judged_by_the_items_that_it_brings(self, swift):
        assert swift.status(LAB, "put_container", "made") == 403
        assert swift.status(LAB, "put_container", "made", {ALLOW: OUTSIDER}) == 403
        assert swift.status(LAB, "put_container", "made", {ALLOW: LAB_NETWORK}) == 200
        assert swift.status(OUTSIDER, "put_container", "made", {ALLOW: OUTSIDER}) == 403

    def test_a_creation_takes_over_nothing_that_is_there(self, swift):
        mine = {ALLOW: OUTSIDER}
        segments = swift.container(suffix="_segments")
        served = segments.removesuffix("_segments")
        assert swift.status(OUTSIDER, "put_container", served, mine) == 403
        docs = swift.container(lab=LAB_NETWORK)
        assert swift.status(OUTSIDER, "put_container", f"{docs}_segments", mine) == 403

    def test_the_command_line_makes_a_container_with_its_first_item(self, swift):
        command = ["swift", "post", "from-shell", "--meta", f"allow-lab:{LAB_NETWORK}"]
        assert run_from(LAB, command, environment(swift.cloud)).returncode == 0
        listing = run_from(OUTSIDER, ["swift", "list", "from-shell"], environment(swift.cloud))
        assert listing.returncode == 1
        assert "403 Forbidden" in listing.stderr
        assert "You shall not pass!" in listing.stderr


class TestFaults:
    @pytest.mark.parametrize("server", ["container", "account"])
    def test_while_servers_are_down_nobody_is_let_in_by_default(self, swift, server):
        name = swift.container()
        path = f"{swift.account_path()}/{name}/report"
        # A new process has nothing cached.
        for action, what in (("stop", "alone"), ("start", "alone"), ("stop", server)):
            swift.control(action, what)
        try:
            status, headers, _ = swift.raw(LAB, "GET", path, swift.token(), proxy="alone")
        finally:
            swift.control("start", server)
        assert status == 503
        assert int(headers["Retry-After"]) > 0
        assert swift.raw(LAB, "GET", path, swift.token(), proxy="alone")[0] == 200

    def test_audit_mode_refuses_nothing_and_logs_what_it_would(self, swift):
        name = swift.container(lab=LAB_NETWORK)
        assert swift.status(OUTSIDER, "get_object", name, "report", proxy="audit") == 200
        change = {f"{ALLOW}-lab": "nonsense"}
        assert swift.status(LAB, "post_container", name, change, proxy="audit") == 200
        log = swift.cloud.log("swift").read_text()
        account = swift.account_path().split("/")[-1]
        stopped = f"ip_whitelist would have stopped GET {account}/{name} from {OUTSIDER}: refused"
        assert stopped in log
        assert f"POST {account}/{name} from {LAB}: malformed" in log

    def test_a_refusal_is_one_line_in_the_log(self, swift):
        name = swift.container(lab=LAB_NETWORK)
        _, headers, _ = swift.raw(
            OUTSIDER, "GET", f"{swift.account_path()}/{name}/report", swift.token()
        )
        lines = [
            line
            for line in swift.cloud.log("swift").read_text().splitlines()
            if headers["X-Trans-Id"] in line and "ip_whitelist" in line
        ]
        assert len(lines) == 1
        assert f"/{name} from {OUTSIDER}: refused: not-listed" in lines[0]

    def test_clients_can_ask_what_is_enforced(self, swift):
        _, _, text = swift.raw(OUTSIDER, "GET", "/info")
        info = json.loads(text)["ip_whitelist"]
        assert info["staleness"] == 60
        assert info["max_meta_count"] == 90


def test_a_bulk_delete_deletes_only_what_its_sender_may(swift):
    closed = swift.container(lab=LAB_NETWORK)
    opened = swift.container(everybody="127.0.0.0/8")
    body = f"{closed}/report\n{opened}/report\n"
    headers = {**swift.token(), "Content-Type": "text/plain", "Accept": "application/json"}
    path = f"{swift.account_path()}?bulk-delete"
    _, _, text = swift.raw(OUTSIDER, "POST", path, headers, body)
    assert json.loads(text)["Number Deleted"] == 1
    assert swift.backstage("get_object", closed, "report")[1] == b"secret"
