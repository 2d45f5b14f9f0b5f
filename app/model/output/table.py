"""The figures of results and of what other codecs have made as a table, to be pasted into a text or a spreadsheet.

>>> table = [{"File": "a|b", "Bytes": "1200"}, {"File": "c", "Bytes": "90"}]
>>> print(as_markdown(table))
| File | Bytes |
| :--- | ---: |
| a\\|b | 1200 |
| c | 90 |
<BLANKLINE>
>>> print(as_csv(table))
File,Bytes
a|b,1200
c,90
<BLANKLINE>
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from daub.app.model.sources.source import Figures, Source
from daub.app.model.workspace.result import Result

Row = dict[str, str]  # by heading; what is unknown is ""
_WORDS = ("File", "Name", "Settings")  # columns that are no numbers


def row_of(source: Source, result: Result | None) -> Row:
    """Its figures, with what they are in.

    Args:
        result: what it is a row of, None for what another codec has made.
    """
    known = source.figures or Figures()
    encoded, looks = None if result is None else result.encoded, known.perceptual
    return {
        "File": source.picture.origin.name,
        "Name": source.name,
        "Settings": source.remark if result is None else settings_words(result),
        "Gaussians": "" if encoded is None else str(len(encoded.gaussians)),
        "Bytes": "" if source.bytes is None else str(source.bytes),
        "bpp": "" if source.bits_per_pixel is None else f"{source.bits_per_pixel:.4f}",
        "PSNR (dB)": "" if known.psnr is None else f"{known.psnr:.3f}",
        "MS-SSIM": "" if known.ms_ssim is None else f"{known.ms_ssim:.5f}",
        "SSIMULACRA2": "" if looks is None else f"{looks.ssimulacra2:.2f}",
        "FLIP": "" if looks is None else f"{looks.flip:.4f}",
        "Encoded in (s)": "" if encoded is None else f"{encoded.encode_seconds:.1f}",
    }


def settings_words(result: Result) -> str:
    """As in "quality 50, effort 5, 300 steps, seed 0"."""
    settings, method = result.settings, result.state.method
    steps = settings.steps if result.encoded is None else result.encoded.steps
    words = [str(settings.goal), f"effort {settings.effort}", f"seed {settings.seed}"]
    if steps is not None:  # of a file on the disk it is not known what its effort has made of them
        words.insert(2, f"{steps} steps")
    if settings.tune is not None:
        words.insert(1, f"tuned for {settings.tune}")
    if settings.restore:
        words.append("restored where it pays")
    return ", ".join([method.name, *words])


def as_csv(rows: Sequence[Row]) -> str:
    """Comma-separated, with the headings."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def as_markdown(rows: Sequence[Row]) -> str:
    """A table of Markdown, numbers to the right."""
    headings = list(rows[0])
    lines = [headings, [":---" if each in _WORDS else "---:" for each in headings]]
    lines += [[row[each].replace("|", "\\|") for each in headings] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
