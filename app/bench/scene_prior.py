"""`bench scene --prior`: what restoring brings to scenes, as in Leveraging Learned Image Prior (table 4): its parts
one by one, on files of Daub's and on those of another codec, at equal bytes."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from daub.app.bench.prior import gain_at_equal_bytes
from daub.app.bench.scenes import views_for
from daub.app.bench.setting import machine
from daub.app.terminal import table
from daub.codec.container.chunks import START, file_of
from daub.codec.files import write_atomic
from daub.codec.goal import Goal, GoalKind
from daub.codec.progress import drive
from daub.codec.restoration import weights
from daub.codec.scenes.initial import SOG, MergedCodec, OwnCodec, SceneCodec
from daub.codec.scenes.restoration.guidance import Guidance, layer_for
from daub.codec.scenes.restoration.refined import restoring
from daub.codec.scenes.scene_files import read_scene
from daub.codec.scenes.view_scores import pictures_of, score_views

PLAIN, RESIDUALS, NETWORK, BOTH = "nothing", "side information", "network", "both"
QUALITIES = 10.0, 25.0, 40.0  # of Daub's files
DISTORTIONS = 0.2, 0.1, 0.05  # of Gaussians merged before SOG
RESTORED = 2  # of these, from the smallest file on: the largest only tells what more bytes bring without
# What the residuals are: the cheapest that bring anything (SCENES.md).
GUIDANCE = Guidance(distance=8.0, gain=4, halvings=2)


@dataclass(frozen=True)
class ScenePriorRow:
    """One file, restored or not.

    Args:
        codec: "Daub" or "SOG, merged".
        setting: quality or distortion.
        part: what restores it.
        bytes: of all, layer_bytes: of them those of the layer.
        psnr, ssim: of views that nothing was made for, as of `ViewScore`.
        seconds: that restoring took.
        gain: dB above what the codec alone makes of as many bytes; None where that is not known.
    """

    scene: str
    codec: str
    setting: float
    part: str
    bytes: int
    layer_bytes: int
    psnr: float
    ssim: float
    seconds: float
    gain: float | None = None


def bench_scene_prior(
    paths: Sequence[str], views: int, longest: int, progress: Callable[[str, float], None], keep: str | None = None
) -> dict[str, Any]:
    """Measures it.

    Args:
        paths: of scenes.
        views, longest: that files are made for, as of `views_of`.
        progress: is told the stage and the share of the work that is done.
        keep: a folder in which what has been measured is kept, and from which the next call goes on; None: nothing is.

    Returns:
        "machine", "views", "longest", "network": CRC-32 in hexadecimal or None, "rows": of `ScenePriorRow`.

    Raises:
        DaubError: a scene cannot be read.
    """
    network = weights.newest_of_scenes()
    parts = {RESIDUALS: GUIDANCE}
    if network is not None:
        parts |= {NETWORK: replace(GUIDANCE, share=0.0, network=network), BOTH: replace(GUIDANCE, network=network)}
    rows: list[ScenePriorRow] = []
    kept = _Kept(None if keep is None else Path(keep))
    for n, path in enumerate(paths):
        rows += _rows(path, parts, (views, longest), lambda stage, n=n: progress(stage, n / len(paths)), kept)
    return {
        "machine": machine(), "views": views, "longest": longest,
        "network": None if network is None else f"{network:08x}", "rows": [asdict(row) for row in rows],
    }  # fmt: skip


def _rows(
    path: str, parts: dict[str, Guidance], size: tuple[int, int], tell: Callable[[str], None], kept: _Kept
) -> list[ScenePriorRow]:
    name, scene = Path(path).stem, read_scene(path)
    seen, held_out = views_for(scene, *size)
    pictures = pictures_of(scene.splats, held_out)
    codecs: list[tuple[str, float, SceneCodec]] = [
        *(("Daub", quality, OwnCodec(Goal(GoalKind.QUALITY, quality))) for quality in QUALITIES),
        *(("SOG, merged", distortion, MergedCodec(SOG, distortion)) for distortion in DISTORTIONS),
    ]
    rows: list[ScenePriorRow] = []
    for label, setting, codec in codecs:
        what = f"{name}, {codec.name}, {size}, {len(scene.splats)}"
        tell(f"{name}, {codec.name}")
        data = kept.data(what, lambda codec=codec: codec.encode(scene.splats, seen))
        decoded = codec.decode(data)

        def plain(label=label, setting=setting, data=data, decoded=decoded) -> ScenePriorRow:
            score = score_views(pictures, pictures_of(decoded, held_out))
            return ScenePriorRow(name, label, setting, PLAIN, len(data), 0, score.psnr, score.ssim, 0.0)

        row = kept.row(f"{what}, {zlib.crc32(data)}", plain)
        rows.append(row)
        if setting not in (*QUALITIES[:RESTORED], *DISTORTIONS[:RESTORED]):
            continue
        for part, guidance in parts.items():
            tell(f"{name}, {codec.name}, {part}")

            def restored(row=row, part=part, guidance=guidance, decoded=decoded) -> ScenePriorRow:
                layer = layer_for(scene.splats, decoded, seen, guidance)
                more = len(file_of([layer.chunk()])) - START
                began = time.perf_counter()
                found = drive(restoring(decoded, layer))
                seconds = time.perf_counter() - began
                score = score_views(pictures, pictures_of(found, held_out))
                return replace(
                    row, part=part, bytes=row.bytes + more, layer_bytes=more, psnr=score.psnr, ssim=score.ssim,
                    seconds=seconds,
                )  # fmt: skip

            rows.append(kept.row(f"{what}, {zlib.crc32(data)}, {guidance}", restored))
    return [_with_gain(row, rows) for row in rows]


class _Kept:
    """What has been measured, in a folder: files by what they are of, rows by all that they depend on."""

    def __init__(self, folder: Path | None):
        self._folder = folder
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def data(self, what: str, make: Callable[[], bytes]) -> bytes:
        """The bytes of a file."""
        return self._at(what, ".bin", make, lambda data: data, lambda data: data)

    def row(self, what: str, make: Callable[[], ScenePriorRow]) -> ScenePriorRow:
        """A row, without its gain."""
        return self._at(
            what, ".json", make, lambda row: json.dumps(asdict(row)).encode(), lambda d: ScenePriorRow(**json.loads(d))
        )

    def _at(self, what: str, suffix: str, make: Callable, to_bytes: Callable, from_bytes: Callable):
        if self._folder is None:
            return make()
        path = self._folder / f"{what.split(',')[0]}-{zlib.crc32(what.encode()):08x}{suffix}"
        if path.exists():
            return from_bytes(path.read_bytes())
        made = make()
        write_atomic(path, to_bytes(made))
        return made


def _with_gain(row: ScenePriorRow, rows: Sequence[ScenePriorRow]) -> ScenePriorRow:
    plain = [other for other in rows if other.codec == row.codec and other.part == PLAIN]
    return ScenePriorRow(**(asdict(row) | {"gain": gain_at_equal_bytes(row, plain)}))


def scene_prior_text(done: dict[str, Any]) -> str:
    """For people."""
    header = ("scene", "codec", "setting", "restored by", "bytes", "of the layer", "PSNR", "SSIM", "at equal bytes")
    lines = [
        (
            row["scene"], row["codec"], f"{row['setting']:g}", row["part"], f"{row['bytes']:,}",
            f"{row['layer_bytes']:,}", f"{row['psnr']:.2f}", f"{row['ssim']:.4f}",
            "" if row["gain"] is None else f"{row['gain']:+.2f} dB",
        )
        for row in done["rows"]
    ]  # fmt: skip
    about = f"On {done['machine']}\nmade for {done['views']} views of {done['longest']} pixels"
    return f"{about}\nnetwork {done['network'] or 'none'}\n\n{table(lines, header)}"
