# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import threading

import pytest
from oslo_db import exception as db_exc
from oslo_utils.fixture import uuidsentinel as uuids

from ipcontrol.scheduler.group_cache import HostGroupCache


def names(groups):
    return [group.name for group in groups.map.groups]


def test_the_groups_are_read_again_only_when_they_are_too_old(cache, aggregates, clock):
    for passed in (0, 5, 4.9, 0.2):
        clock.now += passed
        cache.current(10)
    assert aggregates.reads == 2


def test_an_interval_of_0_reads_for_every_request(cache, aggregates):
    cache.current(0)
    cache.current(0)
    assert aggregates.reads == 2


def test_aggregates_of_others_are_no_groups(cache, aggregates):
    aggregates.add("az")
    aggregates.rows[-1].metadata = {"availability_zone": "nova"}
    assert names(cache.current(10)) == ["dev", "doc", "ops"]


def test_an_aggregate_is_known_by_its_group_where_it_has_hosts(cache, aggregates):
    aggregates.rows[0].hosts = ["doc1"]
    assert cache.current(10).aggregates == {"doc": uuids.doc}


@pytest.mark.parametrize("error", [db_exc.DBConnectionError(), RuntimeError("pool exhausted")])
def test_a_failed_reading_leaves_the_last_one_in_force(cache, aggregates, clock, caplog, error):
    first = cache.current(10)
    aggregates.error = error
    clock.now += 60
    assert cache.current(10) is first
    assert f"{type(error).__name__}. Those read 60 s ago stay in force" in caplog.text
    assert "pool exhausted" not in caplog.text


def test_nothing_is_known_before_the_first_reading_succeeds(cache, aggregates, caplog):
    aggregates.error = db_exc.DBConnectionError()
    assert cache.current(10) is None
    assert "No host passes until they can be" in caplog.text


def test_a_database_that_is_back_is_noticed_within_seconds(cache, aggregates, clock):
    aggregates.error = db_exc.DBConnectionError()
    cache.current(10)
    aggregates.error = None
    clock.now += 1
    assert names(cache.current(10)) == ["dev", "doc", "ops"]


def test_a_database_that_does_not_answer_is_not_asked_by_everybody(cache, aggregates, clock):
    aggregates.error = db_exc.DBConnectionError()
    for _ in range(5):
        cache.current(10)
        clock.now += 0.1
    assert aggregates.reads == 1


def test_requests_at_the_same_time_share_one_reading(aggregates):
    started, go = threading.Event(), threading.Event()

    def slow():
        started.set()
        assert go.wait(10)
        return aggregates()

    cache = HostGroupCache(slow)
    found = []
    threads = [threading.Thread(target=lambda: found.append(cache.current(10))) for _ in range(8)]
    for thread in threads:
        thread.start()
    started.wait(10)
    go.set()
    for thread in threads:
        thread.join(10)
    assert aggregates.reads == 1
    assert len({id(groups) for groups in found}) == 1
    assert found[0] is not None


def test_what_is_wrong_with_the_groups_is_logged_once_while_it_lasts(
    cache, aggregates, clock, caplog
):
    def warnings_of_a_reading():
        caplog.clear()
        clock.now += 11
        cache.current(10)
        return caplog.messages

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
