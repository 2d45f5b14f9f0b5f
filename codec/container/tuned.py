"""The optional chunk that names what a file was tuned for (FORMAT.md, "Container"); nothing is decoded by it."""

from __future__ import annotations

from daub.codec.container.chunks import Chunk
from daub.codec.container.file import Document
from daub.codec.tuning import Tuning

TAG = b"t"
_NUMBERS = {Tuning.BALANCED: 1, Tuning.MS_SSIM: 2}


def tuned_chunks(tuning: Tuning) -> tuple[Chunk, ...]:
    """The chunk of a tuning; none for PSNR, which needs no word.

    >>> tuned_chunks(Tuning.BALANCED)
    (Chunk(tag=b't', content=b'\\x01'),)
    >>> tuned_chunks(Tuning.PSNR)
    ()
    """
    return (Chunk(TAG, bytes([_NUMBERS[tuning]])),) if tuning in _NUMBERS else ()


def tuning_of(document: Document) -> Tuning | None:
    """What a file says it was tuned for; None where it says nothing, or what nobody here knows."""
    for chunk in document.optional_chunks:
        if chunk.tag == TAG:
            return next((tuning for tuning, number in _NUMBERS.items() if chunk.content == bytes([number])), None)
    return None
