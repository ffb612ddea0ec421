# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Where boxes stand in a column, and the lines between two columns.

Plain numbers, in pixels from the top; nothing is known about host groups.
"""

from collections.abc import Iterable, Sequence
from statistics import fmean


def stack(heights: Sequence[float], gap: float) -> list[float]:
    """Return the centres of boxes that stand below each other, the first at the top."""
    centres: list[float] = []
    top = 0.0
    for height in heights:
        centres.append(top + height / 2)
        top += height + gap
    return centres


def total(heights: Sequence[float], gap: float) -> float:
    """Return the height that such a column takes."""
    return sum(heights) + gap * max(0, len(heights) - 1)


def follow(
    wanted: Sequence[float], heights: Sequence[float], gap: float, limit: float
) -> list[float]:
    """Return centres as near as possible to those wanted.

    The order is kept, boxes stay `gap` apart and between 0 and `limit`: least
    squares under these constraints, by pooling adjacent violators.

    Args:
        wanted: a centre for each box.
        heights: of the boxes; together with the gaps at most `limit`.
        gap: the least distance between two boxes.
        limit: the lower end of the column.
    """
    if not wanted:
        return []
    packed = stack(heights, gap)
    # Relative to the packed column the constraint is just: never decreasing.
    slack = limit - total(heights, gap)
    shifts = _never_decreasing([want - low for want, low in zip(wanted, packed, strict=True)])
    return [low + min(max(shift, 0.0), slack) for low, shift in zip(packed, shifts, strict=True)]


def _never_decreasing(values: Iterable[float]) -> list[float]:
    pools: list[tuple[float, int]] = []
    for value in values:
        mean, count = value, 1
        while pools and pools[-1][0] > mean:
            before, size = pools.pop()
            mean = (before * size + mean * count) / (size + count)
            count += size
        pools.append((mean, count))
    return [mean for mean, count in pools for _ in range(count)]


def beside(
    count: int, links: Iterable[tuple[int, int]], centres: Sequence[float], middle: float
) -> list[float]:
    """Return for each of `count` boxes the mean centre of those it is linked to.

    Args:
        count: how many boxes the column has.
        links: pairs of an index in this column and one in `centres`.
        centres: of the boxes in the other column.
        middle: for a box without any link above it; else it stays near the one above.
    """
    linked: list[list[float]] = [[] for _ in range(count)]
    for here, there in links:
        linked[here].append(centres[there])
    wanted: list[float] = []
    for found in linked:
        wanted.append(fmean(found) if found else (wanted[-1] if wanted else middle))
    return wanted


def curve(start: float, end: float) -> str:
    """Return SVG path data from the left edge (x 0) to the right one (x 100) of a gutter."""
    return f"M0 {round(start)}C50 {round(start)} 50 {round(end)} 100 {round(end)}"
