"""The method of a fit, looked up: what the settings name, what follows from it, and its text as a file.

Looking up loads the encoder, so it waits until the worker has done that; the native method is known without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from daub.app.model.fit.state import Method
from daub.app.model.work.failure import by_name
from daub.codec.effort import EFFORTS
from daub.codec.errors import DaubError
from daub.codec.settings import NATIVE, EncodeSettings

if TYPE_CHECKING:
    from daub.codec.profiles.profile import Profile


def profile_of(settings: EncodeSettings) -> Profile:
    """What the settings fit with, all parts of it.

    Raises:
        DaubError: there is no such profile, or its parts do not go together.
    """
    from daub.codec.profiles.profile_file import load_profile

    with by_name(str(settings.profile)):
        return load_profile(str(settings.profile)).varied(dict(settings.parts))


def profile_on_disk(settings: EncodeSettings) -> Profile | None:
    """The profile where it stands in a file, which may change under its name; None otherwise, or if it is gone."""
    if not str(settings.profile).endswith(".toml"):
        return None
    try:
        return profile_of(settings)
    except DaubError:
        return None


def method_of(settings: EncodeSettings) -> Method:
    """The same, as far as it is shown.

    Raises:
        DaubError: as `profile_of`.
    """
    if settings.profile == NATIVE and not settings.parts:
        return Method()
    return method_with(profile_of(settings))


def method_with(profile: Profile) -> Method:
    """That of a profile."""
    return Method(profile.name, profile.writes_method_file, profile.steps, profile.weighs_pixels)


def steps_of(settings: EncodeSettings, method: Method) -> int:
    """Steps of the fit, whoever decides them."""
    return settings.steps or method.steps or EFFORTS[settings.effort].steps


def method_text(settings: EncodeSettings) -> str:
    """The content of a .toml file that `daub encode --profile` takes for this method.

    Raises:
        DaubError: as `profile_of`.
    """
    from daub.codec.profiles.profile import PROFILES
    from daub.codec.profiles.profile_file import profile_text

    steps = steps_of(settings, method_of(settings))
    return profile_text(profile_of(settings), steps, settings.profile if settings.profile in PROFILES else None)
