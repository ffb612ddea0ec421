# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A cloud of 1.0.0 goes on with this version: the old code has written, the new one reads.

The first cloud runs whole out of the repository's history, the second one on what it has left, with
the options that 1.0.0 documented.
"""

import configparser
import json
import os
import subprocess
import sys
import tarfile
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest
from swiftclient import ClientException

from devcloud import seed_nova
from devcloud.addresses import LAB, OUTSIDER, PARTNER, bound_to, swift_connection
from devcloud.cloud import Cloud
from devcloud.compute_clients import delete_servers, glance, host_of, nova
from devcloud.settings import REVERSE_PROXY, TRUSTED_PROXIES, Proxy
from ipcontrol import __version__
from tests.functional.horizon import HOST_GROUPS, WHITELIST, Person, text_of
from tests.release_1_0_0 import (
    COMMIT,
    IP_WHITELIST_OPTIONS,
    IPCONTROL,
    NOVA_CONF,
    PROXY_SERVER_CONF,
)
from tests.servers import wait_for

ROOT = Path(__file__).parents[2]
# Runs in the source tree of 1.0.0, with its embedded cloud.
WRITE = """
import json, sys
from pathlib import Path
from devcloud import seed_nova
from devcloud.addresses import LAB, bound_to, swift_connection
from devcloud.cloud import Cloud
from devcloud.compute_clients import glance, host_of, nova, wait_for
import ipcontrol

ITEMS = {"lab": "127.1.0.0/16", "partner": "127.2.0.0/16; read-only; until=2099-12-31T18:00Z"}
with Cloud(services=("swift", "nova"), state=Path(sys.argv[1])) as cloud:
    seed_nova.seed(cloud)
    with bound_to(LAB):
        swift = swift_connection(cloud)
        headers = {f"X-Container-Meta-Allow-{name}": value for name, value in ITEMS.items()}
        swift.put_container("kept", headers=headers)
        swift.put_object("kept", "report", b"secret")
        swift.put_container("kept_segments")
        swift.put_object("kept_segments", "1", b"part")
        swift.close()
    admin = nova(cloud, "admin")
    (image,) = [each.id for each in glance(cloud).images.list()]
    flavor = admin.flavors.find(name=seed_nova.SMALLEST)
    server = nova(cloud, source=LAB).servers.create("kept", image, flavor, nics="none")
    host = host_of(wait_for(admin, server, "ACTIVE"))
print(json.dumps({"version": ipcontrol.__version__, "server": server.id, "host": host}))
"""


def section(text, name):
    """A section of a configuration file that 1.0.0 documented."""
    parsed = configparser.RawConfigParser(strict=False)
    parsed.read_string(text)
    return dict(parsed[name])


@pytest.fixture(scope="module")
def old_tree(tmp_path_factory):
    """The source tree of 1.0.0."""
    if int(metadata.version("nova").partition(".")[0]) < 34:
        pytest.skip("1.0.0 was for Nova 34 and later")
    folder = tmp_path_factory.mktemp("old")
    archive = folder / "1.0.0.tar"
    command = ["git", "-C", str(ROOT), "archive", f"--output={archive}", COMMIT]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("without git, there is no 1.0.0 to begin with")
    if done.returncode:
        pytest.skip(f"the history of 1.0.0 is not here: {done.stderr.strip()}")
    with tarfile.open(archive) as packed:
        packed.extractall(folder / "tree", filter="data")
    return folder / "tree"


@pytest.fixture(scope="module")
def kept(old_tree, tmp_path_factory):
    """What a cloud of 1.0.0 left, and what it told."""
    state = tmp_path_factory.mktemp("state")
    done = subprocess.run(
        # Its folder goes before all that is installed.
        [sys.executable, "-W", "ignore", "-c", WRITE, str(state)],
        cwd=old_tree,
        env={**os.environ, "PYTHONPATH": str(old_tree)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["version"] == "1.0.0"
    return SimpleNamespace(state=state, **told)


@pytest.fixture(scope="module")
def cloud(kept):
    """This version, on what 1.0.0 left, with the options that its documentation told."""
    documented = {
        "client_address": section(PROXY_SERVER_CONF, "filter:client_address")
        | {"trusted_proxies": ", ".join(TRUSTED_PROXIES)},
        "ip_whitelist": section(PROXY_SERVER_CONF, "filter:ip_whitelist") | IP_WHITELIST_OPTIONS,
    }
    horizon = {"IPCONTROL": {**IPCONTROL, "TRUSTED_PROXIES": [REVERSE_PROXY]}}
    with Cloud(
        services=("swift", "nova", "horizon"),
        proxies={"swift": Proxy(options=documented)},
        horizon=horizon,
        state=kept.state,
    ) as running:
        yield running


@pytest.fixture(scope="module")
def admin(cloud):
    return nova(cloud, "admin")


@pytest.fixture
def boot(cloud, admin):
    made = []

    def boot(source):
        (image,) = [each.id for each in glance(cloud).images.list()]
        flavor = admin.flavors.find(name=seed_nova.SMALLEST)
        server = nova(cloud, source=source).servers.create("new", image, flavor, nics="none")
        made.append(server)
        return wait_for(admin, server, "ACTIVE")

    yield boot
    delete_servers(admin, made)


def status(cloud, source, action, *arguments, **options):
    """200, or with what status Swift refused."""
    with bound_to(source):
        connection = swift_connection(cloud)
        try:
            getattr(connection, action)(*arguments, **options)
        except ClientException as error:
            return error.http_status
        finally:
            connection.close()
    return 200


class TestSwift:
    def test_is_this_version(self, cloud):
        with bound_to(LAB):
            info = swift_connection(cloud).get_capabilities()
        assert info["ip_whitelist"]["version"] == __version__

    @pytest.mark.parametrize(
        ("source", "read", "write"),
        [
            (LAB, 200, 200),
            (PARTNER, 200, 403),
            (OUTSIDER, 403, 403),
        ],
    )
    @pytest.mark.parametrize(("container", "name"), [("kept", "report"), ("kept_segments", "1")])
    def test_an_old_list_admits_whom_it_did(self, cloud, container, name, source, read, write):
        assert status(cloud, source, "get_object", container, name) == read
        assert status(cloud, source, "put_object", container, f"from-{source}", b"new") == write

    def test_an_old_list_can_be_changed(self, cloud):
        item = {"X-Container-Meta-Allow-Guest": "127.9.0.0/16"}
        assert status(cloud, LAB, "post_container", "kept", item) == 200
        assert status(cloud, OUTSIDER, "get_object", "kept", "report") == 200
        assert status(cloud, LAB, "post_container", "kept", dict.fromkeys(item, "")) == 200
        assert status(cloud, OUTSIDER, "get_object", "kept", "report") == 403


class TestNova:
    def test_runs_with_the_filters_that_1_0_0_documented(self, cloud):
        written = (cloud.settings.folder("nova") / "nova.conf").read_text()
        options = ("available_filters", "enabled_filters")
        old, new = (section(text, "filter_scheduler") for text in (NOVA_CONF, written))
        assert {name: old[name] for name in options} == {name: new[name] for name in options}

    @pytest.mark.parametrize(
        ("source", "group"), [(LAB, "doc"), (PARTNER, "ops"), (OUTSIDER, "dev")]
    )
    def test_old_groups_still_decide(self, boot, source, group):
        assert host_of(boot(source)).startswith(group)

    def test_an_old_instance_moves_within_its_group(self, cloud, kept, admin):
        server = nova(cloud, "admin", source=PARTNER).servers.get(kept.server)
        assert host_of(server) == kept.host
        server.migrate()
        wait_for(admin, server, "VERIFY_RESIZE").confirm_resize()
        moved = host_of(wait_for(admin, server, "ACTIVE"))
        assert moved != kept.host
        assert moved.startswith("doc")


class TestHorizon:
    def test_shows_an_old_list(self, cloud):
        page = text_of(Person(cloud).get(f"{WHITELIST}container/kept/"))
        assert "Only 127.1.0.0/16 127.2.0.0/16 may read, only 127.1.0.0/16 may write" in page

    def test_shows_the_old_groups(self, cloud):
        page = text_of(Person(cloud, "admin").get(HOST_GROUPS))
        assert [group for group in ("doc", "ops", "dev") if group not in page] == []
