"""A real browser, Debian's Chromium without a window, and a server on this machine for what is no single file."""

from __future__ import annotations

import base64
import functools
import http.server
import os
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from daub.resources import ROOT

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


def pixels_of(text: str, width: int) -> np.ndarray:
    """(H, W, 3) uint8 of red, green, blue and opacity in base64; they have to be opaque."""
    pixels = np.frombuffer(base64.b64decode(text), np.uint8).reshape(-1, width, 4)
    assert (pixels[..., 3] == 255).all()
    return pixels[..., :3]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def end_headers(self):
        self.send_header("Cache-Control", "no-store")  # files of one name change from test to test
        super().end_headers()

    def translate_path(self, path: str) -> str:
        """The scripts of the repository, and otherwise the folder."""
        return str(ROOT / path.lstrip("/")) if path.startswith("/web/") else super().translate_path(path)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    chromedriver = shutil.which("chromedriver")
    if chromium is None or chromedriver is None:
        pytest.skip("no Chromium here: apt-get install chromium chromium-driver")
    selenium = pytest.importorskip("selenium.webdriver", reason="no selenium here: pip install -e '.[dev]'")
    folder = tmp_path_factory.mktemp("site")
    (folder / "empty.html").write_text("<!doctype html><title>empty</title>")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, name="site", daemon=True).start()

    options = selenium.ChromeOptions()
    options.binary_location = chromium
    # OpenGL without a graphics card, and no more shared memory than a container has.
    words = ["headless=new", "use-angle=swiftshader", "enable-unsafe-swiftshader", "disable-dev-shm-usage"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words.append("no-sandbox")  # in which root cannot be
    for word in [*words, "hide-scrollbars", "force-device-scale-factor=1", "window-size=1000,700"]:
        options.add_argument(f"--{word}")
    driver = selenium.Chrome(options=options, service=selenium.ChromeService(chromedriver))
    driver.set_script_timeout(60)
    browser = Browser(driver, f"http://127.0.0.1:{server.server_port}", folder)
    browser.open("empty.html")
    yield browser
    driver.quit()
    server.shutdown()
    server.server_close()
