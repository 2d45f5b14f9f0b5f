"""Codecs of scenes behind one protocol: Daub's own and those that it is compared with.

What restores a scene (`codec/scenes/restoration`) asks no more of the codec below it than this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

import numpy as np

from daub.codec.goal import Goal
from daub.codec.scenes.coding import scene_file
from daub.codec.scenes.coding.encoder import encode_scene
from daub.codec.scenes.coding.merging import merged, staying
from daub.codec.scenes.coding.view_energies import resolution_of, with_unframed
from daub.render.splats.camera import Camera
from daub.render.splats.cpu.scene import CpuScene
from daub.render.splats.splats import Splats


class SceneCodec(Protocol):
    """Splats to bytes and back.

    Attributes:
        name: as people call it.
    """

    name: str

    def encode(self, splats: Splats, cameras: Sequence[Camera]) -> bytes:
        """The bytes of a whole file; a codec that does not look at the scene leaves the views alone.

        Raises:
            DaubError, Refused: the codec cannot hold the scene.
        """

    def decode(self, data: bytes) -> Splats:
        """What such bytes hold, in any order, perhaps fewer."""


@dataclass(frozen=True)
class OwnCodec:
    """Daub's scenes.

    Args:
        goal: quality, bytes or PSNR of the views that a file is made for.
    """

    goal: Goal

    @property
    def name(self) -> str:
        return f"Daub, {self.goal.kind.value} {self.goal.value:g}"

    def encode(self, splats: Splats, cameras: Sequence[Camera]) -> bytes:
        return encode_scene(splats, cameras, self.goal).data

    def decode(self, data: bytes) -> Splats:
        return scene_file.read(data).splats()


@dataclass(frozen=True)
class FormatCodec:
    """A format at the one quality that it has.

    Args:
        name: as people call it.
        writer, reader: modules of `formats`.
    """

    name: str
    writer: str
    reader: str

    def encode(self, splats: Splats, cameras: Sequence[Camera] = ()) -> bytes:
        return b"".join(import_module(f"{__package__}.formats.{self.writer}").pieces(splats))

    def decode(self, data: bytes) -> Splats:
        return import_module(f"{__package__}.formats.{self.reader}").read(data)[0]


@dataclass(frozen=True)
class MergedCodec:
    """A format of others, for the Gaussians that are left where those which matter least are merged into the rest.

    That is what Daub's own encode begins with, and a rate that such a format can be asked for. Unlike there, what is
    left is not fitted to the scene.

    Args:
        below: the format.
        distortion: d, as of `merging.staying`.
    """

    below: FormatCodec
    distortion: float

    @property
    def name(self) -> str:
        return f"{self.below.name}, merged at {self.distortion:g}"

    def encode(self, splats: Splats, cameras: Sequence[Camera]) -> bytes:
        scene = CpuScene(splats)
        energies = np.sum([scene.seen(camera).energies() for camera in cameras], axis=0) / len(cameras)
        energies = with_unframed(energies, splats, cameras)
        stays = staying(energies, self.distortion)
        return self.below.encode(merged(splats, energies, stays, resolution_of(splats, cameras)))

    def decode(self, data: bytes) -> Splats:
        return self.below.decode(data)


SOG = FormatCodec("SOG", "sog_writer", "sog")
SPZ = FormatCodec("SPZ", "spz", "spz")
COMPRESSED_PLY = FormatCodec("compressed PLY", "compressed_ply_writer", "compressed_ply")
PNG_GRID = FormatCodec("PNG grid", "png_grid", "png_grid")
OTHERS: tuple[FormatCodec, ...] = (SOG, SPZ, COMPRESSED_PLY, PNG_GRID)
