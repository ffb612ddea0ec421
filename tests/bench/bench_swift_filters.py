# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the two filters cost a request: ``python -m tests.bench.bench_swift_filters``.

Behind them stands nothing, and the metadata are in the request's own cache or in
a dictionary in place of memcached: the numbers are the filters' own work.
"""

import json
import sys
import timeit
from types import SimpleNamespace

from swift.common.swob import Request
from swift.proxy.controllers.base import headers_to_container_info

from ipcontrol.middleware import client_address, ip_whitelist

CALLER = "203.0.113.7"
PROXY = "192.0.2.10"


class Cache:
    """A shared cache that, as memcached's client does, parses JSON on each read."""

    def __init__(self):
        self.stored = {}

    def get(self, key, raise_on_error=False):
        text = self.stored.get(key)
        return json.loads(text) if text else None


class Nothing:
    recheck_container_existence = 60
    container_existence_skip_cache = account_existence_skip_cache = 0.0

    def __init__(self):
        self._pipeline_final_app = self._pipeline_request_logging_app = self
        self.logger = SimpleNamespace(increment=lambda *_: None)

    def __call__(self, environ, start_response):
        return []


def metadata(entries):
    items = {f"x-container-meta-allow-{n:02}": f"10.{n}.0.0/16" for n in range(entries)}
    if items:
        items[f"x-container-meta-allow-{entries - 1:02}"] = CALLER
    return {**items, "x-container-object-count": "0", "x-container-bytes-used": "0"}


def environ(cache, info):
    made = Request.blank("/v1/AUTH_lab/docs/report", environ={"REMOTE_ADDR": PROXY}).environ
    made["HTTP_X_FORWARDED_FOR"] = CALLER
    made["HTTP_USER_AGENT"] = "python-swiftclient-4.6.0"
    made["HTTP_X_AUTH_TOKEN"] = "x" * 180
    made["swift.cache"] = cache
    made["swift.infocache"] = {} if info is None else {"container/AUTH_lab/docs": info}
    return made


def microseconds(app, cache, info=None, calls=4000):
    """The best of five: what the work takes when nothing interferes."""
    environs = iter([environ(cache, info) for _ in range(calls * 5)])
    return min(timeit.repeat(lambda: app(next(environs), None), number=calls, repeat=5)) / (
        calls / 1e6
    )


def main():
    write = sys.stdout.write
    whitelist = ip_whitelist.filter_factory({}, unlisted="allow")
    resolve = client_address.filter_factory({}, trusted_proxies=PROXY)
    write(f"{'client_address alone':44}{microseconds(resolve(Nothing()), Cache()):8.1f} µs\n")
    for entries in (0, 1, 10, 81):
        cache, info = Cache(), headers_to_container_info(metadata(entries))
        cache.stored["container/AUTH_lab/docs"] = json.dumps(info)
        account = {"status": 204, "meta": {}, "bytes": "0", "container_count": "0"}
        cache.stored["account/AUTH_lab"] = json.dumps({**account, "total_object_count": "0"})
        app = resolve(whitelist(Nothing()))
        for name, known in (("this request's", info), ("the shared", None)):
            label = f"both, {entries} entries, metadata in {name} cache"
            write(f"{label:44}{microseconds(app, cache, known):8.1f} µs\n")


if __name__ == "__main__":
    main()
