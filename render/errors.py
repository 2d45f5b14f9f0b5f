"""Why a device, or a way to draw, is not the one that was asked for: as data, and as the exception that carries it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """What is the case, why, and what would change it. A place with little room shows `what` alone; `str` is all three.

    >>> str(Reason("the GPU gave up", "it fell off the bus"))
    'the GPU gave up, it fell off the bus'
    """

    what: str  # a few words that stand alone: "no NVIDIA driver"
    why: str = ""  # the cause, such as a driver's message; empty where `what` says all
    remedy: str = ""  # what the user can do about it, an imperative; empty where nothing is known to help

    def __str__(self) -> str:
        return ", ".join(" ".join(part.split()) for part in (self.what, self.why, self.remedy) if part)


class DeviceUnavailable(Exception):
    """CUDA cannot be had; its text is the `reason` in one line."""

    def __init__(self, reason: Reason):
        super().__init__(reason)
        self.reason = reason
