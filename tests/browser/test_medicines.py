"""Medicines by hand, on a telephone: one tap logs, nothing jumps, the focus stays, and what was tapped is said aloud."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.ui.words import words
from tests.browser.live import Look, Tab

pytestmark = pytest.mark.needs_browser
SEEN = " >> visible=true"


def add(tab: Tab, name: str) -> None:
    """Add a medicine at the usual hour, once its next ten doses are shown."""
    tab.open("medicines")
    page = tab.page
    page.locator(f".st-key-add_medicine button{SEEN}").click()
    page.locator("[role=dialog]").wait_for()
    tab.settle()
    page.locator(".st-key-med_form_title input").fill(name)
    page.keyboard.press("Enter")
    page.locator(".st-key-form_keep button:not([disabled])").wait_for(timeout=15_000)
    tab.settle()
    assert page.locator(".nextdoses li").count() == 10
    page.locator(f".st-key-form_keep button{SEEN}").click()
    page.locator("[role=dialog]").wait_for(state="detached", timeout=15_000)
    tab.settle()


def test_a_dose_is_logged_with_one_tap_and_taken_back_with_another(opened: Callable[[Look], Tab]) -> None:
    tab = opened(Look(390, 844, "light", "zh_Hans"))
    tab.sign_in("patient_zh")  # who takes something at 08:00, 14:00 and 20:00: a dose is always near, today or tomorrow
    add(tab, "Browser tablets")
    tab.open("today")
    page, t = tab.page, words("zh_Hans")
    buttons = page.locator(f"[class*=st-key-dose_take_] button{SEEN}")
    if not buttons.count():
        page.locator(".st-key-dose_look button").nth(2).click()
        tab.settle()
    first, after = buttons.first, page.locator("[class*=st-key-card_doses_]").last
    size = first.bounding_box()
    assert size
    assert size["height"] >= 48
    first.hover()  # scrolls as far as the click would, past the bar at the thumb too
    tab.settle()
    before, taken = after.bounding_box(), page.locator(f"[class*=st-key-dose_back_] button{SEEN}").count()
    first.click()
    page.wait_for_function("(n) => document.querySelectorAll('[class*=st-key-dose_back_]').length > n", arg=taken, timeout=15_000)
    tab.settle()
    now = after.bounding_box()
    assert before
    assert now
    assert abs(now["y"] - before["y"]) <= 2
    assert page.evaluate("!!document.activeElement.closest('[class*=st-key-dose_back_]')")
    assert t("dose.logged", title="").strip() in (page.locator("#hb-live").text_content() or "")
    page.keyboard.press("Enter")
    page.wait_for_function("(n) => document.querySelectorAll('[class*=st-key-dose_back_]').length <= n", arg=taken, timeout=15_000)
    tab.settle()
    assert t("dose.taken_back", title="").strip() in (page.locator("#hb-live").text_content() or "")
    assert not tab.complaints


@pytest.mark.parametrize("place", ["today", "medicines", "adherence", "reconcile"])
def test_nothing_is_wider_than_a_small_telephone(opened: Callable[[Look], Tab], place: str) -> None:
    tab = opened(Look(320, 700, "dark", "zh_Hans"))
    tab.sign_in("patient_zh")
    tab.open(place)
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not tab.complaints
