"""`bench rd` on rows whose answers are known, and what it takes from earlier measurements."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from PIL import Image
from stages import asking_for_it

from daub.app.bench import rd as bench_rd
from daub.app.bench import rd_files, rd_rates, rd_report
from daub.app.cli import main as cli
from daub.app.tasks.describing import describe
from daub.codec import images
from daub.codec.errors import DaubError
from daub.codec.evaluation import perceptual, rd_table
from daub.codec.evaluation.peers import peer_named
from daub.codec.evaluation.published import PUBLISHED, Published
from daub.codec.evaluation.rd_table import RdRow
from daub.render.cpu.backend import CpuRasteriser

CURVE = Published("Other", "a paper", tuple((2 * 2**i / 10, 26.0 + 3 * i) for i in range(4)))


def row(codec: str, setting: float, bpp: float, psnr: float, image: str = "a.png") -> RdRow:
    return RdRow(codec, image, setting, round(bpp * 48), bpp, psnr, 0.9, 1.5, 0.001)


def looking(one: RdRow, ssimulacra2: float | None, flip: float | None) -> RdRow:
    return replace(one, ssimulacra2=ssimulacra2, flip=flip)


def ours(first: int = 0, last: int = 3) -> list[RdRow]:
    """At half the rate of CURVE."""
    return [row("Daub", i, bpp / 2, psnr) for i, (bpp, psnr) in enumerate(CURVE.points[first : last + 1])]


def test_a_csv_reads_back_as_it_was(tmp_path):
    rows = [*ours(), replace(row("JPEG 2000", 37.5, 1 / 3, math.inf), image='odd, "name".png')]
    rows += [looking(rows[0], -12.5, 0.25), looking(rows[1], None, 0.125)]
    rd_table.write_csv(rows, tmp_path / "rd.csv")
    assert rd_table.read_csv(tmp_path / "rd.csv") == rows


def test_a_csv_from_before_there_were_perceptual_measures_is_read(tmp_path):
    rows, file = ours(), tmp_path / "rd.csv"
    rd_table.write_csv(rows, file)
    file.write_text("\n".join(line.rsplit(",", 2)[0] for line in file.read_text().splitlines()))
    assert file.read_text().splitlines()[0].endswith("encode_seconds,decode_seconds")
    assert rd_table.read_csv(file) == rows
    file.write_text("\n".join(line.rsplit(",", 1)[0] for line in file.read_text().splitlines()))
    with pytest.raises(DaubError, match="first line"):
        rd_table.read_csv(file)


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
    rd_table.write_csv(ours(), file)
    changed = change(file.read_bytes())
    file.write_bytes(changed or b"")
    with pytest.raises(DaubError, match=why) as refusal:
        rd_table.read_csv(file)
    assert str(refusal.value).startswith(f"cannot reuse {file}, ") and "bench rd --csv" in str(refusal.value)
    with pytest.raises(DaubError, match="no such file"):
        rd_table.read_csv(tmp_path / "none.csv")


@pytest.fixture
def folder(tmp_path):
    Image.linear_gradient("L").resize((24, 16)).convert("RGB").save(tmp_path / "a.png")
    return str(tmp_path)


def test_earlier_rows_stand_in_for_measuring(folder):
    sweep = peer_named("JPEG").sweep
    # The last setting is missing; another codec and another image are of no use.
    earlier = [row("JPEG", setting, 8 * 50 / 384, 99.0) for setting in sweep[:-1]]
    earlier = [replace(one, bytes=50, ssimulacra2=99.0, flip=0.01) for one in earlier]
    useless = [row("WebP", 1, 1, 99.0), row("Daub", 20000, 1, 99.0), row("JPEG", sweep[-1], 1, 99.0, "b.png")]
    done = bench_rd.bench_rd(CpuRasteriser(), folder, [20000], 0, 2, ["JPEG"], [*earlier, *useless])
    assert done[1:-1] == earlier
    assert [one.codec for one in done] == ["Daub", *["JPEG"] * len(sweep)]
    assert done[0].psnr < 99 and done[-1].psnr < 99 and done[-1].setting == sweep[-1]
    assert f"{len(sweep) - 1} of {len(sweep) + 1} files were measured earlier" in rd_report.rd_text(done, earlier)
    assert rd_report.rd_json(done, earlier)["reused_rows"] == len(sweep) - 1

    with pytest.raises(DaubError, match="another size"):
        bench_rd.bench_rd(CpuRasteriser(), folder, [20000], 0, 2, ["JPEG"], [replace(one, bytes=51) for one in earlier])
    with pytest.raises(DaubError, match="none is of these images and codecs"):
        bench_rd.bench_rd(CpuRasteriser(), folder, [20000], 0, 2, ["JPEG"], useless)


@pytest.fixture
def without_packages(monkeypatch):
    """Those of the extra `metrics` are not installed."""
    monkeypatch.setattr(perceptual, "find_spec", lambda name: None)


@pytest.mark.skipif(not perceptual.available(), reason="the extra metrics is not installed")
def test_what_lacks_perceptual_measures_is_measured_again(folder, tmp_path, monkeypatch, capsys):
    sweep = peer_named("JPEG").sweep
    known = [replace(row("JPEG", setting, 8 * 50 / 384, 99.0), bytes=50, flip=0.5) for setting in sweep]
    earlier = [replace(known[0], flip=None), *known[1:]]
    done = bench_rd.bench_rd(CpuRasteriser(), folder, [20000], 0, 2, ["JPEG"], earlier)
    assert done[2:] == earlier[1:] and done[1].psnr < 99
    for one in done[:2]:
        assert one.ssimulacra2 < 100 and 0 < one.flip < 1

    rd_table.write_csv(earlier, tmp_path / "rd.csv")
    monkeypatch.setattr(bench_rd, "bench_rd", lambda *_, **__: ours())
    assert cli.main(["bench", "rd", "--images", folder, "--reuse", str(tmp_path / "rd.csv")]) == 0
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "1 of its rows lack" in said and "measured again" in said


@pytest.mark.usefixtures("without_packages")
def test_without_the_packages_the_columns_are_left_out_with_a_line(folder, tmp_path, capsys):
    known = [replace(row("JPEG", setting, 8 * 50 / 384, 99.0), bytes=50) for setting in peer_named("JPEG").sweep]
    rd_table.write_csv(known, tmp_path / "rd.csv")
    command = ["bench", "rd", "--images", folder, "--reuse", str(tmp_path / "rd.csv"), "--codecs", "JPEG"]
    assert cli.main([*command, "--gaussians", "20000", "--effort", "0", "--csv", str(tmp_path / "new.csv")]) == 0
    printed = capsys.readouterr()
    assert printed.err.count(perceptual.MISSING) == printed.err.count("\n") == 1
    assert "SSIMULACRA2" not in printed.out and "FLIP" not in printed.out
    first, *others = rd_table.read_csv(tmp_path / "new.csv")
    assert others == known and first.ssimulacra2 is None and first.flip is None


def test_the_bd_rate_by_ssimulacra2_is_over_scores_from_10_to_80_at_any_rate():
    # A score rises by 10 where the rate doubles, from -20 at 0.01 bpp; Daub needs half of it from 10 to 80.
    scores = range(-20, 105, 5)
    theirs = [looking(row("JPEG", s, 0.01 * 2 ** (s / 10 + 2), 30 + s), float(s), 0.5) for s in scores]
    factors = [1 / 8 if s < 10 else 1 / 2 if s <= 80 else 2 for s in scores]
    daub = [replace(one, codec="Daub", bpp=f * one.bpp) for one, f in zip(theirs, factors, strict=True)]
    rows = [*daub, *theirs]
    assert max(one.bpp for one in daub if one.ssimulacra2 <= 80) > 2 * rd_rates.BPP_RANGE[1]
    assert rd_rates.bd_rates(rows)["JPEG"]["ssimulacra2"] == pytest.approx(-50, abs=1)
    per_image = rd_rates.bd_rates_per_image(rows)["JPEG"]
    assert per_image["ssimulacra2"] == pytest.approx(-50, abs=1) and per_image["ssimulacra2_left_out"] == 0
    found = rd_report.rd_json(rows)
    assert found["ssimulacra2_range"] == [10, 80]
    assert [point["flip"] for point in found["curves"]["JPEG"]] == [0.5] * len(theirs)

    poor = [one for one in theirs if one.ssimulacra2 < 10]
    assert rd_rates.bd_rates_per_image([*daub, *poor])["JPEG"]["ssimulacra2_left_out"] == 1


def test_tables_and_plots_have_the_perceptual_measures_that_there_are(tmp_path):
    rows = [looking(one, 20 + 15 * one.setting, 0.0625 / (1 + one.setting)) for one in ours()]
    rows += [replace(one, codec="JPEG", bpp=2 * one.bpp) for one in rows]
    header, _, first = rd_report.rd_text(rows).splitlines()[2:5]
    assert header.split()[5:8] == ["MS-SSIM", "SSIMULACRA2", "FLIP"]
    assert first.split()[5:8] == ["0.9000", "20.0", "0.0625"]
    assert rd_report.rd_text(rows).endswith("-50.0 %\n\nby SSIMULACRA2: over scores from 10 to 80, at any rate.")

    # b.png is too small for a score.
    two = [*rows, *(replace(one, image="b.png", ssimulacra2=None) for one in rows)]
    assert rd_rates.bd_rates(two)["JPEG"]["ssimulacra2"] is None
    assert rd_rates.bd_rates_per_image(two)["JPEG"]["ssimulacra2"] == pytest.approx(-50)
    text = rd_report.rd_text(two)
    assert text.splitlines()[4].split()[5:8] == ["0.9000", "-", "0.0625"]
    assert text.endswith("(by PSNR, by MS-SSIM and by SSIMULACRA2). JPEG: 0, 2 and 1")

    axes = axes_of(rows, tmp_path)
    assert [one.get_ylabel() for one in axes] == ["PSNR, dB", "MS-SSIM", "SSIMULACRA2"]


def axes_of(rows, folder, published=()):
    """What `plot` has drawn."""
    from matplotlib.figure import Figure

    figures = []
    savefig = Figure.savefig
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Figure, "savefig", lambda figure, *a, **k: (figures.append(figure), savefig(figure, *a, **k)))
        rd_files.plot(rows, str(folder / "rd.png"), published)
    return figures[0].axes


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
    wide = rd_rates.mean_bd_rate(rows[6:], rows[:6], rd_table.measured_qualities(rows), (0, math.inf))
    assert wide["psnr"] == pytest.approx(-37.5) and wide["ms_ssim"] == pytest.approx(-37.5)
    assert abs(rd_rates.bd_rates(rows)["JPEG"]["psnr"] + 37.5) > 3
    assert wide["psnr_left_out"] == wide["ms_ssim_left_out"] == 0


def test_images_whose_curves_share_too_little_are_left_out_and_counted():
    daub = ours()
    theirs = [replace(one, codec="JPEG", bpp=2 * one.bpp) for one in daub]
    far = [replace(one, image="far.png", psnr=one.psnr + 60 * (one.codec == "JPEG")) for one in (*daub, *theirs)]
    rows = [replace(one, ms_ssim=one.psnr / 100) for one in (*daub, *theirs, *far)]
    found = rd_report.rd_json(rows)["bd_rate_per_image"]["JPEG"]
    assert (found["psnr"], found["ms_ssim"]) == pytest.approx((-50, -50))
    assert found["psnr_left_out"] == found["ms_ssim_left_out"] == 1
    text = rd_report.rd_text(rows)
    assert "per image" in text and text.endswith("share too little (by PSNR and by MS-SSIM). JPEG: 1 and 1")

    nothing = rd_rates.bd_rates_per_image(rows[8:])["JPEG"]
    assert nothing["psnr"] is None and nothing["psnr_left_out"] == 1
    one_image = rd_report.rd_text(rows[:8])
    assert "by MS-SSIM" in one_image and "per image" not in one_image and "mean curve" not in one_image


def test_half_the_rate_of_a_published_curve_is_minus_50_percent():
    rate, low, high = rd_rates.against_published(ours(), CURVE)
    assert rate == pytest.approx(-50) and (low, high) == (26, 35)
    assert rd_rates.against_published(ours(1), CURVE)[1:] == (29, 35)


def test_too_little_of_a_curve_gives_no_bd_rate():
    assert rd_rates.against_published(ours(), replace(CURVE, points=CURVE.points[:2])) is None
    assert rd_rates.against_published([row("Daub", 1, 0.1, 25), row("Daub", 2, 0.2, 27.9)], CURVE) is None
    assert rd_rates.against_published(ours(2, 2), CURVE) is None


def test_published_curves_are_marked_and_the_axis_ends_with_ours(tmp_path):
    rows = [*ours(), *(replace(one, codec="JPEG", bpp=1.5 * one.bpp) for one in ours())]
    text = rd_report.rd_text(rows, published=PUBLISHED)
    assert "GaussianImage (published)" in text and "means over the 24 Kodak images, those of Daub over 1" in text
    assert "published" not in rd_report.rd_text(rows)
    found = rd_report.rd_json(rows, published=PUBLISHED)["published"]
    assert list(found) == ["GaussianImage", "GaussianImage++"]
    assert found["GaussianImage"]["psnr_range"] == (26, 30.49) and found["GaussianImage++"]["bd_rate_psnr"] is None
    assert rd_report.rd_json(rows)["published"] == {}

    psnr_axes, ms_ssim_axes = axes_of(rows, tmp_path, PUBLISHED)
    assert 1.2 <= psnr_axes.get_xlim()[1] < 1.286 and psnr_axes.get_xlim() == ms_ssim_axes.get_xlim()
    assert len(psnr_axes.lines) == 4 and len(ms_ssim_axes.lines) == 2
    assert [line.get_linestyle() for line in psnr_axes.lines] == ["-", "-", "--", "None"]


def test_published_curves_are_for_kodak_alone(folder):
    with pytest.raises(DaubError, match="has 24x16"):
        bench_rd.bench_rd(CpuRasteriser(), folder, [600], 0, 2, ["JPEG"], only_kodak=True)
