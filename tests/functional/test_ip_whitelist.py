# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The whitelist on a real Swift: python-swiftclient, from real addresses."""

import hashlib
import hmac
import http.client
import itertools
import json
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

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


# --- Ways around, one of each kind ------------------------------------------


def read(swift, source, container, name, **options):
    """The object's bytes, or the refusal's status."""
    try:
        return swift.do(source, "get_object", container, name, **options)[1]
    except ClientException as error:
        return error.http_status


def copied(swift, source, container, elsewhere):
    headers = {"X-Copy-From": f"/{container}/report"}
    swift.status(source, "put_object", elsewhere, "copy", b"", headers=headers)
    return read(swift, source, elsewhere, "copy")


def large_object(swift, source, container, elsewhere):
    manifest = json.dumps([{"path": f"/{container}/report"}])
    swift.backstage(
        "put_object", elsewhere, "slo", manifest, query_string="multipart-manifest=put"
    )
    return read(swift, source, elsewhere, "slo")


def dynamic_large_object(swift, source, container, elsewhere):
    headers = {"X-Object-Manifest": f"{container}/rep"}
    swift.backstage("put_object", elsewhere, "dlo", b"", headers=headers)
    return read(swift, source, elsewhere, "dlo")


def symlink(swift, source, container, elsewhere):
    headers = {"X-Symlink-Target": f"{container}/report"}
    swift.backstage("put_object", elsewhere, "link", b"", headers=headers)
    return read(swift, source, elsewhere, "link")


def old_version(swift, source, container, elsewhere):
    swift.backstage("post_container", container, {"X-Versions-Enabled": "true"})
    for text in (b"secret", b"newer"):
        swift.backstage("put_object", container, "versioned", text)
    listing = swift.backstage("get_container", container, query_string="versions")[1]
    old = [each["version_id"] for each in listing if each["name"] == "versioned"][-1]
    return read(swift, source, container, "versioned", query_string=f"version-id={old}")


def temporary_url(swift, source, container, elsewhere):
    swift.backstage("post_container", container, {"X-Container-Meta-Temp-Url-Key": "key"})
    path = f"{swift.account_path()}/{container}/report"
    expires = int(time.time()) + 60
    signature = hmac.new(b"key", f"GET\n{expires}\n{path}".encode(), hashlib.sha256).hexdigest()
    query = f"temp_url_sig={signature}&temp_url_expires={expires}"
    return swift.raw(source, "GET", f"{path}?{query}")[2]


def anonymous(swift, source, container, elsewhere):
    swift.backstage("post_container", container, {"X-Container-Read": ".r:*"})
    return swift.raw(source, "GET", f"{swift.account_path()}/{container}/report")[2]


def another_version_of_the_api(swift, source, container, elsewhere):
    path = f"{swift.account_path()}/{container}/report".replace("/v1/", "/v1.0/")
    return swift.raw(source, "GET", path, swift.token())[2]


def quoted_path(swift, source, container, elsewhere):
    path = f"{swift.account_path()}%2F%{ord(container[0]):x}{quote(container[1:])}%2freport"
    return swift.raw(source, "GET", path, swift.token())[2]


def s3(swift, source, container, elsewhere):
    access, secret = ec2_credentials(swift)
    headers = signed(swift, "GET", f"/{container}/report", access, secret)
    return swift.raw(source, "GET", f"/{container}/report", headers)[2]


WAYS = [
    copied,
    large_object,
    dynamic_large_object,
    symlink,
    old_version,
    temporary_url,
    anonymous,
    another_version_of_the_api,
    quoted_path,
    s3,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_way_around_leads_in_and_none_is_closed_to_who_may_pass(swift, way):
    container = swift.container(lab=LAB_NETWORK)
    elsewhere = swift.container(everybody="127.0.0.0/8")
    refused = way(swift, OUTSIDER, container, elsewhere)
    assert isinstance(refused, int) or b"secret" not in refused
    assert way(swift, LAB, container, elsewhere) == b"secret"


def test_a_bulk_delete_deletes_only_what_its_sender_may(swift):
    closed = swift.container(lab=LAB_NETWORK)
    opened = swift.container(everybody="127.0.0.0/8")
    body = f"{closed}/report\n{opened}/report\n"
    headers = {**swift.token(), "Content-Type": "text/plain", "Accept": "application/json"}
    path = f"{swift.account_path()}?bulk-delete"
    _, _, text = swift.raw(OUTSIDER, "POST", path, headers, body)
    assert json.loads(text)["Number Deleted"] == 1
    assert swift.backstage("get_object", closed, "report")[1] == b"secret"


def ec2_credentials(swift):
    """An access key and its secret for alice."""
    token = swift.token()
    keystone = swift.cloud.keystone_url

    def call(path, body=None):
        request = urllib.request.Request(
            keystone + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={**token, "X-Subject-Token": token["X-Auth-Token"]}
            | {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    found = call("/auth/tokens")["token"]
    path = f"/users/{found['user']['id']}/credentials/OS-EC2"
    credential = call(path, {"tenant_id": found["project"]["id"]})["credential"]
    return credential["access"], credential["secret"]


def signed(swift, method, path, access, secret):
    """Headers of AWS Signature Version 4 for a request without body and query."""
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{now[:8]}/us-east-1/s3/aws4_request"
    empty = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": urlsplit(swift.cloud.swift_url).netloc,
        "x-amz-content-sha256": empty,
        "x-amz-date": now,
    }
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    names = ";".join(headers)
    request = f"{method}\n{path}\n\n{lines}\n{names}\n{empty}"
    digest = hashlib.sha256(request.encode()).hexdigest()
    key = f"AWS4{secret}".encode()
    for part in (*scope.split("/"), f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{digest}"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={access}/{scope}, SignedHeaders={names}, "
        f"Signature={key.hex()}"
    )
    return {**headers, "Authorization": authorization}
