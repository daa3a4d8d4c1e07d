"""A question by keyboard, the numbers at once where it speaks of danger, and the answer on a telephone in Chinese."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.live import Look, Tab
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages import go_to, judged

pytestmark = pytest.mark.needs_browser
PHONE = Look(390, 844, "dark", "zh_Hans")


def test_a_message_is_written_by_keyboard_and_danger_shows_the_numbers_at_once(opened: Callable[[Look], Tab]) -> None:
    tab = opened(Look())
    tab.sign_in("patient")
    go_to(tab, "messages")
    tab_to(tab, ".st-key-thread_new")
    tab.page.keyboard.press("Enter")
    tab.page.locator(".st-key-message_send").wait_for(timeout=15_000)
    tab.settle()
    tab.page.get_by_role("textbox", name="What it is about").focus()
    tab.page.keyboard.type("Not well")
    tab.page.keyboard.press("Tab")
    tab.page.get_by_role("textbox", name="Your message").focus()
    tab.page.keyboard.type("I have crushing chest pain")
    tab.page.keyboard.press("Control+Enter")
    tab.page.locator(".help-found").wait_for(timeout=15_000)
    tab.settle()
    assert tab.page.locator(".help-found a[href^='tel:']").count() >= 1
    assert judged(tab, Look()) == {}
    tab.page.locator(".st-key-message_send button").focus()
    tab.page.keyboard.press("Enter")
    tab.page.locator("article.msg").wait_for(timeout=15_000)
    tab.settle()
    assert "crushing chest pain" in tab.page.inner_text("article.msg")
    assert tab.page.locator(".help-found").is_visible()
    assert judged(tab, Look()) == {}
    assert not tab.complaints


def test_a_conversation_is_whole_on_a_phone_in_chinese(opened: Callable[[Look], Tab]) -> None:
    tab = opened(PHONE)
    tab.sign_in("patient_zh")
    tab.open("messages")
    assert judged(tab, PHONE) == {}
    tab.page.locator("[class*='st-key-thread_t'] button:visible").first.click()
    tab.page.locator("article.msg").first.wait_for(timeout=15_000)
    tab.settle()
    assert judged(tab, PHONE) == {}
    assert not tab.complaints
