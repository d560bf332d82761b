"""Nearness by an encoder: a caller's function from phrases to vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pairmatch.errors import CallError, Finding
from pairmatch.terms.spelling import THOUSAND

__all__ = ["Encoder", "Nearness"]

Encoder = Callable[[Sequence[str]], Any]
"""Phrases to an array of one vector each, or anything numpy makes one from."""

NUMBERS = "biufO"
"""Kinds of numpy arrays that may hold real numbers."""

ROWS = 512
"""Phrases compared with all others at a time, so that memory stays small."""


@dataclass(frozen=True)
class Nearness:
    """How near phrases are by an encoder's vectors.

    Parameters
    ----------
    encoder
        Takes a sequence of phrases, gives one vector for each.
    low, high
        Cosines up to ``low`` count as 0, from ``high`` on as 1, in between in proportion.
    """

    encoder: Encoder
    low: float
    high: float

    def __post_init__(self) -> None:
        findings = []
        if not callable(self.encoder):
            findings.append(
                _bad("bad_encoder", "the encoder is a function from phrases to vectors", "encoder")
            )
        if not _is_cosine(self.low) or not _is_cosine(self.high) or not self.low < self.high:
            findings.append(
                _bad("bad_bounds", "low and high are cosines from -1 to 1, low < high", "low, high")
            )
        if findings:
            raise CallError(findings)

    def pairs(self, phrases: Sequence[str]) -> tuple[tuple[int, int, int], ...]:
        """Positions i < j of phrases that are near, and how near, in thousandths."""
        unit = self._unit_vectors(phrases)
        found: list[tuple[int, int, int]] = []
        for start in range(0, len(unit), ROWS):
            cosines = unit[start : start + ROWS] @ unit.T
            ramp = np.clip((cosines - self.low) / (self.high - self.low), 0.0, 1.0)
            credits = np.triu(np.rint(ramp * THOUSAND).astype(np.int64), start + 1)
            rows, columns = np.nonzero(credits)
            near = credits[rows, columns]
            found += zip((rows + start).tolist(), columns.tolist(), near.tolist(), strict=True)
        return tuple(found)

    def _unit_vectors(self, phrases: Sequence[str]) -> npt.NDArray[np.float64]:
        """The vectors at length 1; one of length 0 stays, and is near to nothing."""
        if not phrases:
            return np.zeros((0, 1))
        try:
            answer = self.encoder(list(phrases))
        except Exception as error:
            raise _failed(error) from error
        vectors = _checked(answer, len(phrases))
        # By the largest part first, so that no square overflows.
        largest = np.abs(vectors).max(axis=1, keepdims=True)
        vectors = vectors / np.where(largest > 0, largest, 1.0)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.where(lengths > 0, lengths, 1.0)


def _is_cosine(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -1 <= value <= 1


def _checked(answer: object, phrases: int) -> npt.NDArray[np.float64]:
    """An encoder's answer as numbers, one row for each phrase."""
    vectors = _numbers(answer)
    if vectors.ndim != 2 or len(vectors) != phrases or vectors.shape[1] == 0:
        hint = f"{phrases} phrases make an array of {phrases} rows, not one of shape {vectors.shape}"
        raise CallError([_bad("bad_vectors", hint, "encoder")])
    if not np.isfinite(vectors).all():
        hint = "a vector holds NaN or infinity; the encoder is to give finite numbers"
        raise CallError([_bad("bad_vectors", hint, "encoder")])
    return vectors


def _numbers(answer: object) -> npt.NDArray[np.float64]:
    """An encoder's answer as doubles; what is too large for one is infinite."""
    hint = "the encoder's answer is to be numbers, one vector of one length for each phrase"
    try:
        array = np.asarray(answer)
        if array.dtype.kind == "c":
            hint = "the encoder's answer holds complex numbers; vectors are of real ones"
        if array.dtype.kind in NUMBERS and not _holds_text(array):
            with np.errstate(over="ignore"):
                return array.astype(np.float64)
    except (TypeError, ValueError) as error:
        # Of lists, numpy says so where they are no vectors; anything else turns itself into an array.
        if not isinstance(answer, list | tuple):
            raise _failed(error) from error
    except Exception as error:
        raise _failed(error) from error
    raise CallError([_bad("bad_vectors", hint, "encoder")])


def _holds_text(array: npt.NDArray[Any]) -> bool:
    return array.dtype.kind == "O" and any(isinstance(value, str | bytes) for value in array.flat)


def _failed(error: Exception) -> CallError:
    """Without the error's own words, which may quote a phrase."""
    hint = f"the encoder failed: {type(error).__name__}; it is to give one vector of numbers for each phrase"
    return CallError([_bad("encoder_failed", hint, "encoder")])


def _bad(code: str, hint: str, argument: str) -> Finding:
    return Finding(code, hint, side="thesaurus", column=argument)
