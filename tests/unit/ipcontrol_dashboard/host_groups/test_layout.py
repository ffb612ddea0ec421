# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from ipcontrol_dashboard.host_groups import layout


def test_boxes_stand_below_each_other_with_a_gap():
    assert layout.stack([20, 40], gap=10) == [10, 50]
    assert layout.total([20, 40], gap=10) == 70


def test_an_empty_column_has_no_height():
    assert layout.stack([], gap=10) == []
    assert layout.total([], gap=10) == 0
    assert layout.follow([], [], gap=10, limit=0) == []


def test_a_box_with_room_stands_where_it_is_wanted():
    assert layout.follow([30, 70], [20, 20], gap=10, limit=100) == [30, 70]


def test_two_boxes_that_want_the_same_place_share_the_distance():
    assert layout.follow([50, 50], [20, 20], gap=10, limit=100) == [35, 65]


def test_boxes_keep_their_order_even_if_the_places_wanted_are_the_other_way_round():
    first, second = layout.follow([70, 30], [20, 20], gap=10, limit=100)

    assert second - first == 30


def test_no_box_leaves_the_column():
    assert layout.follow([-50, 500], [20, 20], gap=10, limit=100) == [10, 90]
    assert layout.follow([500, 500], [20, 20], gap=10, limit=100) == [60, 90]


def test_a_packed_column_has_just_one_layout():
    assert layout.follow([0, 0, 90], [20, 20, 20], gap=5, limit=70) == [10, 35, 60]


def test_a_box_stands_beside_the_middle_of_those_it_is_linked_to():
    links = [(0, 0), (0, 1), (1, 2)]

    assert layout.beside(2, links, [10, 30, 90], middle=50) == [20, 90]


def test_a_box_without_links_stays_near_the_one_above():
    assert layout.beside(2, [(0, 1)], [10, 30], middle=50) == [30, 30]


def test_the_first_box_without_links_takes_the_place_it_is_given():
    assert layout.beside(1, [], [10], middle=50) == [50]


def test_a_line_runs_from_edge_to_edge_in_whole_pixels():
    assert layout.curve(10.4, 20.6) == "M0 10C50 10 50 21 100 21"
