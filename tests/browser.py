"""A real browser in which `daub.js` draws, and what it should draw."""

from __future__ import annotations

import base64
import http.server
from pathlib import Path

import numpy as np

from daub.codec import container
from daub.codec.decoder import decode
from daub.render.cpu.backend import CpuRasteriser
from daub.render.strips import Region
from daub.resources import ROOT

GOLDEN = Path(__file__).parent / "codec" / "container" / "golden"

# In a page: what `draw` below asks for.
_DRAW = """
const [file, how, view, done] = arguments;
(async () => {
    const { decode, Painter } = await import("/web/daub.js");
    const picture = await decode(Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0)));
    const { width, height } = picture, painter = new Painter(how);
    const whole = { x: 0, y: 0, scale: 1, width, height, ...view };
    const canvas = Object.assign(document.createElement("canvas"), { width: whole.width, height: whole.height });
    const context = canvas.getContext("2d");
    await painter.paint(context, picture, whole);
    picture.forget();
    const pixels = context.getImageData(0, 0, whole.width, whole.height).data;
    let text = "";
    for (const byte of pixels) text += String.fromCharCode(byte);
    return { width: whole.width, pixels: btoa(text), how: painter.how, remarks: picture.remarks };
})().then(done, (error) => done({ why: error.message }));
"""


class Browser:
    """Chromium, in which the scripts of the repository and a folder of files are at hand.

    Args:
        driver: of selenium.
        address: of the server, without a slash at its end.
        folder: whose files it serves.
    """

    def __init__(self, driver, address: str, folder: Path):
        self.driver, self.address, self.folder = driver, address, folder
        self.run, self.wait_for = driver.execute_script, driver.execute_async_script

    def open(self, name: str) -> None:
        self.driver.get(f"{self.address}/{name}")

    def draw(self, data: bytes, how: str = "auto", **view) -> dict:
        """Has `daub.js` draw a file: "pixels" (H, W, 3) uint8, "how", "remarks"; or only "why" not."""
        done = self.wait_for(_DRAW, base64.b64encode(data).decode(), how, view)
        if "pixels" in done:
            done["pixels"] = pixels_of(done["pixels"], done["width"])
        return done

    def draw_transparent(self, data: bytes, how: str = "auto", **view) -> np.ndarray:
        """The same of a transparent file: (H, W, 4) uint8, as a canvas holds it, which has multiplied it by alpha."""
        done = self.wait_for(_DRAW, base64.b64encode(data).decode(), how, view)
        return np.frombuffer(base64.b64decode(done["pixels"]), np.uint8).reshape(-1, done["width"], 4)


def pixels_of(text: str, width: int) -> np.ndarray:
    """(H, W, 3) uint8 of red, green, blue and opacity in base64; they have to be opaque."""
    pixels = np.frombuffer(base64.b64decode(text), np.uint8).reshape(-1, width, 4)
    assert (pixels[..., 3] == 255).all()
    return pixels[..., :3]


class Site(http.server.SimpleHTTPRequestHandler):
    """Serves the scripts of the repository, and otherwise a folder."""

    def log_message(self, *_):
        pass

    def end_headers(self):
        self.send_header("Cache-Control", "no-store")  # files of one name change from test to test
        super().end_headers()

    def translate_path(self, path: str) -> str:
        """The scripts of the repository, and otherwise the folder."""
        return str(ROOT / path.lstrip("/")) if path.startswith("/web/") else super().translate_path(path)


def golden(name: str) -> bytes:
    return (GOLDEN / f"{name}.daub").read_bytes()


def ours_transparent(data: bytes, size: tuple[int, int] | None = None) -> np.ndarray:
    return decode(container.read(data), CpuRasteriser(), size, restore=False, background=None)


def ours(data: bytes, size: tuple[int, int] | None = None, region: Region | None = None) -> np.ndarray:
    return decode(container.read(data), CpuRasteriser(), size, region=region, restore=False)


def assert_alike(theirs: np.ndarray, expected: np.ndarray) -> None:
    """Within a level, and nearly everywhere to the bit."""
    assert theirs.shape == expected.shape
    apart = np.abs(theirs.astype(int) - expected)
    assert apart.max(initial=0) <= 1 and (apart > 0).mean() < 0.01
