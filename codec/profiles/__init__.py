"""A method of the literature is a choice of parts: a profile, by name or from a file, and its fit.

METHODS.md says what the profiles are, and MEASURED.md what they came to.
"""

from daub.codec.profiles.first_order import ProfileFit, Trained, fit_profile
from daub.codec.profiles.profile import NATIVE_PROFILE, PARTS, PROFILES, Profile
from daub.codec.profiles.profile_file import load_profile, profile_text

__all__ = [
    "NATIVE_PROFILE",
    "PARTS",
    "PROFILES",
    "Profile",
    "ProfileFit",
    "Trained",
    "fit_profile",
    "load_profile",
    "profile_text",
]
