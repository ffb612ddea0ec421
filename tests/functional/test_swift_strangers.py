# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What people without rights can make a real Swift do, and what owners can make it keep."""

import itertools
import time
from pathlib import Path

import pytest

from devcloud.addresses import LAB, OUTSIDER, swift_connection
from devcloud.cloud import Cloud
from tests.functional.doors import send

# Requests, and bytes of allow items in each: as many as fit into the headers of one.
REQUESTS = 530
BYTES = 60_000


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with Cloud(("swift",), state=tmp_path_factory.mktemp("strangers")) as running:
        yield running


@pytest.fixture(scope="module")
def account(cloud):
    """Alice's token and the path of her account, which only the lab's network reaches."""
    owner = swift_connection(cloud, url=cloud.backstage_url)
    url, token = owner.get_auth()
    owner.post_account({"X-Account-Meta-Allow-All": "127.1.0.0/16"})
    return {"X-Auth-Token": token}, "/v1/" + url.rpartition("/")[2]


def resident_megabytes(cloud):
    """What Swift's process takes of the memory."""
    status = Path(f"/proc/{cloud.pid('swift')}/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def allow_items(number, length, values):
    """Headers with networks that no other request has."""
    addresses = (f"1.{number % 250}.{n // 250}.{n % 250}" for n in itertools.count())
    headers = {}
    for item in range(values):
        words, used = [], 0
        while used < length - 16:
            words.append(next(addresses))
            used += len(words[-1]) + 1
        headers[f"X-Container-Meta-Allow-{number}-{item}"] = ",".join(words)
    return headers


def test_the_lists_that_strangers_send_take_no_memory(cloud, account):
    _, path = account
    url = cloud.swift_url
    for number in range(30):
        send(url, "PUT", f"{path}/none{number}", {}, b"", OUTSIDER)
    before, began = resident_megabytes(cloud), time.monotonic()
    for number in range(REQUESTS):
        headers = allow_items(number, 7900, BYTES // 8000)
        assert send(url, "PUT", f"{path}/c{number}", headers, b"", OUTSIDER).status == 401
    assert resident_megabytes(cloud) - before < 10
    assert time.monotonic() - began < REQUESTS * 0.2


def test_the_longest_lists_of_many_containers_take_no_more_memory(cloud, account):
    token, path = account
    names = [f"long{number}" for number in range(120)]
    for number, name in enumerate(names):
        headers = {**token, **allow_items(number, 256, 15)}
        headers["X-Container-Meta-Allow-Lab"] = "127.1.0.0/16"
        answer = send(cloud.backstage_url, "PUT", f"{path}/{name}", headers, b"", "127.0.0.1")
        assert answer.status == 201, answer
    before = resident_megabytes(cloud)
    for name in names * 3:
        assert send(cloud.swift_url, "HEAD", f"{path}/{name}", token, b"", LAB).status == 204
        assert send(cloud.swift_url, "HEAD", f"{path}/{name}", token, b"", OUTSIDER).status == 403
    # Swift itself keeps their metadata besides.
    assert resident_megabytes(cloud) - before < 16


def test_a_stranger_makes_the_proxy_ask_no_more_than_swift_does(cloud, account):
    _, path = account
    headers = {"X-Container-Meta-Allow-Me": OUTSIDER}
    asked = {}
    for url, name in ((cloud.swift_url, "filtered"), (cloud.backstage_url, "unfiltered")):
        before = cloud.log("swift").stat().st_size
        for method in ("PUT", "POST", "DELETE"):
            for suffix in ("", "_segments", "_segments_segments"):
                answer = send(url, method, f"{path}/{name}{suffix}", headers, b"", OUTSIDER)
                assert answer.status == 401
        asked[name] = [line for line in written_since(cloud, before) if f"/{name}" in line]
    assert 0 < len(asked["filtered"]) <= len(asked["unfiltered"])


def written_since(cloud, position):
    """The lines of the storage servers about requests for metadata."""
    with cloud.log("swift").open("rb") as log:
        log.seek(position)
        lines = log.read().decode(errors="replace").splitlines()
    return [line for line in lines if "HEAD " in line]
