"""What there is to say of a fit at one moment, whole and immutable: the worker publishes it, the window shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from daub.app.model.frame import Frame
from daub.app.model.timeline import Timeline
from daub.app.model.wanted import NATIVE
from daub.render.errors import Reason
from daub.render.gaussians import Gaussians


class Phase(Enum):
    """What the worker is doing; the values are shown to the user."""

    WARMING = "Preparing the kernels"
    IDLE = "No fit"
    FITTING = "Fitting"
    CODING = "Writing the file"
    PAUSED = "Paused"
    FINISHED = "Finished"
    STOPPED = "Stopped"
    FAILED = "Failed"

    @property
    def active(self) -> bool:
        """Something is under way or waits to go on."""
        return self in (Phase.FITTING, Phase.CODING, Phase.PAUSED)


@dataclass(frozen=True)
class FitState:
    """Everything the window shows of a fit."""

    ticket: int = 0  # of the fit; it grows with every start
    phase: Phase = Phase.WARMING
    step: int = 0
    steps: int = 0
    fraction: float = 0.0  # of all the work, 0 to 1
    gaussians: Gaussians | None = None  # the last snapshot, kept when the fit ends in any way
    goal_count: int = 0  # Gaussians when the fit is done
    psnr: float | None = None  # dB, of the fit, before quantisation
    steps_per_second: float | None = None
    seconds_left: float | None = None
    timeline: Timeline | None = None
    estimated_bytes: int | None = None
    frame: Frame | None = None  # the newest, where the device renders them; of `gaussians` or of some shortly before
    encoded: object | None = None  # daub.codec.rate.packing.Encoded: the file that would be written
    whole: bool = False  # `encoded` comes from a fit that ran to its end
    method: str = NATIVE  # name of the profile that fits
    own_file: bool = False  # a file of the whole fit holds the method's numbers; one of a part, ours
    error: str | None = None
    details: str = ""

    @property
    def written_by_us(self) -> bool:
        """A file of it, made or yet to be, is of Daub's own quantiser and coder, though the method has others."""
        return self.own_file and not self.whole and (self.gaussians is not None or self.phase.active)


@dataclass(frozen=True)
class Device:
    """What the fit runs on."""

    name: str  # "cpu" or "cuda"
    reason: Reason
    wanted: str = "auto"
