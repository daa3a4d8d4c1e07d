"""Help at once by hand: one tap from any page of a phone, the number in sight without scrolling, nothing in the way of those who can't see or use a mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.ui.words import words
from tests.browser.live import Look, Tab
from tests.browser.test_pages import judged

pytestmark = pytest.mark.needs_browser
PHONE = 390, 844


def in_sight(tab: Tab, what: str) -> bool:
    """Whether the first of these is on the screen, above the bar of links, without scrolling."""
    box = tab.page.locator(what).first.bounding_box()
    bar = tab.page.locator(".st-key-nav").bounding_box()
    assert box is not None
    assert bar is not None
    floor = bar["y"] if bar["y"] > box["y"] else PHONE[1]
    return bool(box["y"] >= 0 and box["y"] + box["height"] <= floor and box["x"] >= 0 and box["x"] + box["width"] <= PHONE[0])


@pytest.mark.parametrize(("role", "language", "scheme"), [("patient", "en", "light"), ("patient_zh", "zh_Hans", "dark")])
def test_help_is_one_tap_away_and_in_sight(opened: Callable[[Look], Tab], role: str, language: str, scheme: str) -> None:
    look = Look(*PHONE, scheme, language)
    tab = opened(look)
    tab.sign_in(role)
    for page in ("today", "records", "settings"):
        tab.open(page)
        assert in_sight(tab, ".st-key-help_link a"), page
    tab.page.locator(".st-key-help_link a").click()
    tab.page.locator(".help-call").wait_for()
    tab.settle()
    assert words(language)("nav.help_now") in tab.page.inner_text("h1")
    assert in_sight(tab, ".help-big")
    assert in_sight(tab, ".help-talk a")
    box = tab.page.locator(".help-big").first.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    tab.page.locator(".help-sign summary").first.click()
    assert tab.page.locator(".help-sign[open] .help-steps").first.is_visible()
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert judged(tab, look) == {}
    assert tab.complaints == []


def test_a_note_that_speaks_of_danger_is_answered_with_the_numbers(opened: Callable[[Look], Tab]) -> None:
    tab = opened(Look())
    tab.sign_in("patient")
    tab.open("trends")
    tab.page.locator(".st-key-trend_note button").click()
    tab.page.locator(".st-key-note_text textarea").fill("sudden chest pain on the stairs")
    tab.page.locator(".st-key-note_text textarea").blur()
    tab.settle()
    tab.page.locator(".st-key-note_keep button").click()
    tab.page.locator("[role=dialog] .help-found").wait_for()
    assert "911" in tab.page.inner_text("[role=dialog] .help-found")


def test_the_place_is_shown_after_a_tap_alone_and_goes_nowhere(opened: Callable[[Look], Tab]) -> None:
    tab, t = opened(Look(*PHONE)), words("en")
    tab.sign_in("patient")
    tab.open("help_now")
    said: list[str] = []
    tab.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: said.append(str(frame))))
    tab.page.on("request", lambda request: said.append(f"{request.url} {request.post_data}"))
    button = tab.page.locator(".st-key-noprint_where button")
    button.wait_for()
    status = tab.page.locator(".st-key-noprint_where [role=status]")
    assert status.inner_text() == ""
    tab.page.context.set_geolocation({"latitude": -33.86791, "longitude": 151.20687, "accuracy": 12})
    button.click()
    tab.page.get_by_text(t("help.where_refused")).wait_for()
    tab.page.context.grant_permissions(["geolocation"])
    button.click()
    tab.page.get_by_text("33.86791° S, 151.20687° E").wait_for()
    tab.settle()
    assert "12" in status.inner_text()
    assert not [one for one in said if "33.86" in one or "151.2" in one]
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    tab.open("help_now")
    tab.page.locator(".st-key-noprint_where button").wait_for()
    assert status.inner_text() == ""
