"""The container of JPEG XL, ISO/IEC 18181-2: a bare codestream, or boxes that hold one."""

from __future__ import annotations

from daub.codec.images.colour import boxes

CODESTREAM = b"\xff\x0a"
CONTAINER = b"\x00\x00\x00\x0cJXL \r\n\x87\n"


def is_jpeg_xl(data: bytes) -> bool:
    """Tell whether a file beginning with `data` (12 bytes or more) is JPEG XL, bare or in its container."""
    return data.startswith((CODESTREAM, CONTAINER))


def codestream_of(data: bytes) -> bytes:
    """The bare codestream of a whole file.

    Raises:
        ValueError: there is none.
    """
    if data.startswith(CODESTREAM):
        return data
    parts = []
    for kind, body in boxes.inside(data):
        if kind == b"jxlc":
            return body
        if kind == b"jxlp":  # one part of several, after its number
            parts.append(body[4:])
    if not parts:
        raise ValueError("no JPEG XL codestream")
    return parts[0] if len(parts) == 1 else b"".join(parts)


def has_gain_map(data: bytes) -> bool:
    """Whether the container of a whole file has a gain map (ISO 21496-1, in a jhgm box)."""
    return not data.startswith(CODESTREAM) and any(kind == b"jhgm" for kind, _ in boxes.inside(data))
