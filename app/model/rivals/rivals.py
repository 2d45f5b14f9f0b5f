"""What other codecs make of the picture: as many bytes as what is on the other side, or as good a PSNR.

    rivals.match("AVIF", Equal.BYTES, "a") ---> Jobs, a process ---> sources.add_rival, sources.pair.put(..., "a")

A codec is given what of the picture is seen on the other side: beside an edit that was cropped, turned or resized, the
same part of the source in as many pixels.

What has been found is kept for as long as the window is open: to ask again brings back the same row, or one just like
it where that was deleted.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from enum import Enum
from functools import partial

import numpy as np

from daub.app.model.picture.picture import PictureKey
from daub.app.model.sources.pair import OTHER, SideName
from daub.app.model.sources.registered import Canvas
from daub.app.model.sources.source import Figures, Kind, size_text
from daub.app.model.sources.sources import Offer, Sources
from daub.app.model.work.failure import Failure
from daub.app.model.work.jobs import Job, Jobs
from daub.app.model.workspace.workspace import Workspace

CODECS = ("AVIF", "JPEG XL", "WebP", "JPEG 2000", "JPEG", "AVIF speed 2")  # names of `codec.evaluation.peers`


class Equal(Enum):
    """What a codec is held equal in; the values are as it is said."""

    BYTES = "as many bytes"
    PSNR = "as good a PSNR"


_KEYS = {Equal.BYTES: "bytes", Equal.PSNR: "psnr"}  # of `rival_work.match`
_NOUNS = {Equal.BYTES: "bytes", Equal.PSNR: "PSNR"}


@dataclass(frozen=True)
class _Question:
    """What is asked of a codec."""

    picture: PictureKey
    codec: str
    equal: Equal
    target: float  # bytes, or dB
    canvas: Canvas  # what it is given: of the picture, what is on the other side shows


@dataclass(frozen=True)
class _Answer:
    """What has come of it."""

    data: bytes
    figures: Figures
    setting: str  # "quality 30.0763"
    name: str  # "quality 30.1", for a list
    reached: bool
    suffix: str  # of the file


@dataclass(frozen=True)
class _Place:
    """Where it goes."""

    side: SideName
    before: str | None  # key of the row that is there until then
    equal_to: str  # name of the row on the other side


class Rivals:
    """See above.

    Args:
        jobs: does the work.
    """

    def __init__(self, workspace: Workspace, sources: Sources, jobs: Jobs):
        self._workspace, self._sources, self._jobs = workspace, sources, jobs
        self._answers: dict[_Question, _Answer] = {}
        self._rows: dict[_Question, str] = {}  # keys of rows, deleted ones too
        self._under_way: dict[_Question, Job] = {}
        self._targets: dict[tuple[Equal, str | None], float | None] = {}  # as of `target`, by key of the other row
        sources.changed.connect(self._targets.clear)
        workspace.opened.connect(lambda _: self.cancel())
        sources.offers = (*sources.offers, *self._offers())

    def codec_of(self, key: str) -> str | None:
        """Which codec has made the file of a row, None for what none of them has."""
        return next((question.codec for question, row in self._rows.items() if row == key), None)

    @property
    def under_way(self) -> tuple[Job, ...]:
        """Matches that are made or wait for their turn."""
        return tuple(self._under_way.values())

    def target(self, equal: Equal, side: SideName) -> float | None:
        """Bytes or dB of what is on the other side; None where that has none, or where they still change."""
        asked = equal, self._sources.pair.on(OTHER[side])
        if asked not in self._targets:
            self._targets[asked] = self._find_target(*asked)
        return self._targets[asked]

    def _find_target(self, equal: Equal, key: str | None) -> float | None:
        row = self._sources.get(key)
        if row is None or row.kind is Kind.LIVE or self._sources.reference.picture is None:
            return None
        if equal is Equal.BYTES:
            return row.bytes
        psnr = None if row.figures is None or row.figures.against else row.figures.psnr
        return psnr if psnr is not None and math.isfinite(psnr) else None

    def match(self, codec: str, equal: Equal, side: SideName) -> None:
        """Has a codec make the equal of what is on the other side, and puts that on this side.

        Args:
            codec: one of CODECS.
        """
        target = self.target(equal, side)
        if target is None:
            what = "size" if equal is Equal.BYTES else "PSNR to the source"
            self._workspace.noticed.emit(f"What is on side {OTHER[side].upper()} has no {what} yet to be the equal of")
            return
        other = self._sources.get(self._sources.pair.on(OTHER[side]))
        canvas = self._sources.pair.canvas_of(other.key)
        question = _Question(self._sources.reference.picture.key, codec, equal, target, canvas)
        row = self._sources.get(self._rows.get(question))
        if row is not None:
            self._sources.pair.put(row.key, side)
        elif question not in self._under_way:
            self._begin(question, _Place(side, self._sources.pair.on(side), other.name))

    def cancel(self) -> None:
        """Gives up all matches."""
        for job in self.under_way:
            self._jobs.cancel(job)
        self._under_way.clear()

    def _offers(self) -> list[Offer]:
        return [
            Offer(codec, partial(self.match, codec, equal), f"Other codec at {equal.value} as the other side")
            for equal in Equal
            for codec in CODECS
        ]

    def _begin(self, question: _Question, place: _Place) -> None:
        known, codec = self._answers.get(question), question.codec
        name = f"{codec} at {question.equal.value} as {place.equal_to}"
        if known is not None:
            arrays = (np.frombuffer(known.data, np.uint8),)
            job = Job(name, "decode", {"codec": codec}, arrays, partial(self._take_decoded, question, place))
        else:
            given = {"codec": codec, _KEYS[question.equal]: question.target, "size": list(question.canvas.size)}
            given["registration"] = asdict(question.canvas.registration)
            pixels = self._sources.reference.picture.pixels
            job = Job(name, "match", given, (pixels,), partial(self._take_match, question, place))
        job.on_failure = partial(self._fail, question)
        self._under_way[question] = job
        self._jobs.add(job)

    def _take_match(self, question: _Question, place: _Place, done: dict, arrays: list[np.ndarray]) -> None:
        from daub.codec.evaluation.perceptual import Perceptual  # SciPy, which whoever fits has loaded by now

        data, image8 = arrays
        looks = done["ssimulacra2"], done["flip"]
        perceptual = None if looks[1] is None else Perceptual(*looks)
        figures = Figures(done["psnr"], done["ms_ssim"], perceptual)
        setting, name = (f"{done['parameter_name']} {done['parameter']:{digits}}" for digits in ("g", ".3g"))
        self._answers[question] = _Answer(data.tobytes(), figures, setting, name, done["reached"], done["suffix"])
        self._take_decoded(question, place, {}, [image8])

    def _take_decoded(self, question: _Question, place: _Place, _: dict, arrays: list[np.ndarray]) -> None:
        del self._under_way[question]
        answer, sources = self._answers[question], self._sources
        remark = f"{answer.setting}, {_equality(question, place, answer)}"
        key = sources.add_rival(
            _name(question, answer), answer.data, arrays[0], remark, answer.figures, answer.suffix,
            question.canvas.registration,
        )  # fmt: skip
        self._rows[question] = key
        if sources.pair.on(place.side) == place.before:  # nobody has put another there meanwhile
            sources.pair.put(key, place.side)
        if not answer.reached:
            self._workspace.noticed.emit(_shortfall(question, answer))

    def _fail(self, question: _Question, failure: Failure) -> None:
        del self._under_way[question]
        self._workspace.failed.emit(failure)


def _name(question: _Question, answer: _Answer) -> str:
    """Of the row, short enough for a list: by its setting, as what it is the equal of may leave the other side."""
    if answer.reached:
        return f"{question.codec}, {answer.name}"
    return f"{question.codec}, {'smallest' if question.equal is Equal.BYTES else 'best'} file"


def _equality(question: _Question, place: _Place, answer: _Answer) -> str:
    if answer.reached:
        return f"= {_NOUNS[question.equal]} of {place.equal_to}"
    return "its smallest file" if question.equal is Equal.BYTES else "its best file"


def _shortfall(question: _Question, answer: _Answer) -> str:
    """What is said of a codec that cannot get there."""
    if question.equal is Equal.BYTES:
        size, target = size_text(len(answer.data)), size_text(int(question.target))
        return f"{question.codec} cannot make this picture as small as {target}: its smallest file has {size}"
    return f"{question.codec} cannot come to {question.target:.2f} dB: its best file has {answer.figures.psnr:.2f} dB"
