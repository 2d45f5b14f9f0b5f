"""What a process that trains tells while the window is busy: none of it is lost that still holds."""

from __future__ import annotations

from pathlib import Path

from daub.app.model.scene import training
from daub.app.model.work.latest import Latest
from daub.codec.scenes.training.settings import TrainingSettings


class Told:
    """A process that has told all this already."""

    def __init__(self, *heads):
        self._heads = iter(heads)

    def receive(self):
        return next(self._heads), []


def test_that_it_pauses_is_seen_however_long_the_window_was_busy(monkeypatch):
    monkeypatch.setattr(training, "grown", lambda document, splats, is_growing: document)
    monkeypatch.setattr(training, "_splats", lambda arrays: None)
    run, posted, grew = training._Run(Path("shots"), TrainingSettings(), False, False), [], []
    run.progress = Latest({}, lambda: posted.append(True))
    run._process = Told(
        {"progress": {"step": 1, "paused": False}}, {"progress": {"step": 2, "paused": True}}, {"scene": {}},
        {"done": {"steps": 2}},
    )  # fmt: skip
    assert run.listen(grew.append)[0] == {"steps": 2} and len(grew) == 1
    assert posted == [True], "one message, however much has been told"
    assert run.progress.take()[0] == {"step": 2, "paused": True}
