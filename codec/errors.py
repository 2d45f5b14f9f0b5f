"""The one error a user may see: a single line saying what is wrong, why, and what to do."""


class DaubError(Exception):
    """Something outside the program is wrong: a file, a number, a device.

    Args:
        what: what failed, naming the file or option.
        why: the cause.
        remedy: what the user can do about it.
    """

    def __init__(self, what: str, why: str, remedy: str):
        super().__init__(", ".join(" ".join(part.split()) for part in (what, why, remedy)))
