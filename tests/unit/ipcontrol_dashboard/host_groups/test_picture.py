# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from ipcontrol.addresses import parse_address
from ipcontrol.host_groups import Unmapped
from ipcontrol_dashboard.api.host_groups import ComputeHost
from ipcontrol_dashboard.host_groups import picture
from ipcontrol_dashboard.host_groups.overview import build
from tests.unit.ipcontrol_dashboard.host_groups.clouds import (
    DEV,
    DOC,
    OPS,
    aggregate,
    hosts,
    three,
)


def draw(overview, address=None):
    trial = address and overview.try_address(parse_address(address), Unmapped.ANY)
    return picture.draw(overview, trial)


def row(drawn, group):
    return next(row for row in drawn if row.group is not None and row.group.text == group)


def boxes(drawn, column):
    return [box for row in drawn for box in getattr(row, column)]


def texts(boxes):
    return [box.text for box in boxes]


def box(drawn, column, text):
    return next(box for box in boxes(drawn, column) if box.text == text)


def is_marked(box):
    return "match" in box.marks


def many():
    """30 groups with 20 hosts and 4 subnets each, and 5 hosts in no group."""
    groups = [
        aggregate(
            f"g{n:02}", f"h{n:02}-", ", ".join(f"10.{n}.{part}.0/24" for part in range(4)), id=n
        )
        for n in range(30)
    ]
    names = " ".join(f"h{n:02}-{host:02}" for n in range(30) for host in range(20))
    return groups, [*hosts(names), *hosts("gpu1 gpu2 gpu3 gpu4 gpu5")]


def test_groups_stand_in_the_order_of_their_subnets_with_the_default_and_what_is_in_none_last():
    drawn = draw(three())
    assert [row.group and row.group.text for row in drawn] == ["doc", "ops", "dev", None]
    assert [row.hue for row in drawn] == [0, 1, 2, None]


def test_each_group_has_its_subnets_left_and_its_hosts_right():
    assert [(texts(row.subnets), texts(row.hosts)) for row in draw(three())] == [
        (["10.1.0.0/16", "2001:db8:1::/48"], ["doc1", "doc2", "doc3"]),
        (["10.1.9.0/24", "10.2.0.0/16"], ["ops1", "ops2"]),
        (["all other addresses"], ["dev1", "dev2"]),
        ([], ["gpu7"]),
    ]


def test_a_subnet_inside_another_groups_says_whose():
    assert box(draw(three()), "subnets", "10.1.9.0/24").extra == "inside doc"


def test_a_subnet_inside_one_of_its_own_group_stands_below_it_and_further_in():
    nested = aggregate("doc", "doc", "10.1.8.0/24, 10.1.0.0/16, 10.1.8.7, 10.3.0.0/16")
    between = aggregate("ops", "ops", "10.1.8.0/25")
    subnets = row(draw(build([nested, between], None)), "doc").subnets
    assert [(box.text, box.depth) for box in subnets] == [
        ("10.1.0.0/16", 0),
        ("10.1.8.0/24", 1),
        ("10.1.8.7", 2),
        ("10.3.0.0/16", 0),
    ]


def test_each_row_has_its_sentence():
    doc, *_others, without = [row.sentence for row in draw(three())]
    assert doc.startswith("doc takes 10.1.0.0/16 and 2001:db8:1::/48. Its hosts: doc1 (up")
    assert without == "Hosts in no group: gpu7."


def test_a_host_that_is_down_or_disabled_has_a_sign_a_word_and_a_style():
    drawn = draw(three())

    down, disabled = box(drawn, "hosts", "ops2"), box(drawn, "hosts", "doc3")
    assert (down.icon, down.note) == ("fa-arrow-down", "down")
    assert (disabled.icon, disabled.note) == ("fa-ban", "disabled")
    assert "ipcontrol-down" in down.classes
    assert "ipcontrol-disabled" in disabled.classes
    assert box(drawn, "hosts", "ops1").icon == ""


def test_a_host_in_no_group_is_dashed():
    assert "ipcontrol-dashed" in box(draw(three()), "hosts", "gpu7").classes


def test_a_host_that_two_prefixes_fit_stands_in_the_group_of_the_longest():
    groups = [aggregate("dev", "dev", "10.1.0.0/16"), aggregate("ops", "devo", "10.2.0.0/16")]
    drawn = draw(build(groups, hosts("dev1 devo1")))

    assert [box.text for box in row(drawn, "dev").hosts] == ["dev1"]
    assert [box.text for box in row(drawn, "ops").hosts] == ["devo1"]


def test_all_other_addresses_stand_last_in_the_default_group():
    dev = row(draw(three()), "dev")
    assert texts(dev.subnets)[-1] == "all other addresses"
    assert dev.group.is_default


def test_without_a_default_group_all_other_addresses_stand_in_no_group():
    last = draw(build([DOC, OPS], hosts("doc1")))[-1]
    assert last.group is None
    assert [(box.text, box.extra) for box in last.subnets] == [
        ("all other addresses", "in no group")
    ]
    assert "ipcontrol-dashed" in last.subnets[0].classes
    assert "unmapped in nova.conf" in last.sentence


def test_a_tried_address_marks_its_subnet_group_and_candidates():
    drawn = draw(three(), "10.1.9.7")
    marked = [*boxes(drawn, "subnets"), *(row.group for row in drawn[:3]), *boxes(drawn, "hosts")]
    assert texts(filter(is_marked, marked)) == ["10.1.9.0/24", "ops", "ops1"]


def test_a_tried_address_of_no_subnet_marks_all_other_addresses():
    drawn = draw(three(), "192.0.2.1")
    assert is_marked(box(drawn, "subnets", "all other addresses"))
    assert is_marked(row(drawn, "dev").group)
    assert not is_marked(box(drawn, "hosts", "gpu7"))


def test_a_shadowed_subnet_is_dashed_and_said_to_have_no_effect():
    drawn = draw(build([DOC, aggregate("late", "late", "10.1.0.0/16")], hosts("doc1")))

    late = row(drawn, "late").subnets[0]
    assert late.extra == "no effect"
    assert "ipcontrol-dashed" in late.classes


def test_a_group_without_a_host_that_is_up_has_a_sign():
    drawn = draw(build([DOC, DEV], hosts("dev1")))

    assert row(drawn, "doc").group.icon == "fa-exclamation-triangle"
    assert row(drawn, "dev").group.icon == ""


def test_a_group_whose_hosts_are_not_known_has_no_sign():
    drawn = draw(build([DOC], None))

    assert row(drawn, "doc").group.icon == ""
    assert boxes(drawn, "hosts") == []


def test_many_hosts_are_counted_and_those_in_trouble_named():
    groups, computes = many()
    computes[3] = ComputeHost(computes[3].name, up=False)
    drawn = draw(build(groups, computes))

    g00 = row(drawn, "g00").hosts
    assert [(box.text, box.note) for box in g00] == [("20 hosts", "19 up"), ("h00-03", "down")]
    assert texts(boxes(drawn, "hosts"))[-1] == "5 hosts"
    assert boxes(drawn, "hosts")[-1].note == "in no group"


def test_of_many_hosts_in_trouble_the_rest_is_counted():
    groups, computes = many()
    down = [ComputeHost(host.name, up=False) for host in computes[:10]]
    g00 = row(draw(build(groups, [*down, *computes[10:]])), "g00").hosts

    assert [box.text for box in g00] == [
        "20 hosts", "h00-00", "h00-01", "h00-02", "and 7 more down or disabled",
    ]  # fmt: skip


def test_of_many_subnets_each_group_shows_a_few_and_counts_the_rest():
    drawn = draw(build(*many()))

    assert texts(row(drawn, "g07").subnets) == ["10.7.0.0/24", "10.7.1.0/24", "and 2 more subnets"]


def test_a_subnet_that_an_address_matches_is_shown_among_many():
    subnets = row(draw(build(*many()), "10.7.2.9"), "g07").subnets

    assert [(box.text, is_marked(box)) for box in subnets] == [
        ("10.7.0.0/24", False),
        ("10.7.2.0/24", True),
        ("and 2 more subnets", False),
    ]


def test_a_few_hosts_among_many_are_named():
    groups, computes = many()
    small = aggregate("small", "tiny", "10.99.0.0/16", id=99)
    drawn = draw(build([*groups, small], [*computes, *hosts("tiny1 tiny2")]))

    assert [box.text for box in row(drawn, "small").hosts] == ["tiny1", "tiny2"]


def test_the_picture_grows_with_groups_and_not_with_hosts_or_subnets():
    groups, computes = many()
    more = hosts(" ".join(f"h{n:02}-x{host:03}" for n in range(30) for host in range(200)))
    wide = [
        aggregate(f"g{n:02}", f"h{n:02}-", " ".join(f"10.{n}.{x}.0/24" for x in range(200)), id=n)
        for n in range(30)
    ]

    def size(drawn):
        return [(len(row.subnets), len(row.hosts)) for row in drawn]

    small, large = draw(build(groups, computes)), draw(build(wide, [*computes, *more]))
    assert size(large) == size(small)
    # A line for the rest of each group, and all other addresses.
    assert sum(len(row.subnets) for row in small) <= picture.MOST_SUBNETS + len(groups) + 1
