# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""``swift.cache`` without memcached: a dictionary with expiry, for one process.

It has the methods of swift.common.memcached.MemcacheRing that Swift and keystonemiddleware call,
and keeps values as JSON, as that does.
"""

import json
import time as clock


class DictCache:
    """What the proxies of one process share, or one of them has alone."""

    memcache_servers = ("in-process",)

    def __init__(self):
        self._values: dict[str, tuple[str, float]] = {}

    def get(self, key, raise_on_error=False):
        """The value, or None."""
        text, expires = self._values.get(key, ("null", 0))
        if expires and expires < clock.time():
            del self._values[key]
            return None
        return json.loads(text)

    def set(self, key, value, serialize=True, time=0, min_compress_len=0, raise_on_error=False):
        """Keep a value for ``time`` seconds, or for ever."""
        if isinstance(value, bytes):
            value = value.decode()
        self._values[key] = (json.dumps(value), clock.time() + time if time else 0)

    def incr(self, key, delta=1, time=0):
        """Add to a number that is never below zero."""
        value = max(0, int(self.get(key) or 0) + int(delta))
        self.set(key, value, time=time)
        return value

    def decr(self, key, delta=1, time=0):
        """Subtract from a number."""
        return self.incr(key, -int(delta), time)

    def delete(self, key, server_key=None):
        """Forget a value."""
        self._values.pop(key, None)

    def set_multi(self, mapping, server_key, serialize=True, time=0, min_compress_len=0):
        """Keep several values."""
        for key, value in mapping.items():
            self.set(key, value, serialize, time)

    def get_multi(self, keys, server_key):
        """Several values."""
        return [self.get(key) for key in keys]


_SHARED = DictCache()


class CacheFilter:
    """Puts the cache where Swift's cache filter puts it."""

    def __init__(self, app, cache):
        self.app = app
        self._cache = cache

    def __call__(self, env, start_response):
        env["swift.cache"] = self._cache
        return self.app(env, start_response)


def filter_factory(global_conf, shared="yes", **local_conf):
    """For paste.deploy; ``shared = no`` is a proxy without a shared memcached."""
    cache = _SHARED if shared == "yes" else DictCache()
    return lambda app: CacheFilter(app, cache)
