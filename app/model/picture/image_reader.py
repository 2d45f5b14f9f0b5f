"""Images read where the reading can be given up, whatever a decoder does.

    window                        a thread of each load              a process of its own
    Opening.open ---------------> ImageReader.load --- path -------> reader_process, images.load
                                                   <-- pixels ------
    Opening.cancel, close ------> ImageReader.give_up --- kill ----->

Why a process and not just a thread that nobody waits for: a thread that hangs in a decoder keeps its gigabytes and its
core until the program ends, stops the whole window where that decoder holds the interpreter's lock, and takes the
window and its results along where the decoder crashes. A process is killed in a moment, and with it the programs that
decoders have started and the files that they have left. What it costs: some 50 MB beside the window; half a second for
its imports, which take as long in a thread, and which are over before a person has chosen a file, as it starts with the
window; and the way of the pixels through a pipe at 1 GB a second, 3 bytes each where 8 bits a sample say all of them,
else 12: of 24 megapixels 0.07 or 0.3 s, where the decoding takes 0.8 s. Shared memory would save most of that, but has
to be cleaned up after a kill, and is 64 MB where a container has not been given more.

A `.daub` and pasted pixels are read in the window's own process: our own decoder and no foreign one reads them, and it
lets other threads run. Such a load is dropped when it is given up, and its thread ends when it likes.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from daub.app.model.work.kept_process import KeptProcess
from daub.app.model.work.other_process import GivenUp, OtherProcess, Refusal
from daub.codec.errors import DaubError
from daub.render.eight_bit import as_real

# -P: the folder that the window was started in may hold modules whose names others have too.
COMMAND = (sys.executable, "-P", "-m", "daub.app.model.picture.reader_process")
GRACE = 0.25  # seconds that a load has from the moment the next one is wanted: a new process takes longer to start


class ReadImage(NamedTuple):
    """As much of `codec.images.Image` as a window needs, without what that imports."""

    pixels: np.ndarray  # (H, W, 3 or 4) float32, sRGB-encoded, in [0, 1]; or (H, W, 3) uint8, whose level 255 is 1
    notices: tuple[str, ...]
    source_bytes: int | None


class ImageReader:
    """Reads one image at a time, in a process that is kept from one to the next."""

    def __init__(self):
        self._turn = threading.Lock()  # of the load that is under way
        self._kept = KeptProcess()

    def start(self) -> None:
        """Starts the process, so that it is ready when it is needed. Returns at once."""
        with suppress(GivenUp, DaubError):  # the first load will tell
            self._running()

    def load(
        self,
        path: Path,
        background: tuple[float, float, float] | None,
        is_wanted: Callable[[], bool] = lambda: True,
        managed: bool = True,
        on_preview: Callable[[np.ndarray], None] | None = None,
        levels: bool = False,
    ) -> ReadImage:
        """What `codec.images.load` makes of a file. Where another load is under way, that is given up.

        Args:
            is_wanted: whether anybody waits for it; asked when its turn comes.
            managed, levels: as of `codec.images.load`.
            on_preview: called first, on this thread, with a small copy (h, w, 3) of a large image that has one.

        Raises:
            DaubError: the image cannot be read, or whatever reads it has crashed.
            GivenUp: by `give_up`, `close`, or a later load.
        """
        if not self._turn.acquire(timeout=GRACE):
            self.give_up()
            self._turn.acquire()  # the other load has nobody left to listen to
        try:
            request = {"path": os.fspath(path), "background": background, "managed": managed}
            request["preview"] = on_preview is not None
            image = self._load(self._running(is_wanted), path, request, on_preview)
            return image if levels else image._replace(pixels=as_real(image.pixels))
        finally:
            self._turn.release()

    @property
    def is_busy(self) -> bool:
        """A load is under way."""
        return self._turn.locked()

    def give_up(self) -> None:
        """Ends the load that is under way, if any. Returns at once; from any thread."""
        self._bury(self._kept.let_go())

    def close(self) -> None:
        """Gives up what is under way and whatever is asked for later. Returns at once."""
        self._bury(self._kept.let_go(for_good=True))

    def _bury(self, process: OtherProcess | None) -> None:
        if process is not None and self._turn.acquire(blocking=False):  # no load is there to do it
            process.bury()
            self._turn.release()

    def _running(self, is_wanted: Callable[[], bool] = lambda: True) -> OtherProcess:
        try:
            return self._kept.running(COMMAND, is_wanted)
        except OSError as error:
            why = f"the process that reads it cannot be started ({error})"
            raise DaubError("no image can be opened", why, "close other programs") from error

    def _load(
        self, process: OtherProcess, path: Path, request: dict, on_preview: Callable[[np.ndarray], None] | None
    ) -> ReadImage:
        try:
            process.send(request)
            head, arrays = process.receive()
            if "preview" in head:
                on_preview(arrays[0])
                head, arrays = process.receive()
        except (OSError, ValueError, EOFError) as error:
            raise self._crash(process, path) from error
        if not arrays:
            raise Refusal(head["line"], head["details"])
        return ReadImage(arrays[0], tuple(head["notices"]), head["bytes"])

    def _crash(self, process: OtherProcess, path: Path) -> Exception:
        """What has become of a process that answers no more."""
        try:
            code = self._kept.bury(process)
        except GivenUp as error:
            return error
        return DaubError(
            f"cannot open {path}", f"the decoder has crashed on it (code {code})", "save it as PNG in another program"
        )
