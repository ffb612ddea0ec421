# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the two filters cost a request: ``python -m tests.bench.bench_swift_filters [ROUNDS]``.

Each line is the work of one GET of an object whose container has a list, in
microseconds of processor time: Swift's own look-up of the container, which no filter can do
without; the Operations Guide's filter in Python 3, which makes a set of the items'
values for every request and compares texts; and ours, with the caller's own
connection, behind a trusted proxy, and counting who calls. Behind all of them stands nothing. The list
comes out of a dictionary in place of memcached, which parses JSON as memcached's
client does.

All of them take turns, and of many rounds the best counts, so that what else the
machine does falls on all alike.
"""

import json
import sys
import time
import timeit
from types import SimpleNamespace

from swift.common.swob import HTTPForbidden, Request
from swift.common.utils import split_path
from swift.proxy.controllers.base import get_container_info, headers_to_container_info

from ipcontrol.middleware import client_address, ip_whitelist

CALLER = "203.0.113.7"
PROXY = "192.0.2.10"
# Rounds so short that many of them are disturbed by nothing.
ROUNDS, CALLS = 360, 50
# As many networks as an item holds within Swift's 256 bytes a value, of this kind.
NETWORKS_AN_ITEM = 16
LISTS = (1, 10, 240)
GUIDE = "the guide's filter"


class Cache:
    """A shared cache that, as memcached's client does, parses JSON on each read."""

    def __init__(self):
        self.stored = {}

    def get(self, key, raise_on_error=False):
        text = self.stored.get(key)
        return json.loads(text) if text else None

    def get_multi(self, keys, server_key):
        """What is counted of callers is not kept: as if memcached were away."""


class Nothing:
    """A proxy server that answers nothing."""

    recheck_container_existence = 60
    container_existence_skip_cache = account_existence_skip_cache = 0.0

    def __init__(self):
        self._pipeline_final_app = self._pipeline_request_logging_app = self
        self.logger = SimpleNamespace(increment=lambda *_: None)

    def __call__(self, environ, start_response):
        authorize = environ.get("swift.authorize")
        if authorize is not None:
            authorize(None)
        return []


class LookUp:
    """Swift's own look-up of the container alone."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        get_container_info(environ, self.app, swift_source="BENCH")
        return self.app(environ, start_response)


class Guide:
    """The whitelist of the Operations Guide: addresses compared as texts."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        split_path(environ["PATH_INFO"], 1, 4, True)
        found = get_container_info(environ, self.app, swift_source="BENCH")["meta"]
        allowed = {value for name, value in found.items() if name.startswith("allow")}
        if environ["REMOTE_ADDR"] in allowed:
            return self.app(environ, start_response)
        return HTTPForbidden()(environ, start_response)


def ours(callers="off", **options):
    resolve = client_address.filter_factory({}, **options)
    whitelist = ip_whitelist.filter_factory({}, admit_local="false", callers=callers)
    return resolve(whitelist(Nothing()))


def metadata(networks):
    """A list of single addresses, the caller's last; as many to an item as fit."""
    every = [f"10.1.{n // 200}.{n % 200}" for n in range(networks - 1)] + [CALLER]
    items = [every[n : n + NETWORKS_AN_ITEM] for n in range(0, networks, NETWORKS_AN_ITEM)]
    return {f"x-container-meta-allow-{n:02}": ", ".join(item) for n, item in enumerate(items)}


def cache_of(found):
    cache = Cache()
    counts = {"x-container-object-count": "0", "x-container-bytes-used": "0"}
    cache.stored["container/AUTH_lab/docs"] = json.dumps(headers_to_container_info(found | counts))
    return cache


def environ(cache, **values):
    made = Request.blank("/v1/AUTH_lab/docs/report").environ
    made["HTTP_USER_AGENT"] = "python-swiftclient-4.6.0"
    made["HTTP_ACCEPT_ENCODING"] = "identity"
    made["HTTP_X_AUTH_TOKEN"] = "x" * 180
    return as_eventlet_gives(made | {"swift.cache": cache, "swift.infocache": {}} | values)


def as_eventlet_gives(environ):
    """With the headers as they were sent, as Swift's web server adds them."""
    names = [key for key in environ if key.startswith("HTTP_")]
    sent = ((name.removeprefix("HTTP_").replace("_", "-"), environ[name]) for name in names)
    return environ | {"headers_raw": tuple(sent)}


def allow(_request):
    """An authorization that lets everybody through."""


def variants(networks):
    """Name -> (application, the list, what is particular to its requests)."""
    mine = metadata(networks)
    # The guide's filter knows one address an item, and nothing of lists.
    one_each = mine | {"x-container-meta-allow-mine": CALLER}
    direct, behind = (
        {"REMOTE_ADDR": CALLER},
        {"REMOTE_ADDR": PROXY, "HTTP_X_FORWARDED_FOR": CALLER},
    )
    return {
        "Swift's look-up alone": (LookUp(Nothing()), mine, direct),
        GUIDE: (Guide(Nothing()), one_each, direct),
        "both filters": (ours(), mine, direct),
        "both, behind a trusted proxy": (ours(trusted_proxies=PROXY), mine, behind),
        "both filters, callers = all": (ours("all"), mine, direct | {"swift.authorize": allow}),
    }


def microseconds(made, rounds):
    """Name -> the best of all rounds."""
    best = dict.fromkeys(made, float("inf"))
    for _ in range(rounds):
        for name, (app, found, particular) in made.items():
            cache = cache_of(found)
            environs = iter([environ(cache, **particular) for _ in range(CALLS)])
            took = timeit.timeit(
                lambda app=app, it=environs: app(next(it), _start),
                number=CALLS,
                timer=time.thread_time,
            )
            best[name] = min(best[name], took / CALLS * 1e6)
    return best


def _start(*_args):
    return None


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    table = {networks: microseconds(variants(networks), rounds) for networks in LISTS}
    report(table)


def report(table):
    write = sys.stdout.write
    first, last = LISTS[0], LISTS[-1]
    write(
        "Microseconds of processor time for a GET of an object, the proxy server itself left out,\n"
    )
    write(
        "by the number of networks in its container's list; last, how many times the guide's\n\n"
    )
    numbers = "".join(f"{networks:8}" for networks in LISTS)
    write(f"{'':28}{numbers}   growth {numbers}\n")
    for name in table[first]:
        took = "".join(f"{table[networks][name]:8.1f}" for networks in LISTS)
        growth = table[last][name] / table[first][name]
        ratios = "".join(f"{table[n][name] / table[n][GUIDE]:8.2f}" for n in LISTS)
        write(f"{name:28}{took}{growth:9.2f} {ratios}\n")


if __name__ == "__main__":
    main()
