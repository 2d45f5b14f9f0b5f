"""Colours of a theme for Dear ImGui."""

from __future__ import annotations

from imgui_bundle import ImVec4

from daub.app.window.look.theme import rgb


def tint(colour: str, alpha: float = 1.0) -> ImVec4:
    """Args: colour: of a theme."""
    return ImVec4(*rgb(colour), alpha)
