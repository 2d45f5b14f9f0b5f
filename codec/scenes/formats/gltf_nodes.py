"""Where the meshes of a glTF stand: its nodes, one below another, each with a matrix, or place, turn and scale."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from daub.codec.scenes.claims import Refused

_LARGEST = 1e18  # of the numbers of a matrix: products of some of them are still numbers


def placements(document: dict) -> Iterator[tuple[int, np.ndarray]]:
    """Each mesh that the file shows, and (4, 4) float64 that takes its points to the axes of the scene.

    A mesh comes as often as nodes hold it. Shown is the scene that the file names, or its first one; of a file without
    scenes all nodes.

    Raises:
        Refused: a node that is not there, that has two parents, or whose place is not made of numbers.
    """
    nodes = document.get("nodes")
    nodes = nodes if isinstance(nodes, list) else []
    waiting = [(index, np.eye(4)) for index in _roots(document, nodes)]
    seen: set[int] = set()
    while waiting:
        index, above = waiting.pop()
        if type(index) is not int or not 0 <= index < len(nodes) or not isinstance(nodes[index], dict):
            raise Refused("it names one of its nodes that is not there")
        if index in seen:
            raise Refused("one of its nodes is below two others, or below itself")
        seen.add(index)
        node = nodes[index]
        with np.errstate(over="ignore", invalid="ignore"):
            matrix = above @ _matrix(node)
        if not np.abs(matrix).max() <= _LARGEST:
            raise Refused("its nodes scale beyond what can be calculated with")
        if type(node.get("mesh")) is int:
            yield node["mesh"], matrix
        waiting += [(child, matrix) for child in reversed(_list(node, "children"))]


def _roots(document: dict, nodes: list) -> list:
    scenes, chosen = _list(document, "scenes"), document.get("scene", 0)
    if scenes:
        if type(chosen) is not int or not 0 <= chosen < len(scenes) or not isinstance(scenes[chosen], dict):
            raise Refused("it names one of its scenes that is not there")
        return _list(scenes[chosen], "nodes")[::-1]
    parents = [node for node in nodes if isinstance(node, dict)]
    below = {child for node in parents for child in _list(node, "children") if type(child) is int}
    return [index for index in reversed(range(len(nodes))) if index not in below]


def _matrix(node: dict) -> np.ndarray:
    """(4, 4) of a node alone: columns, one after another, or T R S."""
    if "matrix" in node:
        matrix = np.array(_numbers(node, "matrix", 16)).reshape(4, 4).T
        if matrix[3].tolist() != [0, 0, 0, 1]:
            raise Refused("the matrix of one of its nodes is no placement")
        return matrix
    matrix = np.eye(4)
    if "rotation" in node:
        x, y, z, w = _numbers(node, "rotation", 4)
        length = math.sqrt(x * x + y * y + z * z + w * w)
        if not 0 < length < math.inf:
            raise Refused("the rotation of one of its nodes has no direction")
        from daub.codec.scenes.rotations import rotations

        matrix[:3, :3] = rotations(np.array([[w, x, y, z]]))[0]
    if "scale" in node:
        matrix[:3, :3] *= _numbers(node, "scale", 3)
    if "translation" in node:
        matrix[:3, 3] = _numbers(node, "translation", 3)
    return matrix


def _numbers(node: dict, name: str, count: int) -> list[float]:
    values = node[name]
    if not isinstance(values, list) or len(values) != count:
        raise Refused(f"one of its nodes has no {count} numbers as {name}")
    if not all(type(value) in (int, float) and abs(value) <= _LARGEST for value in values):  # NaN is not
        raise Refused(f"one of its nodes has no {count} numbers as {name}")
    return [float(value) for value in values]


def _list(holder: dict, name: str) -> list[Any]:
    value = holder.get(name)
    return value if isinstance(value, list) else []
