"""Small tables of people for the tests of this room, and the planted value that no error may repeat."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pairmatch.cohort import Cohort
from pairmatch.errors import InputError

SECRET = "Zyxwvutsrq-4711"
"""Planted in profile cells; must never come back in an error."""


def frame(*rows: Mapping[str, Any], **columns: list[Any]) -> pd.DataFrame:
    """A frame from rows or from columns."""
    return pd.DataFrame(list(rows)) if rows else pd.DataFrame(columns)


def mentors(**columns: list[Any]) -> pd.DataFrame:
    """Two mentors, with further columns as given."""
    return frame(**{"id": ["m1", "m2"], **columns})


def mentees(**columns: list[Any]) -> pd.DataFrame:
    """Two mentees, with further columns as given."""
    return frame(**{"id": ["e1", "e2"], **columns})


def cohort(mentor_columns: Mapping[str, Any] | None = None, **columns: list[Any]) -> Cohort:
    """Two mentors and two mentees; the columns go to both unless the mentors have their own."""
    return Cohort(mentors(**(columns if mentor_columns is None else mentor_columns)), mentees(**columns))


def codes_of(error: InputError) -> list[str]:
    """The codes of all findings, sorted."""
    return sorted(finding.code for finding in error.findings)


def refused(*args: Any, **kwargs: Any) -> InputError:
    """The error that a cohort raises, after checking that it tells no secret in any form."""
    with pytest.raises(InputError) as caught:
        Cohort(*args, **kwargs)
    return discreet(caught.value)


def refused_files(*args: Any, **kwargs: Any) -> InputError:
    """Like `refused`, for files."""
    with pytest.raises(InputError) as caught:
        Cohort.read(*args, **kwargs)
    return discreet(caught.value)


def discreet(error: InputError) -> InputError:
    """Check that neither words nor table nor pickle of an error hold the planted value."""
    revived = pickle.loads(pickle.dumps(error))
    assert revived.findings == error.findings
    words = str(error) + repr(error) + error.table.to_csv() + repr(pickle.dumps(error))
    assert SECRET.casefold() not in words.casefold()
    assert len(error.table) == len(error.findings) > 0
    assert error.__cause__ is None
    return error


def csv(folder: Path, name: str, text: str | bytes) -> Path:
    """A file with exactly this content."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
