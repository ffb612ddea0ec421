# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import pytest

from devcloud.object_store import cache as cache_module
from devcloud.object_store.cache import DictCache


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

        def time(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(cache_module, "clock", clock)
    return clock


@pytest.fixture
def cache(clock):
    return DictCache()


def test_what_was_not_kept_is_none(cache):
    assert cache.get("key") is None


def test_a_value_comes_back_as_from_memcached(cache):
    cache.set("tuple", {"networks": ("a", "b")})
    cache.set("bytes", b"token")

    assert cache.get("tuple") == {"networks": ["a", "b"]}
    assert cache.get("bytes") == "token"


def test_a_value_is_forgotten_when_its_time_is_up(cache, clock):
    cache.set("key", 1, time=60)

    clock.now += 59
    assert cache.get("key") == 1
    clock.now += 2
    assert cache.get("key") is None


def test_a_value_without_a_time_stays(cache, clock):
    cache.set("key", 1)

    clock.now += 10**9
    assert cache.get("key") == 1


def test_a_number_is_never_below_zero(cache):
    assert cache.incr("key", 3) == 3
    assert cache.decr("key", 5) == 0


def test_a_deleted_value_is_none(cache):
    cache.set_multi({"key": 1, "other": 2}, "server")

    cache.delete("key")

    assert cache.get_multi(["key", "other"], "server") == [None, 2]


def test_proxies_share_a_cache_or_have_their_own():
    def cache_of(**options):
        return cache_module.filter_factory({}, **options)(None)._cache

    assert cache_of() is cache_of(shared="yes")
    assert cache_of(shared="no") is not cache_of(shared="no")
