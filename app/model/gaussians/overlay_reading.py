"""What an overlay draws of Gaussians, and what its histogram and legend say: made beside the window, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from daub.app.model.compare.colour_maps import DIVERGING, SEQUENTIAL, table
from daub.app.model.gaussians.histogram import Histogram
from daub.app.model.gaussians.properties import Axis, Filters, Property, Subject, size, values_of, why_not
from daub.render.gaussians import Gaussians

HIDDEN = -1.0  # share of a Gaussian that is not drawn
_TAILS = 1.0, 99.0  # percentiles that the colours span: a few odd ones must not take all of them


@dataclass(frozen=True, eq=False)
class Reading:
    """Gaussians with a property.

    Args:
        subject: which they are.
        which: the property.
        filters: those that are in force.
        values: (N,) float64, in the order of the subject; NaN where one has none.
        kept: (N,) bool, which pass the filters.
        drawn: the same Gaussians, the largest first, so that small ones lie on top.
        shares: (N,) float32, where on the map of colours each of `drawn` is, 0 to 1, or HIDDEN.
        span: values at the ends of the map of colours.
        colours: (256, 3) uint8, that map.
        histogram: of the values; None without any.
        known: values of this and other properties of the same subject.
    """

    subject: Subject
    which: Property
    filters: Filters
    values: np.ndarray
    kept: np.ndarray
    drawn: Gaussians
    shares: np.ndarray
    span: tuple[float, float]
    colours: np.ndarray
    histogram: Histogram | None
    known: Mapping[Property, np.ndarray]


def read(
    subject: Subject, which: Property, filters: Filters, known: Mapping[Property, np.ndarray] | None = None
) -> Reading:
    """Works all of that out. A filter by what is not known of these Gaussians passes everything.

    Args:
        known: values that have been worked out of the same subject before.
    """
    known = dict(known or {})
    for each in (which, *filters):
        if each not in known and not why_not(each, subject):
            known[each] = values_of(each, subject)
    nothing = np.full(len(subject.gaussians), np.nan)
    values, kept = known.get(which, nothing), np.ones(len(nothing), bool)
    for each, (low, high) in filters.items():
        if each in known:
            kept &= (known[each] >= low) & (known[each] <= high)
    axis = which.value
    span = span_of(values, axis.logarithmic, axis.signed)
    shares = np.where(kept, shares_of(values, span, axis), HIDDEN)
    order = np.argsort(-size(subject.gaussians), kind="stable")
    return Reading(
        subject, which, filters, values, kept, Gaussians(subject.gaussians.parameters[order]),
        shares[order].astype(np.float32), span, table(DIVERGING if axis.signed else SEQUENTIAL),
        Histogram.of(values, kept, axis.logarithmic), known,
    )  # fmt: skip


def span_of(values: np.ndarray, logarithmic: bool, signed: bool) -> tuple[float, float]:
    """Values at the ends of a map of colours: all but the most extreme hundredths lie between them.

    >>> span_of(np.array([-3.0, 1, 2]), logarithmic=False, signed=True)
    (-2.92, 2.92)
    """
    values = values[np.isfinite(values) & ((values > 0) if logarithmic else True)]
    if not len(values):
        return (-1.0, 1.0) if signed else (0.0, 1.0)
    low, high = (float(end) for end in np.percentile(values, _TAILS))
    if signed:
        reach = round(max(abs(low), abs(high)), 9) or 1.0
        return -reach, reach
    return (low, high) if high > low else (low, low + abs(low) + 1e-9)


def shares_of(values: np.ndarray, span: tuple[float, float], axis: Axis) -> np.ndarray:
    """Where values (N,) are on the map of colours, 0 to 1; what has no value is at the lower end.

    Of what goes both ways from 0 it is the roots that are equally far apart, for most of it is near 0.

    >>> shares_of(np.array([-4.0, -1, 0, 1]), (-4.0, 4.0), Property.LIGHT.value).tolist()
    [0.0, 0.25, 0.5, 0.75]
    """
    low, high = span
    if axis.signed:
        values, low, high = (np.sign(each) * np.sqrt(np.abs(each)) for each in (values, low, high))
    if axis.logarithmic:
        values, low, high = np.log(np.maximum(values, 1e-300)), np.log(low), np.log(high)
    return np.clip(np.nan_to_num((values - low) / (high - low), nan=0.0), 0, 1)
