"""What is said of a fit, or of the opening of a device, that an exception has ended."""

from __future__ import annotations

import traceback

from daub.app.model.work.failure import Failure
from daub.codec.errors import DaubError


def failure_of(error: Exception, device: str) -> Failure:
    """What is said of an exception that ended a fit, or the opening of the device."""
    if isinstance(error, DaubError):
        line = str(error)
    elif isinstance(error, MemoryError):
        line = "the fit has stopped, there is not enough memory, use fewer Gaussians or a smaller image"
    else:
        line = f"the fit has stopped, {type(error).__name__}: {error}, please report this with the details"
        if device == "cuda":
            line += ", and choose the CPU in the menu Fit until then"
    return Failure(line, "".join(traceback.format_exception(error)))
