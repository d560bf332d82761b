"""Checks of the parameters of rules and goals: everything that is wrong, raised at once."""

from __future__ import annotations

from pairmatch.errors import Finding, PolicyError, did_you_mean
from pairmatch.parameters.values import is_number, is_share, is_whole, told

__all__ = ["MOST", "Checks", "set_field"]

MOST = 1_000_000_000
"""Numbers in a policy are no larger than this, so that no sum of them overflows."""

LONGEST = 300
"""Characters of a text that names something: it stands in labels, tables and sentences."""

PURPOSE = "purpose"
"""The one parameter that is prose."""


def _is_seen(character: str) -> bool:
    """Whether a character can be seen, or joins others that can, as in emoji."""
    return character.isprintable() or character in "\u200c\u200d"


class Checks:
    """Gathers what is wrong with the parameters of one rule or goal, and raises it at once.

    Each check gives back the value in its canonical type, or a harmless stand-in where it is bad.

    Parameters
    ----------
    owner
        The rule's or goal's name, for the hints.
    """

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.findings: list[Finding] = []

    def add(self, code: str, parameter: str, hint: str) -> None:
        """Note a problem of one parameter."""
        self.findings.append(Finding(code, f"{self.owner}: {hint}", side="policy", column=parameter))

    def done(self) -> None:
        """Raise everything found, if anything was."""
        if self.findings:
            raise PolicyError(self.findings)

    def text(self, parameter: str, value: object) -> str:
        """A text that is not blank; on one line, and not without end, unless it is a purpose."""
        if not (isinstance(value, str) and value.strip()):
            hint = f"'{parameter}' must be a text that is not blank, not {told(value)}."
        elif parameter == PURPOSE or (len(value) <= LONGEST and all(map(_is_seen, value))):
            return value
        else:
            hint = (
                f"'{parameter}' must be one line of printable characters, at most {LONGEST}; a column is "
                "found by its name with spaces for line breaks too."
            )
        self.add("bad_text", parameter, hint)
        return "?"

    def optional_text(self, parameter: str, value: object) -> str | None:
        """None, or a text that is not blank."""
        return None if value is None else self.text(parameter, value)

    def whole(self, parameter: str, value: object, least: int | None = None, most: int = MOST) -> int:
        """A whole number, at least ``least`` and at most ``most``."""
        low = -most if least is None else least
        if is_whole(value) and low <= int(value) <= most:  # type: ignore[call-overload]
            return int(value)  # type: ignore[call-overload, no-any-return]
        hint = f"'{parameter}' must be a whole number from {low} to {most}, not {told(value)}."
        self.add("bad_integer", parameter, hint)
        return least or 0

    def optional_whole(self, parameter: str, value: object, least: int | None = None) -> int | None:
        """None, or a whole number, at least ``least``."""
        return None if value is None else self.whole(parameter, value, least)

    def number(self, parameter: str, value: object) -> float:
        """A finite number."""
        if is_number(value) and abs(float(value)) <= MOST:  # type: ignore[arg-type]
            return float(value)  # type: ignore[arg-type]
        hint = f"'{parameter}' must be a number from {-MOST} to {MOST}, not {told(value)}."
        self.add("bad_number", parameter, hint)
        return 0.0

    def positive(self, parameter: str, value: object) -> float:
        """A finite number above 0."""
        if is_number(value) and 0 < float(value) <= MOST:  # type: ignore[arg-type]
            return float(value)  # type: ignore[arg-type]
        hint = f"'{parameter}' must be a number above 0, at most {MOST}, not {told(value)}."
        self.add("bad_number", parameter, hint)
        return 1.0

    def share(self, parameter: str, value: object) -> float:
        """A number in [0, 1]."""
        if is_share(value):
            return float(value)  # type: ignore[arg-type]
        self.add("bad_share", parameter, f"'{parameter}' must be a number from 0 to 1, not {told(value)}.")
        return 0.0

    def choice(self, parameter: str, value: object, choices: tuple[str, ...]) -> None:
        """One of a few words."""
        if not (isinstance(value, str) and value in choices):
            words = " or ".join(f"'{choice}'" for choice in choices)
            near = did_you_mean(value, choices) if isinstance(value, str) else ""
            hint = f"'{parameter}' must be {words}, not {told(value)}.{near}"
            self.add("bad_choice", parameter, hint)


def set_field(value: object, name: str, content: object) -> None:
    """Set a field of a frozen value while it is being made, to its canonical form."""
    object.__setattr__(value, name, content)
