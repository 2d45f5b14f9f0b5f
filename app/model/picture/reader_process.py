"""The process that `image_reader` reads images in.

request   {"path": ..., "background": [r, g, b], "managed": ...}
answer    {"notices": [...], "bytes": ...}, and the pixels (H, W, 3) float32; or
          {"line": ..., "details": ...}: why there are none
"""

from __future__ import annotations

from daub.app.model.work.answering import Answers
from daub.app.model.work.failure import failure_of_work


def main() -> None:
    """Answers until stdin ends."""
    answers = Answers()
    from daub.codec import images

    for request, _ in answers.requests():
        try:
            image = images.load(request["path"], tuple(request["background"]), managed=request["managed"])
        except Exception as error:
            answers.send(vars(failure_of_work(error)))
        else:
            answers.send({"notices": image.notices, "bytes": image.source_bytes}, [image.pixels])
            image = None  # its memory is for the next one


if __name__ == "__main__":
    main()
