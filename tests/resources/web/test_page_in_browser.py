"""What `daub page` writes, opened from the disk in a real browser."""

from __future__ import annotations

import base64
import io
import json
import os
import re
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from browser import assert_alike, golden, ours, ours_transparent, pixels_of

from daub.app.cli.main import main
from daub.codec import container

SCENE = Path(__file__).parents[2] / "codec" / "scenes" / "coding" / "golden" / "cloud.daub"

_OPENED = """const [done] = arguments, wait = () =>
    document.documentElement.dataset.ready === undefined ? setTimeout(wait, 10) : done();
wait();"""
_SETTLED = "const [done] = arguments; setTimeout(() => viewer.painted.then(done), 0);"
_PANE = """const [id, done] = arguments, canvas = document.getElementById(id), { camera, picture } = viewer;
const left = -camera.x * camera.scale, top = -camera.y * camera.scale;
const [width, height] = [picture.width * camera.scale, picture.height * camera.scale];
let text = "";
const { data } = canvas.getContext("2d").getImageData(left, top, width, height);
for (const byte of data) text += String.fromCharCode(byte);
done({ width, pixels: btoa(text) });"""


@pytest.fixture
def page(tmp_path, capsys):
    """Writes a page of some bytes of a .daub, by the command; returns its path."""

    def write(data: bytes, *options: str) -> Path:
        (tmp_path / "photo.daub").write_bytes(data)
        path = tmp_path / "photo.html"
        assert main(["page", str(tmp_path / "photo.daub"), str(path), *options]) == 0, capsys.readouterr().err
        return path

    return write


def opened(browser, path: Path, query: str = "") -> None:
    browser.driver.get(path.as_uri() + query)
    browser.wait_for(_OPENED)


def pane(browser, name: str = "picture") -> np.ndarray:
    shown = browser.wait_for(_PANE, name)
    return pixels_of(shown["pixels"], int(shown["width"]))


def text(browser, name: str) -> str:
    return browser.run("return document.getElementById(arguments[0]).innerText", name)


@pytest.mark.parametrize("query, how", [("", "WebGL"), ("?draw=cpu", "CPU")])
def test_a_page_draws_its_file_without_a_network(browser, page, query, how):
    data = golden("photo")
    opened(browser, page(data), query)
    assert_alike(pane(browser), ours(data))  # there is room for it at 1:1
    assert re.fullmatch(
        rf"61 × 47 · 60 Gaussians · 333 bytes · decoded in [\d,]+ ms · .*{how}.*", text(browser, "facts")
    )
    assert browser.run("return performance.getEntriesByType('resource').length") == 0
    blocked = "const [done] = arguments; fetch('http://127.0.0.1/').then(() => done(false), () => done(true))"
    assert browser.wait_for(blocked)


@pytest.mark.parametrize("query", ["", "?draw=cpu"])
def test_what_is_transparent_lies_on_a_chequerboard_and_its_source_too(browser, page, tmp_path, query):
    data = golden("transparent/photo")
    straight = ours_transparent(data)
    PIL.Image.fromarray(straight).save(tmp_path / "photo.png")
    opened(browser, page(data, "--source", str(tmp_path / "photo.png")), query)
    x, y, side = browser.run(
        "const { camera } = viewer, ratio = devicePixelRatio; "
        "return [-camera.x * camera.scale * ratio, -camera.y * camera.scale * ratio, Math.round(8 * ratio)]"
    )
    rows, columns = np.mgrid[round(y) : round(y) + 47, round(x) : round(x) + 61] // side
    board = np.where((rows + columns) % 2, 204, 153)[..., None]
    alpha = straight[..., 3:] / 255
    expected = straight[..., :3] * alpha + board * (1 - alpha)
    for name in ("picture", "original"):
        assert np.abs(pane(browser, name) - expected).max() <= 2.1, name


def test_zoom_slider_outlines_and_source(browser, page, tmp_path):
    data = golden("photo")
    gradient = np.stack(np.broadcast_arrays(np.arange(61) * 4, np.arange(47)[:, None] * 5, 90), -1).astype(np.uint8)
    PIL.Image.fromarray(gradient).save(tmp_path / "photo.png")
    opened(browser, page(data, "--source", str(tmp_path / "photo.png"), "--title", "<A> & B"))
    assert browser.driver.title == "<A> & B"
    assert np.array_equal(pane(browser, "original"), gradient)

    def after(*words: str) -> np.ndarray:
        browser.run(*words)
        browser.wait_for(_SETTLED)
        return pane(browser)

    doubled = after("document.getElementById('in').click()")
    assert_alike(doubled, ours(data, (122, 94)))
    assert text(browser, "zoom") == "200 %" and pane(browser, "original").shape == doubled.shape
    outlined = after("document.getElementById('outlines').click()")
    assert (np.abs(outlined.astype(int) - doubled) > 60).any(2).mean() > 0.1
    after("document.getElementById('outlines').click()")

    slide = """const first = document.getElementById("first");
    first.value = arguments[0];
    first.dispatchEvent(new Event("input"));"""
    assert not after(slide, 0).any() and text(browser, "shown") == "0 of 60"
    assert np.array_equal(after(slide, 1000), doubled)
    after("document.getElementById('with-source').click()")
    assert browser.run("return document.getElementById('source').hidden")


def test_zoom_has_no_end_and_keys_bring_it_back(browser, page):
    opened(browser, page(golden("photo")))
    browser.run("for (let i = 0; i < 20; i++) viewer.zoom(2)")
    browser.wait_for(_SETTLED)
    assert text(browser, "zoom") == "105,000,000 %" and text(browser, "problem") == ""
    browser.driver.switch_to.active_element.send_keys("0")
    browser.wait_for(_SETTLED)
    assert_alike(pane(browser), ours(golden("photo")))


def test_what_is_left_out_is_said_on_the_page(browser, page):
    document = container.read(golden("photo")).with_chunk(container.Chunk(b"x", b"?"))
    opened(browser, page(document.to_bytes()))
    assert text(browser, "remarks") == "The file has parts that are not shown here: x."


def test_a_file_that_was_damaged_within_its_page_is_one_line(browser, page):
    path = page(golden("photo"))
    whole = base64.b64encode(golden("photo")).decode()
    cut = base64.b64encode(golden("photo")[:200]).decode()
    path.write_text(path.read_text("utf-8").replace(whole, cut), "utf-8")
    opened(browser, path)
    assert text(browser, "problem") == "the file is damaged: it ends too early, get it again or encode it again"


def test_a_source_that_the_browser_cannot_read_is_left_out_and_said(browser, page, tmp_path):
    PIL.Image.new("RGB", (61, 47)).save(tmp_path / "photo.png")
    path = page(golden("photo"), "--source", str(tmp_path / "photo.png"))
    whole = base64.b64encode((tmp_path / "photo.png").read_bytes()).decode()
    path.write_text(path.read_text("utf-8").replace(whole, base64.b64encode(b"what is it?").decode()), "utf-8")
    opened(browser, path)
    assert_alike(pane(browser), ours(golden("photo")))
    assert text(browser, "remarks") == "The source is not shown, as this browser cannot read it (image/png)."
    assert browser.run("return document.getElementById('beside').hidden && document.getElementById('source').hidden")


def test_a_name_that_is_not_utf8_is_a_title_all_the_same(tmp_path):
    named = tmp_path / os.fsdecode(b"caf\xe9.daub")
    try:
        named.write_bytes(golden("photo"))
    except OSError:
        pytest.skip("names are Unicode on this disk")
    assert main(["page", str(named), str(tmp_path / "out.html")]) == 0
    assert "<title>caf?.daub</title>" in (tmp_path / "out.html").read_text("utf-8")


def test_a_page_is_made_by_the_command_line(page, tmp_path, capsys):
    picture = io.BytesIO()
    PIL.Image.new("RGB", (122, 94)).save(picture, "bmp")  # twice as large, and no browser need know the format
    (tmp_path / "photo.bmp").write_bytes(picture.getvalue())
    written = page(golden("photo"), "--json", "--source", str(tmp_path / "photo.bmp")).read_text("utf-8")
    told = json.loads(capsys.readouterr().out)
    assert told["gaussians"] == 60 and told["bytes"] == 333 and told["page_bytes"] == len(written.encode())
    assert written.count("</script>") == 3 and "http://" not in written and "https://" not in written
    embedded = re.search(r'data-type="image/png">([^<]*)<', written)[1]
    assert PIL.Image.open(io.BytesIO(base64.b64decode(embedded))).size == (122, 94)


def test_what_no_page_can_be_made_of_is_refused(tmp_path, capsys):
    def refused(name: str, *options: str) -> str:
        assert main(["page", str(tmp_path / name), str(tmp_path / "out.html"), *options]) == 1
        assert not (tmp_path / "out.html").exists()
        (line,) = capsys.readouterr().err.splitlines()
        return line

    (tmp_path / "photo.daub").write_bytes(golden("photo"))
    (tmp_path / "cut.daub").write_bytes(golden("photo")[:-9])
    (tmp_path / "scene.daub").write_bytes(SCENE.read_bytes())
    PIL.Image.new("RGB", (48, 48)).save(tmp_path / "square.png")
    assert "there is no such file" in refused("none.daub")
    assert "cut.daub" in refused("cut.daub")
    assert "scene" in refused("scene.daub")
    assert "another shape" in refused("photo.daub", "--source", str(tmp_path / "square.png"))
    assert main(["page", str(tmp_path / "photo.daub"), str(tmp_path / "photo.daub")]) == 1
    assert "it is the source" in capsys.readouterr().err
    assert (tmp_path / "photo.daub").read_bytes() == golden("photo")


def test_the_wheel_keeps_what_is_below_it_and_a_drag_takes_it_along(browser, page):
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.actions.wheel_input import ScrollOrigin

    opened(browser, page(golden("photo")))
    under = "const { x, y, scale } = viewer.camera; return [x + arguments[0] / scale, y + arguments[1] / scale]"
    canvas = browser.driver.find_element("id", "picture")
    middle = canvas.size["width"] // 2, canvas.size["height"] // 2
    place = middle[0] + 20, middle[1] - 10
    before = browser.run(under, *place)
    origin = ScrollOrigin.from_element(canvas, 20, -10)
    ActionChains(browser.driver).scroll_from_origin(origin, 0, -480).perform()
    browser.wait_for(_SETTLED)
    assert browser.run("return viewer.camera.scale") == pytest.approx(4)
    assert browser.run(under, *place) == pytest.approx(before, abs=0.5 / 4 + 1e-6)  # to whole pixels of the screen

    before = browser.run(under, *middle)
    ActionChains(browser.driver).drag_and_drop_by_offset(canvas, 40, 24).perform()
    browser.wait_for(_SETTLED)
    assert browser.run(under, middle[0] + 40, middle[1] + 24) == pytest.approx(before, abs=1e-6)


def test_only_the_first_button_drags(browser, page):
    from selenium.webdriver.common.actions.action_builder import ActionBuilder
    from selenium.webdriver.common.actions.mouse_button import MouseButton

    opened(browser, page(golden("photo")))
    canvas = browser.driver.find_element("id", "picture")
    where = "const { x, y, scale } = viewer.camera; return [x, y, scale]"

    def dragged(button: int) -> list[float]:
        actions = ActionBuilder(browser.driver)
        actions.pointer_action.move_to(canvas).pointer_down(button).move_to(canvas, 40, 24).pointer_up(button)
        actions.perform()
        browser.wait_for(_SETTLED)
        return browser.run(where)

    before = browser.run(where)
    browser.run("addEventListener('contextmenu', (event) => event.preventDefault())")
    assert dragged(MouseButton.RIGHT) == before and dragged(MouseButton.MIDDLE) == before
    assert dragged(MouseButton.LEFT) != before


@pytest.mark.parametrize(
    "missing, why",
    [
        ("HTMLCanvasElement.prototype.getContext = function (kind, ...rest) "
         "{ return kind === 'webgl2' ? null : context.call(this, kind, ...rest) }", "there is no WebGL 2"),
        ("WebGL2RenderingContext.prototype.getExtension = (name) => null", "cannot add up 32-bit floats"),
    ],
)  # fmt: skip
def test_a_browser_without_float_targets_draws_on_the_cpu(browser, page, missing, why):
    path = page(golden("photo"))
    patch = f"<script>const context = HTMLCanvasElement.prototype.getContext; {missing}</script>"
    path.write_text(path.read_text("utf-8").replace("<body>", f"<body>{patch}"), "utf-8")
    opened(browser, path)
    assert f"drawn on the CPU ({why}" in text(browser, "facts").replace("this WebGL ", "")
    assert_alike(pane(browser), ours(golden("photo")))
