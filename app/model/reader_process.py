"""The process that `image_reader` reads images in: requests come on stdin, answers go to stdout.

    request   {"path": ..., "background": [r, g, b], "managed": ...}     one line of JSON
    answer    {"shape": [H, W, 3], "notices": [...], "bytes": ...}       one line, and then the pixels as float32, or
              {"line": ..., "details": ...}                              why there are none

It ends with whoever started it.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import NoReturn

from daub.app.model.background import failure_of_work

FOLDER = "daub-reading-"  # how the name of its folder for temporary files begins, which is its own


def main() -> None:
    """Answers until stdin ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    requests: queue.SimpleQueue = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    from daub.codec import images

    while True:
        request = requests.get()
        try:
            image = images.load(request["path"], tuple(request["background"]), managed=request["managed"])
        except Exception as error:
            failure = failure_of_work(error)
            _answer(answers, {"line": failure.line, "details": failure.details})
        else:
            head = {"shape": image.pixels.shape, "notices": image.notices, "bytes": image.source_bytes}
            _answer(answers, head, memoryview(image.pixels).cast("B"))
            image = None  # its memory is for the next one


def _answer(answers, head: dict, content: memoryview | bytes = b"") -> None:
    try:
        answers.write(json.dumps(head).encode() + b"\n")
        answers.write(content)
        answers.flush()
    except BrokenPipeError:
        _end()


def _listen(requests: queue.SimpleQueue) -> None:
    for line in sys.stdin.buffer:
        requests.put(json.loads(line))
    _end()


def _end() -> NoReturn:
    """Ends the process when nobody is there any more to read for, whatever it is at, and leaves nothing."""
    folder = Path(tempfile.gettempdir())
    if folder.name.startswith(FOLDER):
        shutil.rmtree(folder, ignore_errors=True)
    if hasattr(os, "getpgid") and os.getpgid(0) == os.getpid():  # with what decoders have started
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    main()
