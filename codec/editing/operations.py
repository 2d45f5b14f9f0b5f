"""What the operations of `daub edit` and of scripts do, each by its name in `table`."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace

import numpy as np

from daub.codec import container, images
from daub.codec.editing import canvas, colours, placing, properties, values
from daub.codec.editing.births_inside import told_of_room
from daub.codec.editing.drawing import Drawing, chosen
from daub.codec.editing.filling import remove_and_fill
from daub.codec.editing.pasting import Thing, paste_over
from daub.codec.editing.refit import RefitProgress, refit, support_of, within
from daub.codec.editing.repainting import recolour_region
from daub.codec.editing.selecting import SELECTING
from daub.codec.editing.state import Apply, State, Tools
from daub.codec.editing.table import ENTRIES, MOST_MORE
from daub.codec.editing.transforms import Affine
from daub.codec.errors import DaubError
from daub.codec.progress import drive
from daub.render.strips import Region

_MORE_FOR_A_COLOUR = 10  # of the Gaussians in a recoloured region, one more for so many: for its border


def _crop(state: State, text: str, tools: Tools) -> State:
    region = Region(*values.whole_numbers(text, "a region X,Y,W,H", 4))
    if region.width < 1 or region.height < 1:
        raise values.refusal(text, "a region X,Y,W,H with a width and a height above 0")
    width, height = state.drawing.size
    if region.x >= width or region.y >= height or region.right <= 0 or region.bottom <= 0:
        raise DaubError(f"cannot crop to {text}", f"it is beside the picture of {width}x{height}", "choose another")
    return State.of(canvas.cropped(state.drawing, region)[0])


def _resize(state: State, text: str, tools: Tools) -> State:
    return State.of(canvas.resized(state.drawing, *values.size(text)))


_FLIPS = {"h": canvas.flipped_horizontally, "v": canvas.flipped_vertically}


def _flip(state: State, text: str, tools: Tools) -> State:
    if text not in _FLIPS:
        raise values.refusal(text, "h, left to right, or v, upside down")
    return State.of(_FLIPS[text](state.drawing))


def _rotate(state: State, text: str, tools: Tools) -> State:
    if text not in ("90", "180", "270"):
        raise values.refusal(text, "90, 180 or 270 degrees")
    return State.of(canvas.turned(state.drawing, -int(text) // 90))


def _moved(state: State, there: Affine) -> State:
    return State(_with(state, there.of(state.drawing.gaussians, state.selected)), state.selected)


def _with(state: State, gaussians) -> Drawing:
    return Drawing(gaussians, *state.drawing.size)


def _middle(state: State) -> tuple[float, float]:
    """Of the box around the centres of those selected, pixels."""
    mean = state.drawing.gaussians.mean[state.selected].astype(np.float64)
    return tuple(((mean.min(0) + mean.max(0)) / 2).tolist()) if len(mean) else (0.0, 0.0)


def _move(state: State, text: str, tools: Tools) -> State:
    return _moved(state, Affine.translation(*values.way(text)))


def _scale(state: State, text: str, tools: Tools) -> State:
    factors = values.numbers(text, "a factor, or two FX,FY", 1, 2)
    if not all(1e-3 <= abs(factor) <= 1e3 for factor in factors):
        raise values.refusal(text, "one or two factors of 0.001 to 1000")
    return _moved(state, Affine.scaling(factors[0], factors[-1], _middle(state)))


def _turn(state: State, text: str, tools: Tools) -> State:
    return _moved(state, Affine.rotation(-values.number(text, "an angle"), _middle(state)))


def _duplicate(state: State, text: str, tools: Tools) -> State:
    after, new = placing.duplicated(state.drawing.gaussians, state.selected, *values.way(text))
    return State(_with(state, after), new)


def _paste(state: State, text: str, tools: Tools) -> State:
    parts = text.split(",")
    where = []
    while len(parts) > 1 and len(where) < 3 and _is_number(parts[-1]):
        where.insert(0, float(parts.pop()))
    if len(where) == 1:
        raise values.refusal(text, "a file, and perhaps X,Y or X,Y,SCALE behind it")
    name = ",".join(parts)
    other = Drawing.of(container.read(container.load_bytes(name), name))
    x, y, scale = (*where, 1.0)[:3] if where else (0.0, 0.0, 1.0)
    x, y = values.way(f"{x},{y}")
    if not 1e-3 <= scale <= 1e3:
        raise values.refusal(text, "a file with a scale of 0.001 to 1000 behind it")
    place = Affine.scaling(scale, scale, (-0.5, -0.5)).then(Affine.translation(x, y))
    seen = Thing(other, None).seen(tools.rasteriser)
    last = _last_of(paste_over(state.drawing, other, seen, place, tools.rasteriser), tools)
    return State(_with(state, last.gaussians), last.origin < 0)


def _is_number(text: str) -> bool:
    try:
        return np.isfinite(float(text))
    except ValueError:
        return False


def _delete(state: State, text: str, tools: Tools) -> State:
    return _without(state, state.selected)


def _delete_smaller(state: State, text: str, tools: Tools) -> State:
    least = values.number(text, "a size", 0, 1e6)
    return _without(state, state.selected & (properties.size(state.drawing.gaussians) < least))


def _without(state: State, gone: np.ndarray) -> State:
    return state.changed(_with(state, placing.deleted(state.drawing.gaussians, gone)), state.selected[~gone])


def _mapped(state: State, matrix: np.ndarray, tools: Tools) -> State:
    """Colours through a matrix: of the picture where a region is known, otherwise of what the selected ones add."""
    if state.region is None:
        return state.changed(_with(state, colours.recoloured(state.drawing.gaussians, state.selected, matrix)))
    free = within(state.drawing.gaussians, state.region, tools.rasteriser, 0.35)
    more = int(free.sum()) // _MORE_FOR_A_COLOUR
    records = recolour_region(state.drawing, state.region, free, matrix, tools.rasteriser, more=more)
    return _driven(state, records, tools)


def _recolour(state: State, text: str, tools: Tools) -> State:
    picked = np.array(images.parse_colour(text))
    picture = np.clip(state.drawing.rendered(tools.rasteriser), 0, 1)
    where = state.region if state.region is not None else support_of(state.drawing, state.selected, tools.rasteriser)
    return _mapped(state, colours.towards(colours.mean_colour(picture, where), picked), tools)


def _by_factor(matrix: Callable[[float], np.ndarray], low: float, high: float) -> Apply:
    def apply(state: State, text: str, tools: Tools) -> State:
        return _mapped(state, matrix(values.number(text, "a number", low, high)), tools)

    return apply


def _strength(state: State, text: str, tools: Tools) -> State:
    factor = values.number(text, "a factor", -100, 100)
    return state.changed(_with(state, colours.strengthened(state.drawing.gaussians, state.selected, factor)))


def _fill(state: State, text: str, tools: Tools) -> State:
    if state.region is None or not state.region.any():
        what, why = "nothing can be removed and filled", "no part of the picture is selected"
        raise DaubError(what, why, "select one by a shape or a colour first")
    return _driven(state, remove_and_fill(state.drawing, state.region, tools.rasteriser), tools)


def _refit(state: State, text: str, tools: Tools) -> State:
    name, comma, more = text.rpartition(",")
    if not comma or not more.strip().isdigit():
        name, more = text, "0"
    count = int(values.number(more, "a number of Gaussians more", 0, MOST_MORE))
    source = images.load(name).pixels
    if source.shape[:2] != (state.drawing.height, state.drawing.width):
        height, width, _ = source.shape
        why = f"it has {width}x{height} pixels and the picture {state.drawing.width}x{state.drawing.height}"
        raise DaubError(f"cannot refit to {name}", why, "give an image of that size")
    region, free = state.region, state.selected
    if region is None:
        region = support_of(state.drawing, free, tools.rasteriser)
    elif not free.any():
        free = within(state.drawing.gaussians, region, tools.rasteriser)
    after = _driven(state, refit(state.drawing, source, region, free, tools.rasteriser, count), tools)
    if told := told_of_room(count, len(after.drawing) - len(state.drawing)):
        tools.notice(told)
    return after


def _driven(state: State, records: Generator[RefitProgress, None, RefitProgress], tools: Tools) -> State:
    last = _last_of(records, tools)
    return state.followed(_with(state, last.gaussians), last.origin)


_BY_NAME: dict[str, Apply] = {
    **SELECTING,
    "crop": _crop,
    "resize": _resize,
    "flip": _flip,
    "rotate": _rotate,
    "move": _move,
    "scale": _scale,
    "turn": _turn,
    "recolour": _recolour,
    "hue": _by_factor(colours.hue_turned, -3600, 3600),
    "saturation": _by_factor(colours.saturated, 0, 10),
    "light": _by_factor(colours.lightened, 0, 10),
    "strength": _strength,
    "duplicate": _duplicate,
    "paste": _paste,
    "delete": _delete,
    "delete-smaller": _delete_smaller,
    "fill": _fill,
    "refit": _refit,
}
WHOLE = ("crop", "resize", "flip", "rotate", "paste")  # change the picture, whatever is selected
CANVAS = ("crop", "resize", "flip", "rotate")  # change it as a whole, transparency included
_ELSEWHERE = ("move", "scale", "turn", "duplicate", "paste", "delete", "delete-smaller", "fill")
APPLY: dict[str, Apply] = {name: _BY_NAME[name] for name in ENTRIES}


def _somewhere(state: State) -> bool:
    return state.region is not None and bool(state.region.any())


def _last_of(records: Generator[RefitProgress, None, RefitProgress], tools: Tools) -> RefitProgress:
    return drive(records, lambda record: tools.report(record.step / record.steps))


def applied(drawing: Drawing, steps: list[tuple[str, str]], tools: Tools) -> State:
    """The state after a list of operations, each a name of `table.ENTRIES` and a value.

    Raises:
        DaubError: an operation is unknown, or its value makes no sense; with its name in front.
    """
    state = State.of(drawing)
    for number, (name, value) in enumerate(steps):
        if name not in APPLY:
            why = "there is none of that name"
            raise DaubError(f"the operation {name!r} is unknown", why, f"choose from {', '.join(APPLY)}")

        def report(fraction: float, number: int = number) -> None:
            tools.report((number + fraction) / len(steps))

        if name not in WHOLE and name not in SELECTING and not state.selected.any() and not _somewhere(state):
            tools.notice(f"{name} changes nothing, as nothing is selected")
        try:
            with np.errstate(over="ignore", invalid="ignore"):  # what is too large is told below
                state = APPLY[name](state, value, replace(tools, report=report))
        except DaubError as error:
            error.args = (f"{name}: {error}",)  # which of several it was, in a script above all
            raise
        except ValueError as error:
            raise DaubError(f"cannot {name} by {value}", str(error), "give another value") from error
        if not np.isfinite(state.drawing.gaussians.parameters).all():
            why = "Gaussians would become larger or lighter than numbers go"
            raise DaubError(f"cannot {name} by {value}", why, "do less of it")
        report(1.0)
    return state


def applied_to_opacity(opacity: Drawing, steps: list[tuple[str, str]], tools: Tools) -> Drawing:
    """What a list of operations, which have been `applied` to the colours, make of the opacity of the same picture.

    Those of the canvas change both. All others are about the colours; one that puts them elsewhere says so.
    """
    state = State.of(opacity)
    for name, value in steps:
        if name in CANVAS:
            state = APPLY[name](state, value, tools)
    elsewhere = [name for name, _ in steps if name in _ELSEWHERE]
    if elsewhere:
        tools.notice(f"the transparency stays where it was: {elsewhere[0]} changes colours alone")
    return state.drawing


def selected_only(state: State) -> Drawing:
    """The selected Gaussians alone, on the whole canvas: what is exported."""
    return _with(state, chosen(state.drawing.gaussians, state.selected))
