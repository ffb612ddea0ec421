# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A Swift without servers behind it, and the filters in front of it."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from swift.common import utils
from swift.common.swob import Request, Response
from swift.proxy.controllers.base import (
    Controller,
    headers_to_account_info,
    headers_to_container_info,
)

from ipcontrol.addresses import parse_address
from ipcontrol.middleware import metadata
from ipcontrol.middleware.ip_whitelist import filter_factory
from ipcontrol.middleware.replicas import NoMajorityError

ACCOUNT = "AUTH_lab"


def _header(name):
    """As Swift spells it, so that a change finds what it is to replace."""
    name = name.replace("_", "-")
    return name.title() if name.isascii() else name


class FakeCache:
    """As MemcacheRing, in as far as the info caches use it."""

    def __init__(self):
        self.stored = {}

    def get(self, key, raise_on_error=False):
        return self.stored.get(key)

    def set(self, key, value, time=0, **_):
        self.stored[key] = value

    def delete(self, key):
        self.stored.pop(key, None)

    def incr(self, key, delta=1, time=0):
        self.stored[key] = int(self.stored.get(key, 0)) + delta
        return self.stored[key]

    def set_multi(self, mapping, server_key, time=0):
        self.stored.update(mapping)

    def get_multi(self, keys, server_key):
        return [self.stored.get(key) for key in keys]


class FakeSwift:
    """Answers HEAD from metadata in memory, applies PUT and POST to them, and keeps a record.

    Attributes:
        metadata: by path below the version; names with their prefix.
        statuses: answers for a path instead of the usual ones.
        seen: (method, path) of the requests that are not for metadata.
        asked: paths whose metadata were asked for.
    """

    recheck_container_existence = 60
    account_existence_skip_cache = container_existence_skip_cache = 0.0

    def __init__(self):
        self._pipeline_final_app = self._pipeline_request_logging_app = self
        self.logger = SimpleNamespace(increment=lambda *_: None)
        self.metadata = {ACCOUNT: {}}
        self.statuses = {}
        self.seen = []
        self.asked = []

    def container(self, name, _account=ACCOUNT, **items):
        items = {_header(f"X-Container-Meta-{key}"): value for key, value in items.items()}
        self.metadata[f"{_account}/{name}"] = items

    def account(self, **items):
        self.metadata[ACCOUNT] = {
            _header(f"X-Account-Meta-{key}"): value for key, value in items.items()
        }

    def __call__(self, environ, start_response):
        request = Request(environ)
        path = "/".join(environ["PATH_INFO"].split("/")[2:])
        internal = environ.get("swift.source") == "IPW"
        (self.asked if internal else self.seen).append(
            path if internal else (request.method, environ["PATH_INFO"])
        )
        found = path in self.metadata or path.count("/") > 1
        headers = dict(self.metadata.get(path, {}))
        if request.method in ("PUT", "POST") and path.count("/") < 2:
            self._apply(request, path)
        status = self.statuses.get(path, 200 if found or request.method == "PUT" else 404)
        return Response(status=status, headers=headers)(environ, start_response)

    def newest_info(self, account, container=""):
        path = "/".join(filter(None, (account, container)))
        self.asked.append(path)
        status = self.statuses.get(path, 200 if path in self.metadata else 404)
        if status >= 500:
            raise NoMajorityError
        to_info = headers_to_container_info if container else headers_to_account_info
        return to_info(self.metadata.get(path, {}), status)

    def _apply(self, request, path):
        kind = "Container" if "/" in path else "Account"
        changed = {}
        source = SimpleNamespace(server_type=kind, pass_through_headers=(), _x_remove_headers=list)
        Controller.transfer_headers(source, request.headers, changed)
        if request.method == "PUT" or path in self.metadata:
            stored = {
                **self.metadata.get(path, {}),
                **{name.title(): value for name, value in changed.items()},
            }
            self.metadata[path] = {name: value for name, value in stored.items() if value}


@dataclass
class Answer:
    status: int
    body: str
    headers: dict


@dataclass
class Cloud:
    """A fake Swift behind an `ip_whitelist`; calls come with the carrier already set."""

    swift: FakeSwift
    options: dict = field(default_factory=dict)
    cache: FakeCache = field(default_factory=FakeCache)

    def __post_init__(self):
        self.log = []
        self.counters = []
        self.filter = filter_factory({}, **{"admit_local": "false", **self.options})(self.swift)
        self.filter.logger = SimpleNamespace(
            info=lambda text, *args: self.log.append(text % args),
            error=lambda text, *args: self.log.append(text % args),
            increment=self.counters.append,
        )

    def call(self, method, path, address="192.0.2.1", headers=None, **environ):
        carrier = {} if address is None else {"ipcontrol.client_address": parse_address(address)}
        request = Request.blank(
            f"/v1/{ACCOUNT}{quote(path)}" if not path.startswith("!") else path[1:],
            environ={
                "REQUEST_METHOD": method,
                "swift.infocache": carrier,
                "swift.cache": self.cache,
                "swift.trans_id": "tx123",
                **environ,
            },
            headers=headers,
        )
        self.infocache = request.environ.get("swift.infocache")
        response = request.get_response(self.filter)
        return Answer(
            response.status_int, response.body.decode(errors="replace"), dict(response.headers)
        )


@pytest.fixture(scope="module", autouse=True)
def _replicas():
    """Have the fake Swift asked where all replicas would be."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            metadata,
            "newest_info",
            lambda app, _trans_id, *names: app._pipeline_final_app.newest_info(*names),
        )
        yield


@pytest.fixture
def swift():
    return FakeSwift()


@pytest.fixture
def cloud(swift):
    return Cloud(swift)


@pytest.fixture
def cloud_with(swift):
    return lambda **options: Cloud(swift, options)


@pytest.fixture
def cache():
    return FakeCache()


@pytest.fixture
def hash_conf(monkeypatch):
    """What /etc/swift/swift.conf would hold."""
    monkeypatch.setattr(utils, "HASH_PATH_SUFFIX", b"test")
