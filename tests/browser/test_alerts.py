"""An alert in a real browser while the worker runs: raised, said to the person and who helps them, passed on as nobody could be reached, taken and ended by the team."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks.servers import ours
from tests.browser.live import Look, Tab, tab
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages import go_to, judged

pytestmark = pytest.mark.needs_browser
PHONE, NIGHT = Look(390, 844, "dark"), Look(1440, 900, "dark", "zh_Hans")
SEE = "[class*='st-key-alert_open_'] button:visible"


@pytest.fixture(scope="module")
def at_work(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of these tests alone, with its worker."""
    with ours(Path(shutil.copytree(filled, tmp_path_factory.mktemp("alerts") / "data")), "--worker") as server:
        yield server.address


@pytest.fixture
def look_at(chromium: Browser, at_work: str) -> Iterator[Callable[[Look], Tab]]:
    with ExitStack() as stack:
        yield lambda look: stack.enter_context(tab(chromium, at_work, look))


def until(opened: Tab, selector: str, again: Callable[[], None]) -> None:
    """Look again until the worker has got there."""
    for _ in range(60):
        if opened.page.locator(selector).count():
            return
        opened.page.wait_for_timeout(1000)
        again()
    raise AssertionError(f"{selector} never came")


def test_a_person_finds_it_on_today_and_says_that_they_have_seen_it(look_at: Callable[[Look], Tab]) -> None:
    tab = look_at(PHONE)
    tab.sign_in("patient")
    until(tab, "a[href$='alerts']:visible", lambda: tab.open("today"))
    tab.page.locator("a[href$='alerts']:visible").first.click()
    tab.page.locator(SEE).first.wait_for(timeout=30_000)
    tab.settle()
    assert judged(tab, PHONE) == {}
    tab.page.locator(SEE).first.click()
    tab.page.locator(".st-key-alert_see button").wait_for(timeout=30_000)
    tab.settle()
    assert judged(tab, PHONE) == {}
    tab.page.locator(".st-key-alert_see button").click()
    tab.page.locator(".st-key-alert_see").wait_for(state="detached", timeout=30_000)
    tab.settle()
    assert "You said on" in tab.text() and "Nobody on the care team has taken it yet" in tab.text()
    assert not tab.complaints


def test_who_helps_reads_it_in_chinese(look_at: Callable[[Look], Tab]) -> None:
    tab = look_at(NIGHT)
    tab.sign_in("caregiver")
    until(tab, SEE, lambda: tab.open("alerts"))
    assert judged(tab, NIGHT) == {}
    tab.page.locator(SEE).first.click()
    tab.page.locator(".st-key-alert_see button").wait_for(timeout=30_000)
    tab.settle()
    assert judged(tab, NIGHT) == {}
    tab.page.locator(".st-key-alert_see button").click()
    tab.page.locator(".st-key-alert_see").wait_for(state="detached", timeout=30_000)
    tab.settle()
    assert "医护团队尚无人接手" in tab.text()
    assert not tab.complaints


def test_the_team_sees_it_passed_on_takes_it_by_keyboard_and_ends_it(look_at: Callable[[Look], Tab]) -> None:
    tab = look_at(Look())
    tab.sign_in("coordinator")
    go_to(tab, "alerts")
    until(tab, ".al .s-now", lambda: tab.open("alerts"))
    assert judged(tab, Look()) == {}
    before = tab.page.locator(SEE).count()
    assert f"Alerts ({before})" in tab.page.inner_text(".st-key-nav")
    tab_to(tab, "[class*='st-key-alert_open_']")
    tab.page.keyboard.press("Enter")
    tab.page.locator(".st-key-alert_act_do").wait_for(timeout=30_000)
    tab.settle()
    steps = tab.page.inner_text(".al-line")
    assert "Told" in steps or "Passed on" in steps  # how far the chain has come by now is the clock's
    assert judged(tab, Look()) == {}
    tab_to(tab, ".st-key-alert_act_do")
    tab.page.keyboard.press("Enter")
    tab.page.get_by_text("Jordan Reyes (taken)").wait_for(timeout=30_000)
    tab.settle()
    tab.page.locator(".st-key-alert_act_what").get_by_text("End it", exact=True).click()
    tab.settle()
    tab.page.locator(".st-key-alert_act_do button").click()
    tab.page.locator(SEE).first.wait_for(timeout=30_000)
    tab.settle()
    assert tab.page.locator(SEE).count() == before - 1
    assert f"Alerts ({before - 1})" in tab.page.inner_text(".st-key-nav")
    tab.page.get_by_text("Ended", exact=True).first.click()
    tab.settle()
    assert not tab.complaints


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_no_labels_overlap_at_the_thumb_of_a_coordinator(look_at: Callable[[Look], Tab], language: str) -> None:
    tab = look_at(Look(390, 844, "light", language))
    tab.sign_in("coordinator")
    tab.open("people")
    found = [overlapping(tab, width) for width in (390, 320)]
    tab.page.locator("[class*='st-key-see_'] button:visible").first.click()
    tab.page.wait_for_selector("[class*='st-key-navi_overview']:visible", timeout=30_000)
    tab.settle()
    found += [overlapping(tab, width) for width in (390, 320)]
    assert found == [[]] * 4


def overlapping(tab: Tab, width: int) -> list[str]:
    """Labels at the thumb that begin before the one before has ended, or stand outside the window."""
    tab.page.set_viewport_size({"width": width, "height": 844})
    return tab.page.evaluate(  # type: ignore[no-any-return]
        """() => {
            const found = [...document.querySelectorAll(".st-key-nav [data-testid=stPageLink-NavLink] p")].filter((node) => node.offsetParent).map((node) => {
                const range = document.createRange(); range.selectNodeContents(node); const box = range.getBoundingClientRect();
                return [node.innerText, box.left, box.right];
            });
            return found.filter(([, left, right], at) => left < 0 || right > innerWidth || (at && left < found[at - 1][2] + 1)).map(([text]) => text);
        }"""
    )
