"""The device that fits: opening it with its kernels loaded, and the CPU where it cannot be had or gives up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

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
        on_share: told how far that is, 0 to 1, whenever a kernel is to be compiled.
    """

    def __init__(
        self, wanted: str, on_device: Callable[[Device], None], on_share: Callable[[float], object] = lambda share: None
    ):
        self._wanted, self._on_device, self._on_share = wanted, on_device, on_share
        self._compiled, self._share = 0, 0.0
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
        from daub.render.compiling import noticed  # with numba, which takes a while itself

        with noticed(self._compiles):
            for share in _warm_up(failover):
                self._share = max(self._share, share)
                yield self._share
        self.rasteriser = failover

    def _compiles(self) -> None:
        self._compiled += 1
        self._share = max(self._share, min(self._compiled / _KERNELS, _MOST))
        self._on_share(self._share)

    def _fall_back(self, reason: Reason) -> None:
        """The fit goes on with the CPU after its device has failed, and so do those that follow."""
        self._on_device(Device("cpu", reason, self._wanted))


_KERNELS = 103  # that are compiled on a first start until a fit may begin, those that others call among them
_MOST = 0.95  # share that is told before all are there, as their number changes with the program


def _warm_up(rasteriser: Failover) -> Iterator[float]:
    """Loads, or compiles, the kernels that a fit needs: what it does without is compiled beside it meanwhile."""
    from daub.codec.compiling import warming_up

    for record in warming_up(rasteriser, Tuning.BALANCED):  # as fits are tuned unless they shall not be
        if record.step == record.steps:
            break
        yield record.step / record.steps
