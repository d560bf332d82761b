"""Every example in the README and the documentation runs and shows what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import Page, pages, read
from tests.docs.runner import PageFailure, run

RUNNABLE = [page for page in pages() if any(b.language in {"python", "console"} for b in page.blocks)]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each page runs in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: page.name)
def test_page_runs(page: Page) -> None:
    """The page's blocks run, in order, and show what the page says."""
    assert run(page) > 0


def test_readme_has_examples() -> None:
    """The collector finds the examples it is there for."""
    assert "README.md" in [page.name for page in RUNNABLE]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("```python\n1 + 1\n```\n```output\n3\n```\n", "promises"),
        ("```python raises\n1 + 1\n```\n", "does not come"),
    ],
    ids=["wrong output", "no error"],
)
def test_a_false_page_is_found(
    text: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The runner notices output and errors that are not so."""
    monkeypatch.setattr("tests.docs.pages.ROOT", tmp_path)
    (tmp_path / "page.md").write_text(text, encoding="utf-8")
    with pytest.raises(PageFailure, match=complaint):
        run(read(tmp_path / "page.md"))
