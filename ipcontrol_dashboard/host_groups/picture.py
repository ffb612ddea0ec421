# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The picture: subnets on the left, groups in the middle, hosts on the right.

What belongs together is the overview's, that is, the engine's answer; which
boxes that makes is in `boxes`. Here is where they stand, and the lines between.

Across, everything is in per cent of the page (the template's); down, in pixels.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ipcontrol_dashboard.host_groups import boxes, layout, sentences
from ipcontrol_dashboard.host_groups.boxes import MOST_BOXES, Box, chosen
from ipcontrol_dashboard.host_groups.overview import Overview, Row, Trial

# Colours in the style sheet; they repeat.
HUES = 6


@dataclass(frozen=True, slots=True)
class Size:
    """Heights in pixels: of a box, between boxes, of a group's box."""

    box: int
    gap: int
    group: int


ROOMY = Size(box=28, gap=8, group=46)
DENSE = Size(box=24, gap=4, group=42)


@dataclass(frozen=True, slots=True)
class Line:
    """A connection: SVG path data over a gutter 100 wide, and its style classes."""

    path: str
    classes: str


@dataclass(slots=True)
class Bundle:
    """What lights up together: a group's boxes and lines; or boxes of no single group."""

    hue: int | None
    left: list[Box] = field(default_factory=list)
    middle: list[Box] = field(default_factory=list)
    right: list[Box] = field(default_factory=list)
    left_lines: list[Line] = field(default_factory=list)
    right_lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture, ready for the template.

    Attributes:
        height: in pixels.
        bundles: what is drawn, in the order of drawing.
        lines: the same in sentences, one for each group.
    """

    height: int
    bundles: tuple[Bundle, ...]
    lines: tuple[str, ...]


def draw(overview: Overview, trial: Trial | None = None) -> Picture:
    """Draw the groups, their subnets and hosts, and the way of an address that was tried."""
    rows = _order(overview)
    left = list(boxes.left(overview, rows, trial))
    right = list(boxes.right(overview, rows, trial))
    middle = [boxes.group_box(row, trial) for row in rows]
    dense = max(len(left), len(right)) > MOST_BOXES
    height = _place(left, middle, right, DENSE if dense else ROOMY)
    return Picture(height, tuple(_bundles(left, middle, right)), sentences.picture(overview))


def _order(overview: Overview) -> list[Row]:
    """Groups in the order of their first subnet; the default group last."""
    first: dict[str, int] = {}
    for index, subnet in enumerate(overview.subnets):
        first.setdefault(subnet.group, index)
    return sorted(
        overview.groups,
        key=lambda row: (row.default, first.get(row.name, len(first)), row.name),
    )


# --- Where it all stands ------------------------------------------------------


def _place(left: list[Box], middle: list[Box], right: list[Box], size: Size) -> int:
    """Set heights and centres: the longest column stands packed, the others follow it."""
    for box in (*left, *right):
        box.height = size.box
    for box in middle:
        box.height = size.group
    columns = (left, middle, right)
    limit = max(layout.total([box.height for box in column], size.gap) for column in columns)
    if layout.total([box.height for box in middle], size.gap) >= limit:
        _pack(middle, size.gap)
    else:
        longer = left if len(left) >= len(right) else right
        _pack(longer, size.gap)
        links = [(group, box) for box, b in enumerate(longer) for group in b.links]
        _follow(middle, links, longer, size.gap, limit)
    for column in (left, right):
        if not any(box.centre for box in column):
            links = [(box, group) for box, b in enumerate(column) for group in b.links]
            _follow(column, links, middle, size.gap, limit)
    return round(limit) + 2


def _pack(column: list[Box], gap: int) -> None:
    centres = layout.stack([box.height for box in column], gap)
    for box, centre in zip(column, centres, strict=True):
        box.centre = centre


def _follow(
    column: list[Box],
    links: Iterable[tuple[int, int]],
    other: list[Box],
    gap: int,
    limit: float,
) -> None:
    centres = [box.centre for box in other]
    wanted = layout.beside(len(column), links, centres, limit)
    placed = layout.follow(wanted, [box.height for box in column], gap, limit)
    for box, centre in zip(column, placed, strict=True):
        box.centre = centre


def _bundles(left: list[Box], middle: list[Box], right: list[Box]) -> Iterator[Bundle]:
    # Boxes of no group, or of several, are drawn beneath the lines.
    yield Bundle(
        None,
        left=[box for box in left if len(box.links) != 1],
        right=[box for box in right if len(box.links) != 1],
    )
    for index, group in enumerate(middle):
        bundle = Bundle(index % HUES, middle=[group])
        for box in left:
            if index in box.links:
                bundle.left_lines.append(_line(box.centre, group.centre, box))
                bundle.left.append(box)
        for box in right:
            if index in box.links:
                bundle.right_lines.append(_line(group.centre, box.centre, box, group))
            if box.links == (index,):
                bundle.right.append(box)
        yield bundle


def _line(start: float, end: float, box: Box, group: Box | None = None) -> Line:
    marked = box.marked and (group is None or group.marked)
    marks = chosen(line=True, match=marked, faint="dashed" in box.marks or "down" in box.marks)
    return Line(layout.curve(start, end), " ".join(f"ipcontrol-{mark}" for mark in marks))
