"""What the result panel writes."""

from __future__ import annotations

from daub.app.window.panels.result_panel import size_text


def test_sizes_have_four_digits():
    assert [size_text(n) for n in (812, 35_128, 135_060, 1_354_000)] == ["812 bytes", "35.13 kB", "135.1 kB", "1.35 MB"]
