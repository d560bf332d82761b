"""Output folders: written all at once, or not at all; what somebody else put there is never lost."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pairmatch.errors import FileError, Finding

MARKER = "matching.json"
"""A folder that holds it is one of ours; it is moved into place last."""

RESULTS = (
    MARKER,
    "pairs.csv",
    "unmatched.csv",
    "coaches.csv",
    "changes.csv",
    "exceptions.csv",
    "report.html",
)
"""What ``match`` writes, and may replace."""


def refuse_foreign(out: Path, *, replace: bool, force: bool) -> None:
    """Refuse an output folder that holds anything but a former result.

    Parameters
    ----------
    out
        The folder; need not exist.
    replace
        Whether a former result may be replaced.
    force
        Whether to write in any case.

    Raises
    ------
    FileError
        If something else is in the way.
    """
    if out.exists() and not out.is_dir():
        raise _refusal("not_a_folder", "a file stands where the output folder should be; give another --out")
    if not out.is_dir() or force or not any(out.iterdir()):
        return
    if not replace:
        raise _refusal(
            "folder_not_empty", "the folder is not empty; give another --out, or --force to replace"
        )
    if not (out / MARKER).exists():
        hint = f"the folder holds other files and no {MARKER}; give another --out, or --force to write there"
        raise _refusal("folder_not_empty", hint)


def _refusal(code: str, hint: str) -> FileError:
    return FileError([Finding(code, hint, column="--out")])


@contextmanager
def staged(out: Path, *, replace: bool, force: bool) -> Iterator[Path]:
    """A temporary sibling folder to write to; its files move to ``out`` when all went well.

    Nothing is left behind otherwise. Files of other names in ``out`` stay where they are.
    """
    out = out.resolve()
    refuse_foreign(out, replace=replace, force=force)
    made = [folder for folder in out.parents if not folder.exists()]
    stage = out.parent / f".{out.name}-{uuid.uuid4().hex[:8]}"
    stage.mkdir(parents=True)
    try:
        yield stage
        _move(stage, out)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        for folder in made:
            folder.rmdir()
        raise
    shutil.rmtree(stage, ignore_errors=True)


def _move(stage: Path, out: Path) -> None:
    if not out.exists():
        stage.rename(out)
        return
    files = sorted(path.relative_to(stage) for path in stage.rglob("*") if path.is_file())
    for name in set(RESULTS) - {str(file) for file in files}:
        if (stage / MARKER).exists():
            (out / name).unlink(missing_ok=True)
    for file in sorted(files, key=lambda file: file.name == MARKER):
        (out / file).parent.mkdir(parents=True, exist_ok=True)
        (stage / file).replace(out / file)
