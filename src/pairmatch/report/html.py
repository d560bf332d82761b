"""``pairmatch.report``: the page about a matching, as a file or as text."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pairmatch.errors import CallError, FileError, Finding, MissingExtraError, did_you_mean
from pairmatch.explain import check_matching
from pairmatch.report.given import given
from pairmatch.report.page import page
from pairmatch.report.safe_text import named, visible

if TYPE_CHECKING:
    from pairmatch.diagnose import Diagnosis
    from pairmatch.matching import Matching
    from pairmatch.trade_off import TradeOff
    from pairmatch.uplift import Uplift

__all__ = ["render_report", "report"]

AUDIENCES = ("lead", "auditor")

PARTNERS = ("mentor", "mentee")

SECURITY = "default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'"
"""What the browser may do with the page: show it, in its own style, with its own script; nothing else."""


def report(
    matching: Matching,
    path: str | Path,
    audience: str = "lead",
    *,
    diagnosis: Diagnosis | None = None,
    uplift: Uplift | None = None,
    trade_off: TradeOff | None = None,
    thorough: bool = True,
) -> None:
    """Write one HTML page about a matching that needs nothing else: no network and no further files.

    Who is matched, how good that is and how it is known; the pairs, to be searched and sorted, each with
    its reasons; who has no partner, why, and what would help; groups, departments, loads, and what might
    be had instead. It works without scripts too, on a phone, and on paper.

    The page shows people's ids, and, where it is thorough, what their pairs have in common. It is
    confidential: who takes part is known to the programme's leads only.

    Parameters
    ----------
    matching
        The matching to tell of.
    path
        The file; an existing one is replaced.
    audience
        ``"lead"`` or ``"auditor"``. For the two partners there is :func:`pairmatch.introduce`.
    diagnosis, uplift, trade_off
        What :func:`pairmatch.diagnose`, :func:`pairmatch.uplift` and :func:`pairmatch.trade_off` found for
        this matching. What is not handed in is worked out where the cohort is small enough for seconds;
        else the page says how to add it.
    thorough
        False: nothing is worked out, and of a pair only the contributions are told. For a page in passing.

    Raises
    ------
    CallError
        If the arguments cannot be used, or the page is asked for one of the partners.
    MissingExtraError
        If jinja2 is not installed.
    FileError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> mentors = pd.DataFrame({"id": ["ana", "ben"], "hobbies": ["chess; golf", "opera"]})
    >>> mentees = pd.DataFrame({"id": ["eve"], "hobbies": ["chess"]})
    >>> policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)])
    >>> matching = pm.match(pm.Cohort(mentors, mentees), policy)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pm.report(matching, Path(folder) / "report.html")
    ...     "The one mentee has a mentor" in (Path(folder) / "report.html").read_text("utf-8")
    True
    """
    text = render_report(
        matching, audience, diagnosis=diagnosis, uplift=uplift, trade_off=trade_off, thorough=thorough
    )
    try:
        Path(path).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        hint = f"the report cannot be written: {error.strerror}; give a path in a folder that exists"
        raise FileError([Finding("unwritable", hint, column="path")]) from error


def render_report(
    matching: Matching,
    audience: str = "lead",
    *,
    diagnosis: Diagnosis | None = None,
    uplift: Uplift | None = None,
    trade_off: TradeOff | None = None,
    thorough: bool = True,
) -> str:
    """The page of :func:`report` as text.

    Parameters
    ----------
    matching, audience, diagnosis, uplift, trade_off, thorough
        As for :func:`report`.

    Raises
    ------
    CallError
        If the arguments cannot be used, or the page is asked for one of the partners.
    MissingExtraError
        If jinja2 is not installed.
    """
    check_matching(matching)
    _refuse_audience(audience)
    environment = _environment()
    results = {"diagnosis": diagnosis, "uplift": uplift, "trade_off": trade_off}
    shown = page(matching, given(matching, results, audience, thorough=thorough), audience, thorough=thorough)
    text: str = environment.get_template("page.html").render(
        page=shown,
        style=_file("style.css"),
        script=_file("script.js"),
        security=SECURITY.format(style=_hash("style.css"), script=_hash("script.js")),
    )
    return text


def _refuse_audience(audience: object) -> None:
    if audience in AUDIENCES:
        return
    hint = f"the audiences are {' and '.join(AUDIENCES)}.{did_you_mean(str(audience), AUDIENCES)}"
    if audience in PARTNERS:
        hint = (
            "the report is for those who run the programme; for the partners themselves there are "
            f"pm.introduce(matching, mentor=…, mentee=…) and pm.explain(…, audience='{audience}')"
        )
    raise CallError([Finding("unknown_audience", hint, column="audience")])


def _environment() -> Any:
    """Templates that escape whatever comes out of the data."""
    try:
        from jinja2 import Environment, FunctionLoader, StrictUndefined
    except ImportError as error:
        raise MissingExtraError("The report", "report") from error

    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(_file),
        finalize=visible,
    )
    made.filters["named"] = named
    return made


def _file(name: str) -> str:
    """One of the page's own files."""
    return resources.files("pairmatch.report").joinpath("pages", name).read_text(encoding="utf-8")


def _hash(name: str) -> str:
    """What the browser compares a style or a script with before it obeys it."""
    digest = hashlib.sha256(_file(name).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
