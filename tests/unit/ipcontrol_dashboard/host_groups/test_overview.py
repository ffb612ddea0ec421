# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from ipcontrol.addresses import parse_address, parse_network
from ipcontrol.host_groups import ComplaintKind, Unmapped
from ipcontrol_dashboard.api.host_groups import Aggregate
from ipcontrol_dashboard.host_groups.overview import build
from tests.unit.ipcontrol_dashboard.host_groups.clouds import (
    DEV,
    DOC,
    HOSTS,
    OPS,
    aggregate,
    hosts,
    three,
)


def row(overview, name):
    return next(row for row in overview.rows if row.name == name)


def trial(address, overview=None, unmapped=Unmapped.ANY):
    return (overview or three()).try_address(parse_address(address), unmapped)


def names(found):
    return [host.name for host in found]


def test_a_group_has_the_hosts_with_its_prefix_and_their_instances():
    doc = row(three(), "doc")

    assert names(doc.hosts) == ["doc1", "doc2", "doc3"]
    assert (doc.ready, doc.instances) == (2, 3)


def test_a_host_whose_hypervisor_is_not_listed_runs_nothing():
    assert row(three(), "dev").instances == 0


def test_instances_that_nova_did_not_tell_are_not_known():
    overview = build([DOC], HOSTS, None)

    assert row(overview, "doc").instances is None


def test_hosts_that_nova_did_not_tell_are_not_known_and_not_missed():
    overview = build([DOC], None)

    assert overview.hosts is None
    assert row(overview, "doc").hosts is None
    assert row(overview, "doc").complaints == ()


def test_a_group_without_hosts_has_a_complaint():
    (complaint,) = row(build([DOC], []), "doc").complaints

    assert complaint.kind is ComplaintKind.NO_HOSTS


def test_aggregates_of_others_do_not_show():
    overview = build([DOC, Aggregate(9, "ssd", {"ssd": "true"})], HOSTS)

    assert [row.name for row in overview.rows] == ["doc"]


def test_an_aggregate_with_nothing_in_it_shows_as_unfinished_after_the_groups():
    overview = build([Aggregate(9, "a"), DOC], HOSTS)

    assert [(row.name, row.group is None) for row in overview.rows] == [
        ("doc", False),
        ("a", True),
    ]


def test_an_aggregate_that_serves_somebody_is_not_unfinished():
    used = [Aggregate(7, "a", members=("doc1",)), Aggregate(8, "b", availability_zone="north")]

    assert build(used, HOSTS).rows == ()


def test_of_two_marked_as_default_only_the_one_in_force_is():
    overview = build([DEV, aggregate("ops", "ops", default=True)], HOSTS)

    assert [(row.name, row.default, row.sole_default) for row in overview.rows] == [
        ("dev", True, False),
        ("ops", False, False),
    ]


def test_a_subnet_knows_the_one_that_it_is_inside():
    subnets = {str(subnet.network): subnet for subnet in three().subnets}

    inner = subnets["10.1.9.0/24"]
    assert (inner.group, inner.inside, inner.depth) == ("ops", subnets["10.1.0.0/16"], 0)
    assert subnets["10.2.0.0/16"].inside is None


def test_the_same_subnet_of_a_second_group_is_shadowed():
    overview = build([DOC, aggregate("late", "late", "10.1.0.0/16, 10.1.9.0/24")], HOSTS)

    found = [(subnet.group, str(subnet.network), subnet.shadowed) for subnet in overview.subnets]
    assert found == [
        ("doc", "10.1.0.0/16", False),
        ("late", "10.1.0.0/16", True),
        ("late", "10.1.9.0/24", False),
        ("doc", "2001:db8:1::/48", False),
    ]
    assert overview.subnets[2].inside is overview.subnets[0]


def test_an_address_lands_by_its_longest_subnet():
    found = trial("10.1.9.7")

    assert (found.group.name, found.subnet.network) == ("ops", parse_network("10.1.9.0/24"))
    assert (names(found.ready), names(found.rest)) == (["ops1"], ["ops2"])


def test_an_address_that_no_subnet_holds_lands_in_the_default_group():
    found = trial("192.0.2.1")

    assert (found.group.name, found.subnet) == ("dev", None)
    assert names(found.ready) == ["dev1", "dev2"]


def test_without_a_default_the_operator_decides_about_the_rest():
    overview = build([DOC, OPS], HOSTS)

    assert len(trial("192.0.2.1", overview).ready) == 6
    assert trial("192.0.2.1", overview, Unmapped.NONE).ready == ()


def test_a_host_that_two_prefixes_fit_is_a_candidate_of_the_longest_alone():
    groups = [
        aggregate("dev", "dev", "10.1.0.0/16"),
        aggregate("devops", "devops", "10.2.0.0/16"),
    ]
    overview = build(groups, hosts("dev1 devops1"))

    assert names(trial("10.1.0.1", overview).ready) == ["dev1"]
    assert names(trial("10.2.0.1", overview).ready) == ["devops1"]
    assert names(row(overview, "dev").hosts) == ["dev1"]


def test_candidates_are_not_known_where_hosts_are_not():
    assert trial("10.1.0.1", build([DOC], None)).ready is None
