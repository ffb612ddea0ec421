# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The operator's file of names, which is another one now and then."""

import json
import os
import time
from types import SimpleNamespace

import eventlet
import pytest

from ipcontrol.middleware import operator_names
from ipcontrol.middleware.operator_names import OperatorNames

CAMPUS, OTHER = "192.0.2.7", "198.51.100.9"
_LONG_AGO = 1_700_000_000


class File:
    """A file of names; each state of it is older than the moment, as after a while."""

    def __init__(self, path):
        self.path = path
        self._time = _LONG_AGO

    def write(self, text="", **names):
        self._time += 10
        self.path.write_bytes((text or json.dumps(names)).encode(errors="surrogateescape"))
        os.utime(self.path, (self._time, self._time))


@pytest.fixture
def file(tmp_path):
    return File(tmp_path / "names.json")


@pytest.fixture
def clock(monkeypatch):
    found = SimpleNamespace(now=1000.0)
    fake = SimpleNamespace(monotonic=lambda: found.now, time=time.time)
    monkeypatch.setattr(operator_names, "time", fake)
    return found


class Log(list):
    def error(self, text, *arguments):
        self.append(text % arguments)

    exception = error


@pytest.fixture
def log():
    return Log()


@pytest.fixture
def told():
    return []


@pytest.fixture
def names(file, log, told):
    return OperatorNames(str(file.path), log, lambda names: told.append(list(names.defined)))


def defined(names):
    return sorted(names.lists.operator.defined)


def test_it_is_read_and_read_again_when_it_changes(file, names, told):
    file.write(campus=["192.0.2.0/24"])
    names.look()
    assert defined(names) == ["campus"]
    file.write(campus=["192.0.2.0/24"], vpn=["203.0.113.7"])
    names.look()
    assert defined(names) == ["campus", "vpn"]
    assert told == [["campus"], ["campus", "vpn"]]


def test_a_file_that_is_the_same_is_not_read_again(file, names):
    file.write(campus=["192.0.2.0/24"])
    names.look()
    lists = names.lists
    names.look()
    assert names.lists is lists


def test_one_of_the_same_length_and_time_in_its_place_is_another(file, names, tmp_path):
    file.write(campus=["192.0.2.0/24"])
    names.look()
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"office": ["192.0.2.0/24"]}))
    os.utime(other, (file._time, file._time))
    assert other.stat().st_size == file.path.stat().st_size
    other.replace(file.path)
    names.look()
    assert defined(names) == ["office"]


@pytest.mark.parametrize("spoil", ["{", '{"campus": ["10.1.2.3/16"]}', '{"campus": []}', "\udc80"])
def test_a_bad_file_leaves_the_last_good_one_in_force(file, names, log, spoil):
    file.write(campus=["192.0.2.0/24"])
    names.look()
    file.write(spoil)
    names.look()
    assert (defined(names), len(log)) == (["campus"], 1)
    assert log[0].startswith(
        f"ip_whitelist cannot read {file.path}, and goes on with 1 names read before: "
    )
    file.write(vpn=["203.0.113.7"])
    names.look()
    assert (defined(names), len(log)) == (["vpn"], 1)


@pytest.mark.parametrize("back", ["as it was", "another"])
def test_a_file_that_vanishes_leaves_the_last_one_in_force_until_there_is_one(
    file, names, log, back, clock
):
    file.write(campus=["192.0.2.0/24"])
    names.look()
    away = file.path.with_suffix(".away")
    file.path.rename(away)
    names.look()
    assert (defined(names), len(log)) == (["campus"], 1)
    if back == "as it was":
        away.rename(file.path)
    else:
        file.write(vpn=["203.0.113.7"])
    clock.now += 100
    names.look()
    assert (defined(names), len(log)) == (["campus" if back == "as it was" else "vpn"], 1)


def test_the_same_fault_is_told_once_a_minute_and_the_file_read_once(file, names, log, clock):
    file.write("{")
    for _ in range(90):
        names.look()
        clock.now += 2
    assert len(log) == 3
    assert defined(names) == []


def test_what_is_no_file_is_not_waited_for(names, log, file):
    os.mkfifo(file.path)
    names.look()
    assert "it is not a file of at most" in log[0]


def test_a_file_that_is_too_long_is_not_read(names, log, file):
    file.path.touch()
    os.truncate(file.path, 2**30)
    os.utime(file.path, (_LONG_AGO, _LONG_AGO))
    names.look()
    assert "it is not a file of at most 8388608 bytes" in log[0]


def test_what_was_written_just_now_may_be_written_again_without_a_trace(file, names):
    """Within one tick of the file system's clock a file may change and keep time and length."""
    file.path.write_text('{"campus": ["192.0.2.0/24"]}')
    now = time.time()
    os.utime(file.path, (now, now))
    names.look()
    file.path.write_text('{"office": ["192.0.2.0/24"]}')
    os.utime(file.path, (now, now))
    names.look()
    assert defined(names) == ["office"]


def test_a_file_that_is_being_written_is_read_when_it_is_done(file, names):
    file.write(campus=["192.0.2.0/24"])
    names.look()
    file.path.write_text('{"office": ["192.0.2.0/24"]}')
    names.look()
    assert defined(names) == ["campus"]
    os.utime(file.path, (time.time() - 5,) * 2)
    names.look()
    assert defined(names) == ["office"]


def test_a_clock_that_is_ahead_elsewhere_does_not_keep_a_file_from_being_read(file, names):
    file.write(campus=["192.0.2.0/24"])
    names.look()
    file.write(office=["192.0.2.0/24"])
    os.utime(file.path, (time.time() + 900,) * 2)
    names.look()
    assert defined(names) == ["office"]


class TestWatching:
    """In the background, for as long as there is a filter."""

    @pytest.fixture(autouse=True)
    def _quickly(self, monkeypatch):
        monkeypatch.setattr(operator_names, "INTERVAL", 0.01)

    def test_a_change_is_found_without_any_request(self, file, names):
        file.write(campus=["192.0.2.0/24"])
        names.start()
        assert defined(names) == ["campus"]
        file.write(vpn=["203.0.113.7"])
        eventlet.sleep(0.1)
        assert defined(names) == ["vpn"]

    def test_it_survives_what_nobody_thought_of(self, file, names, log, monkeypatch):
        names.start()

        def fail(*_):
            raise MemoryError

        with monkeypatch.context() as patch:
            patch.setattr(operator_names, "parse_networks_file", fail)
            file.write(campus=["192.0.2.0/24"])
            eventlet.sleep(0.05)
        file.write(campus=["192.0.2.0/24"])
        eventlet.sleep(0.1)
        assert defined(names) == ["campus"]
        assert "ip_whitelist cannot look at the file of names" in log

    def test_it_ends_with_the_filter(self, file, log):
        file.write(campus=["192.0.2.0/24"])
        looks = []
        names = OperatorNames(str(file.path), log, looks.append)
        names.start()
        del names
        looks.clear()
        file.write(vpn=["203.0.113.7"])
        eventlet.sleep(0.1)
        assert looks == []

    def test_others_get_their_turn_while_it_is_read(self, file, names):
        names.start()
        file.write(campus=[f"10.{n >> 8}.{n & 255}.0/24" for n in range(20_000)])
        longest, last = 0.0, time.thread_time()
        while not defined(names):
            eventlet.sleep()
            longest, last = max(longest, time.thread_time() - last), time.thread_time()
        assert longest < 0.1

    def test_without_a_file_nothing_is_watched(self, log, monkeypatch):
        monkeypatch.setattr(eventlet, "spawn", None)
        OperatorNames("", log, lambda names: None).start()
        assert log == []


class TestInTheFilter:
    @pytest.fixture
    def filtered(self, cloud_with, swift, file):
        file.write(campus=["192.0.2.0/24"])
        swift.container("docs", allow="@campus")
        return cloud_with(networks_file=str(file.path))

    def look(self, cloud):
        cloud.filter._names.look()

    def test_a_name_of_the_operators_admits_in_every_account(self, filtered):
        assert [filtered.call("GET", "/docs/x", each).status for each in (CAMPUS, OTHER)] == [
            200,
            403,
        ]

    def test_a_change_is_in_force_for_lists_that_were_read_before(self, filtered, file):
        assert filtered.call("GET", "/docs/x", OTHER).status == 403
        file.write(campus=["198.51.100.0/24"])
        self.look(filtered)
        assert [filtered.call("GET", "/docs/x", each).status for each in (CAMPUS, OTHER)] == [
            403,
            200,
        ]

    def test_a_name_that_is_gone_from_the_file_opens_nothing(self, filtered, file):
        file.write(vpn=["203.0.113.7"])
        self.look(filtered)
        assert filtered.call("GET", "/docs/x", CAMPUS).status == 403
        answer = filtered.call("PUT", "/new", CAMPUS, {"X-Container-Meta-Allow": "@campus"})
        assert answer.status == 403

    def test_the_accounts_own_definition_counts_instead(self, filtered, swift):
        swift.account(network_campus="198.51.100.0/24")
        assert [filtered.call("GET", "/docs/x", each).status for each in (CAMPUS, OTHER)] == [
            403,
            200,
        ]

    def test_one_that_cannot_be_read_too(self, filtered, swift):
        swift.account(network_campus="198.51.100.1/24")
        assert [filtered.call("GET", "/docs/x", each).status for each in (CAMPUS, OTHER)] == [
            403,
            403,
        ]

    def test_it_can_be_stored_where_it_is_defined(self, filtered):
        headers = {"X-Container-Meta-Allow-More": "@campus"}
        assert filtered.call("POST", "/docs", CAMPUS, headers).status == 200
        headers = {"X-Container-Meta-Allow-More": "@home"}
        assert filtered.call("POST", "/docs", CAMPUS, headers).status == 400

    def test_who_would_be_locked_out_by_his_own_name_in_its_place_is_told(self, filtered, swift):
        swift.account(allow="@campus")
        headers = {"X-Account-Meta-Network-Campus": "198.51.100.0/24"}
        assert filtered.call("POST", "", CAMPUS, headers).status == 409

    def test_with_a_bad_file_the_proxy_starts_and_nobody_gets_in_by_it(
        self, cloud_with, swift, file
    ):
        file.write("{")
        swift.container("docs", allow="@campus")
        cloud = cloud_with(networks_file=str(file.path))
        assert cloud.call("GET", "/docs/x", CAMPUS).status == 403

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            ({}, None),
            ({"publish_networks": "yes"}, ["192.0.2.0/24"]),
        ],
    )
    def test_info_tells_of_it_as_it_is_now(self, cloud_with, file, options, told):
        from swift.common import registry

        file.write(vpn=["203.0.113.7"])
        cloud = cloud_with(networks_file=str(file.path), **options)
        file.write(campus=["192.0.2.0/24"])
        self.look(cloud)
        info = registry.get_swift_info()["ip_whitelist"]
        assert (info["names"], info["names_total"]) == ({"campus": told}, 1)
