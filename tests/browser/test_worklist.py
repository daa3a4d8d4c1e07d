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
