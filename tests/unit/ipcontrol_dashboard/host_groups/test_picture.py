# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import itertools

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


def boxes(drawn, column):
    found = [box for bundle in drawn.bundles for box in getattr(bundle, column)]
    return sorted(found, key=lambda box: box.centre)


def texts(drawn, column):
    return [box.text for box in boxes(drawn, column)]


def box(drawn, column, text):
    return next(box for box in boxes(drawn, column) if box.text == text)


def bundle(drawn, group):
    return next(b for b in drawn.bundles if [box.text for box in b.middle] == [group])


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


def test_subnets_stand_left_each_below_the_one_it_is_inside():
    drawn = draw(three())

    assert texts(drawn, "left") == [
        "10.1.0.0/16",
        "10.1.9.0/24",
        "2001:db8:1::/48",
        "10.2.0.0/16",
        "all other addresses",
    ]
    inner = box(drawn, "left", "10.1.9.0/24")
    assert (inner.depth, inner.extra) == (1, "inside doc")


def test_groups_stand_in_the_order_of_their_subnets_with_the_default_last():
    assert texts(draw(three()), "middle") == ["doc", "ops", "dev"]


def test_hosts_stand_right_in_the_order_of_their_groups_with_those_in_none_last():
    assert texts(draw(three()), "right") == [
        "doc1", "doc2", "doc3", "ops1", "ops2", "dev1", "dev2", "gpu7",
    ]  # fmt: skip


def test_every_subnet_and_host_of_a_group_is_connected_to_it():
    ops = bundle(draw(three()), "ops")

    assert len(ops.left_lines) == 2
    assert len(ops.right_lines) == 2
    for line, end in zip(ops.right_lines, ops.right, strict=True):
        assert line.path.startswith(f"M0 {round(ops.middle[0].centre)}C")
        assert line.path.endswith(f" 100 {round(end.centre)}")


def test_no_two_boxes_of_a_column_touch_and_none_leaves_the_picture():
    for overview in (three(), build(*many())):
        drawn = draw(overview)
        for column in ("left", "middle", "right"):
            found = boxes(drawn, column)
            assert found[0].top >= 0
            assert found[-1].top + found[-1].height <= drawn.height
            for upper, lower in itertools.pairwise(found):
                assert upper.top + upper.height < lower.top


def test_a_host_that_is_down_or_disabled_has_a_sign_a_word_and_a_style():
    drawn = draw(three())

    down, disabled = box(drawn, "right", "ops2"), box(drawn, "right", "doc3")
    assert (down.icon, down.note) == ("fa-arrow-down", "down")
    assert (disabled.icon, disabled.note) == ("fa-ban", "disabled")
    assert "ipcontrol-down" in down.classes
    assert "ipcontrol-disabled" in disabled.classes
    assert box(drawn, "right", "ops1").icon == ""


def test_a_host_in_no_group_is_dashed_and_connected_to_nothing():
    drawn = draw(three())

    gpu = box(drawn, "right", "gpu7")
    assert "ipcontrol-dashed" in gpu.classes
    assert gpu.links == ()
    assert sum(len(b.right_lines) for b in drawn.bundles) == 7


def test_a_host_that_two_prefixes_fit_is_connected_to_the_group_of_the_longest():
    groups = [aggregate("dev", "dev", "10.1.0.0/16"), aggregate("ops", "devo", "10.2.0.0/16")]
    drawn = draw(build(groups, hosts("dev1 devo1")))

    assert [box.text for box in bundle(drawn, "dev").right] == ["dev1"]
    assert [box.text for box in bundle(drawn, "ops").right] == ["devo1"]


def test_all_other_addresses_lead_to_the_default_group():
    drawn = draw(three())

    assert drawn.bundles[0].left == []
    assert "all other addresses" in [box.text for box in bundle(drawn, "dev").left]
    assert box(drawn, "middle", "dev").is_default


def test_without_a_default_group_all_other_addresses_lead_nowhere():
    drawn = draw(build([DOC, OPS], hosts("doc1")))

    others = box(drawn, "left", "all other addresses")
    assert (others.links, others.extra) == ((), "in no group")
    assert "ipcontrol-dashed" in others.classes


def test_a_tried_address_marks_its_subnet_group_candidates_and_the_lines_between():
    drawn = draw(three(), "10.1.9.7")

    marked = {
        box.text
        for column in ("left", "middle", "right")
        for box in boxes(drawn, column)
        if box.marked
    }
    assert marked == {"10.1.9.0/24", "ops", "ops1"}
    ops = bundle(drawn, "ops")
    assert [("match" in line.classes) for line in ops.left_lines] == [True, False]
    assert [("match" in line.classes) for line in ops.right_lines] == [True, False]


def test_a_tried_address_of_no_subnet_marks_all_other_addresses():
    drawn = draw(three(), "192.0.2.1")

    assert box(drawn, "left", "all other addresses").marked
    assert box(drawn, "middle", "dev").marked
    assert not box(drawn, "right", "gpu7").marked


def test_a_shadowed_subnet_is_dashed_and_said_to_have_no_effect():
    drawn = draw(build([DOC, aggregate("late", "late", "10.1.0.0/16")], hosts("doc1")))

    late = bundle(drawn, "late").left[0]
    assert late.extra == "no effect"
    assert "ipcontrol-dashed" in late.classes


def test_a_group_without_a_host_that_is_up_has_a_sign():
    drawn = draw(build([DOC, DEV], hosts("dev1")))

    assert box(drawn, "middle", "doc").icon == "fa-exclamation-triangle"
    assert box(drawn, "middle", "dev").icon == ""


def test_a_group_whose_hosts_are_not_known_has_no_sign():
    drawn = draw(build([DOC], None))

    assert box(drawn, "middle", "doc").icon == ""
    assert boxes(drawn, "right") == []


def test_many_hosts_are_counted_and_those_in_trouble_named():
    groups, computes = many()
    computes[3] = ComputeHost(computes[3].name, up=False)
    drawn = draw(build(groups, computes))

    g00 = bundle(drawn, "g00").right
    assert [(box.text, box.note) for box in g00] == [("20 hosts", "19 up"), ("h00-03", "down")]
    assert texts(drawn, "right")[-1] == "5 hosts"
    assert boxes(drawn, "right")[-1].note == "in no group"


def test_of_many_hosts_in_trouble_the_rest_is_counted():
    groups, computes = many()
    down = [ComputeHost(host.name, up=False) for host in computes[:10]]
    g00 = bundle(draw(build(groups, [*down, *computes[10:]])), "g00").right

    assert [box.text for box in g00] == [
        "20 hosts", "h00-00", "h00-01", "h00-02", "and 7 more down or disabled",
    ]  # fmt: skip


def test_of_many_subnets_each_group_shows_a_few_and_counts_the_rest():
    drawn = draw(build(*many()))

    assert [box.text for box in bundle(drawn, "g07").left] == [
        "10.7.0.0/24",
        "and 3 more subnets",
    ]


def test_a_subnet_that_an_address_matches_is_shown_among_many():
    left = bundle(draw(build(*many()), "10.7.2.9"), "g07").left

    assert [(box.text, box.marked) for box in left] == [
        ("10.7.2.0/24", True),
        ("and 3 more subnets", False),
    ]


def test_a_few_hosts_among_many_are_named():
    groups, computes = many()
    small = aggregate("small", "tiny", "10.99.0.0/16", id=99)
    drawn = draw(build([*groups, small], [*computes, *hosts("tiny1 tiny2")]))

    assert [box.text for box in bundle(drawn, "small").right] == ["tiny1", "tiny2"]


def test_thirty_groups_fit_in_two_screens():
    assert draw(build(*many())).height < 2200


def test_the_picture_grows_with_groups_and_not_with_hosts():
    groups, computes = many()
    more = hosts(" ".join(f"h{n:02}-x{host:03}" for n in range(30) for host in range(200)))

    assert draw(build(groups, [*computes, *more])).height == draw(build(groups, computes)).height
