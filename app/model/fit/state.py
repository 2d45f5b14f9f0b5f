"""What there is to say of a fit at one moment, immutable: the worker publishes it, the window shows it.

FitState      which fit, what it is doing
  progress    Progress: stage, step, speed, time left
  snapshot    Snapshot: the Gaussians on the way, and what is known of them
  timeline    Timeline: how the fit came there, and the states that were kept
  kept        Kept: the earlier one of them that is looked at
  frame       Frame: the snapshot as the device has rendered it
  method      Method: whose fit it is, and whether it has a file of its own
  encoded     Encoded: the file, once there is one
  failure     Failure: why there is none
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

from daub.app.model.fit.frame import Frame
from daub.app.model.fit.reel import Kept
from daub.app.model.fit.timeline import Timeline
from daub.app.model.work.failure import Failure
from daub.codec.goal import DEFAULT_GOAL, Goal, GoalKind
from daub.codec.progress import Stage
from daub.codec.settings import NATIVE
from daub.render.gaussians import Gaussians

if TYPE_CHECKING:
    import numpy as np

    from daub.codec.job import Opacity
    from daub.codec.rate.encoded import Encoded


LONG_PLAN = 0.5  # seconds that a plan takes until its short fits are shown


class Phase(Enum):
    """What is going on; the values are shown to people."""

    WARMING = "Getting ready to fit"
    IDLE = "No fit"
    PLANNING = "Planning"
    FITTING = "Fitting"
    WRITING = "Writing the file"
    PAUSED = "Paused"
    FINISHED = "Finished"
    STOPPED = "Stopped"
    FAILED = "Failed"

    @property
    def running(self) -> bool:
        """Something is under way."""
        return self in (Phase.PLANNING, Phase.FITTING, Phase.WRITING)

    @property
    def active(self) -> bool:
        """Something is under way, or waits to go on."""
        return self.running or self is Phase.PAUSED

    @staticmethod
    def of(stage: Stage) -> Phase:
        """That of a stage of an encode that runs."""
        if stage is Stage.OPACITY:
            return Phase.FITTING
        return {Stage.PLAN: Phase.PLANNING, Stage.FIT: Phase.FITTING, Stage.ROUND: Phase.WRITING}[stage]


@dataclass(frozen=True)
class Progress:
    """How far an encode is.

    Args:
        stage: what it does, or did when it was paused.
        attempt: which plan, fit or rounding this is: a goal may take several.
        step, steps: of this stage; 0 before the first record.
        fraction: of all the work, 0 to 1.
        steps_per_second: of late; None while nothing is known.
        seconds_left: until the file is there; None while nothing is known.
    """

    stage: Stage = Stage.FIT
    attempt: int = 1
    step: int = 0
    steps: int = 0
    fraction: float = 0.0
    steps_per_second: float | None = None
    seconds_left: float | None = None


@dataclass(frozen=True)
class Snapshot:
    """Gaussians on the way, before they are rounded.

    Args:
        goal_count: how many there will be when the fit is done.
        psnr: dB before clipping; None while it is not known.
        seconds: what the encode has taken so far, pauses excluded.
        estimated_bytes: about what a file of them would take; None while nobody knows.
        born: (N,) steps at which they were put where they are or near it; None where that is not known.
        opacity: that their image is seen through, where it is transparent.
    """

    gaussians: Gaussians
    goal_count: int
    psnr: float | None = None
    seconds: float = 0.0
    estimated_bytes: int | None = None
    born: np.ndarray | None = None
    opacity: Opacity | None = None


@dataclass(frozen=True)
class Method:
    """What fits.

    Args:
        name: of the profile, with its changed parts.
        writes_files: a file of a whole fit holds the method's own numbers; one of a part is native in any case.
        steps: of a fit, where nobody asks for others; None where the effort decides.
        weighs_pixels: its fit knows that some parts of a picture matter more than others.
    """

    name: str = NATIVE
    writes_files: bool = False
    steps: int | None = None
    weighs_pixels: bool = True


@dataclass(frozen=True)
class FitState:
    """Everything there is to show of a fit.

    Args:
        ticket: number of the fit; it grows with every one, 0 where there has been none.
        goal: what it shall reach.
        snapshot: the last one, kept when the fit ends in any way.
        frame: the newest, where the device renders them; of the snapshot or of one shortly before.
        encoded: the file that would be written.
        whole: the file comes from a fit that ran to its end.
        map_digest: of the map of importance that the fit has followed to its end, as of `Canvas.digest`.
        unsaid: what the file leaves out of what its photo says of itself, a phrase each.
        kept: an earlier state that is looked at instead of the newest; `snapshot` is of it, and there is no file.
        is_compiling: kernels are compiled for what comes next, as for the first time, and nothing moves meanwhile.
    """

    ticket: int = 0
    phase: Phase = Phase.WARMING
    goal: Goal = DEFAULT_GOAL
    progress: Progress = field(default_factory=Progress)
    snapshot: Snapshot | None = None
    timeline: Timeline | None = None
    frame: Frame | None = None
    method: Method = field(default_factory=Method)
    encoded: Encoded | None = None
    whole: bool = False
    map_digest: bytes = b""
    failure: Failure | None = None
    unsaid: tuple[str, ...] = ()
    kept: Kept | None = None
    is_compiling: bool = False

    def at(self, kept: Kept | None) -> FitState:
        """The same with an earlier state to look at, None for the newest."""
        return self if kept is None else replace(self, snapshot=kept.snapshot, frame=None, encoded=None, kept=kept)

    @property
    def is_live(self) -> bool:
        """What there is to look at changes by itself."""
        return self.phase.running and self.kept is None

    @staticmethod
    def begun(ticket: int, goal: Goal, planned: bool = False) -> FitState:
        """Of a fit that has shown nothing yet. Args: planned: it is known how many Gaussians there are to be."""
        stage = Stage.FIT if planned or goal.kind is GoalKind.GAUSSIANS else Stage.PLAN
        return FitState(ticket, Phase.of(stage), goal, Progress(stage))

    @property
    def gaussians(self) -> Gaussians | None:
        """What there is to look at: those of the file, or of the last snapshot."""
        if self.encoded is not None:
            return self.encoded.gaussians
        return None if self.snapshot is None else self.snapshot.gaussians

    @property
    def psnr(self) -> float | None:
        """dB of the file, or about that of the fit on its way."""
        if self.encoded is not None:
            return self.encoded.psnr
        return None if self.snapshot is None else self.snapshot.psnr

    @property
    def size(self) -> int | None:
        """Bytes of the file, or about those that it would have."""
        if self.encoded is not None:
            return len(self.encoded.data)
        return None if self.snapshot is None else self.snapshot.estimated_bytes

    @property
    def readings(self) -> dict[GoalKind, float]:
        """What the fit has come to, by kind of goal and in the unit of goals, as far as it is known.

        A number of Gaussians is the one that the fit will have; bits per pixel need the picture.
        """
        found: dict[GoalKind, float | None] = {GoalKind.BYTES: self.size, GoalKind.PSNR: self.psnr}
        if self.encoded is not None:
            found[GoalKind.GAUSSIANS] = len(self.encoded.gaussians)
        elif self.snapshot is not None and self.progress.stage is not Stage.PLAN:
            found[GoalKind.GAUSSIANS] = self.snapshot.goal_count
        return {kind: value for kind, value in found.items() if value is not None}

    @property
    def native_file(self) -> bool:
        """A file of it, made or yet to be, is of Daub's quantiser and coder, though the method has others."""
        return self.method.writes_files and not self.whole and (self.snapshot is not None or self.phase.active)
