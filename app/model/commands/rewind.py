"""The commands of looking back at a fit and of going on from there: a part of the menu Fit."""

from __future__ import annotations

from functools import partial

from daub.app.model.commands.command import Command
from daub.app.model.view.chrome import SHARES
from daub.app.model.workbench import Workbench

_SHARE_STEP = 0.1  # of the time that painting may take


def can_look_back(bench: Workbench) -> bool:
    """Earlier steps of a fit are kept."""
    return bench.workspace.rewind.is_possible


def looks_back(bench: Workbench) -> bool:
    """An earlier step is looked at."""
    return bench.workspace.state.kept is not None


def can_look_earlier(bench: Workbench) -> bool:
    """There is something before what is looked at."""
    return can_look_back(bench) and bench.workspace.state.kept is not bench.workspace.rewind.reel.states[0]


def can_go_on(bench: Workbench) -> bool:
    """A fit can go on from what is looked at."""
    return bench.workspace.rewind.can_go_on


def _go_on_words(bench: Workbench) -> str:
    kept = bench.workspace.state.kept
    return "Continue from here" if kept is None else f"Continue from step {kept.step:,}"


def _share(by: int, bench: Workbench) -> None:
    """More of the time for painting, or less. Args: by: 1 or -1."""
    least, most = SHARES
    bench.chrome.set(share=min(max(round(bench.chrome.share + _SHARE_STEP * by, 2), least), most))


def _start_paused(bench: Workbench) -> None:
    bench.workspace.fitting.start_fits_paused(not bench.workspace.fitting.start_paused)


def _leave_core(bench: Workbench) -> None:
    bench.cores.leave_one(not bench.cores.leaves_one)


COMMANDS = (
    Command(
        "Fit", "go_on", "Continue from here", lambda bench: bench.workspace.rewind.go_on(), ("Ctrl+Shift+Return",),
        rule=True, enabled=can_go_on, words=_go_on_words, note=lambda _: "With the settings as they are now",
    ),
    Command(
        "Fit", "extend", "Add steps", lambda bench: bench.workspace.rewind.extend(), ("Ctrl+Shift+E",),
        enabled=can_go_on, words=lambda bench: f"Add {bench.workspace.rewind.longer:,} steps",
    ),
    Command(
        "Fit", "replay", "Play the timeline", lambda bench: bench.workspace.rewind.play(), ("Shift+Space",),
        rule=True, enabled=can_look_back,
        words=lambda bench: "Stop the timeline" if bench.workspace.rewind.is_playing else "Play the timeline",
    ),
    Command(
        "Fit", "look_earlier", "Step back in the timeline", lambda bench: bench.workspace.rewind.move(-1),
        ("Ctrl+Left",), enabled=can_look_earlier,
    ),
    Command(
        "Fit", "look_later", "Step on in the timeline", lambda bench: bench.workspace.rewind.move(1),
        ("Ctrl+Right",), enabled=looks_back,
    ),
    Command(
        "Fit", "look_first", "Start of the timeline", lambda bench: bench.workspace.rewind.to_first(),
        ("Ctrl+Home",), enabled=can_look_earlier,
    ),
    Command(
        "Fit", "look_newest", "End of the timeline", lambda bench: bench.workspace.rewind.to_newest(), ("Ctrl+End",),
        enabled=looks_back,
    ),
    Command(
        "Fit", "view_more", "More time for viewing", partial(_share, 1), rule=True,
        enabled=lambda bench: bench.chrome.share < SHARES[1],
    ),
    Command(
        "Fit", "fit_more", "More time for fitting", partial(_share, -1),
        enabled=lambda bench: bench.chrome.share > SHARES[0],
    ),
    Command(
        "Fit", "start_paused", "Start paused", _start_paused,
        checked=lambda bench: bench.workspace.fitting.start_paused,
        note=lambda _: "A fit that would begin by itself waits until it is played",
    ),
    Command(
        "Fit", "leave_core", "Leave one core to other programs", _leave_core,
        enabled=lambda bench: bench.cores.is_possible, checked=lambda bench: bench.cores.leaves_one,
        note=lambda _: "The fit takes all cores but one, so that everything else stays quick; the file is the same",
    ),
)  # fmt: skip
