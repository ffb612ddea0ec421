# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Keeps the answers of look-ups that a change has overtaken out of Swift's cache.

Swift caches what a look-up of a container or an account has found when it ends,
and drops it at a change. A look-up that began before a change and ends after it
so puts the old metadata back, for as long as they are cached
(``swift.proxy.controllers.base``, ``set_info_cache``).

Here, a change leaves a mark in the cache, and a look-up that finds another mark
at its end than at its beginning keeps its answer to itself. The mark lies on the
memcached that has the metadata too: they are there together, or not at all.
"""

import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from swift.common.swob import wsgi_to_str
from swift.common.utils import cache_from_env, split_path
from swift.proxy.controllers.base import clear_info_cache, get_cache_key

from ipcontrol.middleware.client_address import App, Environ

_METHODS = ("GET", "HEAD")
# Seconds for which a mark is kept; what a longer look-up has found is not cached.
_LIFETIME = 300


def end_change(environ: Environ, account: str, container: str = "") -> None:
    """Drop what is cached, and what look-ups that are under way are about to cache.

    To be called when the storage servers have the change and nobody has been told yet.

    Args:
        environ: of the request that made the change.
        account: its name, a native string.
        container: its name, a native string; empty for the account itself.
    """
    cache = cache_from_env(environ, True)
    if cache:
        key = get_cache_key(account, container)
        cache.set_multi({_mark(key): uuid.uuid4().hex}, key, time=_LIFETIME)
    clear_info_cache(environ, account, container)


class LookUps:
    """Stands between look-ups of containers and accounts and the proxy server.

    Args:
        app: the proxy server.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Pass a request on; what it looks up is cached only where nothing changed meanwhile."""
        cache, key = cache_from_env(environ, True), _key(environ)
        if not cache or not key:
            return self.app(environ, start_response)
        environ["swift.cache"] = _Cache(cache, key)
        try:
            return self.app(environ, start_response)
        finally:
            environ["swift.cache"] = cache


class _Cache:
    """Swift's cache, for one look-up.

    Args:
        cache: a `swift.common.memcached.MemcacheRing`.
        key: of the metadata that are looked up.
    """

    def __init__(self, cache: Any, key: str) -> None:
        self._cache = cache
        self._key = key
        self._ends = time.monotonic() + _LIFETIME
        self._before = self._found()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cache, name)

    def set(self, key: str, *args: Any, **options: Any) -> None:
        """Keep a value, unless it is one that may have changed since it was looked up."""
        if key != self._key:
            self._cache.set(key, *args, **options)
        elif not self._overtaken():
            self._cache.set(key, *args, **options)
            # A change that came in between has cleared the cache before this filled it.
            if self._overtaken():
                self._cache.delete(key)

    def _overtaken(self) -> bool:
        return time.monotonic() > self._ends or self._found() != self._before

    def _found(self) -> object:
        return (self._cache.get_multi([_mark(self._key)], self._key) or [None])[0]


def _mark(key: str) -> str:
    return f"ipcontrol/changed/{key}"


def _key(environ: Environ) -> str:
    """The cache's key of what is looked up; empty for other requests."""
    if environ["REQUEST_METHOD"] not in _METHODS:
        return ""
    path = environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]
    try:
        _, account, container, name = split_path(wsgi_to_str(path), 2, 4, True)
    except ValueError:
        return ""
    return "" if name else str(get_cache_key(account, container))
