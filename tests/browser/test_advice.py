"""Advice on a telephone: why in one tap, nothing sideways, put aside and brought back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.ui.words import words
from tests.browser.live import Look, Tab

pytestmark = pytest.mark.needs_browser
SEEN = " >> visible=true"


def test_why_opens_in_one_tap_and_advice_is_put_aside_and_brought_back(opened: Callable[[Look], Tab]) -> None:
    tab = opened(Look(390, 844, "light", "zh_Hans"))
    tab.sign_in("patient_zh")
    tab.open("advice")
    page, t = tab.page, words("zh_Hans")
    page.locator(f"[class*=st-key-advice_why_] summary{SEEN}").first.click()
    page.get_by_text(t("advice.because")).first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    first = page.locator(f"[class*=st-key-advice_done_] button{SEEN}").first
    key = page.evaluate("one => [...one.closest('[class*=st-key-advice_done_]').classList].find(name => name.startsWith('st-key-advice_done_'))", first.element_handle())
    first.click()
    back = page.locator(f".{key.replace('_done_', '_back_')} button")
    back.wait_for()
    tab.settle()
    assert page.locator(f".{key}").count() == 0
    back.click()
    page.locator(f".{key} button").wait_for()
    assert tab.complaints == []
