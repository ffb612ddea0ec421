# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import time
from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from horizon.exceptions import NotAuthenticated
from openstack_dashboard.api import _nova

from ipcontrol_dashboard.api import host_groups as api
from ipcontrol_dashboard.api.fair_pool import BusyError
from ipcontrol_dashboard.api.host_group_types import HostsUntoldError
from ipcontrol_dashboard.kit import service_errors
from tests.unit.ipcontrol_dashboard.host_groups.fake_nova import FakeNova


@pytest.fixture
def nova(monkeypatch):
    fake = FakeNova()
    monkeypatch.setattr(_nova, "novaclient", lambda _request, version="2.1": fake.client(version))
    return fake


@pytest.fixture
def request_():
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(id="admin")
    return request


# --- Reading ------------------------------------------------------------------


def test_an_aggregate_is_read_without_the_zone_that_nova_mixes_in(nova, request_):
    number = nova.group("doc", "doc", hosts=["doc1"], zone="north")

    assert api.aggregates(request_) == [
        api.Aggregate(number, "doc", {"ipcontrol:hostname_prefix": "doc"}, ("doc1",), "north")
    ]


def test_an_aggregate_is_bare_only_with_nothing_in_it():
    assert api.Aggregate(1, "a").bare
    assert not api.Aggregate(1, "a", {"x": "y"}).bare
    assert not api.Aggregate(1, "a", members=("doc1",)).bare
    assert not api.Aggregate(1, "a", availability_zone="north").bare


def test_a_host_is_ready_when_it_is_up_and_enabled(nova, request_):
    nova.host("doc1")
    nova.host("doc2", state="down")
    nova.host("doc3", status="disabled", reason="new disk")

    found = api.hosts(request_)

    assert [host.ready for host in found] == [True, False, False]
    assert found[2] == api.ComputeHost("doc3", True, False, "new disk")


def test_a_host_of_a_cell_that_is_down_is_neither_up_nor_ready(nova, request_):
    nova.services.append({"host": "far1", "binary": "nova-compute", "status": "UNKNOWN"})

    (host,) = api.hosts(request_)

    assert host.up is None
    assert not host.ready


def test_instances_are_counted_by_the_host_and_not_by_the_hypervisor(nova, request_):
    nova.host("doc1", "a", "b")
    nova.host("doc2")

    assert api.instance_counts(request_) == {"doc1": 2, "doc2": 0}


def test_instances_are_listed_host_by_host_by_their_owners_names(nova, request_):
    nova.host("doc1", "a", "b")
    nova.host("doc2")
    nova.host("doc3", "c")

    assert api.instances_on(request_, ["doc2", "doc1"]) == {
        "doc2": (),
        "doc1": (api.Instance("uuid-a", "a"), api.Instance("uuid-b", "b")),
    }


def test_all_instances_of_a_host_are_listed_page_by_page(nova, request_):
    nova.max_limit = 2
    nova.host("doc1", "a", "b", "c", "d", "e")

    assert [one.name for one in api.instances_on(request_, ["doc1"])["doc1"]] == list("abcde")


def test_instances_that_are_not_told_in_time_are_not_half_told(nova, request_, monkeypatch):
    monkeypatch.setattr("ipcontrol_dashboard.api.deadlines.SECONDS", 0)
    nova.host("doc1")
    monkeypatch.setattr(api, "_instances_on", lambda *_: time.sleep(1))
    with pytest.raises(service_errors.ServiceError) as raised:
        api.instances_on(request_, ["doc1"])
    assert "not enough time" in raised.value.sentence


def test_whoever_asks_too_much_at_once_is_told_to_wait(nova, request_, monkeypatch):
    def busy(*_):
        raise BusyError

    monkeypatch.setattr(api.fair_pool.POOL, "map", busy)
    with pytest.raises(service_errors.ServiceError) as raised:
        api.instances_on(request_, ["doc1"])
    assert "Wait" in raised.value.sentence


def test_a_nova_that_answers_for_all_hosts_at_once_is_not_believed(nova, request_):
    nova.host("doc1", "a")
    nova.tells_by_host = False

    with pytest.raises(HostsUntoldError):
        api.instances_on(request_, ["doc1"])


def test_moves_are_those_that_arrived(nova, request_):
    nova.moved("a", "doc1", "ops1", status="confirmed")
    nova.moved("a", "ops1", "doc1", status="error")
    nova.moved("b", "doc1", "doc2", status="migrating")

    assert api.moves(request_) == [api.Move("uuid-a", "doc1", "ops1")]


def test_the_microversions_are_those_whose_answers_are_read(nova, request_):
    nova.host("doc1")
    api.instance_counts(request_)
    api.moves(request_)

    assert nova.microversions == ["compute 2.53", "compute 2.59"]


# --- The number of calls ------------------------------------------------------


def test_the_calls_do_not_grow_with_the_number_of_groups(nova, request_):
    def calls():
        nova.calls.clear()
        api.aggregates(request_)
        api.hosts(request_)
        api.instance_counts(request_)
        api.moves(request_)
        return len(nova.calls)

    for number in range(3):
        nova.group(f"g{number}", f"h{number}", f"10.{number}.0.0/16")
        nova.host(f"h{number}")
    few = calls()
    for number in range(3, 200):
        nova.group(f"g{number}", f"h{number}", f"10.{number}.0.0/16")
        nova.host(f"h{number}")

    assert calls() == few == 4


def test_hypervisors_are_fetched_a_page_at_a_time(nova, request_):
    nova.max_limit = 4
    for number in range(9):
        nova.host(f"h{number}", "a")

    counts = api.instance_counts(request_)

    assert len(counts) == 9
    assert len(nova.calls) == 3


# --- Writing ------------------------------------------------------------------


def test_creating_makes_an_aggregate_and_then_its_metadata(nova, request_):
    number = api.create(request_, "doc", {"ipcontrol:hostname_prefix": "doc"})

    assert nova.metadata(number) == {"ipcontrol:hostname_prefix": "doc"}
    assert nova.calls == ["POST /os-aggregates", f"POST /os-aggregates/{number}/action"]


def test_metadata_refused_after_the_aggregate_was_made_names_the_aggregate(nova, request_):
    nova.refuse("POST", "/action")

    with pytest.raises(api.HalfCreatedError) as caught:
        api.create(request_, "doc", {"ipcontrol:hostname_prefix": "doc"})

    assert nova.aggregates[caught.value.aggregate_id]["name"] == "doc"
    assert caught.value.sentence == "You are not allowed to do this: your role does not permit it."


def test_an_aggregate_that_was_refused_is_no_half_finished_one(nova, request_):
    nova.group("doc")

    with pytest.raises(service_errors.ServiceError) as caught:
        api.create(request_, "doc", {})

    assert not isinstance(caught.value, api.HalfCreatedError)
    assert (
        caught.value.sentence == "Nova does not accept this change: Aggregate doc already exists."
    )


def test_changes_leave_other_metadata_alone_and_none_removes(nova, request_):
    number = nova.group("doc", "doc", default=True, metadata={"rack": "7"})

    api.set_metadata(request_, number, {"ipcontrol:default": None, "a": "b"})

    assert nova.metadata(number) == {"ipcontrol:hostname_prefix": "doc", "rack": "7", "a": "b"}


def test_no_change_is_no_call(nova, request_):
    api.set_metadata(request_, 1, {})

    assert nova.calls == []


# --- What went wrong ----------------------------------------------------------

_CALLS = {
    "aggregates": api.aggregates,
    "hosts": api.hosts,
    "instance_counts": api.instance_counts,
    "instances_on": lambda request: api.instances_on(request, ["doc1"]),
    "moves": api.moves,
    "create": lambda request: api.create(request, "x", {}),
    "rename": lambda request: api.rename(request, 1, "x"),
    "set_metadata": lambda request: api.set_metadata(request, 1, {"a": "b"}),
    "delete": lambda request: api.delete(request, 1),
}


@pytest.mark.parametrize("call", _CALLS.values(), ids=_CALLS)
def test_a_nova_that_does_not_answer_is_said_in_a_sentence(nova, request_, call):
    nova.down = True

    with pytest.raises(service_errors.ServiceError) as caught:
        call(request_)

    assert caught.value.sentence.startswith("Nova does not answer")


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (400, "Nova does not accept this change: Policy doesn't allow it"),
        (403, "You are not allowed to do this: your role does not permit it."),
        (404, "It is not there any more: somebody has deleted it."),
        (409, "Nova does not accept this change: Policy doesn't allow it"),
        (410, "It is not there any more: somebody has deleted it."),
        (
            500,
            "Nova answered with an error (HTTP 500). Try again, or ask whoever runs the cloud.",
        ),
        (503, "Nova does not answer at the moment. Try again in a few seconds."),
    ],
)
def test_every_answer_of_nova_has_a_sentence(nova, request_, status, sentence):
    nova.refuse("GET", "/os-aggregates", status)

    with pytest.raises(service_errors.ServiceError) as caught:
        api.aggregates(request_)

    assert caught.value.sentence == sentence


def test_a_token_that_expired_asks_for_a_new_login(nova, request_):
    nova.refuse("GET", "/os-aggregates", 401)

    with pytest.raises(NotAuthenticated):
        api.aggregates(request_)
