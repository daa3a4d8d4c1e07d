"""This is the place where a questionnaire is filled in with a real browser: on a narrow phone, in the dark, in Chinese, with the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.live import Look, Tab
from tests.browser.test_pages import go_to, judged, picture

pytestmark = pytest.mark.needs_browser

LOOKS = (Look(), Look(390, 844, "dark"), Look(320, 700, "light", "zh_Hans"))


def press(tab: Tab, key: str) -> None:
    tab.page.locator(f".st-key-{key} button").first.click()
    tab.settle()


def choose(tab: Tab, at: int, answer: int, key: str = "phq-9") -> None:
    tab.page.locator(f".st-key-ask_{key}_{at} [role=radiogroup] label").nth(answer).click()
    tab.page.wait_for_timeout(150)
    tab.settle()


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_a_questionnaire_is_whole_from_list_to_result(look: Look, opened: Callable[[Look], Tab], artifacts: Path) -> None:
    tab = opened(look)
    tab.sign_in("patient_zh" if look.language == "zh_Hans" else "patient")
    go_to(tab, "checks")
    wrong = {}
    stage = "list"

    def judge() -> None:
        picture(tab, artifacts / "pages" / f"checks-{stage}-{look.name}.png")
        found = judged(tab, look)
        if found:
            wrong[stage] = found

    judge()
    press(tab, "begin_phq-9")
    choose(tab, 8, 1)
    stage = "crisis"
    assert tab.page.locator(".crisis a[href^='tel:']").count() >= 3
    judge()
    press(tab, "check_finish")
    stage = "missing"
    judge()
    for at in range(8):
        choose(tab, at, at % 3)
    press(tab, "check_finish")
    stage = "result"
    judge()
    press(tab, "check_back")
    press(tab, "begin_findrisc")
    stage = "numbers"
    judge()
    press(tab, "check_back")
    press(tab, "begin_diary")
    choose(tab, 0, 3, "diary")
    stage = "diary"
    judge()
    press(tab, "check_finish")
    press(tab, "check_back")
    press(tab, "begin_diary")
    for at, answer in enumerate((5, 2, 7, 6)):
        choose(tab, at, answer, "diary")
    press(tab, "check_finish")
    tab.page.wait_for_selector(".js-plotly-plot", timeout=15_000)
    stage = "trend"
    judge()
    assert not wrong
    assert not tab.complaints


def test_an_answer_is_given_with_the_keyboard_alone(opened: Callable[[Look], Tab]) -> None:
    tab = opened(Look())
    tab.sign_in("patient")
    go_to(tab, "checks")
    press(tab, "begin_gad-2")
    first = tab.page.locator(".st-key-ask_gad-2_0 input[type=radio]").first
    first.focus()
    tab.page.keyboard.press("Space")
    tab.settle()
    tab.page.keyboard.press("ArrowDown")
    tab.settle()
    assert tab.page.locator(".st-key-ask_gad-2_0 input[type=radio]:checked").count() == 1
    assert tab.page.locator(".check-progress progress").get_attribute("value") == "1"
