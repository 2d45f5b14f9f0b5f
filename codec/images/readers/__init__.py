"""Readers of image files: the content tells the kind, and the kind has one reader or a line that refuses it."""

from __future__ import annotations

import re
from typing import BinaryIO

import PIL.Image

from daub.codec.images.readers import kinds
from daub.codec.images.readers.colours import described
from daub.codec.images.readers.kinds import SUFFIXES
from daub.codec.images.readers.pillow import from_pillow
from daub.codec.images.readers.refusal import Limits, Refused
from daub.codec.images.samples import Samples

__all__ = ["SUFFIXES", "Damaged", "Limits", "Refused", "from_pillow", "read"]


# What decoders say of files that are whole, and more than they know.
_UNREAD = re.compile(r"unsupported|not (?:yet )?(?:supported|implemented|configured)|unimplemented", re.IGNORECASE)


class Damaged(Exception):
    """Data that a reader cannot make sense of, or that end too early.

    Args:
        kind: what the beginning of the file says it is.
        reason: what the reader said, for whoever looks into it.
    """

    def __init__(self, kind: str, reason: str):
        super().__init__(reason)
        self.kind, self.reason = kind, reason


def read(file: BinaryIO, limits: Limits) -> Samples:
    """Decode the picture of a file, upright.

    Args:
        file: open for binary reading, seekable; read from its beginning.
        limits: how large the picture may be.

    Raises:
        Refused: of no known kind, of a kind that is not read, or too large.
        Damaged: its data make no sense, or end too early.
        MemoryError: there is too little memory for it.
    """
    if file.seek(0, 2) > limits.file_bytes:
        why = f"its file is larger than {limits.file_bytes / 1e9:.2g} GB, more than a picture takes"
        raise Refused(why, "save the picture alone in another file")
    file.seek(0)
    head = file.read(kinds.HEAD)
    file.seek(0)
    kind = kinds.sniff(head)
    if kind is None:
        why = "it is not an image of a known format, or its beginning is damaged"
        raise Refused(why, "open it in another program and save it as PNG")
    if kind.read is None:
        raise Refused(kind.why, kind.remedy)
    try:
        samples = kind.read(file, limits)
    except (Refused, MemoryError):
        raise
    except PIL.Image.DecompressionBombError as error:
        raise Refused("it declares far too many pixels", "scale it down with another program") from error
    except PIL.UnidentifiedImageError as error:  # the plugin says no more, and names a Python object
        raise Damaged(kind.name, "the header makes no sense") from error
    except Exception as error:
        # On damaged data, decoders raise what their authors never thought of: OSError and ValueError, but also
        # SyntaxError, struct.error, KeyError, IndexError, ZeroDivisionError and imagecodecs' RuntimeErrors.
        if isinstance(error, NotImplementedError) or _UNREAD.search(str(error)):
            why = f"it is a {kind.name} image of a variety that is not read ({error})"
            raise Refused(why, "save it as PNG with another program") from error
        raise Damaged(kind.name, str(error)) from error
    samples.kind = kind.name
    return described(samples, kind.name, file)
