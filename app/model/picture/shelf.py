"""The pictures that were open lately, so that going back to one need not read it again."""

from __future__ import annotations

from daub.app.model.picture.picture import Picture, PictureKey

BUDGET = 256_000_000  # bytes that the pictures beside the newest may take together: some thirty photos, no 8K one


class Shelf:
    """Args: budget: bytes; what goes beyond is taken down, the longest unused first, but never the newest."""

    def __init__(self, budget: int = BUDGET):
        self._budget = budget
        self._pictures: dict[PictureKey, Picture] = {}  # the newest last

    def put(self, picture: Picture) -> None:
        """Makes it the newest."""
        self._pictures.pop(picture.key, None)
        spare = self._budget
        for key, older in reversed(list(self._pictures.items())):
            spare -= older.memory
            if spare < 0:
                del self._pictures[key]
        self._pictures[picture.key] = picture

    def get(self, key: PictureKey) -> Picture | None:
        """None where it must be read again."""
        return self._pictures.get(key)
