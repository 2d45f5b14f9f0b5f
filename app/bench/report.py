"""The demonstration: the bundled photo becomes a file, the file a picture, and both a report on one page."""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from daub.app.bench.setting import SAMPLE
from daub.app.model.rivals.plot_style import DAUB, STYLE, colour_of
from daub.app.tasks.comparison import Comparison, compare
from daub.app.tasks.device import OpenDevice
from daub.app.tasks.encoding import EncodeRequest, Encoding, encode_file
from daub.app.tasks.reading import decode_file
from daub.app.terminal import LOOKS, ProgressLine, decibels, duration, looks, table
from daub.codec import images
from daub.codec.errors import DaubError
from daub.codec.evaluation.matched import at_bytes, make
from daub.codec.evaluation.peers import peer_named
from daub.codec.files import write_atomic
from daub.codec.goal import Goal
from daub.codec.recipe import recipe_of
from daub.codec.settings import EncodeSettings
from daub.codec.targets import ANYTHING_BUT_SOURCES, Replacing, check_target
from daub.render.gaussians import Gaussians

GAUSSIANS = 5000  # few enough to see, and the number the literature quotes speeds for
RIVALS = ("JPEG", "WebP", "AVIF", "JPEG 2000", "JPEG XL")
CROP = (0.18, 0.29, 0.15, 0.17)  # left, top, width, height of the enlarged part: lettering on cloth
ERROR_GAIN = 8


@dataclass(frozen=True)
class Rival:
    """One codec with its best file that is not above the .daub's bytes, or the smallest it can make.

    Codecs set in coarse steps fall short of the limit by some percent, which costs them a tenth of a decibel or two:
    the curve is the fair comparison, the bytes stand beside every figure.
    """

    score: Comparison
    image8: np.ndarray  # (H, W, 3) uint8
    reached: bool  # no larger than the .daub
    curve: tuple[tuple[float, float], ...]  # (bpp, PSNR) of its sweep and of this file


def demo(
    folder: str,
    source: Path = SAMPLE,
    count: int = GAUSSIANS,
    steps: int = 300,
    device: str = "auto",
    replacing: Replacing = ANYTHING_BUT_SOURCES,
) -> dict:
    """Writes sample.daub, sample.png (decoded from it) and report.png; returns what `text` prints.

    Raises:
        DaubError: one of them cannot be written, which is found out first.
    """
    target = Path(folder)
    file, decoded_image, report = (target / name for name in ("sample.daub", "sample.png", "report.png"))
    with ProgressLine() as line:
        opened = OpenDevice(device, line.fall_back)
        _make(target)
        for path in (file, decoded_image, report):
            check_target(path, [source], replacing)
        # On a first run this takes longer than the encode, whose time the report is to show.
        settings = EncodeSettings(Goal("gaussians", count), steps=steps)
        opened.load_encoder(line.say, recipe_of(settings).tune)
        request = EncodeRequest(str(source), str(file), settings, replacing=replacing)
        result = encode_file(
            request, opened, line.say,
            lambda record: line.advance(
                record.stage, record.fraction, f"{len(record.gaussians):,} Gaussians", decibels(record.psnr)
            ),
        )  # fmt: skip
        encoding, image = result.encoding, images.load(source)
        image8, decoded, size, _ = decode_file(str(file), opened.rasteriser, large=True)
        images.save(decoded_image, image8, replace=replacing.files)
        rivals = {}
        for name in RIVALS:
            line.say(f"the same bytes with {name}")
            rivals[name] = _rival(name, image.pixels, size)
        line.say("drawing the report")
        figure = _page(source.name, image.pixels, image8, decoded.gaussians, encoding, rivals)
        content = io.BytesIO()
        figure.savefig(content, format="png", dpi=110, facecolor=STYLE["page"])
        write_atomic(report, content.getvalue(), replace=replacing.files)
    own = compare(DAUB, size, image.pixels, image8, perceptually=True)
    return {
        "encoding": asdict(encoding) | {"device_reason": str(encoding.device_reason)},
        "codecs": [asdict(own) | {"reached": True}]
        + [asdict(rival.score) | {"reached": rival.reached} for rival in rivals.values()],
        "files": [str(path) for path in (file, decoded_image, report)],
    }


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise DaubError(f"cannot make the folder {folder}", "there is a file of that name", "choose another") from error
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise DaubError(f"cannot make the folder {folder}", why, "choose another") from error


def text(done: dict) -> str:
    """The table on the terminal."""
    rows = []
    perceptual = any(one["flip"] is not None for one in done["codecs"])
    for one in done["codecs"]:
        name = one["file"] + ("" if one["reached"] else " *")
        seen = looks(one["ssimulacra2"], one["flip"]) if perceptual else ()
        rows.append(
            (name, f"{one['bytes']:,}", f"{one['bpp']:.3f}", f"{one['psnr']:.2f}", f"{one['ms_ssim']:.4f}", *seen)
        )
    encoding = done["encoding"]
    lines = [
        f"{encoding['gaussians']:,} Gaussians, encoded in {duration(encoding['encode_seconds'])}, "
        f"decoded in {duration(encoding['decode_seconds'])}",
        "(times with the kernels compiled, as they are from the second run on)",
        "",
        table(rows, ("codec", "bytes", "bpp", "PSNR", "MS-SSIM", *(LOOKS if perceptual else ()))),
    ]
    lines.append("the others: their best file not above Daub's bytes, so up to some percent smaller")
    if not all(one["reached"] for one in done["codecs"]):
        lines.append("* the smallest file this codec can make")
    return "\n".join([*lines, "", *(f"wrote {name}" for name in done["files"])])


def _rival(name: str, pixels: np.ndarray, size: int) -> Rival:
    codec = peer_named(name)
    found = at_bytes(codec, pixels, size)
    curve = []
    for setting in codec.sweep:
        made = make(codec, pixels, setting)
        score = compare(name, len(made.data), pixels, made.image8)
        curve.append((score.bpp, score.psnr))
    matched = compare(name, len(found.data), pixels, found.image8, perceptually=True)
    curve.append((matched.bpp, matched.psnr))  # the sweep may end before it
    return Rival(matched, found.image8, found.reached, tuple(sorted(curve)))


# The page.


def _page(
    name: str, pixels: np.ndarray, image8: np.ndarray, gaussians: Gaussians, encoding: Encoding,
    rivals: dict[str, Rival],
) -> Figure:  # fmt: skip
    figure = Figure(figsize=(15, 18.2), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.12, h_pad=0.12, wspace=0.02, hspace=0.02)
    head, pictures, crops, curves = figure.subfigures(4, 1, height_ratios=(0.05, 0.635, 0.15, 0.235))
    for part in (head, pictures, crops, curves):
        part.set_facecolor(STYLE["page"])
    _head(head, name, encoding)

    panels = pictures.subplots(2, 2)
    _show(panels[0, 0], pixels, "Source")
    _show(panels[0, 1], image8, "Decoded from the file", f"{encoding.psnr:.2f} dB, MS-SSIM {encoding.ms_ssim:.4f}")
    error = np.clip(np.abs(pixels - image8 / np.float32(255)).mean(2) * ERROR_GAIN, 0, 1)
    _show(panels[1, 0], error, "Error", f"mean of the channels, {ERROR_GAIN} times enlarged", cmap="magma")
    _show(panels[1, 1], 0.45 * pixels, "Gaussians", f"{len(gaussians):,} of them: 1-sigma ellipses and centres")
    _draw_gaussians(panels[1, 1], gaussians, pixels.shape)

    _draw_crops(crops, pixels, image8, encoding, rivals)
    _draw_curves(curves, encoding, rivals)
    return figure


def _head(part, name: str, encoding: Encoding) -> None:
    part.text(0.012, 0.62, "Daub", size=26, weight="bold", color=colour_of(DAUB), va="center")
    part.text(0.094, 0.60, "an image as 2D Gaussians", size=17, color=STYLE["ink"], va="center")
    facts = (
        f"{name}, {encoding.width} x {encoding.height}:  {encoding.gaussians:,} Gaussians,  {encoding.bytes:,} bytes,  "
        f"{encoding.bpp:.3f} bpp,  encoded in {duration(encoding.encode_seconds)},  "
        f"decoded in {duration(encoding.decode_seconds)} on the {encoding.device.upper()}"
    )
    part.text(0.012, 0.12, facts, size=12.5, color=STYLE["faint"], va="center")


def _show(axes: Axes, image: np.ndarray, title: str, note: str = "", **settings) -> None:
    """A picture with its title; rows and columns of `image` (H, W[, 3]) are the coordinates of the axes."""
    axes.imshow(image, vmin=0, vmax=1, interpolation="nearest", **settings)
    axes.set_axis_off()
    axes.set_title(title, loc="left", size=13, weight="bold", color=STYLE["ink"])
    if note:
        axes.set_title(note, loc="right", size=11, color=STYLE["faint"])


def _draw_gaussians(axes: Axes, gaussians: Gaussians, shape: tuple[int, ...]) -> None:
    angle = np.linspace(0, 2 * np.pi, 25)
    l1, l3 = np.exp(gaussians.log_scale).T[..., None]  # (N, 1) each
    x = gaussians.mean[:, :1] + l1 * np.cos(angle)  # (N, 25): mean + L (cos, sin)
    y = gaussians.mean[:, 1:] + l3 * (gaussians.shear[:, None] * np.cos(angle) + np.sin(angle))
    axes.add_collection(LineCollection(np.stack([x, y], -1), colors="#ffe9c7", linewidths=0.3, alpha=0.5))
    axes.scatter(*gaussians.mean.T, s=0.7, color=colour_of(DAUB), linewidths=0, zorder=3)
    axes.set(xlim=(-0.5, shape[1] - 0.5), ylim=(shape[0] - 0.5, -0.5))


def _draw_crops(part, pixels, image8, encoding: Encoding, rivals: dict[str, Rival]) -> None:
    height, width, _ = pixels.shape
    left, top, wide, high = (round(share * side) for share, side in zip(CROP, (width, height) * 2, strict=True))
    window = slice(top, top + max(high, 1)), slice(left, left + max(wide, 1))
    entries = [("Source", pixels, "", STYLE["ink"])]
    entries.append((DAUB, image8, f"{encoding.psnr:.2f} dB\n{encoding.bytes:,} bytes", colour_of(DAUB)))
    for name, rival in rivals.items():
        remark = "" if rival.reached else " (its smallest)"
        note = f"{rival.score.psnr:.2f} dB\n{rival.score.bytes:,} bytes{remark or _short(rival, encoding)}"
        entries.append((name, rival.image8, note, colour_of(name)))
    for axes, (name, image, note, colour) in zip(part.subplots(1, len(entries)), entries, strict=True):
        axes.imshow(image[window], interpolation="nearest")
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set(color=colour, linewidth=1.6)
        axes.set_title(name, loc="left", size=12, weight="bold", color=colour)
        axes.set_xlabel(note, size=10.5, color=STYLE["faint"], loc="left")


def _short(rival: Rival, encoding: Encoding) -> str:
    """How far the file stays below Daub's."""
    percent = 100 * (1 - rival.score.bytes / encoding.bytes)
    return f" (-{percent:.1f} %)" if percent >= 0.05 else ""


def _draw_curves(part, encoding: Encoding, rivals: dict[str, Rival]) -> None:
    axes, marks = part.subplots(1, 2, width_ratios=(1.7, 1))
    for name, rival in rivals.items():
        axes.plot(*zip(*rival.curve, strict=True), "o-", color=colour_of(name), lw=1.6, ms=3.5, label=name)
    axes.plot(
        encoding.bpp, encoding.psnr, "*", color=colour_of(DAUB), ms=19, mec="white", mew=1, label="Daub, this file",
        zorder=5,
    )  # fmt: skip
    axes.axvline(encoding.bpp, color=colour_of(DAUB), lw=0.8, ls=":", zorder=1)
    axes.set_xlim(0, max(1.5 * encoding.bpp, 0.5))
    axes.set_xlabel("bits per pixel", color=STYLE["faint"])
    axes.set_ylabel("PSNR, dB", color=STYLE["faint"])
    axes.set_title("Rate and distortion on this image", loc="left", size=13, weight="bold", color=STYLE["ink"])
    axes.legend(loc="lower right", frameon=False, fontsize=10.5)

    # Points, not marks: the axis does not start at zero, and the length of a bar would lie.
    scores = {DAUB: encoding.ms_ssim} | {name: rival.score.ms_ssim for name, rival in rivals.items()}
    order = sorted(scores, key=scores.get)
    lowest = scores[order[0]]
    marks.scatter([scores[name] for name in order], order, color=[colour_of(name) for name in order], s=75, zorder=3)
    for row, name in enumerate(order):
        marks.annotate(
            f"{scores[name]:.4f}", (scores[name], row), (9, 0), textcoords="offset points", va="center", size=10.5,
            color=STYLE["ink"],
        )  # fmt: skip
    marks.set(xlim=(lowest - 0.2 * (1 - lowest), 1), ylim=(-0.6, len(order) - 0.4))
    marks.set_title("MS-SSIM, no more bytes than Daub", loc="left", size=13, weight="bold", color=STYLE["ink"])
    for one in (axes, marks):
        one.set_facecolor(STYLE["page"])
        one.grid(color=STYLE["grid"], axis="both")
        one.set_axisbelow(True)
        one.spines[["top", "right"]].set_visible(False)
        one.tick_params(colors=STYLE["faint"])
    marks.tick_params(axis="y", colors=STYLE["ink"], length=0)
