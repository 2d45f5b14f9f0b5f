"""What the worker is to do: a state, not orders. The worker compares it with what it does, and acts.

Nothing is lost whatever comes first: a picture that is opened before the device is found is simply wanted until there
is a device to fit it on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.fit.reel import Budget
from daub.app.model.fit.timeline import Timeline
from daub.codec.settings import EncodeSettings
from daub.render.gaussians import Gaussians

if TYPE_CHECKING:
    from daub.codec.encoder import Start
    from daub.codec.goal import Goal
    from daub.codec.importance import Importance
    from daub.codec.job import Opacity
    from daub.codec.metadata import Metadata
    from daub.codec.rate.encoded import Encoded


def metadata_kept(photo: Path | None, goal: Goal, pixels: np.ndarray) -> tuple[Metadata | None, tuple[str, ...]]:
    """What a file says of the photo that it is made from, and what a person should know of what it leaves out.

    Returns:
        The metadata, None where there is no photo or it cannot be read any more; a phrase for each thing left out.
    """
    from daub.codec.errors import DaubError
    from daub.codec.photo_metadata import metadata_for

    if photo is None:
        return None, ()
    try:
        return metadata_for(photo, goal, pixels.shape[0] * pixels.shape[1])
    except DaubError:
        return None, ()


@dataclass(frozen=True, eq=False)
class FitRequest:
    """One fit.

    Args:
        ticket: its number, which no other fit has.
        pixels: (H, W, 3) float32 in [0, 1] or uint8, the image; or (H, W, 4), straight colours and alpha.
        begin_at: seconds of `time.monotonic` before which it does not begin, as more changes may follow; the fit before
            goes on until then.
        importance: what matters in the image, which may be replaced at any time; None where everything does.
        start: what it goes on from, None where it begins with nothing.
        timeline: what has been so far, for a fit that goes on.
        budget: of the states that are kept of it.
        photo: the file that the image was read from, whose metadata the encode keeps; None where there is none.
    """

    ticket: int
    pixels: np.ndarray
    settings: EncodeSettings
    begin_at: float = 0.0
    importance: Importance | None = None
    start: Start | None = None
    timeline: Timeline | None = None
    budget: Budget = field(default_factory=Budget)
    photo: Path | None = None


@dataclass(frozen=True)
class Wanted:
    """All that is wanted of the worker.

    Args:
        device: what to fit on, one of `device.DEVICES`; None while nothing is to be opened.
        fit: the fit that shall go on; None ends the one that does.
        playing: the fit goes on by itself.
        single_steps: records asked for one by one while it does not, counted from the beginning of the fit.
        stops: how often the fit was told to end here and make its file: after the first, all haste. A file that is
            to be made at once wants `playing`, too.
    """

    device: str | None = None
    fit: FitRequest | None = None
    playing: bool = True
    single_steps: int = 0
    stops: int = 0


@dataclass(frozen=True, eq=False)
class PackRequest:
    """A file of Gaussians on their way; the fit that they are of goes on afterwards.

    Args:
        pixels: as of the fit.
        seconds: what the fit has taken so far.
        deliver: gets the file, on the worker's thread.
        fail: gets the exception where there is none, likewise.
        name: of the file, for whoever waits for it.
        importance, photo: as of the fit.
        opacity: of the snapshot that the Gaussians are of.
    """

    pixels: np.ndarray
    gaussians: Gaussians
    settings: EncodeSettings
    seconds: float
    deliver: Callable[[Encoded], None]
    fail: Callable[[Exception], None]
    importance: Importance | None = None
    name: str = ""
    photo: Path | None = None
    opacity: Opacity | None = None
