"""What a .daub says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from daub.codec import container
from daub.codec.container import alpha
from daub.codec.decode_stages import obstacles_of
from daub.codec.errors import DaubError
from daub.codec.restoration.layer import described


@dataclass(frozen=True)
class Description:
    """What a file says of itself."""

    version: int
    width: int
    height: int
    gaussians: int
    bytes: int
    bpp: float
    bits_per_gaussian: float | None  # None without Gaussians
    step: float | None  # of our own quantiser
    parts: dict | None  # of another method: "parametrisation", "quantisers", "coder"
    tune: str | None  # what it says it was tuned for, None where it says nothing
    restoration: dict | None  # its layer, as `restoration.layer.described` says; None where it has none
    plain: str | None  # why its picture is shown as rendered here, though it asks for more; None where it is not
    alpha: dict | None  # "gaussians", "step" and "bytes" of its opacity; None of an opaque picture
    metadata: dict[str, str]  # what it says of its photo, by the names of EXIF and XMP
    chunks: tuple[dict, ...]  # {"tag", "bytes" of content}


def describe(source: str, large: bool = False) -> Description:
    """What a .daub says of itself, checked by decoding it up to its pixels.

    Args:
        large: also more Gaussians than `container.limits` has decoded unasked.
    """
    data = container.load_bytes(source)
    document = container.read(data, source, large)
    payload = document.payload
    count = len(document) + (0 if document.alpha is None else len(document.alpha))
    return Description(
        version=document.version,
        width=document.width,
        height=document.height,
        gaussians=len(document),
        bytes=len(data),
        bpp=8 * len(data) / (document.width * document.height),
        bits_per_gaussian=8 * len(data) / count if count else None,
        step=payload.grid.step if isinstance(payload, container.NativePayload) else None,
        parts=vars(payload.parts) if isinstance(payload, container.MethodPayload) else None,
        tune=container.tuning_of(document),
        restoration=described(document),
        plain=next(iter(obstacles_of(document)), None),
        alpha=_alpha(document),
        metadata=_metadata(document),
        chunks=tuple({"tag": chunk.tag.decode("latin-1"), "bytes": len(chunk.content)} for chunk in document.chunks),
    )


def _alpha(document: container.Document) -> dict | None:
    if document.alpha is None:
        return None
    (size,) = (len(chunk.content) for chunk in document.optional_chunks if chunk.tag == alpha.TAG)
    return {"gaussians": len(document.alpha), "step": document.alpha.grid.step, "bytes": size}


def _metadata(document: container.Document) -> dict[str, str]:
    from daub.codec.images.metadata import described as words_of  # Pillow, which a file without them does without

    try:
        found = container.metadata_of(document)
    except DaubError as error:
        return {"error": str(error)}
    return words_of(found) if found else {}
