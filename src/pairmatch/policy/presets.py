"""The policies that come with the library: readable TOML files, each with its sources."""

from __future__ import annotations

from importlib import resources
from typing import Any

from pairmatch.errors import CallError, Finding, did_you_mean
from pairmatch.parameters import told

__all__ = ["AIMS", "PRESETS", "preset_data", "preset_text"]

PRESETS = ("reverse_mentoring", "technology", "perspective", "inclusion", "traditional", "peer")
"""Names of the presets; the first four are for reverse mentoring."""

AIMS = ("technology", "perspective", "inclusion")
"""What a reverse mentoring programme may be for."""


def preset_text(name: str) -> str:
    """The TOML file of a preset, with its comments."""
    if name not in PRESETS:
        near = did_you_mean(name, PRESETS) if isinstance(name, str) else ""
        hint = f"there is no preset {told(name)}; there are {', '.join(PRESETS)}.{near}"
        raise CallError([Finding("unknown_preset", hint, column="name")])
    folder = resources.files("pairmatch.policy") / "presets"
    return (folder / f"{name}.toml").read_text(encoding="utf-8")


def preset_data(name: str) -> dict[str, Any]:
    """The plain data of a preset."""
    import tomllib

    return tomllib.loads(preset_text(name))
