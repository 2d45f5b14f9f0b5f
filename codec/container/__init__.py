"""The `.daub` file: chunks, limits, and the document they stand for (FORMAT.md)."""

from daub.codec.container.account import Account
from daub.codec.container.carried import carried_chunks, metadata_chunks, metadata_of
from daub.codec.container.chunks import Chunk
from daub.codec.container.file import (
    PAYLOADS,
    Document,
    PayloadKind,
    is_transparent,
    load_bytes,
    read,
    read_size,
    write,
    write_profiled,
)
from daub.codec.container.limits import check_image, check_output, check_region, check_work, pixels_covered
from daub.codec.container.method import MethodPayload
from daub.codec.container.native import NativePayload
from daub.codec.container.tuned import tuned_chunks, tuning_of

__all__ = [
    "PAYLOADS",
    "Account",
    "Chunk",
    "Document",
    "MethodPayload",
    "NativePayload",
    "PayloadKind",
    "carried_chunks",
    "check_image",
    "check_output",
    "check_region",
    "check_work",
    "is_transparent",
    "load_bytes",
    "metadata_chunks",
    "metadata_of",
    "pixels_covered",
    "read",
    "read_size",
    "tuned_chunks",
    "tuning_of",
    "write",
    "write_profiled",
]
