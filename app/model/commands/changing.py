"""What the menu Edit does with the Gaussians that are selected, and with the whole picture of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from daub.app.model.commands.command import Command
from daub.app.model.commands.selecting import can_edit, is_selected
from daub.app.model.editing import changing, pasting
from daub.app.model.editing.clipboard import packed, thing_of, unpacked
from daub.app.model.editing.editing import Editing, gaussian_words
from daub.app.model.editing.pasting import cut_selected
from daub.app.model.editing.population import Flag
from daub.app.model.editing.refitting import What
from daub.app.model.work.failure import failure_of_work
from daub.app.model.workbench import Workbench
from daub.codec.errors import DaubError


def copy_selected(bench: Workbench) -> None:
    """Puts them on the clipboard as they are seen: with the strength of their layers, which they leave."""
    some = bench.editing.population.picked()
    bench.host.copy_gaussians(packed(some, cut_selected(bench.editing)))
    bench.workspace.noticed.emit(f"Copied {gaussian_words(len(some))}")


def paste_gaussians(bench: Workbench) -> bool:
    """Puts Gaussians of the clipboard into what is on side B; False where there are none."""
    data = bench.host.gaussians()
    if data is None:
        return False
    try:
        changing.paste(bench.editing, unpacked(data))
    except DaubError as error:
        bench.workspace.failed.emit(failure_of_work(error))
    return True


def paste_over(bench: Workbench) -> None:
    """Lays what was copied over the picture, its middle under the pointer."""
    data = bench.host.gaussians()
    if data is None:
        bench.workspace.noticed.emit("There are no Gaussians on the clipboard")
        return
    try:
        thing = thing_of(data)
    except DaubError as error:
        bench.workspace.failed.emit(failure_of_work(error))
        return
    pixel = bench.view.pixel
    middle = None if pixel is None else (pixel[0] + 0.5, pixel[1] + 0.5)
    bench.unfinished.before("pasting", lambda: pasting.paste_over(bench.editing, bench.pending, thing, middle))


def give_colour(bench: Workbench) -> None:
    """Asks for a colour, and gives it to what is selected, which shows what comes of each that is tried."""
    recolouring = bench.recolouring
    bench.host.try_colours(
        recolouring.present, "Colour of what is selected", recolouring.aim, recolouring.keep, recolouring.give_up
    )


def _has(flag: Flag, bench: Workbench) -> bool:
    population = bench.editing.population
    return population is not None and flag in population.noted


def _act(
    name: str, text: str, act: Callable[[Editing], None], key: str = "", rule: bool = False, enabled=is_selected
) -> Command:
    return Command(
        "Edit", name, text, lambda bench: act(bench.editing), (key,) if key else (), rule=rule, enabled=enabled
    )  # fmt: skip


def _refit(what: What, name: str, text: str, key: str = "", rule: bool = False) -> Command:
    def note(bench: Workbench) -> str:
        why = bench.refitting.why_not(what)
        return f"Not now: {why}" if why else ""

    return Command(
        "Edit", name, text, lambda bench: bench.unfinished.before(text.lower(), partial(bench.refitting.start, what)),
        (key,) if key else (), rule=rule,
        enabled=lambda bench: not bench.refitting.why_not(what), note=note,
    )  # fmt: skip


COMMANDS = (
    Command(
        "Edit", "paste_over", "Paste over the picture", paste_over, ("Ctrl+Alt+V",), enabled=can_edit,
        note=lambda _: "What was copied covers what is there, its middle under the pointer",
    ),
    _act("delete_gaussians", "Delete selected Gaussians", changing.delete, "Del", rule=True),
    _act("duplicate", "Duplicate", changing.duplicate, "Ctrl+D"),
    Command("Edit", "give_colour", "Give a colour…", give_colour, ("Ctrl+Alt+G",), enabled=is_selected),
    _act("hide", "Hide", changing.hide, "Ctrl+H", rule=True),
    _act("show_all_gaussians", "Show all", changing.show_all, "Ctrl+Alt+H", enabled=partial(_has, Flag.HIDDEN)),
    _act("lock", "Lock", changing.lock, "Ctrl+Alt+L"),
    _act("unlock_all", "Unlock all", changing.unlock_all, enabled=partial(_has, Flag.LOCKED)),
    _act("group", "Group", changing.group, "Shift+G"),
    _refit(What.REFIT, "refit_here", "Refit here", "Ctrl+Alt+R", rule=True),
    _refit(What.MORE, "more_detail", "More detail here", "Ctrl+Alt+M"),
    _refit(What.LESS, "less_detail", "Less detail here"),
    Command(
        "Edit",
        "hold_size",
        "Keep the size of the file",
        lambda bench: bench.refitting.hold_size(not bench.refitting.holds_size),
        ("Ctrl+Alt+K",),
        checked=lambda bench: bench.refitting.holds_size,
        note=lambda _: "More detail here then takes it from the rest of the picture, and less gives it to the rest",
    ),
    _refit(What.FILL, "remove_and_fill", "Remove and fill", "Shift+Del"),
)  # fmt: skip
