"""The page in a real browser with the network off: search, sorting, reasons, keyboard, paper, axe-core."""

from __future__ import annotations

import dataclasses
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals
from pairmatch.diagnose import diagnose
from pairmatch.report import report
from pairmatch.uplift import uplift

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium on the PATH; .ci/setup installs one where it may"
    ),
    pytest.mark.xdist_group("browser"),
]

VIEWS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light", "has_touch": True},
}

CHECKED = {
    "light": {},
    "dark": {"runOnly": ["color-contrast"]},
    "phone": {"rules": {"color-contrast": {"enabled": False}}},
}
"""What axe-core looks at: the colours are the same on a phone, and all else is in the dark."""

BROAD = """() => [...document.querySelectorAll("body *")].filter(
    (e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll")).length"""


@pytest.fixture(scope="module")
def matching() -> pm.Matching:
    """Few people, and something in every section of the page."""
    cohort = pm.datasets.synthetic(mentors=14, mentees=12, seed=4)
    spread = goals.Spread("region", price=0.1)
    policy = pm.datasets.synthetic_policy()
    return pm.match(cohort, dataclasses.replace(policy, goals=(*policy.goals, spread)))


@pytest.fixture(scope="module")
def path(matching: pm.Matching, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page with everything on it; what would help is looked for on behalf of one person alone."""
    told = tmp_path_factory.mktemp("page") / "report.html"
    alone = next(person.id for person in matching.left if person.role == "mentee")
    found = diagnose(matching, mentee=alone, most=3)
    report(matching, told, diagnosis=found, uplift=uplift(matching, draws=2))
    return told


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; nothing is downloaded."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"], timeout=120_000
        )
        yield started
        started.close()


def opened(browser: Browser, path: Path, view: str = "light", **options: Any) -> tuple[Page, list[str]]:
    """The page offline, and what the browser complains of or asks the network for."""
    page = browser.new_context(offline=True, **VIEWS[view], **options).new_page()
    page.set_default_timeout(20_000)
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda asked: None if asked.url == path.as_uri() else heard.append(asked.url))
    page.goto(path.as_uri())
    return page, heard


def shown(page: Page) -> list[str]:
    """Mentees in the table of pairs, in its order, without those that are filtered out."""
    heads = "#pair-table > tbody:not([hidden]) > tr:first-child > th"
    found: list[str] = page.locator(heads).all_inner_texts()
    return found


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_wrong_with_it(browser: Browser, path: Path, view: str) -> None:
    """No word on the console, no request, nothing broader than the window; axe-core finds nothing serious."""
    import axe_playwright_python

    page, heard = opened(browser, path, view)
    page.locator("button.toggle").first.click()
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == VIEWS[view]["viewport"]["width"]
    assert page.evaluate(BROAD) == 0
    assert heard == []
    axe = Path(axe_playwright_python.__file__).with_name("axe.min.js")
    page.evaluate(axe.read_text("utf-8"))
    found = page.evaluate("(options) => axe.run({ ...options, resultTypes: ['violations'] })", CHECKED[view])
    assert len(found["passes"]) >= (1 if view == "dark" else 20)
    told = [(each["impact"], each["id"], each["nodes"][0]["html"]) for each in found["violations"]]
    assert [each for each in told if each[0] in ("serious", "critical")] == []
    assert told == []
    page.context.close()


def test_search_and_sorting(browser: Browser, path: Path, matching: pm.Matching) -> None:
    """Rows are filtered by every word of what is looked for, sorted by a column, and both are announced."""
    page, heard = opened(browser, path)
    pairs = matching.pairs
    best = pairs.sort_values("weight", ascending=False, kind="stable")["mentee"].tolist()
    assert shown(page) == best
    from playwright.sync_api import expect

    status, field = page.locator("#found"), page.get_by_label("Find people or reasons")
    field.fill(f"  {pairs['mentor'][3]} ")
    expect(status).to_have_text(re.compile("^1 of"), timeout=20_000)
    assert shown(page) == [pairs["mentee"][3]]
    field.press("Escape")
    expect(status).to_have_text(f"{len(pairs)} of {len(pairs)} pairs shown", timeout=20_000)
    head = page.get_by_role("columnheader", name="Mentee", exact=True)
    head.get_by_role("button").click()
    assert shown(page) == sorted(best, key=lambda who: int(who[1:]))
    assert head.get_attribute("aria-sort") == "ascending"
    assert status.inner_text() == "sorted by mentee, ascending"
    weight = page.locator("#pair-table").get_by_role("columnheader", name="Weight", exact=True)
    for order, expected in (("descending", best), ("ascending", best[::-1])):
        weight.get_by_role("button").click()
        assert weight.get_attribute("aria-sort") == order
        assert head.get_attribute("aria-sort") is None
        weights = pairs.set_index("mentee")["weight"].round(3)
        assert [weights[who] for who in shown(page)] == [weights[who] for who in expected]
    assert heard == []
    page.context.close()


def test_reasons_open_with_the_keyboard(browser: Browser, path: Path, matching: pm.Matching) -> None:
    """A button for each pair tells whether its reasons are open, and names whom they are about."""
    page, _ = opened(browser, path)
    row: Any = matching.pairs.sort_values("weight", ascending=False, kind="stable").iloc[0]
    button = page.get_by_role("button", name=f"Why {row.mentee} and {row.mentor}")
    page.get_by_role("columnheader", name="Judged").get_by_role("button").focus()
    page.keyboard.press("Tab")
    assert button.evaluate("(one) => one === document.activeElement")
    assert button.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    told = page.locator("#why-1").inner_text()
    evidence = pm.explain(matching, mentee=row.mentee).partners["evidence"]
    assert all(words in told for words in evidence)
    page.keyboard.press("Enter")
    assert page.locator("#why-1").is_hidden()
    every = page.get_by_role("button", name="All reasons")
    every.click()
    assert page.locator("tr.why:visible").count() == len(matching.pairs)
    assert every.get_attribute("aria-pressed") == "true"
    page.context.close()


def test_without_scripts_everything_is_there(browser: Browser, path: Path, matching: pm.Matching) -> None:
    """No dead controls; reasons open by themselves."""
    page, _ = opened(browser, path, java_script_enabled=False)
    assert page.locator("#find").is_hidden()
    assert page.locator("button:visible").count() == 0
    first = page.locator("tr.why details").first
    first.locator("summary").click()
    assert "Contributes" in first.inner_text()
    assert page.locator("tr.why summary:visible").count() == len(matching.pairs)
    page.context.close()


def test_on_paper(browser: Browser, path: Path) -> None:
    """Controls are gone, closed reasons too, and lists that were closed are open."""
    page, _ = opened(browser, path, "dark")
    page.locator("button.toggle").nth(1).click()
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("button:visible, input:visible, nav:visible").count() == 0
    assert page.locator("tr.why:visible").count() == 1
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.context.close()


def test_hostile_texts_stay_texts(browser: Browser, tmp_path: Path) -> None:
    """What looks like markup is shown letter by letter; nothing of it runs or breaks the page's width."""
    nasty = ["<script>document.title='no'</script>", "</td></table><img src=x onerror=alert(1)>", "x" * 9_000]
    people = {"id": ["<b>1", "'onclick='2", "3" * 200], "department": nasty, "hobbies": nasty}
    mentees = {"id": ["&lt;4", "{{5}}", "\u05e9\u05dc"], "department": nasty[::-1], "hobbies": nasty}
    cohort = pm.Cohort(pd.DataFrame(people), pd.DataFrame(mentees))
    policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)], name=f"</title>{nasty[0]}")
    told = tmp_path / "report.html"
    report(pm.match(cohort, policy), told)
    page, heard = opened(browser, told, "phone")
    page.get_by_role("button", name="All reasons").click()
    assert page.evaluate(BROAD) == 0
    assert page.locator("script, img, b, #pair-table [onclick], #pair-table [onerror]").count() == 1
    assert sorted(shown(page)) == sorted(mentees["id"])
    assert page.title().startswith(f"</title>{nasty[0]}")
    assert heard == []
    page.context.close()
