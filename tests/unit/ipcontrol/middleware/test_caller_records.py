# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Of which requests it is recorded who called, and what is told of it."""

import atexit
import itertools
import json
import tracemalloc
from types import SimpleNamespace

import pytest
from swift.common.swob import HTTPForbidden, HTTPUnauthorized
from swift.proxy.controllers.base import get_container_info

from ipcontrol.access import Decision, Reason, Source
from ipcontrol.addresses import parse_address
from ipcontrol.callers import Callers, Recorded
from ipcontrol.entries import Entry
from ipcontrol.middleware import gathering
from ipcontrol.middleware.authorization import Authorization
from ipcontrol.middleware.caller_records import INTERVAL, CallerRecords
from ipcontrol.middleware.gathering import SHARE, Gathering
from ipcontrol.middleware.operation import Place
from ipcontrol.middleware.worker_number import WorkerNumber, workers
from tests.unit.ipcontrol.middleware.conftest import ACCOUNT, Cloud, FakeSwift

LISTED, OTHER = "192.0.2.1", "198.51.100.9"
PLACE = Place(ACCOUNT, "docs", "1")
ADMITTED = Decision(True, Reason.ADMITTED, Entry("allow-lab", ()), source=Source.CONTAINER)
REFUSED = Decision(False, Reason.READ_ONLY, Entry("allow-lab", ()), source=Source.CONTAINER)


class SharedCache:
    """As MemcacheRing: values come back as JSON, numbers as digits; it may not answer.

    Attributes:
        calls: how often it was asked for anything.
        away: whether it answers no more.
        losing: whether it says that it has stored what it has not.
    """

    def __init__(self):
        self.stored = {}
        self.calls = 0
        self.away = self.losing = False

    def get(self, key, raise_on_error=False):
        found = self.get_multi([key], key)
        return found and found[0]

    def get_multi(self, keys, server_key):
        self.calls += 1
        if self.away:
            return None
        return [json.loads(self.stored.get(key, "null")) for key in keys]

    def set(self, key, value, time=0, **_):
        self.set_multi({key: value}, key)

    def set_multi(self, mapping, server_key, time=0):
        self.calls += 1
        if not (self.away or self.losing):
            self.stored.update({key: json.dumps(value) for key, value in mapping.items()})

    def incr(self, key, delta=1, time=0):
        self.calls += 1
        self.stored[key] = str(int(self.stored.get(key, 0)) + delta)
        return int(self.stored[key])

    def delete(self, key):
        self.calls += 1
        self.stored.pop(key, None)


class AuthorizingSwift(FakeSwift):
    """Asks the authorization as the proxy server does."""

    def __call__(self, environ, start_response):
        internal = environ.get("swift.source") == "IPW"
        authorize = None if internal else environ.get("swift.authorize")
        denial = authorize and authorize(SimpleNamespace(environ=environ))
        return (denial or super().__call__)(environ, start_response)


class DelayingSwift(AuthorizingSwift):
    """Asks a second time, when it knows the container's ACL."""

    def __call__(self, environ, start_response):
        if environ["REQUEST_METHOD"] == "GET" and environ["PATH_INFO"].endswith("/report"):
            environ["swift.authorize"](SimpleNamespace(environ=environ))
        return super().__call__(environ, start_response)


class LookingUpSwift(AuthorizingSwift):
    """Looks the container up for its own work, as the proxy server does for an object."""

    def __call__(self, environ, start_response):
        if environ.get("swift.source") != "IPW":
            get_container_info(environ, self, swift_source="IPW")
        return super().__call__(environ, start_response)


def owner(request):
    request.environ["swift_owner"] = True


def reader(_request):
    """The authorization lets him through, but he is not the owner."""


def stranger(_request):
    return HTTPUnauthorized()


class Proxies:
    """Workers that share a memcached and a Swift."""

    def __init__(self, **options):
        self.swift, self.cache = AuthorizingSwift(), SharedCache()
        self.swift.container("docs", allow_lab="192.0.2.0/24", allow_reader=f"{OTHER}; read-only")
        self.swift.metadata[f"{ACCOUNT}/docs"]["X-Backend-Status-Changed-At"] = "1"
        self.options = {"callers": "all", **options}
        self.timers = []
        self.workers = []

    def worker(self):
        worker = Cloud(self.swift, self.options, self.cache)
        worker.filter._records._later = lambda seconds, function: self.timers.append(
            (seconds, function)
        )
        self.workers.append(worker)
        return worker

    def minute(self):
        """What all workers do at its end."""
        timers, self.timers = self.timers, []
        for _, function in timers:
            function()

    def tell(self, worker=None, address=LISTED, authorize=owner, path="/docs"):
        worker = worker or self.workers[0]
        query = "ip-whitelist=callers"
        return worker.call(
            "GET", path, address, QUERY_STRING=query, **{"swift.authorize": authorize}
        )

    def told(self, worker=None):
        answer = self.tell(worker)
        assert answer.status == 200, answer
        return Callers.from_json(json.loads(answer.body))

    def counts(self, worker=None):
        """(Reads, writes, refused) by address."""
        return {
            str(caller.network.network_address): (caller.reads, caller.writes, caller.refused)
            for caller in self.told(worker).callers
        }


@pytest.fixture(autouse=True)
def _endings(monkeypatch):
    monkeypatch.setattr(atexit, "register", lambda _function: None)


@pytest.fixture
def proxies():
    return Proxies()


@pytest.fixture
def worker(proxies):
    return proxies.worker()


def call(worker, method="GET", address=LISTED, path="/docs/report", authorize=owner, **environ):
    return worker.call(method, path, address, **{"swift.authorize": authorize, **environ})


# --- What counts ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "counted"),
    [("GET", (1, 0, 0)), ("HEAD", (1, 0, 0)), ("PUT", (0, 1, 0)), ("POST", (0, 1, 0)),
     ("DELETE", (0, 1, 0))],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/docs/report", "/docs"])
def test_who_is_let_in_is_counted_by_what_he_does(proxies, worker, method, counted, path):
    call(worker, method, path=path)
    assert proxies.counts() == {LISTED: counted}


def test_who_is_refused_is_counted_with_the_reason(proxies, worker):
    assert call(worker, "PUT", OTHER).status == 403
    (caller,) = proxies.told().callers
    assert caller.refusals == {"read-only": 1}
    assert (caller.source, caller.entry) == (None, None)


def test_the_entry_that_let_somebody_in_is_told_and_how_often_it_did(proxies, worker):
    call(worker)
    call(worker, "PUT")
    told = proxies.told()
    assert (told.callers[0].source, told.callers[0].entry) == ("container", "allow-lab")
    assert [(use.source, use.entry, use.requests) for use in told.entries] == [
        ("container", "allow-lab", 2)
    ]


@pytest.mark.parametrize("address", [LISTED, OTHER, "203.0.113.1"])
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE", "OPTIONS", "NONSENSE"])
@pytest.mark.parametrize("path", ["/docs/report", "/docs"])
def test_who_is_not_authorized_leaves_nothing_and_reaches_no_memcached(
    proxies, worker, address, method, path
):
    call(worker, method, address, path, authorize=stranger)
    assert worker.filter._records._gathering.places() == []
    assert proxies.timers == []


@pytest.mark.parametrize("mode", ["enforce", "audit"])
@pytest.mark.parametrize("address", [LISTED, OTHER])
def test_a_request_that_a_middleware_has_authorized_says_nothing_of_the_caller(mode, address):
    proxies = Proxies(mode=mode)
    worker = proxies.worker()
    call(worker, "PUT", address, authorize=None, REMOTE_USER=".wsgi.pre_authed")
    s3_with_acls = {"swift.source": "S3", "swift.authorize_override": True}
    call(worker, "PUT", address, authorize=lambda _: None, **s3_with_acls)
    assert proxies.counts() == {}
    # The form of formpost is signed.
    form = {"swift.source": "FP", "REMOTE_USER": ".wsgi.pre_authed"}
    call(worker, "PUT", address, authorize=lambda _: None, **form)
    assert list(proxies.counts()) == [address]


def test_a_denial_that_is_taken_back_once_the_acl_is_known_is_none(proxies, worker):
    answers = iter([HTTPForbidden(), None])
    proxies.swift.__class__ = DelayingSwift
    call(worker, authorize=lambda _: next(answers))
    assert proxies.counts() == {LISTED: (1, 0, 0)}


def test_the_authorization_is_left_as_it_was(worker):
    environ = {}

    def keep(request):
        environ.update(request.environ)

    call(worker, authorize=keep)
    # A copy of it, from within, has the one that watches; the request has its own again.
    assert environ["swift.authorize"] is not keep
    request = {"swift.authorize": keep}
    with Authorization(request):
        assert request["swift.authorize"] is not keep
    assert request["swift.authorize"] is keep


def test_the_parts_of_one_request_count_once_for_each_container(proxies, worker):
    proxies.swift.container("docs_segments")
    shared = {"ipcontrol.client_address": parse_address(LISTED)}
    for path in ("/docs/manifest", "/docs_segments/1", "/docs_segments/2", "/docs_segments/3"):
        call(worker, path=path, **{"swift.infocache": shared})
    call(worker, "PUT", path="/docs/copy", **{"swift.infocache": shared})
    assert proxies.counts() == {LISTED: (1, 1, 0)}
    segments = json.loads(proxies.tell(path="/docs_segments").body)[0]["callers"]
    assert [(each["reads"], each["admitted_by"]["source"]) for each in segments] == [
        (1, "base-container")
    ]


def test_old_versions_count_for_the_container_whose_they_are(proxies, worker):
    name = "\0versions\0docs"
    proxies.swift.container(name)
    path = f"!/v1/{ACCOUNT}/%00versions%00docs/%00v1%00report"
    worker.call(
        "GET",
        path,
        LISTED,
        headers={"X-Backend-Allow-Reserved-Names": "true"},
        **{"swift.authorize": owner},
    )
    assert proxies.counts() == {LISTED: (1, 0, 0)}


def test_what_aims_at_a_container_of_segments_that_is_not_there_counts_for_the_one_it_serves(
    proxies, worker
):
    call(worker, "PUT", OTHER, path="/docs+segments")
    assert proxies.counts() == {OTHER: (0, 0, 1)}


def test_what_makes_a_container_and_what_aims_at_none_is_not_counted(proxies, worker):
    items = {"X-Container-Meta-Allow-Lab": LISTED}
    worker.call("PUT", "/new", LISTED, items, **{"swift.authorize": owner})
    call(worker, path="/absent/report")
    call(worker, path="")
    assert worker.filter._records._gathering.places() == []


def test_who_changes_a_list_is_counted(proxies, worker):
    items = {"X-Container-Meta-Allow-Lab": "192.0.2.0/25"}
    assert worker.call("POST", "/docs", LISTED, items, **{"swift.authorize": owner}).status == 200
    assert proxies.counts() == {LISTED: (0, 1, 0)}


def test_who_does_not_confirm_a_lock_out_or_writes_nonsense_is_not_counted(proxies, worker):
    for value in (OTHER, "nonsense"):
        items = {"X-Container-Meta-Allow-Lab": value}
        worker.call("POST", "/docs", LISTED, items, **{"swift.authorize": owner})
    assert proxies.counts() == {}


def test_whom_the_operator_always_admits_is_counted_too():
    proxies = Proxies(always_allow=OTHER)
    worker = proxies.worker()
    proxies.swift.__class__ = LookingUpSwift
    call(worker, "GET", OTHER)
    assert proxies.counts() == {OTHER: (1, 0, 0)}


def test_with_refused_only_refusals_are_counted():
    proxies = Proxies(callers="refused")
    worker = proxies.worker()
    call(worker)
    call(worker, "PUT", OTHER)
    assert proxies.counts() == {OTHER: (0, 0, 1)}
    assert proxies.told().recorded is Recorded.REFUSED


@pytest.mark.parametrize("callers", ["refused", "all"])
def test_in_audit_mode_what_would_be_refused_counts_as_refused(callers):
    proxies = Proxies(mode="audit", callers=callers)
    worker = proxies.worker()
    assert call(worker, "PUT", OTHER).status == 200
    call(worker, "PUT", OTHER, authorize=stranger)
    assert proxies.counts() == {OTHER: (0, 0, 1)}


def test_switched_off_nothing_is_counted_and_the_answer_says_so():
    proxies = Proxies(callers="off")
    worker = proxies.worker()
    call(worker)
    call(worker, "PUT", OTHER)
    told = proxies.told()
    assert (told.recorded, told.since, told.callers) == (Recorded.OFF, None, ())
    assert proxies.timers == []
    assert not [key for key in proxies.cache.stored if "callers" in key]


def test_without_a_memcached_nothing_is_counted(proxies, worker):
    call(worker, **{"swift.cache": None})
    assert worker.filter._records._gathering.places() == []


# --- When it is kept ------------------------------------------------------------


def test_a_request_makes_no_call_of_memcached_for_it(proxies, worker):
    plain = Proxies(callers="off")
    asked = []
    for each in (plain.worker(), worker):
        calls = each.cache.calls
        for _ in range(5):
            call(each)
            call(each, "PUT", OTHER)
        asked.append(each.cache.calls - calls)
    assert asked[0] == asked[1]


def test_a_worker_merges_a_minute_after_the_first_request_and_not_before_the_next(proxies, worker):
    for _ in range(5):
        call(worker)
    assert [seconds for seconds, _ in proxies.timers] == [INTERVAL]
    proxies.minute()
    assert proxies.timers == []
    call(worker)
    assert [seconds for seconds, _ in proxies.timers] == [INTERVAL]


def test_all_workers_together_are_told(proxies):
    for requests in (1, 2, 3):
        worker = proxies.worker()
        for _ in range(requests):
            call(worker)
    proxies.minute()
    for worker in proxies.workers:
        assert proxies.counts(worker) == {LISTED: (6, 0, 0)}


def test_what_the_asked_worker_has_counted_is_told_at_once(proxies, worker):
    call(worker)
    assert proxies.counts() == {LISTED: (1, 0, 0)}
    call(worker)
    assert proxies.counts() == {LISTED: (2, 0, 0)}
    proxies.minute()
    assert proxies.counts() == {LISTED: (2, 0, 0)}


def test_a_worker_that_ends_merges_what_it_has_counted(proxies, worker):
    call(worker)
    worker.filter._records.end()
    assert proxies.counts(proxies.worker()) == {LISTED: (1, 0, 0)}


def test_the_end_is_announced_once_and_in_the_worker_itself(proxies, worker, monkeypatch):
    announced = []
    monkeypatch.setattr(atexit, "register", announced.append)
    assert announced == []
    for _ in range(3):
        call(worker)
        proxies.minute()
    assert announced == [worker.filter._records.end]


def test_a_worker_that_comes_after_one_that_ended_takes_its_number(proxies):
    for _ in range(4):
        worker = proxies.worker()
        call(worker)
        worker.filter._records.end()
    assert workers(proxies.cache)[0] == 1
    assert proxies.counts() == {LISTED: (4, 0, 0)}


def test_what_was_not_confirmed_is_neither_lost_nor_counted_twice(proxies, worker):
    call(worker)
    proxies.cache.losing = True
    proxies.minute()
    proxies.cache.losing = False
    call(worker)
    proxies.minute()
    proxies.minute()
    assert proxies.counts() == {LISTED: (2, 0, 0)}


def test_what_was_written_though_it_was_not_confirmed_counts_once(proxies, worker):
    call(worker)
    ask, asked = proxies.cache.get_multi, []

    def confirm_nothing(keys, server_key):
        found = ask(keys, server_key)
        asked.append(keys)
        return None if len(keys) == 1 and keys[0].endswith("/docs/1") else found

    proxies.cache.get_multi = confirm_nothing
    proxies.minute()
    proxies.cache.get_multi = ask
    assert any("/docs/1" in keys[0] for keys in asked)
    call(worker)
    proxies.minute()
    proxies.minute()
    assert proxies.counts() == {LISTED: (2, 0, 0)}


def test_with_memcached_away_requests_go_on_and_the_owner_is_told_that_nothing_can_be_told(
    proxies, worker
):
    call(worker)
    proxies.cache.away = True
    assert call(worker).status == 200
    proxies.minute()
    answer = proxies.tell()
    assert (answer.status, answer.headers["X-Ip-Whitelist"]) == (503, "unavailable")
    assert "Who called cannot be told now" in answer.body
    assert "Retry-After" in answer.headers
    # It is tried again, and nothing was lost.
    assert proxies.timers
    proxies.cache.away = False
    proxies.minute()
    assert proxies.counts() == {LISTED: (2, 0, 0)}


def test_what_is_told_says_since_when_it_is_known(proxies, worker, monkeypatch):
    assert proxies.told().since is None
    now = itertools.count(1_800_000_000, 1000)
    monkeypatch.setattr("ipcontrol.middleware.caller_records.time.time", lambda: next(now))
    call(worker)
    first = proxies.told().since
    call(worker)
    assert proxies.told().since == first


def test_after_memcached_has_lost_all_it_is_known_since_then(proxies, worker, monkeypatch):
    clock = SimpleNamespace(now=1_800_000_000)
    monkeypatch.setattr("ipcontrol.middleware.caller_records.time.time", lambda: clock.now)
    call(worker)
    assert proxies.told().since.timestamp() == 1_800_000_000
    proxies.cache.stored.clear()
    clock.now += 7000
    told = proxies.told()
    assert (told.since, told.callers) == (None, ())
    call(worker)
    told = proxies.told()
    assert (told.since.timestamp(), len(told.callers)) == (1_800_007_000, 1)


def test_workers_that_are_counted_anew_are_not_taken_for_all_there_were(proxies, monkeypatch):
    clock = SimpleNamespace(now=1_800_000_000)
    for module in ("caller_records", "worker_number"):
        monkeypatch.setattr(f"ipcontrol.middleware.{module}.time.time", lambda: clock.now)
    for _ in range(2):
        call(proxies.worker())
    proxies.minute()
    # The one memcached that counts the workers is restarted, that of the container is not.
    for key in [key for key in proxies.cache.stored if "/callers/work" in key]:
        del proxies.cache.stored[key]
    clock.now += 7000
    call(proxies.workers[1])
    told = proxies.told(proxies.workers[1])
    assert told.since.timestamp() == 1_800_007_000


def test_who_was_not_seen_for_so_many_days_is_forgotten(monkeypatch):
    proxies = Proxies(callers_days="2")
    worker = proxies.worker()
    clock = SimpleNamespace(now=1_800_000_000)
    monkeypatch.setattr("ipcontrol.middleware.caller_records.time.time", lambda: clock.now)
    call(worker)
    clock.now += 2 * 86400
    assert list(proxies.counts()) == [LISTED]
    clock.now += 1
    assert proxies.counts() == {}


def test_a_container_that_was_made_anew_shows_nothing_of_the_one_before_it(proxies, worker):
    call(worker)
    assert proxies.counts() == {LISTED: (1, 0, 0)}
    proxies.swift.metadata[f"{ACCOUNT}/docs"]["X-Backend-Status-Changed-At"] = "2"
    del proxies.cache.stored[f"container/{ACCOUNT}/docs"]
    assert proxies.counts() == {}


# --- Who is told ----------------------------------------------------------------


def test_it_is_told_to_the_owner_from_an_address_that_the_list_admits(proxies, worker):
    call(worker, "PUT", OTHER)
    answer = proxies.tell()
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/vnd.ipcontrol+json")
    assert answer.headers["Cache-Control"] == "no-store"
    assert OTHER in answer.body


@pytest.mark.parametrize(
    ("address", "authorize", "status"),
    [(LISTED, reader, 403), (LISTED, stranger, 401), ("203.0.113.1", owner, 403),
     ("203.0.113.1", stranger, 401), (OTHER, owner, 200)],
)  # fmt: skip
def test_nobody_else_is_told(proxies, worker, address, authorize, status):
    call(worker)
    answer = proxies.tell(address=address, authorize=authorize)
    assert answer.status == status
    assert (LISTED in answer.body) is (status == 200)


def test_who_asks_is_not_counted_for_it(proxies, worker):
    for _ in range(3):
        proxies.tell()
    assert proxies.counts() == {}


def test_a_container_that_is_not_there_is_not_told_of(proxies, worker):
    proxies.swift.account(allow_lab=LISTED)
    assert proxies.tell(path="/absent").status == 404


@pytest.mark.parametrize("query", ["ip-whitelist=others", "x=ip-whitelist", "ip-whitelist", ""])
def test_all_other_questions_are_swifts(proxies, worker, query):
    answer = call(worker, path="/docs", QUERY_STRING=query)
    assert (answer.status, answer.body) == (200, "")
    assert proxies.swift.seen == [("GET", f"/v1/{ACCOUNT}/docs")]


@pytest.mark.parametrize("path", ["/docs/report", ""])
def test_an_object_or_an_account_has_no_callers(proxies, worker, path):
    proxies.swift.account(allow_lab=LISTED)
    answer = call(worker, path=path, QUERY_STRING="ip-whitelist=callers")
    assert (answer.status, answer.body) == (200, "")


def test_storage_servers_that_do_not_answer_are_told(worker, proxies):
    proxies.swift.statuses[f"{ACCOUNT}/docs"] = 503
    assert proxies.tell().status == 503


# --- Room -----------------------------------------------------------------------


def fill(gathered, account, containers, callers):
    """Callers of containers, each let in by an entry of his own, with names that are long."""
    for container in range(containers):
        place = Place(account, f"{'c' * 250}{container:06}", "1800000000.00000")
        for number in range(callers):
            address = parse_address(f"2001:db8:{container:x}:{number:x}::1")
            entry = Entry(f"allow-{'x' * 116}{number:06}", ())
            gathered.count(place, address, 1_800_000_000, ADMITTED._replace(entry=entry), True)
            gathered.count(place, address, 1_800_000_000, REFUSED, True)


@pytest.mark.parametrize(("containers", "callers"), [(400, 1), (10, 120), (5, 300)])
def test_what_is_gathered_takes_eight_megabytes_at_most(containers, callers):
    gathered = Gathering()
    tracemalloc.start()
    for number in range(9):
        fill(gathered, f"AUTH_{number:032}", containers, callers)
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert gathered.missed > 0
    assert taken < 8 * 2**20


def test_one_account_takes_its_share_and_leaves_the_rest_to_others():
    gathered = Gathering()
    fill(gathered, "AUTH_greedy", SHARE, 1)
    assert gathered.missed > 0
    before = len(gathered.places())
    assert before <= SHARE
    gathered.count(PLACE, parse_address(LISTED), 1, ADMITTED, False)
    assert len(gathered.places()) == before + 1


def test_room_that_was_merged_is_free_again():
    gathered = Gathering()
    for _ in range(3):
        fill(gathered, ACCOUNT, 20, 3)
        for place in gathered.places():
            assert gathered.leave(place)
            gathered.gone(place)
        assert not gathered
    assert (gathered._all_used, gathered._used) == (0, {})


def test_what_found_no_room_is_said_in_the_log_once_a_minute(proxies, worker, monkeypatch):
    warned = []
    records = worker.filter._records
    records._logger = SimpleNamespace(warning=lambda text, *args: warned.append(text % args))
    monkeypatch.setattr(gathering, "SHARE", 1)
    for path in ("/docs/a", "/docs/b", "/docs/c"):
        call(worker, path=path)
    proxies.minute()
    assert warned == ["ip_whitelist has not recorded the callers of 2 requests: there was no room"]


# --- Numbers of workers ---------------------------------------------------------


def test_workers_at_the_same_time_have_different_numbers():
    cache = SharedCache()
    held = [WorkerNumber() for _ in range(5)]
    assert [each.hold(cache) for each in held] == [1, 2, 3, 4, 5]
    assert [each.hold(cache) for each in held] == [1, 2, 3, 4, 5]


def test_a_number_that_was_left_is_the_next_one_to_be_taken():
    cache = SharedCache()
    held = [WorkerNumber() for _ in range(3)]
    for each in held:
        each.hold(cache)
    held[1].release(cache)
    assert WorkerNumber().hold(cache) == 2
    assert held[1].hold(cache) == 4


def test_who_lost_his_number_to_another_takes_a_new_one():
    cache = SharedCache()
    first, second = WorkerNumber(), WorkerNumber()
    first.hold(cache)
    # As after more than five minutes without a call.
    del cache.stored["ipcontrol/callers/worker/1"]
    assert second.hold(cache) == 1
    assert first.hold(cache) == 2
    assert second.hold(cache) == 1


def test_who_tried_for_a_held_number_does_not_take_it_from_its_holder():
    cache = SharedCache()
    first = WorkerNumber()
    first.hold(cache)
    cache.incr("ipcontrol/callers/worker/1")
    assert first.hold(cache) == 1


def test_after_memcached_has_lost_all_every_worker_takes_a_number_anew():
    cache = SharedCache()
    held = [WorkerNumber() for _ in range(3)]
    for each in held:
        each.hold(cache)
    cache.stored.clear()
    assert sorted(each.hold(cache) for each in reversed(held)) == [1, 2, 3]


def test_with_memcached_away_there_is_no_number():
    cache = SharedCache()
    cache.away = True
    assert WorkerNumber().hold(cache) is None


def test_records_merge_nothing_where_there_is_nothing(proxies):
    records = CallerRecords(Recorded.ALL, 30, SimpleNamespace())
    records.end()
    records.merge()
    assert proxies.cache.calls == 0
