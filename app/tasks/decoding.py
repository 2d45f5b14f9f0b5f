"""A .daub to an image file, of formats that take it so strip by strip while it is rendered."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from daub.app.tasks.device import OpenDevice
from daub.app.tasks.telling import Progress, Say, silent
from daub.codec import container, images
from daub.codec.decode_stages import asks, obstacles_of, stages_of
from daub.codec.decoder import decode_strips, render
from daub.codec.errors import DaubError
from daub.codec.metadata import NOTHING, Metadata
from daub.codec.targets import ANYTHING_BUT_SOURCES, Replacing, check_target
from daub.render.errors import Reason
from daub.render.interruption import aside
from daub.render.strips import Region, scaled_size


@dataclass(frozen=True)
class DecodeRequest:
    """A .daub to become an image, at its own size or another, whole or in part.

    Args:
        source, target: paths; the format of the image follows its name.
        scale: how many times as wide and high.
        size: (width, height) of the whole picture in pixels instead.
        region: of the picture at its own size; None: all of it.
        replacing: what the image may take the place of.
        large: also what `container.limits` has done only when it is asked for.
        restore: as of `decoder.decode`.
        refine: steps in which the Gaussians are fitted to the restored picture of the file, where it has one, before
            they are rendered; 0: none.
        metadata: what the file says of its photo goes into the image, where its format holds it.
        background: (red, green, blue) in [0, 1] that a transparent picture is laid on; None: it stays transparent, or
            is laid on white where the format of the image has no place for that.
    """

    source: str
    target: str
    scale: float | None = None
    size: tuple[int, int] | None = None
    replacing: Replacing = ANYTHING_BUT_SOURCES
    large: bool = False
    region: Region | None = None
    restore: bool = True
    refine: int = 0
    metadata: bool = True
    background: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Decoding:
    """An image that was made of a file."""

    width: int  # of the output, as height
    height: int
    gaussians: int
    bytes: int
    bpp: float  # of the file, at the size it was encoded from
    decode_seconds: float
    device: str
    device_reason: Reason
    plain: str | None  # why the picture lacks what its file adds, or was asked for; None where it lacks nothing
    laid: str | None  # why what is transparent in the file is not in the image; None where it is, or was not to be
    unsaid: str | None  # why the image does not say what its file says of the photo; None where it does, or was not to


def decode_to_file(
    request: DecodeRequest, device: OpenDevice, say: Say = silent, progress: Progress = silent
) -> Decoding:
    """Renders a .daub and writes the image, of formats that take it so strip by strip while it is rendered."""
    source, target = request.source, request.target
    images.check_format(target)
    check_target(target, [source], request.replacing)
    own = container.read_size(container.load_bytes(source), source)
    size = request.size or (own if request.scale is None else scaled_size(own, request.scale))
    part = Region(0, 0, *size)
    if request.region is not None:
        container.check_region(request.region, *own, source)
        part = request.region.on_grid(own, size)
        container.check_region(part, *size, source)
    container.check_output(part.width, part.height, source, request.large)
    check_target(target, (), request.replacing, room=images.check_format(target, part.width, part.height))
    device.load_decoder(say)
    say(f"decoding {os.path.basename(source)}")
    began = time.perf_counter()
    data = container.load_bytes(source)
    document = aside(partial(container.read, data, source, request.large))
    shown = _refined(document, request, device, say)
    background, laid = request.background, None
    if document.alpha is not None and background is None and not images.holds_alpha(target):
        background = images.WHITE
        laid = f"the transparency of {source} was laid on white, as {target} has no place for it"
    strips = decode_strips(
        shown, device.rasteriser, size, region=None if request.region is None else part, large=request.large,
        restore=request.restore, background=background, name=source,
    )  # fmt: skip
    seconds = time.perf_counter() - began

    def followed() -> Iterator[np.ndarray]:
        nonlocal seconds
        done = 0
        for strip, taken in _timed(strips):
            seconds += taken
            done += len(strip)
            progress(done / part.height)
            if done == part.height:
                say(f"writing {os.path.basename(target)}")
            yield strip

    metadata, unsaid = _metadata(document, request)
    images.save_strips(
        target, followed(), part.width, part.height, replace=request.replacing.files, metadata=metadata,
        alpha=document.alpha is not None and background is None,
    )  # fmt: skip
    return Decoding(
        width=part.width,
        height=part.height,
        gaussians=len(document),
        bytes=len(data),
        bpp=8 * len(data) / (document.width * document.height),
        decode_seconds=seconds,
        device=device.name,
        device_reason=device.reason,
        plain=_why_plain(document, request),
        laid=laid,
        unsaid=unsaid,
    )


def _metadata(document: container.Document, request: DecodeRequest) -> tuple[Metadata, str | None]:
    """What the image shall say of its photo, and why it says nothing."""
    if not request.metadata:
        return NOTHING, None
    try:
        metadata = container.metadata_of(document)
    except DaubError as error:
        return NOTHING, str(error)
    metadata, left = images.held_metadata(request.target, metadata)
    return metadata, f"{left} of {request.source}: left out, as {request.target} has no place for it" if left else None


def _refined(document: container.Document, request: DecodeRequest, device: OpenDevice, say: Say) -> container.Document:
    """The document with its Gaussians fitted to its restored picture; the same where none of that is asked for."""
    if not request.refine or not request.restore or not stages_of(document):
        return document
    from daub.codec.restoration.refinement import refined  # the fit, which other decodes do without

    say(f"refining {os.path.basename(request.source)}")
    restored = render(document.colours, device.rasteriser, large=request.large, name=request.source)
    return replace(refined(document.colours, restored, request.refine, device.rasteriser), alpha=document.alpha)


def _why_plain(document: container.Document, request: DecodeRequest) -> str | None:
    """One line on why a picture is as it was rendered, though more was in its file or asked for; None where not."""
    if not asks(document):
        return "nothing is refined: the file has no restoration layer" if request.refine else None
    if request.restore:
        return next(iter(obstacles_of(document)), None)
    return "shown as rendered, without what its file adds: --restore off asks for that"


def _timed(strips: Iterator[np.ndarray]) -> Iterator[tuple[np.ndarray, float]]:
    """Each strip with the seconds that it took to make."""
    while True:
        began = time.perf_counter()
        strip = next(strips, None)
        if strip is None:
            return
        yield strip, time.perf_counter() - began
