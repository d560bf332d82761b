"""Loads of people whose own fields say nothing (law §7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from pairmatch.errors import PolicyError, did_you_mean
from pairmatch.parameters import Checks, set_field, told

__all__ = ["Defaults", "changed", "defaults_of"]


@dataclass(frozen=True)
class Defaults:
    """Loads of a person whose own fields say nothing (law §7).

    Parameters
    ----------
    capacity
        Most pairs, at least 0.
    minimum
        Fewest pairs, at least 0 and at most ``capacity``; hard.
    """

    capacity: int = 1
    minimum: int = 0

    def __post_init__(self) -> None:
        checks = Checks("defaults")
        set_field(self, "capacity", checks.whole("capacity", self.capacity, least=0))
        set_field(self, "minimum", checks.whole("minimum", self.minimum, least=0))
        if not checks.findings and self.minimum > self.capacity:
            checks.add("contradiction", "minimum", "'minimum' is above 'capacity': nobody could have both.")
        checks.done()


def defaults_of(checks: Checks, side: str, value: object) -> Defaults:
    """One side's defaults; a mapping is read, problems are noted."""
    if isinstance(value, Defaults):
        return value
    if not isinstance(value, Mapping):
        hint = f"'{side}' must be a table with 'capacity' and 'minimum', not {told(value)}."
        checks.add("bad_section", side, hint)
        return Defaults()
    names = [f.name for f in fields(Defaults)]
    for key in value:
        if key not in names:
            hint = f"'{side}' has no '{key}'.{did_you_mean(str(key), names)}"
            checks.add("unknown_key", f"{side}.{key}", hint)
    try:
        return Defaults(**{name: value[name] for name in names if name in value})
    except PolicyError as error:
        for finding in error.findings:
            checks.add(finding.code, f"{side}.{finding.column}", finding.hint.removeprefix("defaults: "))
        return Defaults()


def changed(own: Defaults) -> dict[str, int]:
    """What differs from the usual defaults."""
    return {f.name: getattr(own, f.name) for f in fields(own) if getattr(own, f.name) != f.default}
