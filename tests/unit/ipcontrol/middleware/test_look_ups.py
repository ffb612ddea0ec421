# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What look-ups may cache while others change what they look up."""

import pytest
from swift.common.swob import Request, Response
from swift.proxy.controllers.base import get_cache_key, set_info_cache

from ipcontrol.middleware import look_ups
from ipcontrol.middleware.look_ups import LookUps, end_change

KEYS = {"/v1/AUTH_lab/docs": ("AUTH_lab", "docs"), "/v1/AUTH_lab": ("AUTH_lab", None)}


class ProxyServer:
    """Caches what it answers, as the controllers do, after ``meanwhile`` has happened."""

    def __init__(self):
        self.meanwhile = lambda: None

    def __call__(self, environ, start_response):
        response = Response(status=204, headers={"X-Container-Meta-Allow": "10.0.0.1"})
        self.meanwhile()
        parts = environ["PATH_INFO"].rstrip("/").split("/")[2:4]
        set_info_cache(environ, parts[0], parts[1] if len(parts) > 1 else None, response)
        return response(environ, start_response)


@pytest.fixture
def proxy_server():
    return ProxyServer()


@pytest.fixture
def look_up(proxy_server, cache):
    def look_up(path, method="HEAD"):
        request = Request.blank(path, environ={"REQUEST_METHOD": method, "swift.cache": cache})
        request.get_response(LookUps(proxy_server))
        assert request.environ["swift.cache"] is cache

    return look_up


@pytest.fixture
def change(cache):
    return lambda *names: end_change({"swift.cache": cache}, *filter(None, names))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", [*KEYS, "/v1/AUTH_lab/docs/", "/v1/AUTH_lab/"])
def test_what_was_looked_up_is_cached(look_up, cache, path, method):
    look_up(path, method)
    assert get_cache_key(*KEYS[path.rstrip("/")]) in cache.stored


@pytest.mark.parametrize("path", KEYS)
def test_what_changed_meanwhile_is_not_cached(look_up, proxy_server, cache, change, path):
    proxy_server.meanwhile = lambda: change(*KEYS[path])
    look_up(path)
    assert get_cache_key(*KEYS[path]) not in cache.stored


def test_a_change_before_is_no_hindrance(look_up, cache, change):
    change("AUTH_lab", "docs")
    look_up("/v1/AUTH_lab/docs")
    assert "container/AUTH_lab/docs" in cache.stored


def test_a_change_after_an_earlier_one_is_noticed(look_up, proxy_server, cache, change):
    change("AUTH_lab", "docs")
    proxy_server.meanwhile = lambda: change("AUTH_lab", "docs")
    look_up("/v1/AUTH_lab/docs")
    assert "container/AUTH_lab/docs" not in cache.stored


def test_a_change_of_another_container_is_no_matter(look_up, proxy_server, cache, change):
    proxy_server.meanwhile = lambda: change("AUTH_lab", "other")
    look_up("/v1/AUTH_lab/docs")
    assert "container/AUTH_lab/docs" in cache.stored


def test_a_change_drops_what_is_cached(look_up, cache, change):
    look_up("/v1/AUTH_lab/docs")
    change("AUTH_lab", "docs")
    assert "container/AUTH_lab/docs" not in cache.stored


def test_a_change_between_the_last_look_at_the_mark_and_the_caching_is_noticed(
    look_up, cache, change, monkeypatch
):
    keep = cache.set

    def slow(key, *args, **options):
        change("AUTH_lab", "docs")
        keep(key, *args, **options)

    monkeypatch.setattr(cache, "set", slow)
    look_up("/v1/AUTH_lab/docs")
    assert "container/AUTH_lab/docs" not in cache.stored


def test_what_took_longer_than_a_mark_is_kept_is_not_cached(
    look_up, proxy_server, cache, monkeypatch
):
    later = look_ups.time.monotonic() + look_ups._LIFETIME + 1
    proxy_server.meanwhile = lambda: monkeypatch.setattr(look_ups.time, "monotonic", lambda: later)
    look_up("/v1/AUTH_lab/docs")
    assert "container/AUTH_lab/docs" not in cache.stored


def test_a_mark_that_cannot_be_read_is_none(look_up, cache, monkeypatch):
    # What MemcacheRing returns when no memcached answers.
    monkeypatch.setattr(cache, "get_multi", lambda *_: None)
    look_up("/v1/AUTH_lab/docs")
    assert "container/AUTH_lab/docs" in cache.stored


def test_other_values_are_kept_as_they_come(proxy_server, cache):
    def app(environ, start_response):
        environ["swift.cache"].set("shard-listing-v2/AUTH_lab/docs", [1], time=60)
        assert environ["swift.cache"].get("shard-listing-v2/AUTH_lab/docs") == [1]
        return proxy_server(environ, start_response)

    request = Request.blank("/v1/AUTH_lab/docs", environ={"swift.cache": cache})
    assert request.get_response(LookUps(app)).status_int == 204


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/AUTH_lab/docs/x"), ("POST", "/v1/AUTH_lab/docs"), ("GET", "/info")],
)
def test_other_requests_pass_with_the_cache_as_it_is(cache, method, path):
    def app(environ, start_response):
        assert environ["swift.cache"] is cache
        return Response()(environ, start_response)

    request = Request.blank(path, environ={"REQUEST_METHOD": method, "swift.cache": cache})
    assert request.get_response(LookUps(app)).status_int == 200


def test_without_a_cache_nothing_is_to_be_done(proxy_server):
    end_change({}, "AUTH_lab", "docs")
    assert Request.blank("/v1/AUTH_lab/docs").get_response(LookUps(proxy_server)).status_int == 204
