"""The policies that come with the library: readable TOML files, each with its sources.

A file is read twice, as a policy is: once by ``Schema``, once by ``Policy``.
"""

from __future__ import annotations

from importlib import resources
from typing import Any

from pairmatch.errors import CallError, Finding, did_you_mean, shown

__all__ = ["AIMS", "PRESETS", "preset_data", "preset_text"]

PRESETS = ("reverse_mentoring", "technology", "perspective", "inclusion", "traditional", "peer")
"""Names of the presets; the first four are for reverse mentoring."""

AIMS = ("technology", "perspective", "inclusion")
"""What a reverse mentoring programme may be for."""


def preset_text(name: str) -> str:
    """The TOML file of a preset, with its comments.

    Raises
    ------
    CallError
        There is no preset of that name.
    """
    if not isinstance(name, str) or name not in PRESETS:
        near = did_you_mean(name, PRESETS) if isinstance(name, str) else ""
        hint = f"there is no preset '{shown(str(name))}'; there are {', '.join(PRESETS)}.{near}"
        raise CallError([Finding("unknown_preset", hint, column="name")])
    return (resources.files("pairmatch.presets") / f"{name}.toml").read_text(encoding="utf-8")


def preset_data(name: str) -> dict[str, Any]:
    """The plain data of a preset."""
    import tomllib

    return tomllib.loads(preset_text(name))
