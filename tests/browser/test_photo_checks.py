"""A photo by hand: taken with a (made-up) camera on a telephone in Chinese, answered by a coordinator, read on Today."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import TimeoutError as TooLong

from core.samples import photos
from core.ui.words import words
from tests.browser.live import CHROMIUM, FLAGS, Look, Tab, tab
from tests.browser.test_pages import judged, picture

pytestmark = pytest.mark.needs_browser
SEEN = " >> visible=true"
PHONE = Look(390, 844, "light", "zh_Hans")
WORDS = "请下周来一趟，我们当面看看。"


@pytest.fixture
def filmed(chromium: Browser, address: str, tmp_path: Path) -> Iterator[Callable[[Look], Tab]]:
    """Tabs of a browser whose camera looks at skin that we drew."""
    film = tmp_path / "skin.mjpeg"
    film.write_bytes(photos.skin(77, photos.Spot(0.12, 0.15)) * 2)
    camera = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={film}")
    started = chromium.browser_type.launch(executable_path=str(CHROMIUM), args=[*FLAGS, *camera])

    def opened(stack: ExitStack, look: Look) -> Tab:
        found = stack.enter_context(tab(started, address, look))
        found.page.context.grant_permissions(["camera"], origin=address)
        return found

    with ExitStack() as stack:
        stack.callback(started.close)
        yield lambda look: opened(stack, look)


def press(tab: Tab, key: str) -> None:
    tab.page.locator(f"[class*='st-key-{key}'] button{SEEN}").first.click()
    tab.settle()


def snap(tab: Tab) -> None:
    """Press the shutter; once more where the camera gave no picture yet."""
    shutter, judged_ = tab.page.locator("[data-testid=stCameraInputButton]"), tab.page.locator(".st-key-photo_judged")
    for _ in range(4):
        if shutter.count() and "Take" in shutter.first.inner_text():
            shutter.first.click()
        try:
            judged_.wait_for(timeout=8_000)
        except TooLong:
            continue
        tab.settle()
        return
    raise AssertionError("the camera gave no picture")


def on_the_body(tab: Tab) -> None:
    """A new place: tap the chest."""
    tab.page.locator(".st-key-photo_go_on").wait_for(timeout=15_000)
    tab.settle()
    known = tab.page.locator(".st-key-photo_spot [role=radiogroup] label")
    if known.count():
        known.last.click()
    drawn = tab.page.locator(".st-key-body_map")
    drawn.wait_for(timeout=15_000)
    tab.settle()
    drawn.scroll_into_view_if_needed()
    at = drawn.bounding_box()
    assert at
    tab.page.mouse.click(at["x"] + at["width"] / 2, at["y"] + at["height"] * 0.28)
    tab.page.locator(".st-key-photo_go_on button:not([disabled])").wait_for(timeout=15_000)
    tab.settle()


def test_a_photo_is_taken_on_a_telephone_answered_by_the_team_and_read(filmed: Callable[[Look], Tab], artifacts: Path) -> None:
    t, wrong = words("zh_Hans"), {}
    patient = filmed(PHONE)
    patient.sign_in("patient_zh")
    patient.open("photo_checks")
    press(patient, "start_skin")
    on_the_body(patient)
    assert t("body.chest") in patient.text()
    wrong["where"] = judged(patient, PHONE)
    press(patient, "photo_go_on")
    shutter = patient.page.locator("[data-testid=stCameraInputButton]")
    shutter.wait_for(timeout=15_000)
    patient.page.wait_for_function("() => document.querySelector('[data-testid=stCameraInput] video')?.videoWidth > 0", timeout=15_000)
    wrong["camera"] = judged(patient, PHONE)
    picture(patient, artifacts / "pages" / f"photo-camera-{PHONE.name}.png")
    snap(patient)
    wrong["photo"] = judged(patient, PHONE)
    press(patient, "photo_use")
    press(patient, "photo_send")
    patient.page.locator(".st-key-photo_done").wait_for(timeout=20_000)
    assert t("photo.sent") in patient.text()
    wrong["sent"] = judged(patient, PHONE)
    answered(filmed(Look()), artifacts)
    patient.open("today")
    patient.page.get_by_text(WORDS).first.wait_for(timeout=15_000)
    wrong["today"] = judged(patient, PHONE)
    assert {step: found for step, found in wrong.items() if found} == {}
    assert not patient.complaints


def answered(team: Tab, artifacts: Path) -> None:
    """A coordinator opens what the patient has just sent, and answers in words of their own."""
    team.sign_in("coordinator")
    team.open("reviews")
    lines = team.page.locator("[class*='st-key-line_review_']").filter(has_text="王建国").filter(has_text=words("en")("check_kind.skin"))
    lines.last.locator(f"button{SEEN}").first.click()
    team.page.locator(".st-key-card_decide").wait_for(timeout=15_000)
    team.settle()
    picture(team, artifacts / "pages" / "review-1440.png")
    assert judged(team, Look()) == {}
    field = team.page.locator("[class*=st-key-decide_words_] textarea")
    field.focus()
    team.page.keyboard.type(WORDS + " sns")  # the letters that are keys elsewhere are letters here
    assert field.input_value() == WORDS + " sns"
    team.page.keyboard.press("Tab")
    team.settle()
    team.page.keyboard.press("s")  # save and next
    team.page.wait_for_function("() => document.querySelector('[class*=st-key-decide_words_] textarea')?.value === ''", timeout=15_000)
    team.settle()
    assert not team.complaints


def test_a_place_is_chosen_with_the_keyboard_alone(opened: Callable[[Look], Tab]) -> None:
    tab = opened(Look(320, 700, "dark"))
    tab.sign_in("patient")
    tab.open("photo_checks")
    press(tab, "start_wound")
    field = tab.page.locator("[class*='st-key-photo_place_front'] input").first
    field.wait_for(timeout=15_000)
    field.focus()
    tab.page.keyboard.type("Neck")
    tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("Enter")
    tab.page.locator(".st-key-photo_go_on button:not([disabled])").wait_for(timeout=15_000)
    tab.settle()
    assert words("en")("photo.placed", place="Neck, front") in tab.text()
    assert judged(tab, Look(320, 700, "dark")) == {}
