"""What a row of the sources says of itself."""

from __future__ import annotations

from daub.app.model.picture.origin import FileOrigin
from daub.app.model.picture.picture import WHITE, PictureKey
from daub.app.model.sources.source import Figures, Kind, Source, size_text


def row(kind=Kind.RESULT, **known) -> Source:
    return Source("a", kind, "Name", PictureKey(FileOrigin("a.png"), (0, 0), WHITE), 100, 80, **known)


def test_sizes_have_four_digits():
    assert [size_text(n) for n in (812, 35_128, 135_060, 1_354_000)] == ["812 bytes", "35.13 kB", "135.1 kB", "1.35 MB"]


def test_facts_are_those_that_are_known_and_a_tilde_marks_the_others():
    assert row().facts == ()
    assert row(bytes=2000).facts == ("2.00 kB", "2.000 bpp")
    figures = Figures(31.234, 0.98765)
    assert row(bytes=2000, figures=figures).facts == ("2.00 kB", "2.000 bpp", "31.23 dB", "MS-SSIM 0.9877")
    estimate = row(Kind.LIVE, bytes=2000, figures=Figures(31.234), is_estimate=True)
    assert estimate.facts == ("~2.00 kB", "~2.000 bpp", "~31.23 dB")
