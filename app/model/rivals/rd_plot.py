"""The rate-distortion plot of what is open: a dot for every file there is, and curves of codecs on demand.

    sources.rows ---------------------> dots
    draw(codec) ---> Jobs, a process -> curves, row by row, kept for each picture

A curve of Daub is of the effort and the tuning that are wanted at the moment; with others it is another curve.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial

from daub.app.model.rivals.plot_style import DAUB
from daub.app.model.rivals.rivals import CODECS, Rivals
from daub.app.model.sources.source import Figures, Kind, Source
from daub.app.model.sources.sources import Sources
from daub.app.model.work.failure import Failure
from daub.app.model.work.jobs import Job, Jobs
from daub.app.model.work.signal import Signal
from daub.app.model.workspace.workspace import Workspace
from daub.codec.files import SUFFIX
from daub.codec.goal import GoalKind
from daub.codec.settings import NATIVE

NAMES = (DAUB, *CODECS)  # of what there are curves of


class Quality(Enum):
    """What is plotted upwards: a name of a figure, and the words at its axis."""

    PSNR = "psnr", "PSNR, dB"
    MS_SSIM = "ms_ssim", "MS-SSIM"
    SSIMULACRA2 = "ssimulacra2", "SSIMULACRA2"

    @property
    def key(self) -> str:
        """Field of a `Point`."""
        return self.value[0]

    @property
    def label(self) -> str:
        """At the axis."""
        return self.value[1]


class Rate(Enum):
    """What is plotted to the right, likewise."""

    BPP = "bpp", "bits per pixel"
    BYTES = "bytes", "bytes"

    key, label = Quality.key, Quality.label


@dataclass(frozen=True)
class Point:
    """One file.

    Args:
        codec: its name; "" of a file that was opened, whatever has made it.
        setting: what it was made with, in words.
        ssimulacra2, ms_ssim, flip: None while they are not measured.
    """

    codec: str
    setting: str
    bytes: int
    bpp: float
    psnr: float
    ms_ssim: float | None
    ssimulacra2: float | None
    flip: float | None


@dataclass(frozen=True)
class Dot:
    """A row of the sources.

    Args:
        key, name: of the row.
        side: "a" or "b" where it is on one.
    """

    key: str
    name: str
    point: Point
    side: str | None


Curve = tuple[Point, ...]  # from the smallest file up


class RdPlot:
    """See above.

    Attributes:
        quality, rate: what the axes are.
        hidden: names of codecs whose curves are not shown.
    """

    def __init__(self, workspace: Workspace, sources: Sources, rivals: Rivals, jobs: Jobs):
        self.changed = Signal()
        self.quality, self.rate = Quality.PSNR, Rate.BPP
        self.hidden: set[str] = set()
        self._workspace, self._sources, self._rivals, self._jobs = workspace, sources, rivals, jobs
        self._curves: dict[Hashable, Curve] = {}
        self._jobs_of: dict[str, Job] = {}  # by codec
        self._dots: tuple[Dot, ...] | None = None
        self._sides: tuple[str | None, str | None] = (None, None)  # keys of the rows on them
        workspace.opened.connect(lambda _: self.cancel())
        workspace.settings_changed.connect(lambda _: self.changed.emit())
        sources.changed.connect(self._forget_dots)
        sources.pair.changed.connect(self._follow_sides)

    # What there is to see.

    @property
    def possible(self) -> bool:
        """There is a picture that codecs can be held against."""
        return self._sources.reference.picture is not None

    @property
    def dots(self) -> tuple[Dot, ...]:
        """The files of what is open that have a size and a PSNR, in the order of their rows."""
        if self._dots is None:
            self._dots = tuple(self._find_dots())
        return self._dots

    @property
    def curves(self) -> dict[str, Curve]:
        """By codec, those of what is open that are shown, as far as they have come."""
        found = {name: self._curves.get(self._identity(name), ()) for name in NAMES if name not in self.hidden}
        return {name: curve for name, curve in found.items() if curve}

    @property
    def target(self) -> tuple[str, float] | None:
        """The goal that is wanted, where it is one of an axis: "rate" or "quality", and its value in that unit."""
        goal, picture = self._workspace.settings.goal, self._workspace.picture
        if picture is None:
            return None
        area = picture.width * picture.height
        if (size := goal.limit(area)) is not None:
            return "rate", size if self.rate is Rate.BYTES else 8 * size / area
        qualities = {GoalKind.PSNR: Quality.PSNR, GoalKind.MS_SSIM: Quality.MS_SSIM}
        return ("quality", goal.value) if qualities.get(goal.kind) is self.quality else None

    def place(self, point: Point) -> tuple[float, float] | None:
        """Where a point lies on the axes, None where its quality has not been measured, or nothing is lost of it."""
        quality = getattr(point, self.quality.key)
        return None if quality is None or not math.isfinite(quality) else (getattr(point, self.rate.key), quality)

    def places(self, curve: Curve) -> list[tuple[float, float]]:
        """Where a curve goes, as far as its quality could be measured."""
        return [place for point in curve if (place := self.place(point)) is not None]

    def is_drawn(self, codec: str) -> bool:
        """The curve is there, whole or on its way, and shown."""
        return codec not in self.hidden and (codec in self._jobs_of or self._identity(codec) in self._curves)

    def fraction(self, codec: str) -> float | None:
        """How far a curve is, 0 to 1; None where nobody draws it."""
        job = self._jobs_of.get(codec)
        return None if job is None else job.fraction

    # What can be done.

    def set(self, **values: object) -> None:
        """Args: values: `quality` and `rate`."""
        for name, value in values.items():
            setattr(self, name, value)
        self.changed.emit()

    def toggle(self, codec: str) -> None:
        """Draws a curve, shows it again, or hides it; one on its way is given up."""
        if codec in self._jobs_of:
            self._give_up(codec)
        elif self.is_drawn(codec):
            self.hidden.add(codec)
        else:
            self.draw(codec)
        self.changed.emit()

    def draw(self, codec: str) -> None:
        """Has the curve of a codec made, and shown."""
        self.hidden.discard(codec)
        if self.possible and codec not in self._jobs_of and self._identity(codec) not in self._curves:
            self._begin(codec)
        self.changed.emit()

    def draw_all(self) -> None:
        """All but what takes minutes."""
        for codec in (*CODECS, DAUB):  # the quickest first
            if "speed 2" not in codec:
                self.draw(codec)

    def cancel(self) -> None:
        """Gives up all curves that are on their way."""
        for codec in tuple(self._jobs_of):
            self._give_up(codec)
        self._forget_dots()

    @property
    def is_busy(self) -> bool:
        """Curves are on their way."""
        return bool(self._jobs_of)

    def show_on(self, key: str, side: str = "b") -> None:
        """Puts the row of a dot on a side."""
        self._sources.pair.put(key, side)

    # Inside.

    def _identity(self, codec: str) -> Hashable:
        """Equal ones, equal curves."""
        picture, settings = self._sources.reference.picture, self._workspace.settings
        key = None if picture is None else picture.key
        if codec != DAUB:
            return key, codec
        return key, codec, settings.effort, settings.steps, settings.seed, settings.tune or settings.goal.kind

    def _begin(self, codec: str) -> None:
        picture, settings = self._sources.reference.picture, self._workspace.settings
        given: dict[str, object] = {"codec": codec, "image": picture.name}
        if codec == DAUB:
            native = replace(settings, profile=NATIVE, parts=())
            given |= {"settings": native.as_dict(), "device": self._workspace.device}
        identity = self._identity(codec)
        job = Job(
            f"the curve of {codec}", "own curve" if codec == DAUB else "curve", given, (picture.pixels,),
            lambda *_: self._end(codec), partial(self._tell, identity), partial(self._fail, codec, identity),
        )  # fmt: skip
        self._jobs_of[codec] = job
        self._jobs.add(job)

    def _tell(self, identity: Hashable, progress: dict) -> None:
        row = progress.get("row")
        if row is not None:
            setting = f"{row['setting']:g} Gaussians" if row["codec"] == DAUB else f"{row['setting']:g}"
            figures = {name: row[name] for name in ("bytes", "bpp", "psnr", "ms_ssim", "ssimulacra2", "flip")}
            point = Point(row["codec"], setting, **figures)
            self._curves[identity] = tuple(
                sorted((*self._curves.get(identity, ()), point), key=lambda each: each.bytes)
            )
        self.changed.emit()

    def _end(self, codec: str) -> None:
        del self._jobs_of[codec]
        self.changed.emit()

    def _fail(self, codec: str, identity: Hashable, failure: Failure) -> None:
        self._curves.pop(identity, None)
        self._end(codec)
        self._workspace.failed.emit(failure)

    def _give_up(self, codec: str) -> None:
        """A curve that is not whole goes."""
        job = self._jobs_of.pop(codec)
        self._jobs.cancel(job)
        self._curves.pop(job.tell.args[0], None)

    def _follow_sides(self) -> None:
        """Told for every step of a fit, too."""
        sides = self._sources.pair.on("a"), self._sources.pair.on("b")
        if sides != self._sides:
            self._sides = sides
            self._forget_dots()

    def _forget_dots(self) -> None:
        self._dots = None
        self.changed.emit()

    def _find_dots(self):
        picture = self._workspace.picture
        if picture is None:
            return
        sides = {self._sources.pair.on(side): side for side in ("a", "b")}
        for row in self._sources.rows:
            is_whole = self._sources.pair.canvas_of(row.key) == self._sources.pair.canvas_of(None)
            made_of_it = row.picture == picture.key and row.kind in (Kind.RESULT, Kind.RIVAL) and is_whole
            if made_of_it or (row.kind in (Kind.PICTURE, Kind.FILE) and row.size == (picture.width, picture.height)):
                point = self._point(row)
                if point is not None:
                    yield Dot(row.key, row.name, point, sides.get(row.key))

    def _point(self, row: Source) -> Point | None:
        figures = row.figures or Figures()
        if row.bytes is None or figures.psnr is None:
            return None
        looks = figures.perceptual
        suffix = self._sources.at_hand.suffix_of(row.key)
        is_own = row.has_gaussians or (row.kind is Kind.RIVAL and suffix == SUFFIX)
        codec = self._rivals.codec_of(row.key) or (DAUB if is_own else "")
        return Point(
            codec, row.remark or row.name, row.bytes, row.bits_per_pixel, figures.psnr, figures.ms_ssim,
            looks and looks.ssimulacra2, looks and looks.flip,
        )  # fmt: skip
