# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Every way that Swift's pipeline offers to reach or change what a list protects.

A row is one way. Each is tried three times on containers of its own: from an address that is not
on the list, from one that is, and from the first again where there is no filter. It must be
refused and have changed nothing; do what it does without the filter; and work without the filter,
or it would prove nothing.
"""

import functools
import hashlib
import json

import pytest
import requests
import swiftclient

from devcloud.addresses import LAB, OUTSIDER, swift_connection
from devcloud.cloud import Cloud
from devcloud.settings import DEFAULT_PROXIES, Proxy
from tests.functional.doors import (
    LAB_NETWORK,
    SECRET,
    SYNC_KEY,
    TEMP_URL_KEY,
    Attempt,
    Identity,
    archive,
)

# Its name is secret too: it is in the listing of its account.
PLANS = f"{SECRET.decode()}-plans"
KEY_OF_CONTAINER = "the container's key for temporary addresses"
PART = b"a part"
# A moment that has come, from which on a list that was tried out is enforced.
OVER = "2020-01-01T00:00Z"
# The operator's policy, and how the list has the lab's network: written out, by a name of the
# account's, or by one of the operator's; and until when it was tried out.
POLICIES = (
    ("deny", LAB_NETWORK, ""),
    ("allow", LAB_NETWORK, ""),
    ("allow", "@lab", ""),
    ("allow", "@laboratory", ""),
    ("allow", LAB_NETWORK, OVER),
)
JSON = {"Accept": "application/json"}
ORIGIN = {"Origin": "http://site.example"}
PREFLIGHT = {**ORIGIN, "Access-Control-Request-Method": "GET"}


# --- What the longer rows do ---------------------------------------------------


def copy_out(a):
    a.do("COPY", f"{a.r}/one", {"Destination": f"{a.o}/copy"})
    return a.do("GET", f"{a.o}/copy")


def copy_from(a):
    a.do("PUT", f"{a.o}/copy", {"X-Copy-From": f"{a.r}/one"})
    return a.do("GET", f"{a.o}/copy")


def copy_across(a):
    headers = {"X-Copy-From": f"{a.r}/one", "X-Copy-From-Account": a.account}
    a.do("PUT", f"{a.x}/copy", headers, user="carol")
    return a.do("GET", f"{a.x}/copy", user="carol")


def copy_verb_across(a):
    headers = {"Destination": f"{a.x}/copy", "Destination-Account": a.partner}
    a.do("COPY", "", headers, user="carol", path=f"/v1/{a.account}/{a.r}/one")
    return a.do("GET", f"{a.x}/copy", user="carol")


def slo(*segments):
    return json.dumps([{"path": segment} for segment in segments]).encode()


def slo_of(a):
    a.do("PUT", f"{a.o}/large?multipart-manifest=put", {}, slo(f"/{a.r}/one", f"/{a.r}/two"))
    return a.do("GET", f"{a.o}/large")


def with_large_object(a):
    a.behind("PUT", f"{a.r}_segments")
    a.behind("PUT", f"{a.r}_segments/1", {}, SECRET + b" segment")
    a.behind("PUT", f"{a.r}/large?multipart-manifest=put", {}, slo(f"/{a.r}_segments/1"))


def with_open_slo(a):
    """A large object that everybody may reach, with its segments in the restricted container."""
    a.behind("PUT", f"{a.o}/large?multipart-manifest=put", {}, slo(f"/{a.r}/one"))


def with_open_dlo(a):
    a.behind("PUT", f"{a.o}/large", {"X-Object-Manifest": f"{a.r}/o"})


def dlo_of(a):
    a.do("PUT", f"{a.o}/large", {"X-Object-Manifest": f"{a.r}/o"})
    return a.do("GET", f"{a.o}/large")


def with_link(a):
    a.behind("PUT", f"{a.o}/link", {"X-Symlink-Target": f"{a.r}/one"})


def with_hard_link(a):
    etag = hashlib.md5(SECRET + b" one").hexdigest()
    target = {"X-Symlink-Target": f"{a.r}/one", "X-Symlink-Target-Etag": etag}
    a.behind("PUT", f"{a.o}/link", target)


def make_link(a):
    a.do("PUT", f"{a.o}/link", {"X-Symlink-Target": f"{a.r}/one"})
    return a.do("GET", f"{a.o}/link")


def with_partner_link(a):
    shared(a)
    target = {"X-Symlink-Target": f"{a.r}/one", "X-Symlink-Target-Account": a.account}
    a.behind("PUT", f"{a.x}/link", target, user="carol")


def shared(a):
    """Let the other project in, as far as Swift's own access lists go."""
    a.behind("POST", a.r, {"X-Container-Read": "partner:carol,*:*", "X-Container-Write": "*:*"})


def public(a):
    a.behind("POST", a.r, {"X-Container-Read": ".r:*,.rlistings"})


def website(a):
    public(a)
    a.behind("PUT", f"{a.r}/index.html", {}, SECRET + b" index")
    a.behind("PUT", f"{a.r}/404error.html", {}, SECRET + b" error")
    a.behind(
        "POST",
        a.r,
        {
            "X-Container-Meta-Web-Index": "index.html",
            "X-Container-Meta-Web-Error": "error.html",
        },
    )


def web_listing(a):
    public(a)
    a.behind("PUT", f"{a.r}/{SECRET.decode()}", {}, b"name")
    a.behind("POST", a.r, {"X-Container-Meta-Web-Listings": "true"})


def versioned(a):
    a.behind("POST", a.r, {"X-Versions-Enabled": "true"})
    a.behind("PUT", f"{a.r}/one", {}, SECRET + b" newer")
    listing = json.loads(a.behind("GET", f"{a.r}?versions&format=json").body)
    a.version = next(v["version_id"] for v in listing if v["name"] == "one" and not v["is_latest"])


def archive_of_open(mode):
    """The open container's old versions go to the restricted one."""

    def prepare(a):
        a.behind("POST", a.o, {f"X-{mode}-Location": a.r})

    return prepare


def with_archived_version(a):
    archive_of_open("Versions")(a)
    a.behind("PUT", f"{a.o}/old", {}, SECRET + b" old")
    a.behind("PUT", f"{a.o}/old", {}, b"new")


def restore_archived(a):
    answer = a.do("DELETE", f"{a.o}/old")
    a.do("GET", f"{a.o}/old")
    return answer


def overwrite_and_archive(a):
    a.do("PUT", f"{a.o}/free", body=b"changed")
    return a.do("PUT", f"{a.o}/free", body=b"changed again")


def s3_copy(a):
    a.sign("PUT", f"{a.o}/copy", headers={"x-amz-copy-source": f"/{a.r}/one"})
    return a.sign("GET", f"{a.o}/copy")


def s3_part(a):
    answer = a.sign("POST", f"{a.r}/parts", query=[("uploads", "")])
    upload = answer.body.partition(b"<UploadId>")[2].partition(b"</UploadId>")[0].decode()
    identity = ("uploadId", upload or "none")
    return a.sign("PUT", f"{a.r}/parts", PART, query=[("partNumber", "1"), identity]), identity


def s3_delete_parts(a):
    _, identity = s3_part(a)
    etag = hashlib.md5(PART).hexdigest()
    parts = f"<Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part>"
    complete = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>"
    a.sign("POST", f"{a.r}/parts", complete.encode(), query=[identity])
    return a.sign("DELETE", f"{a.r}/parts")


def with_parts(a):
    a.behind("PUT", f"{a.r}%2Bsegments")
    a.behind("PUT", f"{a.r}%2Bsegments/one/id/1", {}, SECRET + b" part")


def synchronized(a):
    a.behind(
        "POST", a.r, {"X-Container-Sync-Key": SYNC_KEY, "X-Container-Sync-To": "//LAB/HERE/a/b"}
    )


def with_key_of_its_own(a):
    a.behind("POST", a.r, {"X-Container-Meta-Temp-URL-Key": KEY_OF_CONTAINER})


def ruled(a):
    """An account with a list, and in it a container without one."""
    a.behind("PUT", "", {"X-Account-Meta-Allow-Lab": LAB_NETWORK}, user="ruler")
    a.behind("PUT", PLANS, user="ruler")
    a.behind("PUT", f"{PLANS}/one", {}, SECRET + b" plan", user="ruler")
    a.watched += [("ruler", ""), ("ruler", PLANS)]


def lift_account(a):
    headers = {"X-Remove-Account-Meta-Allow-Lab": "x", "X-Confirm-Lockout": "true"}
    return a.do("POST", "", headers, user="ruler")


def copy_from_ruled(a):
    headers = {"X-Copy-From": f"{PLANS}/one", "X-Copy-From-Account": a.ruled}
    a.do("PUT", f"{a.o}/copy", headers, user="reseller")
    return a.do("GET", f"{a.o}/copy")


def with_quota(a):
    a.behind("POST", a.r, {"X-Container-Meta-Quota-Count": "100"})


def with_cors(a):
    allow = {"X-Container-Meta-Access-Control-Allow-Origin": ORIGIN["Origin"]}
    a.behind("POST", a.r, allow)


def lift(a):
    a.do("POST", a.r, {"X-Remove-Container-Meta-Allow-Lab": "x"})
    return a.do("GET", f"{a.r}/one")


def put_lift(a):
    a.do("PUT", a.r, {"X-Container-Meta-Allow-Me": "0.0.0.0/0"})
    return a.do("GET", f"{a.r}/one")


def take_over(a):
    """Take the container away and make one of the same name."""
    a.do("DELETE", f"{a.r}/one")
    a.do("DELETE", f"{a.r}/two")
    a.do("DELETE", a.r)
    return a.do("PUT", a.r, {"X-Container-Meta-Allow-Me": "0.0.0.0/0"})


def bulk_delete(a):
    body = f"/{a.r}/one\n".encode()
    headers = {**JSON, "Content-Type": "text/plain"}
    return a.do("POST", "?bulk-delete", headers, body, path=f"/v1/{a.account}?bulk-delete")


def extract_to_account(a):
    return a.do(
        "PUT", "", JSON, archive(f"{a.r}/bulk"), path=f"/v1/{a.account}?extract-archive=tar"
    )


def encoded(name):
    return "".join(f"%{byte:02x}" for byte in name.encode())


def nothing(_attempt):
    pass


# --- The table: a way, what it needs, and how it is gone ----------------------

TABLE = [
    # Objects
    ("GET object", nothing, lambda a: a.do("GET", f"{a.r}/one")),
    ("HEAD object", nothing, lambda a: a.do("HEAD", f"{a.r}/one")),
    ("GET range of object", nothing, lambda a: a.do("GET", f"{a.r}/one", {"Range": "bytes=0-5"})),
    ("PUT object", nothing, lambda a: a.do("PUT", f"{a.r}/new", body=b"new")),
    ("PUT over object", nothing, lambda a: a.do("PUT", f"{a.r}/one", body=b"new")),
    ("POST object", nothing, lambda a: a.do("POST", f"{a.r}/one", {"X-Object-Meta-A": "b"})),
    ("POST object, to expire", nothing, lambda a: a.do("POST", f"{a.r}/one", {"X-Delete-After": "99"})),
    ("PUT object, to expire", nothing, lambda a: a.do("PUT", f"{a.r}/new", {"X-Delete-After": "99"})),
    ("DELETE object", nothing, lambda a: a.do("DELETE", f"{a.r}/one")),
    # The container
    ("GET container", nothing, lambda a: a.do("GET", a.r)),
    ("GET container/", nothing, lambda a: a.do("GET", a.r, path=a.path(a.r) + "/")),
    ("GET container as JSON", nothing, lambda a: a.do("GET", f"{a.r}?format=json")),
    ("HEAD container", nothing, lambda a: a.do("HEAD", a.r)),
    ("PUT container", nothing, lambda a: a.do("PUT", a.r, {"X-Container-Meta-Color": "red"})),
    ("POST container", nothing, lambda a: a.do("POST", a.r, {"X-Container-Meta-Color": "red"})),
    ("POST read ACL", nothing, lambda a: a.do("POST", a.r, {"X-Container-Read": ".r:*"})),
    ("POST removes the list", nothing, lift),
    ("PUT adds to the list", nothing, put_lift),
    ("DELETE and PUT anew", nothing, take_over),
    # An account by its own list, with a container that has none
    ("GET account", ruled, lambda a: a.do("GET", "", user="ruler")),
    ("GET account as JSON", ruled, lambda a: a.do("GET", "?format=json", user="ruler")),
    ("HEAD account", ruled, lambda a: a.do("HEAD", "", user="ruler")),
    ("PUT account", ruled, lambda a: a.do("PUT", "", {"X-Account-Meta-Color": "red"}, user="ruler")),
    ("POST account", ruled, lambda a: a.do("POST", "", {"X-Account-Meta-Color": "red"}, user="ruler")),
    ("POST removes the account's list", ruled, lift_account),
    ("DELETE account", ruled, lambda a: a.do("DELETE", "", user="ruler")),
    ("GET container of the account", ruled, lambda a: a.do("GET", PLANS, user="ruler")),
    ("PUT container into the account", ruled, lambda a: a.do("PUT", "new", user="ruler")),
    ("GET object of the account", ruled, lambda a: a.do("GET", f"{PLANS}/one", user="ruler")),
    ("PUT object into the account", ruled, lambda a: a.do("PUT", f"{PLANS}/new", user="ruler")),
    ("PUT X-Copy-From-Account of it", ruled, copy_from_ruled),
    # Paths
    ("GET by /v1.0/", nothing, lambda a: a.do("GET", "", path=f"/v1.0/{a.account}/{a.r}/one")),
    ("GET by a quoted path", nothing, lambda a: a.do("GET", "", path=f"/v1/{a.account}/{encoded(a.r)}/%6fne")),
    ("GET with all slashes quoted", nothing, lambda a: a.do("GET", "", path=f"/v1/{a.account}%2F{a.r}%2fone")),
    ("GET with a slash quoted", nothing, lambda a: a.do("GET", "", path=f"/v1/{a.account}/{a.r}%2Fone")),
    ("GET with a query", nothing, lambda a: a.do("GET", f"{a.r}/one?format=json&x=/v1/")),
    # Copies
    ("COPY out of it", nothing, copy_out),
    ("PUT X-Copy-From it", nothing, copy_from),
    ("COPY into it", nothing, lambda a: a.do("COPY", f"{a.o}/free", {"Destination": f"{a.r}/new"})),
    ("PUT into it X-Copy-From", nothing, lambda a: a.do("PUT", f"{a.r}/new", {"X-Copy-From": f"{a.o}/free"})),
    ("COPY to another account", shared, copy_verb_across),
    ("PUT X-Copy-From-Account", shared, copy_across),
    ("COPY in from another account", shared, lambda a: a.do("PUT", f"{a.r}/new", {"X-Copy-From": f"{a.o}/free", "X-Copy-From-Account": a.account}, path=a.path(f"{a.r}/new"))),
    # Large objects
    ("PUT SLO of its segments", nothing, slo_of),
    ("GET SLO with segments in it", with_open_slo, lambda a: a.do("GET", f"{a.o}/large")),
    ("GET part of such an SLO", with_open_slo, lambda a: a.do("GET", f"{a.o}/large?part-number=1")),
    ("GET SLO in it, _segments", with_large_object, lambda a: a.do("GET", f"{a.r}/large")),
    ("GET its SLO manifest", with_large_object, lambda a: a.do("GET", f"{a.r}/large?multipart-manifest=get")),
    ("GET segment in _segments", with_large_object, lambda a: a.do("GET", f"{a.r}_segments/1")),
    ("GET listing of _segments", with_large_object, lambda a: a.do("GET", f"{a.r}_segments")),
    ("DELETE SLO and segments", with_large_object, lambda a: a.do("DELETE", f"{a.r}/large?multipart-manifest=delete", JSON)),
    ("DELETE SLO and segments, queued", with_large_object, lambda a: a.do("DELETE", f"{a.r}/large?multipart-manifest=delete&async=yes")),
    ("DELETE open SLO, segments in it queued", with_open_slo, lambda a: a.do("DELETE", f"{a.o}/large?multipart-manifest=delete&async=yes")),
    ("PUT DLO of its segments", nothing, dlo_of),
    ("GET DLO with segments in it", with_open_dlo, lambda a: a.do("GET", f"{a.o}/large")),
    ("HEAD DLO with segments in it", with_open_dlo, lambda a: a.do("HEAD", f"{a.o}/large")),
    # Links
    ("PUT link to it", nothing, make_link),
    ("GET soft link to it", with_link, lambda a: a.do("GET", f"{a.o}/link")),
    ("HEAD soft link to it", with_link, lambda a: a.do("HEAD", f"{a.o}/link")),
    ("GET hard link to it", with_hard_link, lambda a: a.do("GET", f"{a.o}/link")),
    ("GET link from another account", with_partner_link, lambda a: a.do("GET", f"{a.x}/link", user="carol")),
    ("COPY a link to it", with_link, lambda a: a.do("COPY", f"{a.o}/link", {"Destination": f"{a.o}/copy"})),
    # Temporary addresses and forms
    ("tempurl GET", nothing, lambda a: a.temporary("GET", f"{a.r}/one")),
    ("tempurl HEAD", nothing, lambda a: a.temporary("HEAD", f"{a.r}/one", signed_method="GET")),
    ("tempurl PUT", nothing, lambda a: a.temporary("PUT", f"{a.r}/new", b"new")),
    ("tempurl with a prefix", nothing, lambda a: a.temporary("GET", f"{a.r}/one", prefix=f"{a.r}/o")),
    ("tempurl with an ip_range", nothing, lambda a: a.temporary("GET", f"{a.r}/one", ip_range="127.0.0.0/8")),
    ("tempurl of a link to it", with_link, lambda a: a.temporary("GET", f"{a.o}/link")),
    ("tempurl of an SLO of it", with_open_slo, lambda a: a.temporary("GET", f"{a.o}/large")),
    ("tempurl by the container's key", with_key_of_its_own, lambda a: a.temporary("GET", f"{a.r}/one", key=KEY_OF_CONTAINER)),
    ("formpost", nothing, lambda a: a.form(f"{a.r}/form-")),
    # Anonymous and powerful callers
    ("anonymous GET with .r:*", public, lambda a: a.do("GET", f"{a.r}/one", user=None)),
    ("anonymous listing", public, lambda a: a.do("GET", a.r, user=None)),
    ("another project's user", shared, lambda a: a.do("GET", "", user="carol", path=f"/v1/{a.account}/{a.r}/one")),
    ("reseller admin", nothing, lambda a: a.do("GET", "", user="reseller", path=f"/v1/{a.account}/{a.r}/one")),
    # Web pages
    ("staticweb index", website, lambda a: a.do("GET", a.r, user=None, path=a.path(a.r) + "/")),
    ("staticweb error page", website, lambda a: a.do("GET", f"{a.r}/missing", user=None)),
    ("staticweb listing", web_listing, lambda a: a.do("GET", a.r, user=None, path=a.path(a.r) + "/")),
    ("CORS preflight", with_cors, lambda a: a.do("OPTIONS", f"{a.r}/one", PREFLIGHT, user=None)),
    ("CORS request", with_cors, lambda a: a.do("GET", f"{a.r}/one", ORIGIN)),
    # Many at once
    ("bulk extract into it", nothing, lambda a: a.do("PUT", f"{a.r}?extract-archive=tar", JSON, archive("bulk"))),
    ("bulk extract at the account", nothing, extract_to_account),
    ("bulk delete", nothing, bulk_delete),
    # Versions
    ("GET ?versions", versioned, lambda a: a.do("GET", f"{a.r}?versions")),
    ("GET ?version-id=", versioned, lambda a: a.do("GET", f"{a.r}/one?version-id={a.version}")),
    ("HEAD ?version-id=", versioned, lambda a: a.do("HEAD", f"{a.r}/one?version-id={a.version}")),
    ("PUT ?version-id=, restore", versioned, lambda a: a.do("PUT", f"{a.r}/one?version-id={a.version}")),
    ("DELETE ?version-id=", versioned, lambda a: a.do("DELETE", f"{a.r}/one?version-id={a.version}")),
    ("DELETE leaves a marker", versioned, lambda a: a.do("DELETE", f"{a.r}/one")),
    ("POST X-Versions-Enabled", nothing, lambda a: a.do("POST", a.r, {"X-Versions-Enabled": "true"})),
    ("legacy stack writes into it", archive_of_open("Versions"), overwrite_and_archive),
    ("legacy history writes into it", archive_of_open("History"), overwrite_and_archive),
    ("legacy stack restores from it", with_archived_version, restore_archived),
    # S3
    ("s3 GET", nothing, lambda a: a.sign("GET", f"{a.r}/one")),
    ("s3 HEAD", nothing, lambda a: a.sign("HEAD", f"{a.r}/one")),
    ("s3 PUT", nothing, lambda a: a.sign("PUT", f"{a.r}/new", b"new")),
    ("s3 DELETE", nothing, lambda a: a.sign("DELETE", f"{a.r}/one")),
    ("s3 list", nothing, lambda a: a.sign("GET", a.r)),
    ("s3 list v2", nothing, lambda a: a.sign("GET", a.r, query=[("list-type", "2")])),
    ("s3 copy", nothing, s3_copy),
    ("s3 multipart upload", nothing, lambda a: s3_part(a)[0]),
    ("s3 DELETE of a multipart upload", nothing, s3_delete_parts),
    ("s3 GET acl", nothing, lambda a: a.sign("GET", f"{a.r}/one", query=[("acl", "")])),
    ("s3 list versions", versioned, lambda a: a.sign("GET", a.r, query=[("versions", "")])),
    ("s3 presigned GET", nothing, lambda a: a.presigned("GET", f"{a.r}/one")),
    ("GET part in +segments", with_parts, lambda a: a.do("GET", f"{a.r}%2Bsegments/one/id/1")),
    # Other clusters and limits
    ("container sync PUT", synchronized, lambda a: a.sync("PUT", f"{a.r}/synced", b"synced")),
    ("container sync DELETE", synchronized, lambda a: a.sync("DELETE", f"{a.r}/one")),
    ("PUT within a quota", with_quota, lambda a: a.do("PUT", f"{a.r}/new", body=b"new")),
]  # fmt: skip

# Ways that Swift itself closes: they must stay closed.
CLOSED = [
    ("double slash", nothing, lambda a: a.do("GET", "", path=f"/v1/{a.account}//{a.r}/one")),
    ("double slash in front", nothing, lambda a: a.do("GET", "", path=f"//v1/{a.account}/{a.r}/one")),
    ("another version", nothing, lambda a: a.do("GET", "", path=f"/v2/{a.account}/{a.r}/one")),
    ("dots in the path", nothing, lambda a: a.do("GET", "", path=f"/v1/{a.account}/{a.o}/../{a.r}/one")),
    ("a full address", nothing, lambda a: a.do("GET", "", path=f"http://x/v1/{a.account}//{a.r}/one")),
    ("reserved names", versioned, lambda a: a.do("GET", "", path=f"/v1/{a.account}/%00versions%00{a.r}")),
    ("backend headers", versioned, lambda a: a.do("GET", "", {"X-Backend-Allow-Reserved-Names": "true"}, path=f"/v1/{a.account}/%00versions%00{a.r}")),
    ("a NUL in the name", nothing, lambda a: a.do("GET", "", path=f"/v1/{a.account}/{a.r}%00/one")),
    ("no token", nothing, lambda a: a.do("GET", f"{a.r}/one", user=None)),
]  # fmt: skip


# --- The cloud -----------------------------------------------------------------


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    """Swift with a proxy for each policy."""
    proxies = DEFAULT_PROXIES | {
        policy: Proxy(options={"ip_whitelist": {"unlisted": policy}})
        for policy in {policy for policy, _, _ in POLICIES}
    }
    with Cloud(("swift",), proxies=proxies, state=tmp_path_factory.mktemp("bypass")) as running:
        yield running


@pytest.fixture(scope="module")
def people(cloud):
    """Alice owns; she and Carol let everybody reach their accounts, which is not at issue here."""
    found = {}
    admin = _token(cloud, "admin", "lab")[0]
    for name, project in (("alice", "lab"), ("carol", "partner"), ("reseller", "lab")):
        token, url = _token(cloud, name, project)
        found[name] = Identity(token, url.rpartition("/")[2], *_s3_keys(cloud, token, admin))
        headers = {
            "X-Account-Meta-Allow-All": "0.0.0.0/0",
            "X-Account-Meta-Network-Lab": LAB_NETWORK,
            "X-Account-Meta-Temp-URL-Key": TEMP_URL_KEY,
        }
        if name != "reseller":
            behind = url.replace(cloud.swift_url, cloud.backstage_url)
            swiftclient.post_account(behind, token, headers)
    return found


def _token(cloud, name, project):
    url, token = swift_connection(cloud, name, project).get_auth()
    return token, url


def _s3_keys(cloud, token, admin):
    headers = {"X-Auth-Token": admin, "X-Subject-Token": token}
    session = requests.get(f"{cloud.keystone_url}/auth/tokens", headers=headers, timeout=30).json()
    user, project = session["token"]["user"]["id"], session["token"]["project"]["id"]
    made = requests.post(
        f"{cloud.keystone_url}/users/{user}/credentials/OS-EC2",
        json={"tenant_id": project},
        headers=headers,
        timeout=30,
    )
    made.raise_for_status()
    return made.json()["credential"]["access"], made.json()["credential"]["secret"]


def outcome(cloud, people, row, url, source, listed=LAB_NETWORK, trial=""):
    """Whether it was granted, showed something secret, changed something; and the status."""
    _name, prepare, go = row
    attempt = Attempt(url, cloud.backstage_url, source, people, listed, trial)
    prepare(attempt)
    before = attempt.snapshot()
    answer = go(attempt)
    changed = attempt.snapshot() != before
    return {"granted": answer.granted, "leaked": attempt.leaked, "changed": changed}, answer


@pytest.fixture(scope="module")
def unfiltered(cloud, people):
    """What a row does where there is no filter; tried once, for all policies."""

    @functools.cache
    def find(row):
        return outcome(cloud, people, row, cloud.backstage_url, OUTSIDER)

    return find


NOTHING = {"granted": False, "leaked": False, "changed": False}


@pytest.mark.parametrize(("policy", "listed", "trial"), POLICIES)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_from_the_wrong_address_nothing_is_granted_shown_or_changed(
    cloud, people, policy, listed, trial, row
):
    url = cloud.settings.url(policy)
    found, answer = outcome(cloud, people, row, url, OUTSIDER, listed, trial)
    assert found == NOTHING, answer


@pytest.mark.parametrize(("policy", "listed", "trial"), POLICIES)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_from_the_right_address_it_does_what_it_does_without_the_filter(
    cloud, people, unfiltered, policy, listed, trial, row
):
    filtered, answer = outcome(cloud, people, row, cloud.settings.url(policy), LAB, listed, trial)
    free, expected = unfiltered(row)
    assert expected.granted, expected
    assert (filtered, answer.status) == (free, expected.status), (answer, expected)


# What the list of an account rules is not tried out.
@pytest.mark.parametrize(
    "row", [row for row in TABLE if row[1] is not ruled], ids=lambda row: row[0]
)
def test_what_is_only_tried_out_refuses_nobody(cloud, people, unfiltered, row):
    url = cloud.settings.url("allow")
    filtered, answer = outcome(cloud, people, row, url, OUTSIDER, trial="true")
    free, expected = unfiltered(row)
    assert (filtered, answer.status) == (free, expected.status), (answer, expected)


@pytest.mark.parametrize(("policy", "listed", "trial"), POLICIES)
@pytest.mark.parametrize("row", CLOSED, ids=lambda row: row[0])
def test_what_swift_closes_stays_closed(cloud, people, policy, listed, trial, row):
    for source in (OUTSIDER, LAB):
        url = cloud.settings.url(policy)
        found, answer = outcome(cloud, people, row, url, source, listed, trial)
        assert found == NOTHING, answer
