"""What people do from beginning to end, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.live import DEMO, Look, Tab

pytestmark = pytest.mark.needs_browser


def tab_to(tab: Tab, selector: str, most: int = 60) -> None:
    """Press Tab until the focus is inside what the selector names."""
    for _ in range(most):
        tab.page.keyboard.press("Tab")
        if tab.page.evaluate("(wanted) => !!document.activeElement.closest(wanted)", selector):
            return
    raise AssertionError(f"{most} times Tab never reached {selector}")


def focus_is_visible(tab: Tab) -> bool:
    return bool(
        tab.page.evaluate(
            """() => { const s = getComputedStyle(document.activeElement);
                       return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none"; }"""
        )
    )


def test_from_the_door_to_today_to_records_by_keyboard_alone(opened: Callable[[Look], Tab], artifacts: Path) -> None:
    tab = opened(Look())
    tab.open()
    tab_to(tab, f".st-key-{DEMO['patient']}")
    assert focus_is_visible(tab)
    tab.page.keyboard.press("Enter")
    tab.page.locator(f".st-key-{DEMO['patient']}").wait_for(state="detached", timeout=30_000)
    tab.settle()
    tab_to(tab, "[class*='st-key-navi_records']")
    assert focus_is_visible(tab)
    tab.page.screenshot(path=artifacts / "keyboard-focus.png")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/records*")
    tab.settle()
    assert tab.page.locator("[class*='st-key-navi_records'] a").first.get_attribute("aria-current") == "page"
    assert not tab.complaints


def test_the_skip_link_comes_first(opened: Callable[[Look], Tab]) -> None:
    tab = opened(Look())
    tab.open()
    tab.page.keyboard.press("Tab")
    assert "skip" in tab.page.evaluate("document.activeElement.textContent").lower()


def test_a_reload_keeps_one_signed_in_and_no_script_can_read_why(opened: Callable[[Look], Tab]) -> None:
    tab = opened(Look())
    tab.sign_in("patient")
    cookies = {cookie["name"]: cookie for cookie in tab.page.context.cookies()}
    assert cookies["hb_session"]["httpOnly"]
    assert cookies["hb_session"]["sameSite"] == "Lax"
    assert "hb_session" not in tab.page.evaluate("document.cookie")
    before = tab.page.inner_text("h1")
    tab.page.reload()
    tab.settle()
    assert tab.page.inner_text("h1") == before


def test_signing_out_leaves_nothing_behind(opened: Callable[[Look], Tab]) -> None:
    tab = opened(Look())
    tab.sign_in("patient")
    tab.open("records")
    tab.page.locator(".st-key-leave_wide button").click()
    tab.page.wait_for_url(f"{tab.address}/")
    tab.settle()
    tab.page.locator(f".st-key-{DEMO['patient']} button").wait_for(timeout=30_000)
    assert "hb_session" not in {cookie["name"] for cookie in tab.page.context.cookies()}
    tab.page.evaluate("setTimeout(() => history.back())")
    tab.page.wait_for_timeout(500)
    tab.page.locator(f".st-key-{DEMO['patient']} button").wait_for(timeout=15_000)
    tab.open("records")
    assert tab.page.locator(f".st-key-{DEMO['patient']} button").count() == 1


def test_every_address_is_shut_to_a_stranger(opened: Callable[[Look], Tab]) -> None:
    from core.ui.nav import PLACES

    tab = opened(Look())
    for place in PLACES:
        tab.open(place.key)
        assert tab.page.locator(f".st-key-{DEMO['patient']} button").count() == 1, place.key


def test_the_language_chosen_at_the_door_is_kept(opened: Callable[[Look], Tab]) -> None:
    tab = opened(Look())
    tab.open()
    tab.page.get_by_text("中文").first.click()
    tab.page.wait_for_selector("html[lang=zh-Hans]", state="attached", timeout=15_000)
    tab.page.reload()
    tab.settle()
    assert tab.page.get_attribute("html", "lang") == "zh-Hans"


def test_nothing_is_asked_of_another_host(opened: Callable[[Look], Tab]) -> None:
    tab = opened(Look())
    foreign: list[str] = []
    own = (tab.address, tab.address.replace("http", "ws", 1), "data:", "blob:")
    tab.page.on("request", lambda request: None if request.url.startswith(own) else foreign.append(request.url))
    tab.sign_in("patient")
    for path in ("today", "trends", "records"):
        tab.open(path)
    assert foreign == []
