"""A device that dies in the middle of a fit."""

from daub.render.cpu.backend import CpuRasteriser
from daub.render.errors import Reason

GAVE_UP = Reason("the GPU gave up", "it fell off the bus")  # what is told of it


class Lost(Exception):
    pass


class Failing(CpuRasteriser):
    """A device that dies, or is full, at the given call of a method of its surface."""

    failures = (Lost,)

    def __init__(self, method, call):
        super().__init__()
        self.method, self.calls_left = method, call

    def surface(self, target, weights=None, reduced=False):
        surface = super().surface(target, weights, reduced)
        whole = getattr(surface, self.method)

        def failing(*arguments):
            self.calls_left -= 1
            if self.calls_left < 0:
                raise Lost("it fell off the bus")
            return whole(*arguments)

        setattr(surface, self.method, failing)
        return surface
