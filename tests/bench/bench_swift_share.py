# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The filters' part in what a proxy does: ``python -m tests.bench.bench_swift_share [ROUNDS]``.

A GET of an object of 1 kB, whose container has a list of one network, on the embedded Swift.
Its proxy runs in this process with its whole pipeline, and its caller comes through a load
balancer that it trusts; Keystone and the storage servers run in processes of their own, and the
object is read there each time. The same proxy without the filters takes turns with it.

Counted is this thread's processor time, in the kernel too, from the call of the pipeline until
the body is read. The web server before it, which reads the request and writes the answer, is not
counted; with it, the filters' part would be smaller. A filter's own time is that between its call
and its call of the next application, and after the next one's return. Swift's look-up of the
container belongs to it, which the proxy server makes itself where ip_whitelist has not.
"""

import contextlib
import os
import statistics
import sys
from itertools import pairwise
from time import thread_time
from urllib.parse import urlsplit

from swift.common.swob import Request
from swift.common.utils import monkey_patch
from swift.common.wsgi import loadapp

from devcloud.addresses import LAB, swift_connection
from devcloud.cloud import Cloud
from devcloud.object_store import config
from devcloud.services.swift import prepare
from devcloud.settings import BIND
from ipcontrol.middleware.client_address import ClientAddress
from ipcontrol.middleware.ip_whitelist import IpWhitelist
from tests.bench.bench_swift_filters import as_eventlet_gives

ROUNDS = 500
FILTERS = {ClientAddress: "client_address", IpWhitelist: "ip_whitelist"}
# Before them, the proxies fill their caches.
WARM_UP = 20


class Clock:
    """Stands before an application, or behind it, and adds up what passes between.

    Args:
        app: what it stands before.
        times: of the request that is measured, to which it adds.
        name: of the time.
        sign: 1 before what is measured, -1 behind it.
    """

    def __init__(self, app, times, name, sign):
        self._app, self._times, self._name, self._sign = app, times, name, sign

    def __getattr__(self, attribute):
        return getattr(self._app, attribute)

    def __call__(self, environ, start_response):
        began = thread_time()
        try:
            return self._app(environ, start_response)
        finally:
            took = thread_time() - began
            self._times[self._name] = self._times.get(self._name, 0) + self._sign * took


def put_clocks(pipeline, times):
    """Measure the filters in a pipeline, which is a list of applications."""
    for before, measured in list(pairwise(pipeline)):
        name = FILTERS.get(type(measured))
        if name:
            before.app = Clock(measured, times, name, 1)
            measured.app = Clock(measured.app, times, name, -1)


def store(cloud):
    """Store the object.

    Returns:
        Its path, and a token that may read it.
    """
    connection = swift_connection(cloud, url=cloud.backstage_url)
    url, token = connection.get_auth()
    connection.put_container("measured", {"X-Container-Meta-Allow": LAB})
    connection.put_object("measured", "object", os.urandom(1024))
    return urlsplit(url).path + "/measured/object", token


def get(app, path, token):
    """Processor time, in seconds, of one GET by way of a proxy that is trusted."""
    sent = {"User-Agent": "python-swiftclient-4.6.0", "Accept-Encoding": "identity"}
    sent |= {"X-Forwarded-For": LAB, "X-Auth-Token": token}
    environ = as_eventlet_gives(Request.blank(path, {"REMOTE_ADDR": BIND}, sent).environ)
    statuses = []
    began = thread_time()
    answer = app(environ, lambda status, *_: statuses.append(status))
    body = b"".join(answer)
    took = thread_time() - began
    if statuses != ["200 OK"] or len(body) != 1024:
        raise RuntimeError(f"{path} was answered {statuses}")
    return took


def measure(proxies, path, token, rounds):
    """The times of all rounds, by what was measured; seconds."""
    spent = {}
    put_clocks(proxies["with"]._pipeline, spent)
    times = {"with": [], "without": [], "client_address": [], "ip_whitelist": []}
    for number in range(WARM_UP + rounds):
        spent.clear()
        found = {name: get(app, path, token) for name, app in proxies.items()} | spent
        if number >= WARM_UP:
            for name, each in found.items():
                times[name].append(each)
    return times


def main():
    # What talks to Keystone reads the modules that this changes when it is loaded.
    monkey_patch()
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with Cloud(services=("swift",)) as cloud, open(os.devnull, "w") as nowhere:
        path, token = store(cloud)
        prepare(cloud.settings)
        # The log goes where this is at the time.
        with contextlib.redirect_stderr(nowhere):
            proxies = {
                "with": loadapp(str(config.write_proxy(cloud.settings, "swift"))),
                "without": loadapp(str(config.write_proxy(cloud.settings, "backstage"))),
            }
        times = measure(proxies, path, token, rounds)
    report({name: statistics.median(each) * 1e6 for name, each in times.items()})


def report(times):
    write = sys.stdout.write
    filters = times["client_address"] + times["ip_whitelist"]
    write(
        "Microseconds of processor time for a GET of 1 kB by way of the whole proxy; medians\n\n"
    )
    write(f"{'with both filters':32}{times['with']:8.1f}\n")
    write(f"{'without them':32}{times['without']:8.1f}\n")
    write(f"{'client_address by itself':32}{times['client_address']:8.1f}\n")
    write(f"{'ip_whitelist by itself':32}{times['ip_whitelist']:8.1f}\n")
    write(f"{'both filters, of the whole':32}{filters / times['with']:8.1%}\n")


if __name__ == "__main__":
    main()
