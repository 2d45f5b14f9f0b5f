"""`daub.js` in a real browser gives the pixels that our decoder gives, and refuses what it refuses."""

from __future__ import annotations

import base64

import numpy as np
import pytest
import second_decoder
from browser import GOLDEN, assert_alike, golden, ours, ours_transparent, pixels_of
from scenes import steep

from daub.codec import container
from daub.codec.container import Chunk
from daub.codec.container.method import PARAMETRISATIONS
from daub.codec.entropy.coders import Raw
from daub.codec.errors import DaubError, Large
from daub.codec.rounding.trained import ByColumns, Half
from daub.codec.symbols import Grid, quantise, step_index
from daub.codec.training import web_tables
from daub.render.strips import Region

TRANSPARENT = "transparent/photo"
NAMES = sorted(str(path.relative_to(GOLDEN).with_suffix("")) for path in GOLDEN.rglob("*.daub"))
NAMES.remove(TRANSPARENT)  # which is not drawn as opaque pixels
WAYS = {"cpu": "drawn on the CPU", "auto": "drawn by WebGL"}


def test_the_script_carries_the_tables_that_are_installed():
    script = web_tables.SCRIPT.read_text("utf-8")
    wanted = web_tables.tables_in(web_tables.with_tables(script))
    assert web_tables.tables_in(script) == wanted, "run: python -m daub.codec.training.web_tables"


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_pixels_are_those_of_our_decoder(browser, name, how):
    data = golden(name)
    width, height = container.read_size(data)
    for scale in (1, 2, 1 / 2):
        size = round(width * scale), round(height * scale)
        if size != (width * scale, height * scale):
            continue  # a picture with an odd side, which ours would stretch a little
        drawn = browser.draw(data, how, scale=scale, width=size[0], height=size[1])
        assert_alike(drawn["pixels"], ours(data, size))
        assert WAYS[how] in drawn["how"]


@pytest.mark.parametrize("how", WAYS)
def test_a_transparent_file_is_drawn_with_its_alpha(browser, how):
    data = golden(TRANSPARENT)
    for scale, size in ((1, (61, 47)), (2, (122, 94))):
        drawn = browser.draw_transparent(data, how, scale=scale, width=size[0], height=size[1]).astype(int)
        expected = ours_transparent(data, size).astype(int)
        assert expected[..., 3].min() == 0 and expected[..., 3].max() == 255
        assert np.abs(drawn[..., 3] - expected[..., 3]).max() <= 1
        # A canvas keeps colours multiplied by alpha, in 8 bits: what is seen of them is the same to a level.
        seen, wanted = (each[..., :3] * each[..., 3:] / 255 for each in (drawn, expected))
        assert np.abs(seen - wanted).max() <= 1.6
        opaque = expected[..., 3] == 255
        assert opaque.sum() > 10 and np.abs(drawn - expected)[opaque].max() <= 1
    assert browser.draw(golden("photo"), how)["pixels"].shape == (47, 61, 3)  # and an opaque one after it is opaque


@pytest.mark.parametrize("how", WAYS)
def test_the_steepest_that_a_file_may_hold_are_drawn_as_by_our_decoder(browser, how):
    rng, grid = np.random.default_rng(4), Grid(62, 46, step_index(0.05), 3)
    gaussians = steep(rng, 30, 62, 46, (1, 30))
    gaussians.mean[:] = rng.uniform((0, 0), (61, 45), (30, 2))
    data = container.write(quantise(gaussians, grid), grid)
    for scale, size in ((1, (62, 46)), (1 / 2, (31, 23))):
        drawn = browser.draw(data, how, scale=scale, width=size[0], height=size[1])
        assert np.ptp(drawn["pixels"]) > 150
        assert_alike(drawn["pixels"], ours(data, size))


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("scale", [40, 5000])
def test_a_part_far_into_the_picture_is_drawn_sharp(browser, how, scale):
    data = golden("photo")
    width, height = container.read_size(data)
    region = Region(7 * scale + 11, 5 * scale + 3, 60, 50)
    view = {"x": region.x / scale, "y": region.y / scale, "scale": scale, "width": 60, "height": 50}
    drawn = browser.draw(data, how, **view)
    assert_alike(drawn["pixels"], ours(data, (width * scale, height * scale), region))


@pytest.mark.parametrize("how", WAYS)
def test_the_first_gaussians_alone(browser, how):
    data = golden("photo")
    width, height, _, parameters = second_decoder.decode(data)
    for count in (0, 10):
        drawn = browser.draw(data, how, count=count)
        assert_alike(drawn["pixels"], second_decoder.render(width, height, parameters[:count]))
    strongest = np.argsort(-(parameters[:, 5:] ** 2).sum(1), kind="stable")[:10]
    drawn = browser.draw(data, how, count=10, strongestFirst=True)
    assert_alike(drawn["pixels"], second_decoder.render(width, height, parameters[strongest]))


def test_what_is_not_shown_is_said(browser):
    document = container.read(golden("photo")).with_chunk(Chunk(b"t", b"\1"))
    assert browser.draw(document.to_bytes())["remarks"] == []
    for chunk in (Chunk(b"r", b"\4\1\0"), Chunk(b"x", b"?"), Chunk(b"z", b"")):
        document = document.with_chunk(chunk)
    mends, others = browser.draw(document.to_bytes())["remarks"]
    assert "without" in mends and others.endswith("x, z.")


@pytest.mark.parametrize("name", ["photo", "methods/cholesky", "methods/unbounded"])
def test_whatever_is_cut_short_is_refused(browser, name):
    data = golden(name)
    why = browser.wait_for(
        """const [file, done] = arguments, bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
        import("/web/daub.js").then(({ decode }) => Promise.all(Array.from(bytes, (_, length) =>
            decode(bytes.slice(0, length)).then(() => "taken", (error) => error.message)))).then(done);""",
        base64.b64encode(data).decode(),
    )
    assert len(why) == len(data)
    assert all(line.startswith(("this is not a .daub", "version", "the file is damaged")) for line in why), set(why)


def damaged_inside(data: bytes, rng: np.random.Generator) -> bytes:
    """The file with one bit of its last chunk turned over, and a checksum that says that all is well."""
    *before, last = container.read(data).chunks
    content = bytearray(last.content)
    content[rng.integers(len(content))] ^= 1 << rng.integers(8)
    changed = Chunk(last.tag, bytes(content))
    return data[:5] + b"".join(chunk.to_bytes() for chunk in (*before, changed))


def parameters_of(data: bytes) -> np.ndarray | None:
    """(N, 8) as our reader understands them, None where it refuses the file."""
    try:
        return container.read(data).gaussians.parameters
    except DaubError:
        return None


@pytest.mark.parametrize("name", ["corners", "photo", *(name for name in NAMES if "methods" in name)])
def test_damage_that_no_checksum_tells_is_taken_and_refused_as_by_our_decoder(browser, name):
    rng = np.random.default_rng(3)
    files = [damaged_inside(golden(name), rng) for _ in range(30)]
    found = browser.wait_for(
        """const [files, done] = arguments;
        import("/web/daub.js").then(({ decode }) => Promise.all(files.map((file) =>
            decode(Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0))).then(
                (picture) => [...picture.parameters], (error) => error.message)))).then(done);""",
        [base64.b64encode(file).decode() for file in files],
    )
    for file, theirs in zip(files, found, strict=True):
        expected = parameters_of(file)
        if expected is None:
            assert isinstance(theirs, str) and "damaged" in theirs
        else:
            np.testing.assert_allclose(np.reshape(theirs, (-1, 8)), expected, rtol=1e-4, atol=1e-4)


def test_what_is_damaged_or_of_another_kind_is_one_line(browser):
    data = golden("photo")
    scene = (GOLDEN.parents[1] / "scenes" / "coding" / "golden" / "cloud.daub").read_bytes()
    flipped = bytearray(data)
    flipped[100] ^= 4
    cases = {
        b"\xff\xd8\xff\xe0": "not a .daub file",
        b"DAUB\x03" + data[5:]: "version 3",
        bytes(flipped): "a checksum is wrong",
        data + b"\0": "bytes follow",
        scene: "3D scene",
    }
    for content, words in cases.items():
        why = browser.draw(content)["why"]
        assert words in why and "\n" not in why, why


def test_what_would_keep_a_browser_busy_for_minutes_is_refused(browser):
    """As our decoder does it only when it is asked for."""
    side, raw = 1 << 13, np.zeros((300, 8))
    raw[:, 2:4] = 9  # log l: each covers the whole picture
    raw[0, 5:] = 1  # or a column would have no range
    quantiser = ByColumns((8, Half()))
    quantiser.begin(raw)
    data = container.write_profiled(raw, side, side, dict(PARAMETRISATIONS)["native"], quantiser, Raw())
    with pytest.raises(Large):
        container.check_work(container.read(data).gaussians, side, side)
    assert "more than a page draws" in browser.draw(data, width=10, height=10)["why"]


_CANVAS = """const [done] = arguments, element = document.querySelector("img-daub");
const canvas = element.shadowRoot.querySelector("canvas"), { width, height } = canvas;
let text = "";
for (const byte of canvas.getContext("2d").getImageData(0, 0, width, height).data) text += String.fromCharCode(byte);
done({ width, pixels: btoa(text), role: element.getAttribute("role"), label: element.getAttribute("aria-label") });"""
_LOADED = """const [done] = arguments, element = document.querySelector("img-daub");
const said = element.shadowRoot?.querySelector("p");
if (element.picture || said) done(said?.textContent ?? ""); else
for (const name of ["load", "error"]) element.addEventListener(name, (event) => done(event.message ?? ""));"""


def with_element(browser, source: str, style: str = "") -> str:
    """Opens a page with nothing but the script and an element; what the element says against it."""
    page = f'<script type="module" src="/web/daub.js"></script><img-daub src="{source}" alt="A hill"></img-daub>'
    (browser.folder / "element.html").write_text(f"<!doctype html><style>{style}</style>{page}")
    browser.open("element.html")
    return browser.wait_for(_LOADED)


def test_the_element_shows_a_file_at_its_size_and_anew_at_another(browser):
    data = golden("photo")
    (browser.folder / "photo.daub").write_bytes(data)
    assert with_element(browser, "photo.daub") == ""
    shown = browser.wait_for(_CANVAS)
    assert_alike(pixels_of(shown["pixels"], shown["width"]), ours(data))
    assert (shown["role"], shown["label"]) == ("img", "A hill")

    width, height = container.read_size(data)
    assert with_element(browser, "photo.daub", f"img-daub {{ width: {3 * width}px }}") == ""
    shown = browser.wait_for(_CANVAS)
    assert_alike(pixels_of(shown["pixels"], shown["width"]), ours(data, (3 * width, 3 * height)))


@pytest.mark.parametrize("source, words", [("none.daub", "cannot be had"), ("cut.daub", "the file is damaged")])
def test_the_element_says_why_it_shows_nothing(browser, source, words):
    (browser.folder / "cut.daub").write_bytes(golden("photo")[:-3])
    assert words in with_element(browser, source)
    assert words in browser.run('return document.querySelector("img-daub").shadowRoot.querySelector("p").textContent')


def test_a_worker_that_cannot_start_is_said_by_every_element(browser):
    (browser.folder / "photo.daub").write_bytes(golden("photo"))
    # As a policy of a site does that allows no workers.
    policy = "<meta http-equiv=Content-Security-Policy content=\"worker-src 'none'\">"
    page = '<script type="module" src="/web/daub.js"></script><img-daub src="photo.daub"></img-daub>'
    (browser.folder / "element.html").write_text(f"<!doctype html>{policy}{page}")
    browser.open("element.html")
    words = "it cannot be shown: its worker cannot be started"
    assert browser.wait_for(_LOADED) == words
    later = """const [done] = arguments, element = document.createElement("img-daub");
    element.addEventListener("error", (event) => done(event.message));
    element.setAttribute("src", "photo.daub");
    document.body.append(element);"""
    assert browser.wait_for(later) == words


def test_the_worker_forgets_pictures_of_elements_that_have_gone(browser):
    (browser.folder / "photo.daub").write_bytes(golden("photo"))
    assert with_element(browser, "photo.daub") == ""
    browser.run("""globalThis.forgotten = [];
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...rest) {
        if (message.kind === "forget") forgotten.push(message.key);
        return post.call(this, message, ...rest);
    };""")
    key = browser.run("return document.querySelector('img-daub').picture.key")
    browser.run("document.querySelector('img-daub').remove()")
    for _ in range(20):
        browser.driver.execute_cdp_cmd("HeapProfiler.collectGarbage", {})
        if found := browser.wait_for("const [done] = arguments; setTimeout(() => done(forgotten), 50)"):
            break
    assert found == [key]


def test_the_element_follows_its_source(browser):
    (browser.folder / "photo.daub").write_bytes(golden("photo"))
    (browser.folder / "corners.daub").write_bytes(golden("corners"))
    with_element(browser, "photo.daub")
    change = """const [source, done] = arguments, element = document.querySelector("img-daub");
    element.addEventListener("load", () => done());
    element.setAttribute("src", source);"""
    browser.wait_for(change, "corners.daub")
    shown = browser.wait_for(_CANVAS)
    assert_alike(pixels_of(shown["pixels"], shown["width"]), ours(golden("corners")))
    left = """const element = document.querySelector("img-daub");
    element.removeAttribute("src");
    return element.shadowRoot.childElementCount"""
    assert browser.run(left) == 0
