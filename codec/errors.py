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

    def call(self, path: str, name: str) -> None:
        """Says `name` where it says `path`: what the user calls that file."""
        self.args = (str(self).replace(path, name),)


class Large(DaubError):
    """What a file or a request asks for is allowed, but so large that it is done only for who says so.

    Args:
        size_helps: it is less at a smaller size.
    """

    def __init__(self, what: str, why: str, size_helps: bool = True):
        meant = "say that so much is meant (--yes-large, or in Python large=True)"
        super().__init__(what, why, f"choose a smaller size, or {meant}" if size_helps else meant)
        self.size_helps = size_helps
        self._what, self._why = what, why

    def call(self, path: str, name: str) -> None:
        super().call(path, name)
        self._what, self._why = self._what.replace(path, name), self._why.replace(path, name)

    def with_remedy(self, remedy: str) -> DaubError:
        """The same, in the words of the place where the user is."""
        return DaubError(self._what, self._why, remedy)
