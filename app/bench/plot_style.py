"""What the RD plot of `bench` and the report of `demo` share: one colour for each codec, one page."""

DAUB = "Daub"  # its name among the codecs
STYLE = {"page": "#fbfaf7", "ink": "#22242a", "faint": "#6d7078", "grid": "#e4e2dc"}
# Okabe and Ito 2008: told apart by colour-blind readers too.
_COLOURS = {
    DAUB: "#d55e00",
    "JPEG": "#7f7f7f",
    "WebP": "#009e73",
    "AVIF": "#0072b2",
    "JPEG 2000": "#cc79a7",
    "JPEG XL": "#c39a00",
    "AVIF speed 2": "#56b4e9",
}


def colour_of(codec: str) -> str:
    """The colour of a codec, "#rrggbb"; that of the text for one that is not known."""
    return _COLOURS.get(codec, STYLE["ink"])
