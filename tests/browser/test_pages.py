"""Every page of every role, in both languages, light and dark, wide and narrow: whole, readable, and fit for assistive technology."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.domain.people import Role
from core.ui import nav
from tests.browser import checks
from tests.browser.live import DEMO, Look, Tab

pytestmark = pytest.mark.needs_browser

LOOKS = (Look(), Look(390, 844, "dark"), Look(1440, 900, "dark", "zh_Hans"), Look(390, 844, "light", "zh_Hans"))
ROLES = {"patient": Role.PATIENT, "caregiver": Role.CAREGIVER, "coordinator": Role.COORDINATOR, "administrator": Role.ADMINISTRATOR,
         "kiosk": Role.KIOSK}  # fmt: skip

SEEN = [(role, look) for role in ROLES for look in LOOKS if role != "caregiver" or look in LOOKS[1:3]]
"""A caregiver sees the patient's own pages: two looks are enough there."""


def open_a_record(tab: Tab) -> None:
    """A coordinator opens the first person of the panel."""
    tab.page.locator("[class*='st-key-see_'] button:visible").first.click()
    tab.page.wait_for_selector("[class*='st-key-navi_overview'][class*='_on']", timeout=30_000)
    tab.settle()


def pages_of(role: str) -> list[str]:
    return [place.key for place in nav.places(ROLES[role])]


@pytest.mark.parametrize(("role", "look"), SEEN, ids=lambda one: one.name if isinstance(one, Look) else one)
def test_every_page_is_whole(role: str, look: Look, opened: Callable[[Look], Tab], artifacts: Path) -> None:
    tab = opened(look)
    tab.sign_in(role)
    wrong: dict[str, object] = {}
    for key in pages_of(role):
        go_to(tab, key)
        picture(tab, artifacts / "pages" / f"{role}-{key}-{look.name}.png")
        problems = judged(tab, look) | narrowed(tab, look, artifacts / "narrow" / f"{role}-{key}-{look.language}.png")
        if problems:
            wrong[key] = problems
        if key == "people":
            open_a_record(tab)
    assert not wrong
    assert not tab.complaints


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_the_door_is_whole(look: Look, opened: Callable[[Look], Tab], artifacts: Path) -> None:
    tab = opened(look)
    tab.open()
    picture(tab, artifacts / "pages" / f"door-{look.name}.png")
    assert not judged(tab, look) | narrowed(tab, look, artifacts / "narrow" / f"door-{look.language}.png")
    assert not tab.complaints


@pytest.mark.parametrize("role", list(DEMO))
def test_the_start_page_already_speaks_the_language(role: str, opened: Callable[[Look], Tab]) -> None:
    tab = opened(Look(language="zh_Hans"))
    answer = tab.page.request.get(tab.address, headers={"accept-language": "zh-CN"})
    assert '<html lang="zh-Hans">' in answer.text()
    tab.sign_in(role)
    assert tab.page.get_attribute("html", "lang") == "zh-Hans"


def go_to(tab: Tab, key: str) -> None:
    """Follow the link in the bar or under More where there is one, else type the address (which closes a record that is open)."""
    link = tab.page.locator(f"[class*='st-key-navi_{key}'] a:visible")
    if link.count():
        link.first.click()
        tab.page.wait_for_selector(f"[class*='st-key-navi_{key}'][class*='_on']", timeout=15_000)
        tab.settle()
    elif not (nav.BY_KEY[key].link != "none" and through_more(tab, key)):
        tab.open(key)


def through_more(tab: Tab, key: str) -> bool:
    """Whether the page was reached by its link under More."""
    more = tab.page.locator("[class*='st-key-navi_more'] a:visible")
    if not more.count():
        return False
    more.first.click()
    tab.page.wait_for_selector("[class*='st-key-navi_more'][class*='_on']", timeout=15_000)
    tab.settle()
    link = tab.page.locator(f".st-key-card_more_{key} a:visible")
    if not link.count():
        return False
    link.first.click()
    tab.page.wait_for_url(f"**/{key}", timeout=15_000)
    tab.settle()
    return True


def picture(tab: Tab, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    tab.page.screenshot(path=path, full_page=False)


def judged(tab: Tab, look: Look) -> dict[str, object]:
    """Everything wrong with the page that is open."""
    text = tab.text()
    found: dict[str, object] = {
        "raw keys": checks.raw_keys(text),
        "program talk": checks.program_talk(text),
        "sideways": checks.sideways(tab),
        "axe": checks.axe_findings(tab),
        "headings": [] if tab.page.locator("h1:visible").count() == 1 else [tab.page.locator("h1:visible").count()],
    }
    if look.width < 640:
        found["small targets"] = checks.small_targets(tab)
    if tab.page.get_attribute("html", "lang") != look.language.replace("_", "-"):
        found["lang"] = tab.page.get_attribute("html", "lang")
    return {name: what for name, what in found.items() if what}


def narrowed(tab: Tab, look: Look, path: Path) -> dict[str, object]:
    """On a phone's look, whether anything scrolls sideways on the narrowest screen too: 320 pixels."""
    if look.width >= 640:
        return {}
    tab.page.set_viewport_size({"width": 320, "height": 640})
    tab.settle()
    found = checks.sideways(tab)
    picture(tab, path)
    tab.page.set_viewport_size({"width": look.width, "height": look.height})
    tab.settle()
    return {"sideways at 320 pixels": found} if found else {}
