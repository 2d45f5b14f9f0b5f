"""`bench rd` on rows whose answers are known, and what it takes from earlier measurements."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from PIL import Image
from stages import asking_for_it

from daub.app.bench import rd as bench_rd
from daub.app.bench import rd_files
from daub.app.bench.rd import RdRow
from daub.app.tasks import describe
from daub.codec import images
from daub.codec.errors import DaubError
from daub.codec.evaluation.peers import peer_named
from daub.codec.evaluation.published import PUBLISHED, Published
from daub.render.cpu.backend import CpuRasteriser

CURVE = Published("Other", "a paper", tuple((2 * 2**i / 10, 26.0 + 3 * i) for i in range(4)))


def row(codec: str, setting: float, bpp: float, psnr: float, image: str = "a.png") -> RdRow:
    return RdRow(codec, image, setting, round(bpp * 48), bpp, psnr, 0.9, 1.5, 0.001)


def ours(first: int = 0, last: int = 3) -> list[RdRow]:
    """At half the rate of CURVE."""
    return [row("Daub", i, bpp / 2, psnr) for i, (bpp, psnr) in enumerate(CURVE.points[first : last + 1])]


def test_a_csv_reads_back_as_it_was(tmp_path):
    rows = [*ours(), replace(row("JPEG 2000", 37.5, 1 / 3, math.inf), image='odd, "name".png')]
    rd_files.write_csv(rows, tmp_path / "rd.csv")
    assert rd_files.read_csv(tmp_path / "rd.csv") == rows


@pytest.mark.parametrize(
    "change, why",
    [
        (lambda text: "", "first line"), (lambda text: text.replace(b"psnr", b"snr"), "first line"),
        (lambda text: text.splitlines()[0], "no measurements"), (lambda text: text + b"Daub,a.png,1", "line 6"),
        (lambda text: text.replace(b"1.5", b"fast"), "line 2"), (lambda text: text + b"\xff", "plain text"),
        (lambda text: text.replace(b"1.5", b"1.5,1.5"), "line 2"),
    ],
)  # fmt: skip
def test_a_bad_csv_is_refused_in_one_line(tmp_path, change, why):
    file = tmp_path / "rd.csv"
    rd_files.write_csv(ours(), file)
    changed = change(file.read_bytes())
    file.write_bytes(changed or b"")
    with pytest.raises(DaubError, match=why) as refusal:
        rd_files.read_csv(file)
    assert str(refusal.value).startswith(f"cannot reuse {file}, ") and "bench rd --csv" in str(refusal.value)
    with pytest.raises(DaubError, match="no such file"):
        rd_files.read_csv(tmp_path / "none.csv")


@pytest.fixture
def folder(tmp_path):
    Image.linear_gradient("L").resize((24, 16)).convert("RGB").save(tmp_path / "a.png")
    return str(tmp_path)


def test_earlier_rows_stand_in_for_measuring(folder):
    sweep = peer_named("JPEG").sweep
    # The last setting is missing; another codec and another image are of no use.
    earlier = [row("JPEG", setting, 8 * 50 / 384, 99.0) for setting in sweep[:-1]]
    earlier = [replace(one, bytes=50) for one in earlier]
    useless = [row("WebP", 1, 1, 99.0), row("Daub", 20000, 1, 99.0), row("JPEG", sweep[-1], 1, 99.0, "b.png")]
    done = bench_rd.bench_rd(CpuRasteriser(), folder, [20000], 0, 2, ["JPEG"], [*earlier, *useless])
    assert done[1:-1] == earlier
    assert [one.codec for one in done] == ["Daub", *["JPEG"] * len(sweep)]
    assert done[0].psnr < 99 and done[-1].psnr < 99 and done[-1].setting == sweep[-1]
    assert f"{len(sweep) - 1} of {len(sweep) + 1} files were measured earlier" in bench_rd.rd_text(done, earlier)
    assert bench_rd.rd_json(done, earlier)["reused_rows"] == len(sweep) - 1

    with pytest.raises(DaubError, match="another size"):
        bench_rd.bench_rd(CpuRasteriser(), folder, [20000], 0, 2, ["JPEG"], [replace(one, bytes=51) for one in earlier])
    with pytest.raises(DaubError, match="none is of these images and codecs"):
        bench_rd.bench_rd(CpuRasteriser(), folder, [20000], 0, 2, ["JPEG"], useless)


def test_the_sweep_counts_fitted_gaussians_of_which_files_leave_some_out(folder, tmp_path):
    rasteriser = CpuRasteriser()
    pixels = images.load(tmp_path / "a.png").pixels
    sweep = [
        bench_rd.daub_row("a.png", pixels, 60_000, effort, 5, rasteriser, tmp_path / f"{effort}.daub")
        for effort in (0, 5)
    ]
    fitted = round(60_000 * 24 * 16 / (768 * 512))
    left = [describe(str(tmp_path / f"{effort}.daub")).gaussians for effort in (0, 5)]
    assert all(0 < count < fitted for count in left)
    assert [row.setting for row in sweep] == [60_000, 60_000] and sweep[0].bytes != sweep[1].bytes


def test_a_file_is_scored_by_what_its_stages_make_of_it(inverting, folder, tmp_path, monkeypatch):
    rasteriser, pixels = CpuRasteriser(), images.load(tmp_path / "a.png").pixels

    def scored():
        return bench_rd.daub_row("a.png", pixels, 60_000, 0, 20, rasteriser, tmp_path / "a.daub")

    plain = scored()
    whole = bench_rd.encode

    def asking(pixels, settings, rasteriser):
        encoded = yield from whole(pixels, settings, rasteriser)
        return replace(encoded, data=asking_for_it(encoded.data))

    monkeypatch.setattr(bench_rd, "encode", asking)
    assert scored().psnr < 15 < 25 < plain.psnr, "a gradient from black to white, upside down"


def test_the_bd_rate_per_image_does_not_depend_on_how_rates_are_shared_out():
    busy = [row("JPEG", i, 0.1 * 2**i, 20.0 + 2 * i, "busy.png") for i in range(3)]
    plain = [row("JPEG", i, 0.1 * 1.3**i, 30.0 + 2 * i, "plain.png") for i in range(3)]  # saves where it can
    rows = [*busy, *plain]
    rows += [replace(one, codec="Daub", bpp=one.bpp * (0.5 if one.image == "busy.png" else 0.75)) for one in rows]
    rows = [replace(one, ms_ssim=one.psnr / 100) for one in rows]
    wide = bench_rd.mean_bd_rate(rows[6:], rows[:6], 0, math.inf)
    assert wide["psnr"] == pytest.approx(-37.5) and wide["ms_ssim"] == pytest.approx(-37.5)
    assert abs(bench_rd.bd_rates(rows)["JPEG"]["psnr"] + 37.5) > 3
    assert wide["psnr_left_out"] == wide["ms_ssim_left_out"] == 0


def test_images_whose_curves_share_too_little_are_left_out_and_counted():
    daub = ours()
    theirs = [replace(one, codec="JPEG", bpp=2 * one.bpp) for one in daub]
    far = [replace(one, image="far.png", psnr=one.psnr + 60 * (one.codec == "JPEG")) for one in (*daub, *theirs)]
    rows = [replace(one, ms_ssim=one.psnr / 100) for one in (*daub, *theirs, *far)]
    found = bench_rd.rd_json(rows)["bd_rate_per_image"]["JPEG"]
    assert (found["psnr"], found["ms_ssim"]) == pytest.approx((-50, -50))
    assert found["psnr_left_out"] == found["ms_ssim_left_out"] == 1
    text = bench_rd.rd_text(rows)
    assert "per image" in text and text.endswith("share too little (by PSNR and by MS-SSIM). JPEG: 1 and 1")

    nothing = bench_rd.bd_rates_per_image(rows[8:])["JPEG"]
    assert nothing["psnr"] is None and nothing["psnr_left_out"] == 1
    one_image = bench_rd.rd_text(rows[:8])
    assert "by MS-SSIM" in one_image and "per image" not in one_image and "mean curve" not in one_image


def test_half_the_rate_of_a_published_curve_is_minus_50_percent():
    rate, low, high = bench_rd.against_published(ours(), CURVE)
    assert rate == pytest.approx(-50) and (low, high) == (26, 35)
    assert bench_rd.against_published(ours(1), CURVE)[1:] == (29, 35)


def test_too_little_of_a_curve_gives_no_bd_rate():
    assert bench_rd.against_published(ours(), replace(CURVE, points=CURVE.points[:2])) is None
    assert bench_rd.against_published([row("Daub", 1, 0.1, 25), row("Daub", 2, 0.2, 27.9)], CURVE) is None
    assert bench_rd.against_published(ours(2, 2), CURVE) is None


def test_published_curves_are_marked_and_the_axis_ends_with_ours(tmp_path, monkeypatch):
    rows = [*ours(), *(replace(one, codec="JPEG", bpp=1.5 * one.bpp) for one in ours())]
    text = bench_rd.rd_text(rows, published=PUBLISHED)
    assert "GaussianImage (published)" in text and "means over the 24 Kodak images, those of Daub over 1" in text
    assert "published" not in bench_rd.rd_text(rows)
    found = bench_rd.rd_json(rows, published=PUBLISHED)["published"]
    assert list(found) == ["GaussianImage", "GaussianImage++"]
    assert found["GaussianImage"]["psnr_range"] == (26, 30.49) and found["GaussianImage++"]["bd_rate_psnr"] is None
    assert bench_rd.rd_json(rows)["published"] == {}

    from matplotlib.figure import Figure

    figures = []
    savefig = Figure.savefig
    monkeypatch.setattr(Figure, "savefig", lambda figure, *a, **k: (figures.append(figure), savefig(figure, *a, **k)))
    rd_files.plot(rows, str(tmp_path / "rd.png"), PUBLISHED)
    psnr_axes, ms_ssim_axes = figures[0].axes
    assert 1.2 <= psnr_axes.get_xlim()[1] < 1.286 and psnr_axes.get_xlim() == ms_ssim_axes.get_xlim()
    assert len(psnr_axes.lines) == 4 and len(ms_ssim_axes.lines) == 2
    assert [line.get_linestyle() for line in psnr_axes.lines] == ["-", "-", "--", "None"]


def test_published_curves_are_for_kodak_alone(folder):
    with pytest.raises(DaubError, match="has 24x16"):
        bench_rd.bench_rd(CpuRasteriser(), folder, [600], 0, 2, ["JPEG"], only_kodak=True)
