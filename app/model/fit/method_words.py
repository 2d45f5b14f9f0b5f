"""Methods as people know them: a name, and a line on what it is, with paper and year.

>>> name_of("native"), name_of("/home/me/mine.toml")
('Daub', 'mine.toml')
>>> line_of("gaussianimage++").endswith("Li et al., AAAI 2026.")
True
"""

from __future__ import annotations

from pathlib import Path

from daub.codec.settings import NATIVE

_WORDS = {
    NATIVE: (
        "Daub",
        "Adds Gaussians where the error is largest, and takes Gauss-Newton steps. This program's own, 2026.",
    ),
    "gaussianimage-cholesky": (
        "GaussianImage, Cholesky",
        "A fixed number of Gaussians from random places, in 50,000 small steps; shapes as Cholesky factors. "
        "Zhang et al., ECCV 2024.",
    ),
    "gaussianimage-rs": (
        "GaussianImage, rotation and scale",
        "A fixed number of Gaussians from random places, in 50,000 small steps; shapes as rotation and scale. "
        "Zhang et al., ECCV 2024.",
    ),
    "gaussianimage++": (
        "GaussianImage++",
        "Starts with half of its Gaussians and adds the others where the picture is most wrong. Li et al., AAAI 2026.",
    ),
    "smartsplat": (
        "SmartSplat",
        "Places its Gaussians by the detail and colours of the picture before it fits them. AAAI 2026.",
    ),
}


def name_of(profile: str) -> str:
    """Of a profile, by the name that it is registered with or the path of its file."""
    return _WORDS[profile][0] if profile in _WORDS else Path(profile).name


def line_of(profile: str) -> str:
    """What it is, who published it and when; "" of a file, which says so itself."""
    return _WORDS[profile][1] if profile in _WORDS else ""
