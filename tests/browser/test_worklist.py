"""A coordinator's first minute by keyboard alone: who is next, looked at, taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.live import Look, Tab
from tests.browser.test_journeys import focus_is_visible, tab_to
from tests.browser.test_pages import judged

pytestmark = pytest.mark.needs_browser
PHONE = Look(width=390, height=844, language="zh_Hans")


def test_somebody_is_looked_at_and_taken_back_by_keyboard_alone(opened: Callable[[Look], Tab]) -> None:
    tab = opened(Look())
    tab.sign_in("coordinator")
    first = tab.page.locator("[class*='st-key-wl_seen_']").first.get_attribute("class") or ""
    person = next(one for one in first.split() if one.startswith("st-key-wl_seen_")).removeprefix("st-key-wl_seen_")
    tab_to(tab, f".st-key-wl_seen_{person}")
    assert focus_is_visible(tab)
    tab.page.keyboard.press("Enter")
    undo = tab.page.locator(f".st-key-wl_undo_{person} button:visible")
    undo.wait_for(timeout=15_000)
    tab.settle()
    assert judged(tab, Look()) == {}
    undo.focus()
    tab.page.keyboard.press("Enter")
    undo.wait_for(state="detached", timeout=15_000)
    assert not tab.complaints


def test_the_list_is_whole_on_a_phone_in_chinese(opened: Callable[[Look], Tab]) -> None:
    tab = opened(PHONE)
    tab.sign_in("coordinator")
    assert judged(tab, PHONE) == {}
    tab.page.locator("[class*='st-key-wl_note_'] button:visible").first.click()
    tab.page.locator(".st-key-wl_save_next").wait_for(timeout=15_000)
    tab.settle()
    assert judged(tab, PHONE) == {}


def marked(tab: Tab) -> str:
    tab.settle()
    return str(tab.page.evaluate("document.querySelector('.wl-at h3').firstChild.textContent.trim()"))


def moved(tab: Tab, before: str) -> str:
    """Whom the keys work on, once that is somebody else."""
    tab.page.wait_for_function(
        "was => { const h = document.querySelector('.wl-at h3'); return h && !h.innerText.startsWith(was) }",
        arg=before,
        timeout=30_000,
    )
    return marked(tab)


def test_a_morning_by_keys_alone(opened: Callable[[Look], Tab]) -> None:
    tab = opened(Look())
    tab.sign_in("coordinator")
    keys, page = tab.page.keyboard, tab.page
    first = marked(tab)
    keys.press("j")
    second = moved(tab, first)
    page.wait_for_function("document.activeElement.closest('[class*=st-key-wl_open_]') !== null", timeout=15_000)
    keys.press("k")
    assert moved(tab, second) == first
    keys.press("n")
    note = page.locator("[role=dialog] textarea")
    note.wait_for(timeout=15_000)
    note.focus()
    keys.type("called, jknv all well")
    keys.press("Control+Enter")
    page.locator("[role=dialog]", has_text=second).wait_for(timeout=30_000)
    tab.settle()
    keys.press("Escape")
    page.locator("[role=dialog]").wait_for(state="detached", timeout=30_000)
    tab.settle()
    assert "called, jknv all well" in tab.text()
    keys.press("t")
    words = page.locator(".st-key-task_text input")
    words.wait_for(timeout=30_000)
    words.focus()
    keys.type("bring the scale")
    keys.press("Tab")
    tab.settle()
    page.locator(".st-key-task_add button").focus()
    keys.press("Enter")
    page.locator("[role=dialog] .task", has_text="bring the scale").wait_for(timeout=30_000)
    tab.settle()
    assert judged(tab, Look()) == {}
    keys.press("Escape")
    page.locator("[role=dialog]").wait_for(state="detached", timeout=30_000)
    page.locator(".st-key-wl_tasks summary", has_text="one open").wait_for(timeout=30_000)
    tab.settle()
    assert judged(tab, Look()) == {}
    assert not tab.complaints
