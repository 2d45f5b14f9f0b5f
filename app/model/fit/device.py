"""The device that fits: opening it with its kernels loaded, and the CPU where it cannot be had or gives up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from daub.codec.progress import Stage
from daub.codec.tuning import Tuning
from daub.render import devices
from daub.render.devices import Failover, choose
from daub.render.errors import DeviceUnavailable, Reason

DEVICES = ("auto", "cpu", "cuda")  # what can be asked for


@dataclass(frozen=True)
class Device:
    """What the fit runs on.

    Args:
        name: "cpu" or "cuda".
        reason: why it is this one.
        wanted: one of DEVICES.
    """

    name: str
    reason: Reason
    wanted: str = "auto"


def open_device(wanted: str, on_device: Callable[[Device], None]) -> Failover:
    """Opens a device at once for work beside a fit, whose kernels load as they are needed; the CPU where that fails.

    Args:
        wanted: one of DEVICES.
        on_device: told, on the thread that finds it out, when the device gives up and the CPU goes on.
    """
    try:
        rasteriser = choose(wanted).rasteriser
    except Exception:  # whatever a driver may do: the fit has told why the device cannot be had
        rasteriser = choose("cpu").rasteriser
    return Failover(rasteriser, lambda reason: on_device(Device("cpu", reason, wanted)))


class DeviceOpening:
    """Opens a device step by step, so that whoever wants another meanwhile, or none, need not wait for its kernels.

    Args:
        wanted: one of DEVICES.
        on_device: told when a backend has been found, before its kernels are loaded; and of the CPU, when it gives up.
    """

    def __init__(self, wanted: str, on_device: Callable[[Device], None]):
        self._wanted, self._on_device = wanted, on_device
        self.rasteriser: Failover | None = None  # once it is open

    def steps(self) -> Iterator[float]:
        """Opens it, or the CPU instead; yields how far that is, 0 to 1.

        Raises:
            Exception: the CPU's own kernels cannot be loaded.
        """
        try:
            yield from self._open(self._wanted)
            return
        except DeviceUnavailable as error:
            reason = error.reason
        except Exception as error:
            if self._wanted == "cpu":
                raise
            # Drivers fail in more ways than can be asked for beforehand, and a window without a fit is of no use.
            reason = Reason("the GPU failed", f"{type(error).__name__}: {error}")
        yield from self._open("cpu", reason)

    def _open(self, device: str, reason: Reason | None = None) -> Iterator[float]:
        """Args: reason: why it is this device, where `choose` does not know."""
        rasteriser, found = devices.choose(device)
        failover = Failover(rasteriser, self._fall_back)
        self._on_device(Device(failover.name, reason or found, self._wanted))
        yield from _warm_up(failover)
        self.rasteriser = failover

    def _fall_back(self, reason: Reason) -> None:
        """The fit goes on with the CPU after its device has failed, and so do those that follow."""
        self._on_device(Device("cpu", reason, self._wanted))


# Of the seconds that a first start compiles for, which share is over when a stage has come so far as to tell of itself;
# the coder of files comes after the last of them. An encode of its own size would say that all was done by then.
_LOADED = {Stage.PLAN: 0.0, Stage.FIT: 0.3, Stage.ROUND: 0.6}


def _warm_up(rasteriser: Failover) -> Iterator[float]:
    """Loads, or compiles, the kernels that an encode needs."""
    from daub.codec.compiling import warming_up

    for record in warming_up(rasteriser, Tuning.BALANCED):  # as fits are tuned unless they shall not be
        yield _LOADED[record.stage]
