"""The optional chunk that restores a scene (FORMAT.md, "Restoration of scenes"): what it says, read and written.

flags | network, 4 bytes | error | rounds | structure | rate | centres' box, 4 float32 | views | view | view | ...
        '----- flag 1 ---------'
view = kind | intrinsics, if new | centre, 3 x 2 bytes | rotation, 1 + 3 x 2 bytes | gain | halvings | length | residual
                                                                                     '----------- flag 2 -----------'
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from daub.codec.container.chunks import Chunk, read_varints, varints
from daub.codec.container.limits import REMEDY
from daub.codec.errors import DaubError
from daub.codec.restoration.layer import LARGEST_GAIN, LARGEST_HALVINGS, CodedResidual
from daub.codec.scenes.claims import from_largest, largest_first
from daub.codec.scenes.coding import scene_file
from daub.codec.scenes.rotations import quaternions, rotations
from daub.render.splats.camera import Camera

TAG = b"v"
MOST_VIEWS = 4096
MOST_PIXELS = 1 << 28  # of all views together
MOST_ROUNDS = 64
LARGEST_SIDE = 1 << 14  # pixels of a view
UNIT_STRUCTURE, UNIT_RATE = 255, 64  # what stands in the file for a share of one
_ERROR_UNIT = 8  # steps of the error to an octave
_NETWORK = 1  # of the flags of a layer
_NEW_INTRINSICS, _RESIDUAL = 1, 2  # of those of a view
_LEVELS = 65535
_ROOT = 0.5**0.5


@dataclass(frozen=True, eq=False)
class GuidedView:
    """A view that the Gaussians are fitted to.

    Args:
        camera: as it comes back from the file, see `stored`.
        residual: what its rendering lacks; None: the rendering is all that is known of it.
    """

    camera: Camera
    residual: CodedResidual | None = None


@dataclass(frozen=True, eq=False)
class SceneLayer:
    """How a decoder restores a scene.

    Args:
        views: at least one, at most MOST_VIEWS.
        rounds: 1..MOST_ROUNDS, how often each view is taken.
        structure: 0..UNIT_STRUCTURE, weight of SSIM in the loss, the rest being that of L1.
        rate: 1..255, length of the steps, UNIT_RATE being that of the encoder's own refinement.
        network: CRC-32 of the weights that correct the pictures; None: only residuals are added.
        error: -128..127, log2 of the root mean squared error of the renderings, in 1/8: what the network expects.
    """

    views: tuple[GuidedView, ...]
    rounds: int
    structure: int
    rate: int
    network: int | None = None
    error: int = 0

    def chunk(self) -> Chunk:
        """As it stands in a file."""
        flags = _NETWORK if self.network is not None else 0
        parts = [bytes([flags])]
        if self.network is not None:
            parts.append(self.network.to_bytes(4, "little") + self.error.to_bytes(1, "little", signed=True))
        centres = np.array([view.camera.centre for view in self.views])
        low, side = _box(centres)
        parts.append(bytes([self.rounds, self.structure, self.rate]) + np.float32([*low, side]).tobytes())
        parts.append(varints(len(self.views)))
        last = None
        for view in self.views:
            own = _intrinsics(view.camera)
            kind = (_NEW_INTRINSICS if own != last else 0) | (_RESIDUAL if view.residual else 0)
            parts.append(bytes([kind]))
            if own != last:
                parts.append(own)
            last = own
            parts.append(_pose(view.camera, low, side))
            if view.residual:
                parts.append(bytes([view.residual.gain, view.residual.halvings]))
                parts += [varints(len(view.residual.codestream)), view.residual.codestream]
        return Chunk(TAG, b"".join(parts))


def read_layer(content: bytes, what: str = "the restoration of the scene cannot be read") -> SceneLayer:
    """The layer that a chunk holds.

    Args:
        what: failed, the beginning of the error.

    Raises:
        DaubError: it is cut short, or makes no sense.
    """
    reader = _Reader(content, what)
    (flags,) = reader.take(1)
    if flags & ~_NETWORK:
        raise reader.refused(f"its flags {flags} mean nothing to this Daub")
    network, error = None, 0
    if flags & _NETWORK:
        network = int.from_bytes(reader.take(4), "little")
        error = int.from_bytes(reader.take(1), "little", signed=True)
    rounds, structure, rate = reader.take(3)
    if not 1 <= rounds <= MOST_ROUNDS or not rate:
        raise reader.refused(f"{rounds} rounds at a rate of {rate} are outside the format")
    *low, side = struct.unpack("<4f", reader.take(16))
    if not np.isfinite([*low, side]).all() or not side > 0:
        raise reader.refused("the box of its views is damaged")
    (count,) = reader.varints(1)
    if not 1 <= count <= MOST_VIEWS:
        raise reader.refused(f"{count} views are outside the format")
    views, intrinsics, pixels = [], None, 0
    for _ in range(count):
        (kind,) = reader.take(1)
        if kind & ~(_NEW_INTRINSICS | _RESIDUAL) or (intrinsics is None and not kind & _NEW_INTRINSICS):
            raise reader.refused("one of its views is damaged")
        if kind & _NEW_INTRINSICS:
            intrinsics = _read_intrinsics(reader)
        pixels += intrinsics[0] * intrinsics[1]
        if pixels > MOST_PIXELS:
            raise reader.refused(f"its views have more than {MOST_PIXELS / 1e6:,.0f} megapixels")
        camera = _read_pose(reader, np.array(low), side, intrinsics)
        residual = None
        if kind & _RESIDUAL:
            gain, halvings = reader.take(2)
            if not 1 <= gain <= LARGEST_GAIN or halvings > LARGEST_HALVINGS:
                raise reader.refused(f"the gain {gain} or the size {halvings} of a residual is outside the format")
            (length,) = reader.varints(1)
            residual = CodedResidual(gain, halvings, reader.take(length))
        views.append(GuidedView(camera, residual))
    if reader.content:
        raise reader.refused(f"{len(reader.content)} bytes follow its end")
    return SceneLayer(tuple(views), rounds, structure, rate, network, error)


def layer_of(data: bytes, name: str = "the file") -> SceneLayer | None:
    """The layer of a `.daub` that holds a scene; None where it has none.

    Raises:
        DaubError: the file or the layer is damaged.
    """
    for chunk in scene_file.optional_chunks(data, name):
        if chunk.tag == TAG:
            return read_layer(chunk.content, f"{name} cannot be restored")
    return None


def check_views(cameras: Sequence[Camera]) -> None:
    """Refuses views that no layer can hold, before there is work done for them.

    Raises:
        DaubError: they are too many, or too large together.
    """
    pixels = sum(camera.width * camera.height for camera in cameras)
    if len(cameras) > MOST_VIEWS or pixels > MOST_PIXELS:
        found = f"{len(cameras):,} views of {pixels / 1e6:,.0f} megapixels together"
        why = f"{found} are more than {MOST_VIEWS:,} of {MOST_PIXELS / 1e6:,.0f}"
        raise DaubError("a scene cannot be guided by so many views", why, "give fewer --views, or a smaller --longest")


def stored(cameras: tuple[Camera, ...]) -> tuple[Camera, ...]:
    """The cameras as a layer with all of them gives them back: an encoder renders through these.

    Places are rounded to 2^-16 of the cube around them, rotations to 2^-16: hundredths of a pixel.
    """
    layer = SceneLayer(tuple(GuidedView(camera) for camera in cameras), 1, 0, 1)
    return tuple(view.camera for view in read_layer(layer.chunk().content).views)


def error_of(root_mean_square: float) -> int:
    """As a layer says it."""
    return int(np.clip(np.rint(_ERROR_UNIT * np.log2(max(root_mean_square, 1e-6))), -128, 127))


def root_mean_square_of(error: int) -> float:
    """What a layer's error stands for, of the range of a pixel."""
    return 2 ** (error / _ERROR_UNIT)


class _Reader:
    def __init__(self, content: bytes, what: str):
        self.content, self.what = content, what

    def take(self, count: int) -> bytes:
        if len(self.content) < count:
            raise DaubError(self.what, "it is cut short", REMEDY)
        taken, self.content = self.content[:count], self.content[count:]
        return taken

    def varints(self, count: int) -> tuple[int, ...]:
        values, self.content = read_varints(self.content, count, self.what)
        return values

    def refused(self, why: str) -> DaubError:
        return DaubError(self.what, why, f"{REMEDY}, or update Daub")


def _box(centres: np.ndarray) -> tuple[np.ndarray, float]:
    """Corner and side of a cube around points, as float32 holds them."""
    low = centres.min(axis=0).astype(np.float32).astype(np.float64)
    return low, float(np.float32(max((centres - low).max(), 1e-12)))


def _intrinsics(camera: Camera) -> bytes:
    lengths = np.float32([camera.fx, camera.fy, camera.cx, camera.cy]).astype("<f4").tobytes()
    return varints(camera.width, camera.height) + lengths


def _read_intrinsics(reader: _Reader) -> tuple:
    width, height = reader.varints(2)
    lengths = np.float64(struct.unpack("<4f", reader.take(16)))
    sides = 1 <= width <= LARGEST_SIDE and 1 <= height <= LARGEST_SIDE
    if not sides or not np.isfinite(lengths).all() or not (lengths[:2] > 0).all():
        raise reader.refused("the lens of one of its views is outside the format")
    return width, height, *lengths.tolist()


def _pose(camera: Camera, low: np.ndarray, side: float) -> bytes:
    centre = np.rint(_LEVELS * (camera.centre - low) / side).clip(0, _LEVELS)
    largest, others = largest_first(quaternions(camera.rotation[None]))
    turns = np.rint(_LEVELS * (others[0] / _ROOT + 1) / 2).clip(0, _LEVELS)
    return centre.astype("<u2").tobytes() + bytes([int(largest[0])]) + turns.astype("<u2").tobytes()


def _read_pose(reader: _Reader, low: np.ndarray, side: float, intrinsics: tuple) -> Camera:
    centre = low + np.frombuffer(reader.take(6), "<u2") * side / _LEVELS
    (largest,) = reader.take(1)
    if largest > 3:
        raise reader.refused("the direction of one of its views is damaged")
    others = (np.frombuffer(reader.take(6), "<u2") * 2.0 / _LEVELS - 1) * _ROOT
    rotation = rotations(from_largest(np.array([largest]), others[None]))[0]
    return Camera(*intrinsics, rotation, -rotation @ centre)
