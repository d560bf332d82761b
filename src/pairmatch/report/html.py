"""The page about a matching, as text or as a file."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from pairmatch.errors import FileError, Finding, MissingExtraError
from pairmatch.report.page import page

if TYPE_CHECKING:
    from pairmatch.matching import Matching

__all__ = ["render_report", "write_report"]


def write_report(matching: Matching, path: str | Path) -> None:
    """Write one HTML file that needs nothing else: no network, no scripts, no further files.

    It shows what a programme lead may see (law §12): ids and contributions, no profiles.

    Parameters
    ----------
    matching
        The matching to tell of.
    path
        The file; an existing one is replaced.

    Raises
    ------
    MissingExtraError
        If jinja2 is not installed.
    FileError
        If the file cannot be written.
    """
    text = render_report(matching)
    try:
        Path(path).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        hint = f"the report cannot be written: {error.strerror}; give a path in a folder that exists"
        raise FileError([Finding("unwritable", hint, column="path")]) from error


def render_report(matching: Matching) -> str:
    """The page of :func:`write_report` as text."""
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError as error:
        raise MissingExtraError("The report", "report") from error

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = resources.files("pairmatch.report").joinpath("page.html").read_text(encoding="utf-8")
    return environment.from_string(template).render(page=page(matching))
