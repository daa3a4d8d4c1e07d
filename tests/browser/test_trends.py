"""What people do on Trends with a mouse and with a finger, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.checks import axe_findings, program_talk, raw_keys, sideways, small_targets
from tests.browser.live import Look, Tab

pytestmark = pytest.mark.needs_browser

CHART = ".st-key-trend_chart .js-plotly-plot"


def looking_at(opened: Callable[[Look], Tab], look: Look = Look(), address: str = "trends?signal=weight&range=1Y") -> Tab:
    tab = opened(look)
    tab.sign_in("patient")
    tab.open(address)
    tab.page.locator(CHART).scroll_into_view_if_needed()
    tab.page.wait_for_timeout(300)
    return tab


def place(tab: Tab) -> tuple[float, float, float]:
    """Left edge, width and a height inside the first panel of the chart, as the window shows it."""
    box = tab.page.locator(CHART).bounding_box()
    assert box
    return box["x"], box["width"], box["y"] + 80


def drag(tab: Tab, first: float, last: float) -> None:
    """Drag from one share of the chart's width to another."""
    left, width, high = place(tab)
    tab.page.mouse.move(left + width * first, high)
    tab.page.mouse.down()
    tab.page.mouse.move(left + width * last, high, steps=8)
    tab.page.mouse.up()
    tab.page.wait_for_timeout(400)
    tab.settle()


def test_dragging_looks_closer_and_a_button_goes_back(opened: Callable[[Look], Tab], artifacts: Path) -> None:
    tab = looking_at(opened)
    back = tab.page.locator(".st-key-trend_whole button")
    assert not back.is_enabled()
    drag(tab, 0.4, 0.7)
    back.wait_for()
    tab.page.wait_for_function("() => document.querySelector('.st-key-trend_whole button')?.disabled === false", timeout=10_000)
    tab.page.screenshot(path=artifacts / "trends-zoomed.png")
    back.click()
    tab.page.wait_for_function("() => document.querySelector('.st-key-trend_whole button')?.disabled === true", timeout=10_000)
    assert not tab.complaints


def test_a_click_chooses_a_day_for_a_note_and_the_note_stays_until_it_is_removed(opened: Callable[[Look], Tab]) -> None:
    tab = looking_at(opened)
    left, width, high = place(tab)
    before = tab.page.locator(".st-key-line_note").inner_text()
    tab.page.mouse.click(left + width * 0.6, high)
    tab.page.wait_for_function("(text) => document.querySelector('.st-key-line_note')?.innerText !== text", arg=before, timeout=10_000)
    tab.page.locator(".st-key-trend_note button").click()
    tab.page.locator(".st-key-note_text textarea").fill("Started a <b>diet</b>")
    tab.page.locator(".st-key-note_keep button").click()
    tab.page.locator(".st-key-note_keep").wait_for(state="detached", timeout=10_000)
    tab.settle()
    tab.page.locator(".st-key-trend_notes summary").click()
    tab.page.get_by_text("Started a <b>diet</b>").wait_for(timeout=10_000)
    tab.page.locator("[class*=st-key-remove_] button").last.click()
    tab.page.get_by_text("Started a <b>diet</b>").wait_for(state="detached", timeout=10_000)
    assert not tab.complaints


def test_the_picture_and_its_values_can_be_taken_away_without_asking_another_host(opened: Callable[[Look], Tab], tmp_path: Path) -> None:
    tab = looking_at(opened)
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    with tab.page.expect_download(timeout=20_000) as saved:
        tab.page.locator(".st-key-png_trend_chart button").click()
    saved.value.save_as(tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    with tab.page.expect_download(timeout=20_000) as values:
        tab.page.locator(".st-key-trend_csv button").click()
    values.value.save_as(tmp_path / "values.csv")
    assert (tmp_path / "values.csv").read_text(encoding="utf-8-sig").count("\n") > 2
    assert [url for url in asked if not url.startswith((tab.address, "blob:", "data:"))] == []
    assert not tab.complaints


@pytest.mark.parametrize("look", [Look(390, 844), Look(390, 844, "dark", "zh_Hans"), Look(320, 700)], ids=lambda look: look.name)
def test_several_signals_fit_a_phone(opened: Callable[[Look], Tab], look: Look, artifacts: Path) -> None:
    tab = looking_at(opened, look, "trends?signal=blood_pressure&with=weight,hba1c&range=1Y")
    tab.grow()
    tab.page.screenshot(path=artifacts / f"trends-stacked_{look.name}.png")
    text = tab.text()
    assert (raw_keys(text), program_talk(text)) == ([], [])
    assert sideways(tab) == []
    assert small_targets(tab) == []
    assert axe_findings(tab) == []
    assert not tab.complaints


def test_a_finger_on_the_chart_scrolls_the_page(opened: Callable[[Look], Tab]) -> None:
    tab = looking_at(opened, Look(390, 844))
    stopped = tab.page.evaluate(
        """(where) => {
            const graph = document.querySelector(where);
            graph.dispatchEvent(new Event("pointerover", {bubbles: true}));
            const inner = graph.querySelector(".nsewdrag");
            const event = new Event("touchstart", {bubbles: true, cancelable: true});
            event.touches = [{}];
            inner.dispatchEvent(event);
            return event.defaultPrevented;
        }""",
        CHART,
    )
    assert stopped is False
    assert not tab.complaints
