"""`daub edit`: a .daub and operations in, a .daub or an export out; nothing of how it is asked for or printed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from daub.app.tasks.device import OpenDevice
from daub.app.tasks.telling import Say, silent
from daub.codec import container
from daub.codec.errors import DaubError
from daub.codec.files import SUFFIX, write_atomic
from daub.codec.goal import Goal
from daub.codec.settings import EncodeSettings
from daub.codec.targets import ANYTHING_BUT_SOURCES, Replacing, check_target
from daub.render.errors import Reason

RESTORATION = "r"  # tag of its chunk: FORMAT.md, "Restoration"
Progress = Callable[[str, float], None]  # is given what is going on, and how much of it is done, 0 to 1


@dataclass(frozen=True)
class EditRequest:
    """A .daub to be edited.

    Args:
        source: path of the .daub.
        target: path of the .daub to write; or .npz, .ply or .svg, for the Gaussians that are selected in the end.
        steps: operations, each a name of `codec.editing.table` and a value.
        goal: what the file shall reach; None: as the source was rounded.
        effort: of the rounding, 0 to 9.
        strict: a file that misses its goal is an error, and is not written.
        replacing: what the file may take the place of.
        large: a .daub is decoded though it is more than `container.limits` has done unasked.
    """

    source: str
    target: str
    steps: tuple[tuple[str, str], ...] = ()
    goal: Goal | None = None
    effort: int = EncodeSettings.effort
    strict: bool = False
    replacing: Replacing = ANYTHING_BUT_SOURCES
    large: bool = False


@dataclass(frozen=True)
class Editing:
    """A file that was written of edited Gaussians."""

    width: int
    height: int
    gaussians: int  # in the file
    edited: int  # Gaussians after the last operation; those that are not worth their bits are left out
    selected: int  # of those, at the end
    bytes: int
    bpp: float
    psnr: float | None  # dB, of the file decoded to 8 bits against the edited picture; None of an export
    edit_seconds: float  # of the operations
    round_seconds: float  # of making the file
    device: str
    device_reason: Reason
    missed: str | None  # what to say of a goal that the file does not meet; None where it does
    notices: tuple[str, ...]  # one line each of what a person should know


def edit_file(request: EditRequest, device: OpenDevice, say: Say = silent, progress: Progress = silent) -> Editing:
    """Reads, edits, rounds and writes.

    Raises:
        DaubError: with one line for the user.
    """
    from daub.codec.editing.chunks_kept import left_out
    from daub.codec.editing.drawing import Drawing  # half of the codec, and SciPy: help must not wait for it
    from daub.codec.editing.export import FORMATS, export
    from daub.codec.editing.operations import applied, applied_to_opacity, selected_only
    from daub.codec.editing.state import Tools

    source, target = request.source, request.target
    suffix = Path(target).suffix.lower()
    if suffix != SUFFIX and suffix not in FORMATS:
        why = f"its name ends neither in {SUFFIX} nor in {', '.join(FORMATS)}"
        raise DaubError(f"cannot write {target}", why, f"call it *{SUFFIX}")
    if suffix in FORMATS and request.goal is not None:
        raise DaubError(f"{request.goal} cannot be reached", f"a {suffix} holds numbers as they are", "leave it out")
    check_target(target, [source], request.replacing)
    say(f"reading {os.path.basename(source)}")
    document = container.read(container.load_bytes(source), source, request.large)
    device.load_encoder(say)
    began = time.perf_counter()
    notices: list[str] = []
    tools = Tools(device.rasteriser, lambda fraction: progress("editing", fraction), notices.append)
    state = applied(Drawing.of(document), list(request.steps), tools)
    drawing, opacity = state.drawing, None
    if document.opacity is not None:
        opacity = applied_to_opacity(Drawing.of(document.opacity), list(request.steps), tools)
    edited = time.perf_counter()
    if suffix in FORMATS:
        drawing = selected_only(state)
        export(drawing, target, replace=request.replacing.files)
        if opacity is not None:
            notices.append(f"left out, as {target} holds colours alone: its transparency")
        written, psnr, missed = len(drawing), None, None
    else:
        encoded = _rounded(request, drawing, opacity, document, device, progress)
        if encoded.missed is not None and request.strict:
            raise encoded.missed.error
        write_atomic(target, encoded.data, replace=request.replacing.files)
        written, psnr = len(encoded.document), encoded.psnr
        if tags := left_out(document, encoded.document):
            notices.append(f"left out, as it is about the picture before the edit: {', '.join(map(_words, tags))}")
        missed = None if encoded.missed is None else str(encoded.missed)
    size = os.path.getsize(target)
    return Editing(
        width=drawing.width,
        height=drawing.height,
        gaussians=written,
        edited=len(state.drawing),
        selected=int(state.selected.sum()),
        bytes=size,
        bpp=8 * size / (drawing.width * drawing.height),
        psnr=psnr,
        edit_seconds=edited - began,
        round_seconds=time.perf_counter() - edited,
        device=device.name,
        device_reason=device.reason,
        missed=missed,
        notices=tuple(notices),
    )


def _words(tag: str) -> str:
    return "its restoration" if tag == RESTORATION else f"chunk {tag}"


def _rounded(request: EditRequest, drawing, opacity, document, device: OpenDevice, progress: Progress):
    from daub.codec.editing.to_file import to_file
    from daub.codec.progress import drive

    records = to_file(drawing, device.rasteriser, document, request.goal, effort=request.effort, opacity=opacity)
    return drive(records, lambda record: progress("rounding", record.fraction))
