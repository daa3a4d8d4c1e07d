"""A visit from a proposal to a day of the team: confirmed by keyboard on a computer, seen by the team on a telephone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.live import Look, Tab
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages import go_to, judged

pytestmark = pytest.mark.needs_browser
PHONE = Look(390, 844, "dark", "zh_Hans")


def test_a_visit_is_confirmed_by_keyboard_and_stands_on_the_teams_day(opened: Callable[[Look], Tab]) -> None:
    tab = opened(Look())
    tab.sign_in("patient")
    tab.page.locator(".st-key-card_visit_next a").focus()
    tab.page.keyboard.press("Enter")
    tab.page.locator("[class*=st-key-card_visit_v]").first.wait_for(timeout=15_000)
    tab.settle()
    assert judged(tab, Look()) == {}
    tab_to(tab, "[class*=st-key-visit_confirm_]")
    tab.page.keyboard.press("Enter")
    tab.page.locator("[class*=st-key-visit_confirm_]").wait_for(state="detached", timeout=15_000)
    tab.settle()
    assert judged(tab, Look()) == {}
    assert not tab.complaints
    team = opened(PHONE)
    team.sign_in("coordinator")
    go_to(team, "visits")
    assert judged(team, PHONE) == {}
    team.page.locator(".st-key-visits_after button:visible").click()
    team.settle()
    assert team.page.locator("[class*=st-key-line_visit_day_]").count() >= 1
    assert judged(team, PHONE) == {}
    assert not team.complaints
