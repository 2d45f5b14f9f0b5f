"""A .daub as a page of its own: one HTML file that holds it, decodes it and draws it, and needs no network.

The page is `resources/web/page.html` with what stands beside it put in: the style, the decoder with the element, the
viewer, and the file itself.
"""

from __future__ import annotations

import base64
import html
import re
from dataclasses import dataclass
from pathlib import Path

from daub.app.tasks.telling import Say, silent
from daub.codec import container, images
from daub.codec.errors import DaubError
from daub.codec.files import read_file, write_atomic
from daub.codec.images.png_file import png_pieces
from daub.codec.targets import ANYTHING_BUT_SOURCES, Replacing, check_target
from daub.render.eight_bit import to_8bit
from daub.resources import ROOT

WEB = ROOT / "web"
_LARGEST_SOURCE = 1 << 28  # bytes: more are no photo that a browser shows within a page

# What browsers decode, by bytes at a place; they apply the orientation and the colours that a file tells, as we do.
_BROWSERS_READ = {
    "image/jpeg": (0, b"\xff\xd8\xff"),
    "image/png": (0, b"\x89PNG\r\n\x1a\n"),
    "image/gif": (0, b"GIF8"),
    "image/webp": (8, b"WEBP"),
    "image/avif": (4, b"ftypavif"),
}


@dataclass(frozen=True)
class PageRequest:
    """A page to be made.

    Args:
        source, target: paths of the .daub and of the page.
        original: path of what it was made of, to be seen beside it; None: nothing.
        title: None: the name of the .daub.
        replacing: what the page may take the place of.
        large: also what `container.limits` has done only when it is asked for.
    """

    source: str
    target: str
    original: str | None = None
    title: str | None = None
    replacing: Replacing = ANYTHING_BUT_SOURCES
    large: bool = False


@dataclass(frozen=True)
class Page:
    """A page that was made."""

    width: int  # of the picture, as height
    height: int
    gaussians: int
    bytes: int  # of the .daub
    source_bytes: int  # of the original within the page, 0 without
    page_bytes: int


def make_page(request: PageRequest, say: Say = silent) -> Page:
    """Writes the page.

    Raises:
        DaubError: a file cannot be read or is damaged, the original has another shape, or the page cannot be written.
    """
    read = [request.source] if request.original is None else [request.source, request.original]
    check_target(request.target, read, request.replacing)
    say(f"reading {Path(request.source).name}")
    data = container.load_bytes(request.source)
    document = container.read(data, request.source, request.large)
    kind, original = ("", b"")
    if request.original is not None:
        say(f"reading {Path(request.original).name}")
        kind, original = _original(request.original, document)
    # The end tag of a script ends it even in a comment.
    script = (_text("daub.js") + _text("page.js")).replace("</script", r"<\/script")
    parts = {
        "title": html.escape(_in_unicode(request.title or Path(request.source).name)),
        "style": _text("page.css"),
        "script": script,
        "file": base64.b64encode(data).decode(),
        "source-type": kind,
        "source": base64.b64encode(original).decode(),
    }
    written = re.sub("@([a-z-]+)@", lambda place: parts[place[1]], _text("page.html")).encode()
    write_atomic(request.target, written, replace=request.replacing.files)
    return Page(document.width, document.height, len(document), len(data), len(original), len(written))


def _text(name: str) -> str:
    return (WEB / name).read_text("utf-8")


def _in_unicode(name: str) -> str:
    """A name as a page can hold it: bytes of it that are not UTF-8 become question marks."""
    return name.encode("utf-8", "replace").decode()


def _original(path: str, document: container.Document) -> tuple[str, bytes]:
    """The type and the bytes of an image that browsers read: those of the file, or those of a PNG made of it."""
    image = images.load(path, background=None)
    height, width = image.pixels.shape[:2]
    # A picture may have been reduced before it was encoded: then its sides are rounded, but its shape is the same.
    if abs(width * document.height - height * document.width) > max(width, height, document.width, document.height):
        why = f"it has {width}x{height} pixels and the .daub {document.width}x{document.height}, another shape"
        raise DaubError(f"cannot show {path} as the source", why, "give the image that the .daub was made of")
    data = read_file(path, _LARGEST_SOURCE, wanted="an image")
    for kind, (place, mark) in _BROWSERS_READ.items():
        if data.startswith(mark, place):
            return kind, data
    return "image/png", b"".join(png_pieces([to_8bit(image.pixels)], width, height, alpha=image.pixels.shape[2] == 4))
