"""Settings in a project, and with them the files of methods, which may be others by then or lie elsewhere."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from daub.app.model.fit.method import profile_on_disk, steps_of
from daub.app.model.fit.state import Method
from daub.app.model.project.fields import LEFT_OUT, Fields
from daub.app.model.project.section import Reading, Writing
from daub.codec.errors import DaubError
from daub.codec.files import read_file
from daub.codec.settings import EncodeSettings

if TYPE_CHECKING:
    from daub.codec.profiles.profile import Profile

LARGEST = 1 << 20  # bytes of such a file
_SUFFIX = ".toml"


def write_settings(settings: EncodeSettings, profile: Profile | None, writing: Writing) -> dict[str, Any]:
    """Settings as JSON has them; the file of a method goes into the project.

    Args:
        profile: what stood in that file when it was used, None for what stands there now.
    """
    written = settings.as_dict()
    if not str(settings.profile).endswith(_SUFFIX):
        return written
    try:
        text = _text_of(settings, profile)
    except DaubError:  # it is gone: the path is all there is
        return written
    name = f"methods/{hashlib.sha256(text).hexdigest()[:16]}{_SUFFIX}"
    if name not in writing.archive:
        writing.archive.add(name, text, deflated=True)
    return written | {"method": name}


def read_settings(fields: Fields, reading: Reading) -> EncodeSettings:
    """Settings as they were; a method whose file is another by now, or gone, comes out of the project.

    Raises:
        DaubError: they are none, or the project is of a Daub with other settings.
    """
    values = {name: fields.raw(name) for name in EncodeSettings.__dataclass_fields__ if fields.raw(name) is not None}
    try:
        settings = EncodeSettings.from_dict(values)
    except (DaubError, TypeError, ValueError, AttributeError) as error:
        raise DaubError(f"{fields.where} cannot be read", str(error), LEFT_OUT) from error
    if not isinstance(settings.profile, str):
        raise DaubError(f"{fields.where} cannot be read", "the profile has no name", LEFT_OUT)
    entry = fields.text("method", "")
    if not entry or not settings.profile.endswith(_SUFFIX):
        return settings
    if entry not in reading.methods:
        reading.methods[entry] = _path_of(settings, reading.archive.read(entry, LARGEST), reading)
    return replace(settings, profile=reading.methods[entry])


def method_in_json(method: Method) -> dict[str, Any]:
    """What fitted, as far as it is shown."""
    return vars(method).copy()


def method_of_json(fields: Fields) -> Method:
    """The same again."""
    steps = fields.integer("steps", 1, 10_000_000, 0)
    return Method(fields.text("name"), fields.flag("writes_files"), steps or None, fields.flag("weighs_pixels"))


def _text_of(settings: EncodeSettings, profile: Profile | None) -> bytes:
    if profile is None or profile == profile_on_disk(settings):
        return read_file(str(settings.profile), LARGEST)
    from daub.codec.profiles.profile_file import profile_text

    return profile_text(profile, profile.steps or steps_of(settings, Method())).encode()


def _path_of(settings: EncodeSettings, text: bytes, reading: Reading) -> str:
    """Where the file of a method is: where it was, if that has not changed."""
    try:
        if read_file(settings.profile, LARGEST) == text:
            return settings.profile
    except DaubError:
        pass
    return str(reading.copies.write([text], _SUFFIX, PurePath(settings.profile).stem))
