"""One file and what to do with it, as JSON: what the processes of this machine and the workers of Dask are given.

What the bytes of the output depend on is a part of its own, `settings`, of which the journal keeps the digest.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import Any

from daub.app.tasks.decoding import DecodeRequest
from daub.app.tasks.encoding import EncodeRequest
from daub.codec.settings import EncodeSettings
from daub.codec.targets import Replacing
from daub.render.strips import Region

Request = EncodeRequest | DecodeRequest
_VERBS: dict[str, type[Request]] = {"encode": EncodeRequest, "decode": DecodeRequest}
_PLACES = "source", "target"  # of a request: where, and nothing of what
_RULES = "strict", "replacing", "large"  # whether a file is made, and nothing of what is in it


def settings_of(request: Request) -> dict[str, Any]:
    """What is in the output, as JSON: "verb", and the options that its bytes depend on."""
    (verb,) = (verb for verb, kind in _VERBS.items() if type(request) is kind)
    values = asdict(replace(request, source="", target=""))
    if isinstance(request, EncodeRequest):
        values["settings"] = request.settings.as_dict()
    return {"verb": verb, **{key: value for key, value in values.items() if key not in (*_PLACES, *_RULES)}}


def settings_digest(request: Request, also: dict[str, Any]) -> str:
    """A digest of these: SHA-256 of their JSON, hexadecimal.

    Args:
        also: what else counts, such as the content of files that are named in the request.
    """
    text = json.dumps({**settings_of(request), **also}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def task_of(request: Request, source: str, target: str) -> dict[str, Any]:
    """A request about one file, as JSON.

    Args:
        source, target: paths or URLs.
    """
    rules = {"strict": getattr(request, "strict", False), "large": request.large, "replacing": vars(request.replacing)}
    return {**settings_of(request), **rules, "source": source, "target": target}


def request_of(task: dict[str, Any], source: str, target: str) -> Request:
    """The request of a task, about copies of its files on this machine."""
    values = {key: value for key, value in task.items() if key not in ("verb", *_PLACES)}
    values["replacing"] = Replacing(**values["replacing"])
    values["background"] = tuple(values["background"]) if values["background"] else None
    if task["verb"] == "encode":
        values["settings"] = EncodeSettings.from_dict(values["settings"])
    else:
        del values["strict"]
        values["size"] = tuple(values["size"]) if values["size"] else None
        values["region"] = Region(*values["region"]) if values["region"] else None
    return _VERBS[task["verb"]](source, target, **values)
