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


class Large(DaubError):
    """What a file or a request asks for is allowed, but so large that it is done only for who says so."""

    def __init__(self, what: str, why: str, remedy: str = "choose a smaller size, or say that so large is meant"):
        super().__init__(what, why, remedy)
        self.what, self.why = what, why

    def with_remedy(self, remedy: str) -> DaubError:
        """The same, with how it is said where the user is."""
        return DaubError(self.what, self.why, remedy)
