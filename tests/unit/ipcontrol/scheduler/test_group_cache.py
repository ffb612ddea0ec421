# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import gc
import os
import threading
import time

import pytest
from oslo_db import exception as db_exc
from oslo_utils.fixture import uuidsentinel as uuids

from ipcontrol.scheduler import group_cache
from ipcontrol.scheduler.group_cache import HostGroupCache


def names(groups):
    return [group.name for group in groups.map.groups]


def wait_until(done):
    deadline = time.monotonic() + 10
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.005)


class SlowDatabase:
    """Answers at once, until it hangs."""

    def __init__(self, answer):
        self.answer = answer
        self.answering = threading.Event()
        self.answering.set()
        self.asked = threading.Event()

    def __call__(self):
        self.asked.set()
        assert self.answering.wait(10)
        return self.answer()

    def hang(self):
        self.asked.clear()
        self.answering.clear()


@pytest.fixture
def database(aggregates):
    found = SlowDatabase(aggregates)
    yield found
    found.answering.set()


class TestInterval:
    def test_the_groups_are_read_again_only_when_they_are_too_old(self, cache, aggregates, clock):
        cache.current()
        for passed, reads in ((0, 1), (5, 1), (4.9, 1), (0.2, 2), (9.9, 2), (0.1, 3)):
            clock.now += passed
            cache.renew_if_due()
            cache.current()
            assert aggregates.reads == reads

    def test_a_scheduler_without_requests_reads_them_too(self, aggregates):
        """Otherwise its next request would go by groups of any age."""
        cache = HostGroupCache(aggregates, interval=lambda: 0.02)
        cache.current()
        wait_until(lambda: aggregates.reads > 3)

    def test_the_next_look_is_when_the_interval_is_over(self, cache, clock, flags):
        flags(refresh_interval=1)
        cache.current()
        assert cache.renew_if_due() == 1
        clock.now += 0.75
        assert cache.renew_if_due() == 0.25

    def test_a_shorter_interval_is_noticed_within_a_second(self, cache, aggregates, clock, flags):
        flags(refresh_interval=3600)
        cache.current()
        assert cache.renew_if_due() == 1
        flags(refresh_interval=5)
        clock.now += 6
        cache.renew_if_due()
        assert aggregates.reads == 2

    def test_an_interval_of_0_reads_for_every_request_and_not_between(
        self, cache, aggregates, flags, clock
    ):
        flags(refresh_interval=0)
        for reads in (1, 2):
            cache.current()
            clock.now += 60
            cache.renew_if_due()
            assert aggregates.reads == reads

    def test_nothing_is_read_before_the_first_request(self, cache, aggregates, clock):
        clock.now += 60
        cache.renew_if_due()
        assert aggregates.reads == 0


class TestContents:
    def test_aggregates_of_others_are_no_groups(self, cache, aggregates):
        aggregates.add("az")
        aggregates.rows[-1].metadata = {"availability_zone": "nova"}
        assert names(cache.current()) == ["dev", "doc", "ops"]

    def test_an_aggregate_is_known_by_its_group_where_it_has_hosts(self, cache, aggregates):
        aggregates.rows[0].hosts = ["doc1"]
        assert cache.current().aggregates == {"doc": uuids.doc}

    def test_the_members_of_all_aggregates_are_known(self, cache, aggregates):
        aggregates.rows[0].hosts = ["doc1"]
        aggregates.add("az", hosts=["gpu7", "doc1"])
        aggregates.rows[-1].metadata = {"availability_zone": "nova"}
        assert cache.current().members == {"doc1", "gpu7"}

    def test_a_new_member_is_known_though_no_group_changed(self, cache, aggregates, clock):
        cache.current()
        aggregates.rows[0].hosts = ["doc1"]
        clock.now += 11
        cache.renew_if_due()
        assert cache.current().aggregates == {"doc": uuids.doc}


class TestFailure:
    @pytest.mark.parametrize("error", [db_exc.DBConnectionError(), RuntimeError("pool exhausted")])
    def test_a_failed_reading_leaves_the_last_one_in_force(
        self, cache, aggregates, clock, caplog, error
    ):
        first = cache.current()
        aggregates.error = error
        clock.now += 60
        cache.renew_if_due()
        assert cache.current() is first
        assert (
            f"{type(error).__name__}. The host groups read 60 s ago stay in force" in caplog.text
        )
        assert "pool exhausted" not in caplog.text

    def test_aggregates_that_cannot_be_understood_are_a_failed_reading(
        self, cache, aggregates, clock, caplog
    ):
        first = cache.current()
        aggregates.rows.append(object())
        clock.now += 60
        cache.renew_if_due()
        assert cache.current() is first
        assert "AttributeError" in caplog.text

    def test_nothing_is_known_before_the_first_reading_succeeds(self, cache, aggregates, caplog):
        aggregates.error = db_exc.DBConnectionError()
        assert cache.current() is None
        assert "No host passes until they can be" in caplog.text

    def test_a_database_that_is_back_is_noticed_within_seconds(self, cache, aggregates, clock):
        aggregates.error = db_exc.DBConnectionError()
        cache.current()
        aggregates.error = None
        clock.now += 1
        assert names(cache.current()) == ["dev", "doc", "ops"]

    def test_a_database_that_does_not_answer_is_not_asked_by_everybody(
        self, cache, aggregates, clock
    ):
        aggregates.error = db_exc.DBConnectionError()
        for _ in range(5):
            cache.current()
            clock.now += 0.1
        assert aggregates.reads == 1

    def test_a_reading_that_failed_is_tried_again_after_the_interval(
        self, cache, aggregates, clock
    ):
        cache.current()
        aggregates.error = db_exc.DBConnectionError()
        for passed, reads in ((11, 2), (9, 2), (2, 3)):
            clock.now += passed
            cache.renew_if_due()
            assert aggregates.reads == reads


class TestWaiting:
    def test_requests_at_the_same_time_share_the_first_reading(self, aggregates, database):
        database.hang()
        cache = HostGroupCache(database, interval=lambda: 10)
        found = []
        threads = [
            threading.Thread(target=lambda: found.append(cache.current())) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        database.asked.wait(10)
        database.answering.set()
        for thread in threads:
            thread.join(10)
        assert aggregates.reads == 1
        assert len({id(groups) for groups in found}) == 1
        assert found[0] is not None

    def test_no_request_waits_for_a_database_that_hangs_while_groups_are_known(
        self, aggregates, database
    ):
        cache = HostGroupCache(database, interval=lambda: 0.01)
        first = cache.current()
        database.hang()
        assert database.asked.wait(10)
        reads = aggregates.reads
        started = time.monotonic()
        assert [cache.current() for _ in range(100)] == [first] * 100
        assert time.monotonic() - started < 1
        assert aggregates.reads == reads

    def test_what_was_changed_meanwhile_is_in_force_when_it_answers_again(
        self, aggregates, database
    ):
        cache = HostGroupCache(database, interval=lambda: 0.01)
        cache.current()
        database.hang()
        assert database.asked.wait(10)
        aggregates.add("new")
        database.answering.set()
        wait_until(lambda: "new" in names(cache.current()))

    def test_a_reading_that_does_not_end_is_told_of_once(self, cache, aggregates, clock, caplog):
        cache.current()
        aggregates.meanwhile = lambda: (ask_for(5), ask_for(6), ask_for(20))

        def ask_for(seconds):
            clock.now += seconds
            cache.current()

        clock.now += 11
        cache.renew_if_due()
        assert caplog.messages == [
            (
                "Nova's API database has not answered for 11 s. The host groups read 22 s ago stay in "
                "force."
            )
        ]


class TestReader:
    def test_one_is_started_for_all_requests(self, aggregates, clock):
        started = []

        def start(cache):
            started.append(threading.current_thread())
            return started[0]

        cache = HostGroupCache(aggregates, lambda: 10, clock, start)
        for _ in range(3):
            cache.current()
        assert len(started) == 1

    def test_it_ends_with_the_cache(self, aggregates):
        cache = HostGroupCache(aggregates, interval=lambda: 0.01)
        cache.current()
        reader = cache._reader
        del cache
        gc.collect()
        reader.join(10)
        assert not reader.is_alive()

    def test_a_forked_process_has_its_own(self, aggregates):
        cache = HostGroupCache(aggregates, interval=lambda: 0.01)
        cache.current()
        child = os.fork()
        if child == 0:
            reads = aggregates.reads
            cache.current()
            time.sleep(0.5)
            os._exit(0 if aggregates.reads > reads else 1)
        assert os.waitpid(child, 0)[1] == 0

    def test_it_reads_as_nova_configured(self, flags):
        flags(refresh_interval=7)
        assert group_cache.refresh_interval() == 7


class TestReport:
    def test_what_is_wrong_is_logged_once_while_it_lasts(self, cache, aggregates, clock, caplog):
        def warnings_of_a_reading():
            caplog.clear()
            clock.now += 11
            cache.renew_if_due()
            return caplog.messages

        cache.current()
        assert warnings_of_a_reading() == []
        aggregates.rows[0].metadata["ipcontrol:subnets"] = "10.1.2.3/16"
        sentence = (
            "Host groups: A subnet of doc in ipcontrol:subnets has no effect: 10.1.2.3/16 has host "
            "bits set: 10.1.0.0/16?"
        )
        assert warnings_of_a_reading() == [sentence]
        assert warnings_of_a_reading() == []
        aggregates.rows[0].metadata["ipcontrol:subnets"] = "10.1.0.0/16"
        assert warnings_of_a_reading() == []
        aggregates.rows[0].metadata["ipcontrol:subnets"] = "10.1.2.3/16"
        assert warnings_of_a_reading() == [sentence]

    def test_the_first_reading_is_reported_too_without_making_its_request_wait(
        self, cache, aggregates, caplog
    ):
        aggregates.rows[0].metadata["ipcontrol:subnets"] = "junk"
        cache.current()
        assert caplog.messages == []
        cache.renew_if_due()
        assert len(caplog.messages) == 1

    def test_it_is_reported_where_every_request_reads(self, cache, aggregates, caplog, flags):
        flags(refresh_interval=0)
        aggregates.rows[0].metadata["ipcontrol:subnets"] = "junk"
        cache.current()
        cache.renew_if_due()
        assert len(caplog.messages) == 1
