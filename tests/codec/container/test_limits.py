"""What the format allows: each limit at its edge, and renderings that would take minutes."""

from __future__ import annotations

import numpy as np
import pytest

from daub.codec.container import limits
from daub.codec.container.limits import (
    bytes_to_claim,
    check_cells,
    check_count,
    check_image,
    check_large_count,
    check_output,
    check_size,
    check_work,
    is_sane,
)
from daub.codec.errors import DaubError, Large
from daub.codec.goal import GOALS, GoalKind
from daub.render.gaussians import Gaussians


def test_work_is_bounded():
    huge = Gaussians.build(np.zeros((3000, 2)), np.tile(1e9 * np.eye(2), (3000, 1, 1)), np.ones((3000, 3)))
    check_work(huge, 512, 512)
    with pytest.raises(Large, match=r"bomb .* cover 193 thousand megapixels, more than the 17 that are drawn unasked"):
        check_work(huge, 8000, 8000, "bomb")
    check_work(huge, 8000, 8000, large=True)
    for large in (False, True):
        with pytest.raises(DaubError, match=r"1073\.7 megapixels and the most are 268\.4") as refusal:
            check_work(huge, 1 << 15, 1 << 15, large=large)
        assert not isinstance(refusal.value, Large)


@pytest.mark.parametrize("size", [(1 << 14, 1 << 13), (1 << 20, 1 << 7)])
def test_pixels_are_bounded_unless_they_are_asked_for(size):
    width, height = size
    check_work(Gaussians.empty(), *size)
    with pytest.raises(Large, match=r"13\d\.\d megapixels are more than the 134.2 .* unasked, choose"):
        check_work(Gaussians.empty(), width, height + 1)
    check_work(Gaussians.empty(), width, 2 * height, large=True)


def test_so_much_work_is_done_unasked_and_no_more():
    """Boxes of 400 x 400 pixels, of which the Gaussians take 384 x 384."""
    round_ones = np.log(np.full((1, 2), (400 - 16) / 6))
    gaussians = Gaussians.empty(limits.LARGE_WORK // 400**2)
    gaussians.log_scale[:] = round_ones
    check_work(gaussians, 1000, 1000)
    with pytest.raises(Large):
        check_work(
            Gaussians.concatenate(gaussians, Gaussians.build([[9, 9]], [np.eye(2) * 1e4], [[1, 1, 1]])), 1000, 1000
        )


def test_a_count_that_no_size_makes_smaller_has_another_remedy():
    check_large_count(1 << 22, "it failed")
    with pytest.raises(
        Large, match=r"4,194,305 Gaussians are more .*, say that so much is meant \(--yes-large"
    ) as refusal:
        check_large_count((1 << 22) + 1, "it failed")
    assert not refusal.value.size_helps
    assert str(refusal.value.with_remedy("do so")).endswith("decoded unasked, do so")


@pytest.mark.parametrize("size", [(1, 1), (1 << 20, 256), (1 << 14, 1 << 14)])
def test_sizes_of_the_format(size):
    check_size(*size, "it failed")
    check_image(*size)
    check_output(*size, large=True)


@pytest.mark.parametrize(
    ("size", "why"),
    [
        ((40, 0), "a side of 40x0 is shorter than one pixel"),
        ((-1, 40), "a side of -1x40 is shorter than one pixel"),
        (((1 << 20) + 1, 1), "a side of 1048577x1 is longer than 1048576 pixels"),
        ((1, (1 << 20) + 1), "a side of 1x1048577 is longer than 1048576 pixels"),
        ((1 << 14, (1 << 14) + 1), "16384x16385 are 268.5 megapixels and the most are 268.4"),
    ],
)
def test_a_side_and_an_area_beyond_the_format_are_told_apart(size, why):
    larger = "larger" if min(size) < 1 else "smaller"
    for check, line in [
        (lambda: check_size(*size, "it failed"), f"it failed, {why}, {limits.REMEDY}"),
        (lambda: check_image(*size), f"an image of {size[0]}x{size[1]} cannot be encoded, {why}, reduce it"),
        (lambda: check_output(*size), f"rendered at {size[0]}x{size[1]}, {why}, choose a {larger} size"),
    ]:
        with pytest.raises(DaubError) as refused:
            check()
        assert str(refused.value).endswith(line)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 1001])
@pytest.mark.parametrize("cells", [0, 4096, 4097, 1 << 20])
def test_so_many_bytes_are_believed_and_no_fewer(count, cells):
    size = bytes_to_claim(count, cells)
    check_count(count, limits.LARGEST_COUNT, size, "it failed")
    check_cells(cells, size, "it failed")
    if size > 0:
        with pytest.raises(DaubError, match=f"do not fit in {size - 1} bytes"):
            check_count(count, limits.LARGEST_COUNT, size - 1, "it failed")
            check_cells(cells, size - 1, "it failed")


def test_some_numbers_are_too_large_for_any_file():
    with pytest.raises(DaubError, match="16777217 Gaussians do not fit"):
        check_count((1 << 24) + 1, limits.LARGEST_COUNT, 1 << 30, "it failed")
    with pytest.raises(DaubError, match="16777217 cells do not fit"):
        check_cells((1 << 24) + 1, 1 << 30, "it failed")


def test_as_many_gaussians_may_be_asked_for_as_a_file_may_hold():
    assert GOALS[GoalKind.GAUSSIANS].largest == limits.LARGEST_COUNT


@pytest.mark.parametrize(
    ("column", "largest"),
    [(0, 1 << 22), (1, 1 << 22), (2, 17 * np.log(2)), (3, 17 * np.log(2)), (4, 4096), (5, 1 << 32), (7, 1 << 32)],
)
def test_no_parameter_is_beyond_all_measure(column, largest):
    for value, sane in [(largest, True), (-largest, True), (1.001 * largest, False), (-1.001 * largest, False)]:
        parameters = np.zeros((3, 8))
        parameters[1, column] = value
        assert is_sane(Gaussians(parameters)) == sane
    parameters[1, column] = np.nan
    assert not is_sane(Gaussians(parameters)) and is_sane(Gaussians.empty())
