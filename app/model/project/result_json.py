"""A result in a project: its file as it is, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from daub.app.model.fit.state import FitState, Phase, Progress
from daub.app.model.picture.picture import PictureKey
from daub.app.model.project.arrays import array_of, npy_of
from daub.app.model.project.fields import Fields, colour_in_json, in_json
from daub.app.model.project.methods import method_in_json, method_of_json, read_settings, write_settings
from daub.app.model.project.section import Reading, Writing
from daub.app.model.sources.source import Figures
from daub.app.model.workspace.result import FileFacts, Result
from daub.codec.errors import DaubError
from daub.codec.files import MAGIC
from daub.codec.goal import Goal

if TYPE_CHECKING:
    from daub.codec.evaluation.perceptual import Perceptual
    from daub.codec.profiles.profile import Profile
    from daub.codec.rate.encoded import Encoded
    from daub.codec.settings import EncodeSettings

LARGEST = 1 << 28  # bytes of a file
_LONGEST = 1e9  # seconds
_SIDE = 1 << 20  # pixels


@dataclass(frozen=True, eq=False)
class KeptResult:
    """One that has been read from a project, for which there is no fit yet.

    Args:
        state: of its fit without a ticket and without the file.
        data: the file.
        read: what its file comes to, besides what is in it; called beside the window, as decoding takes a moment.
    """

    picture: PictureKey
    settings: EncodeSettings
    profile: Profile | None
    state: FitState
    file: FileFacts
    figures: Figures
    origin: str
    data: bytes
    read: Callable[[], Encoded]

    def result(self, ticket: int) -> Result:
        """As the result of that fit."""
        state, figures = replace(self.state, ticket=ticket), self.figures
        return Result(
            self.picture, self.settings, self.profile, state, self.file, figures.ms_ssim, figures.perceptual,
            self.origin,
        )  # fmt: skip

    def reader(self, ticket: int) -> Callable[[], FitState]:
        """What gives its state with the file."""
        thin = replace(self.state, ticket=ticket)
        return lambda: replace(thin, encoded=self.read())


def write_result(number: str, result: Result, encoded: Encoded, writing: Writing) -> dict[str, Any]:
    """Args: number: of its row, for the names of entries."""
    entry = writing.archive.add(f"results/{number}.daub", encoded.data)
    born = None
    if encoded.born is not None:
        born = writing.archive.add(f"results/{number}-born.npy", npy_of(np.asarray(encoded.born, "<i4")), deflated=True)
    state, missed = result.state, encoded.missed
    return {
        "settings": write_settings(result.settings, result.profile, writing), "entry": entry, "born": born,
        "background": colour_in_json(result.picture.background), "method": method_in_json(state.method),
        "whole": state.whole,
        "map_digest": state.map_digest.hex(), "origin": result.origin,
        "width": result.file.width, "height": result.file.height,
        "figures": figures_in_json(Figures(encoded.psnr, result.ms_ssim, result.perceptual)),
        "fit_psnr": in_json(encoded.fit_psnr), "fit_seconds": encoded.fit_seconds,
        "encode_seconds": encoded.encode_seconds, "steps": encoded.steps, "seed": encoded.seed,
        "counted_bits": encoded.counted_bits,
        "missed": None if missed is None else {"reached": in_json(missed.reached), "limit": in_json(missed.limit)},
    }  # fmt: skip


def read_result(fields: Fields, picture: PictureKey, reading: Reading) -> KeptResult:
    """Args: picture: that it was made of, on whatever background.

    Raises:
        DaubError: nothing of it can be had.
    """
    settings = read_settings(fields.object("settings", fields.where), reading)
    data = reading.archive.read(fields.text("entry"), LARGEST)
    if not data.startswith(MAGIC):
        raise DaubError(f"{fields.where} cannot be read", "its file is no .daub", "it is left out")
    figures = figures_of_json(fields.object("figures"))
    whole = fields.flag("whole")
    state = FitState(
        0, Phase.FINISHED if whole else Phase.STOPPED, settings.goal,
        Progress(step=fields.integer("steps", 0, 10_000_000), steps=fields.integer("steps", 0, 10_000_000), fraction=1),
        method=method_of_json(fields.object("method")), whole=whole, map_digest=_digest(fields),
    )  # fmt: skip
    size = fields.integer("width", 1, _SIDE), fields.integer("height", 1, _SIDE)
    psnr = 0.0 if figures.psnr is None else figures.psnr
    file = FileFacts(len(data), psnr, *size)
    placed = replace(picture, background=fields.colour("background"))
    profile = _profile(settings)
    return KeptResult(
        placed, settings, profile, state, file, figures, fields.text("origin", ""), data,
        _reader(data, settings.goal, fields, size, psnr, _born(fields, reading)),
    )  # fmt: skip


def figures_in_json(figures: Figures) -> dict[str, Any]:
    """How close something is."""
    looks = figures.perceptual
    return {
        "psnr": in_json(figures.psnr), "ms_ssim": figures.ms_ssim,
        "ssimulacra2": None if looks is None else looks.ssimulacra2, "flip": None if looks is None else looks.flip,
    }  # fmt: skip


def figures_of_json(fields: Fields) -> Figures:
    """The same again."""
    return Figures(
        fields.number("psnr", -1000, float("inf"), None), fields.number("ms_ssim", -1, 1, None), _looks(fields)
    )


def _looks(fields: Fields) -> Perceptual | None:
    if "flip" not in fields:
        return None
    from daub.codec.evaluation.perceptual import Perceptual

    return Perceptual(fields.number("ssimulacra2", -1e6, 100, None), fields.number("flip", 0, 1))


def _profile(settings: EncodeSettings) -> Profile | None:
    from daub.app.model.fit.method import profile_on_disk

    return profile_on_disk(settings)


def _digest(fields: Fields) -> bytes:
    try:
        return bytes.fromhex(fields.text("map_digest", ""))
    except ValueError as error:
        raise DaubError(f"{fields.where} cannot be read", "the digest of its map is none", "it is left out") from error


def _born(fields: Fields, reading: Reading) -> np.ndarray | None:
    """Nothing depends on it: where it is damaged there is none."""
    if "born" not in fields:
        return None
    entry = fields.text("born")
    try:
        return array_of(reading.archive.read(entry, LARGEST), (None,), "<i4", entry)
    except DaubError as error:
        reading.lost.append(f"{fields.where}: {error}")
        return None


def _reader(
    data: bytes, goal: Goal, fields: Fields, size: tuple[int, int], psnr: float, born: np.ndarray | None
) -> Callable[[], Encoded]:
    """What decodes the file. What is said of it beside is read at once, as it may be wrong."""
    known = {
        "fit_psnr": fields.number("fit_psnr", -1000, float("inf"), 0.0),
        "fit_seconds": fields.number("fit_seconds", 0, _LONGEST, 0.0),
        "encode_seconds": fields.number("encode_seconds", 0, _LONGEST, 0.0),
        "steps": fields.integer("steps", 0, 10_000_000),
        "seed": fields.integer("seed", 0, 10**18),
        "ms_ssim": fields.object("figures").number("ms_ssim", -1, 1, None),
        "counted_bits": fields.integer("counted_bits", 0, 1 << 50, None),
    }
    missing = fields.object("missed") if "missed" in fields else None
    numbers = None if missing is None else [missing.number(name, -1e12, float("inf")) for name in ("reached", "limit")]
    where = fields.where

    def read() -> Encoded:
        from daub.codec.container import read as read_document
        from daub.codec.rate.encoded import Encoded, Missed

        document = read_document(data, where)
        if (document.width, document.height) != size:
            raise DaubError(f"{where} cannot be shown", "its file has another size than it should", "delete it")
        there = born if born is not None and len(born) == len(document.gaussians) else None
        missed = None if numbers is None else Missed(goal, *numbers)
        return Encoded(data, document, psnr, **known, missed=missed, born=there)

    return read
