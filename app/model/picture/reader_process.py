"""The process that `image_reader` reads images in.

request   {"path": ..., "background": [r, g, b] or null, "managed": ..., "preview": ...}
answer    where a preview is wanted, and there is one: {"preview": true}, and its pixels (h, w, 3) float32; then
          {"notices": [...], "bytes": ...}, and the pixels (H, W, 3 or 4) float32, or (H, W, 3) uint8; or
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
        background = tuple(request["background"]) if request["background"] else None
        if request["preview"]:
            small = images.preview(request["path"], background or images.WHITE)
            if small is not None:
                answers.send({"preview": True}, [small.pixels])
        try:
            image = images.load(request["path"], background, managed=request["managed"], levels=True)
        except Exception as error:
            answers.send(vars(failure_of_work(error)))
        else:
            answers.send({"notices": image.notices, "bytes": image.source_bytes}, [image.pixels])
            image = None  # its memory is for the next one


if __name__ == "__main__":
    main()
