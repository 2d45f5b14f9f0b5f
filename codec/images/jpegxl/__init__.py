"""What a JPEG XL file says, which imagecodecs decodes by but does not tell: size, depth, colours, profile."""

from daub.codec.images.jpegxl.codestream import is_jpeg_xl
from daub.codec.images.jpegxl.header import BLACK, Header, read_header
from daub.codec.images.jpegxl.request import Request, prepare

__all__ = ["BLACK", "Header", "Request", "is_jpeg_xl", "prepare", "read_header"]
