# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Lists that refer to networks by names which the account defines."""

import pytest
from swift.common.swob import HTTPForbidden

OFFICE, OTHER = "192.0.2.7", "198.51.100.9"
NETWORK = "X-Account-Meta-Network-Office"
NOT_DEFINED = "No networks are defined by the name @home: define them first."


@pytest.fixture
def office(cloud):
    """An account that admits the office and defines its networks, and a container that names them."""
    cloud.swift.account(allow="@office", network_office="192.0.2.0/24")
    cloud.swift.container("docs", allow="@office")
    return cloud


@pytest.mark.parametrize(("address", "status"), [(OFFICE, 200), (OTHER, 403)])
@pytest.mark.parametrize("path", ["/docs/x", "/docs", "", "/docs_segments/x", "/docs+segments/x"])
def test_a_name_admits_its_networks_and_no_others(office, path, address, status):
    office.swift.container("docs_segments")
    office.swift.container("docs+segments")
    assert office.call("GET", path, address).status == status


def test_one_change_of_a_name_is_in_force_in_all_containers_at_once(office):
    office.swift.container("more", allow="@office")
    assert (
        office.call("POST", "", OFFICE, {NETWORK: "192.0.2.0/24, 198.51.100.0/24"}).status == 200
    )
    assert [office.call("GET", path, OTHER).status for path in ("/docs/x", "/more/x")] == [
        200,
        200,
    ]


def test_a_name_that_disappears_opens_nothing(office):
    office.swift.account(allow="192.0.2.0/24")
    assert office.call("GET", "/docs/x", OFFICE).status == 403
    assert office.call("GET", "/docs/x", OTHER).status == 403


def test_names_cost_no_look_up_besides_those_of_swift_itself(cloud_with, office):
    office.call("GET", "/docs/x", OFFICE)
    with_names = list(office.swift.asked)
    office.swift.container("docs", allow="192.0.2.0/24")
    office.swift.asked.clear()
    cloud_with().call("GET", "/docs/x", OFFICE)
    assert with_names == office.swift.asked == ["AUTH_lab", "AUTH_lab/docs"]


def test_where_the_account_cannot_be_read_nobody_gets_in_by_a_name(office):
    office.swift.statuses["AUTH_lab"] = 503
    assert office.call("GET", "/docs/x", OFFICE).status == 503


@pytest.mark.parametrize("path", ["/docs", ""])
def test_an_item_that_refers_to_what_is_not_defined_is_not_stored(office, path):
    kind = "Container" if path else "Account"
    answer = office.call(
        "POST", path, OFFICE, {f"X-{kind}-Meta-Allow-Home": "@home, 192.0.2.0/24"}
    )
    assert (answer.status, answer.body) == (400, f"X-{kind}-Meta-Allow-Home: {NOT_DEFINED}")
    assert office.swift.seen == []


def test_an_item_and_the_name_that_it_refers_to_are_stored_in_one_request(office):
    headers = {
        "X-Account-Meta-Allow-Home": "@home",
        "X-Account-Meta-Network-Home": "203.0.113.0/24",
    }
    assert office.call("POST", "", OFFICE, headers).status == 200
    assert office.call("GET", "", "203.0.113.9").status == 200


def test_a_stored_item_that_is_not_touched_does_not_stop_a_change_of_another(office):
    office.swift.container("docs", allow="@office", allow_old="@gone")
    headers = {"X-Container-Meta-Allow-New": "203.0.113.0/24"}
    assert office.call("POST", "/docs", OFFICE, headers).status == 200


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("Office", "10.1.2.3/16", "10.1.2.3/16 has host bits set: 10.1.0.0/16?"),
        (
            "All",
            "@office",
            "A name stands for networks, not for another name: write the networks.",
        ),
        (
            "A-" * 40,
            "192.0.2.1",
            f'"@{"a-" * 20}" is not a name: write at most 63 lower-case letters, digits and hyphens.',
        ),
    ],
)
def test_a_definition_that_is_none_is_not_stored(office, name, value, advice):
    answer = office.call("POST", "", OFFICE, {f"X-Account-Meta-Network-{name}": value})
    assert (answer.status, answer.body) == (
        400,
        f"X-Account-Meta-Network-{name.title()}: {advice}",
    )


def test_on_a_container_it_is_metadata_like_any_other(office):
    headers = {"X-Container-Meta-Network-Office": "whatever"}
    assert office.call("POST", "/docs", OFFICE, headers).status == 200


@pytest.mark.parametrize("name", ["@office", "@home"])
def test_who_is_refused_is_not_told_which_names_there_are(office, name):
    answer = office.call("POST", "/docs", OTHER, {"X-Container-Meta-Allow-X": name})
    assert (answer.status, answer.body) == (403, "You shall not pass!")


@pytest.mark.parametrize("name", ["@office", "@home"])
def test_who_is_not_authorized_makes_no_name_be_looked_up(office, name):
    headers = {"X-Container-Meta-Allow-X": name}
    authorize = {"swift.authorize": lambda request: HTTPForbidden(request=request)}
    answer = office.call("POST", "/docs", OFFICE, headers, **authorize)
    assert (answer.status, "X-Ip-Whitelist" in answer.headers) == (403, False)
    assert office.swift.asked == []


@pytest.mark.parametrize(
    "headers",
    [{NETWORK: "203.0.113.0/24"}, {NETWORK: ""}, {"X-Remove-Account-Meta-Network-Office": "x"}],
)
class TestLockout:
    """Of who gets at the account's list by a name alone."""

    def test_a_change_of_the_name_that_shuts_its_sender_out_is_stopped(self, office, headers):
        answer = office.call("POST", "", OFFICE, headers)
        assert (answer.status, answer.headers["X-Ip-Whitelist"]) == (409, "lockout")
        assert office.swift.seen == []

    def test_it_is_done_for_who_means_it(self, office, headers):
        headers = {**headers, "X-Confirm-Lockout": "true"}
        assert office.call("POST", "", OFFICE, headers).status == 200
        assert office.call("GET", "/docs/x", OFFICE).status == 403

    def test_it_is_no_matter_where_another_entry_admits_the_sender(self, office, headers):
        office.swift.account(allow="@office", allow_me=OFFICE, network_office="192.0.2.0/24")
        assert office.call("POST", "", OFFICE, headers).status == 200


def test_a_definition_may_take_several_items(office):
    office.swift.metadata["AUTH_lab"]["X-Account-Meta-Network-Office.2"] = "198.51.100.0/24"
    assert office.call("GET", "/docs/x", OTHER).status == 200
