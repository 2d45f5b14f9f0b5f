"""When a command can be called: predicates that several tables share."""

from __future__ import annotations

from daub.app.model.workbench import Workbench


def can_fit(bench: Workbench) -> bool:
    """A picture is open that has pixels."""
    return bench.workspace.can_fit


def is_fitting(bench: Workbench) -> bool:
    """A fit is under way."""
    return bench.workspace.fitting.is_under_way


def is_busy(bench: Workbench) -> bool:
    """There is something to give up."""
    workspace = bench.workspace
    return bench.refitting.is_on or workspace.opening.is_reading or workspace.fitting.is_under_way


def can_export(bench: Workbench) -> bool:
    """There are Gaussians."""
    return bench.exports.possible


def compares(bench: Workbench) -> bool:
    """There are two sides."""
    return bench.view.compares and bench.is_open


def has_picture(bench: Workbench) -> bool:
    """A picture is open."""
    return bench.workspace.picture is not None


def has_scene(bench: Workbench) -> bool:
    """A scene is open."""
    return bench.stage.is_open


def has_whole_scene(bench: Workbench) -> bool:
    """A scene is open, and not being trained at this moment."""
    return bench.stage.is_open and not bench.training.is_on


def is_training(bench: Workbench) -> bool:
    """A scene is being trained."""
    return bench.training.is_on


def is_open(bench: Workbench) -> bool:
    """A picture is open, or a scene."""
    return bench.is_open
