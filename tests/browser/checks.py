"""This is the place where a drawn page is judged: nothing raw, nothing broken, nothing that scrolls sideways."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from core.ui.words import FIRST, catalogue
from tests.browser.live import Tab

_KEY = re.compile(r"\b[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+\b")
_TRACEBACK = re.compile(r"Traceback|\bat 0x[0-9a-f]+|[A-Z][a-z]+Error\b|<class |NoneType|\bnan\b|\{[a-z_]+\}|Streamlit", re.IGNORECASE)

_FILES = (".zip", ".csv", ".json", ".xml", ".fit")
"""Names of files that were brought in stand on the page too."""

STREAMLIT_OWN = {
    "presentation-role-conflict": "the file uploader's drop zone is a button inside a presentation",
}
"""Findings in Streamlit's own widgets, by rule; docs/ACCESSIBILITY.md lists them."""


def raw_keys(text: str) -> list[str]:
    """Catalogue keys that reached the screen instead of their words."""
    known = {key.split(".", 1)[0] for key in catalogue(FIRST)._catalog if isinstance(key, str) and "." in key}  # type: ignore[attr-defined]
    return [found for found in _KEY.findall(text) if found.split(".", 1)[0] in known and not found.endswith(_FILES)]


def program_talk(text: str) -> list[str]:
    """What only a programmer would understand."""
    return _TRACEBACK.findall(text)


def sideways(tab: Tab) -> list[str]:
    """What sticks out of the page to the right; empty where nothing makes it scroll sideways."""
    return tab.page.evaluate(  # type: ignore[no-any-return]
        """() => {
            const main = document.querySelector("[data-testid=stMain]") || document.documentElement;
            const over = [document.documentElement, main].some((box) => box.scrollWidth > box.clientWidth + 1);
            if (!over) return [];
            const edge = document.documentElement.clientWidth + 1;
            return [...document.querySelectorAll("body *")]
                .filter((node) => node.getBoundingClientRect().right > edge && !node.closest(".tblwrap, .scroll, .sr"))
                .slice(0, 6).map((node) => `${node.tagName}.${node.className}`.slice(0, 120)).concat("the page is too wide");
        }"""
    )


def small_targets(tab: Tab) -> list[str]:
    """Buttons and links of ours that a thumb would miss (under 44 px), except inside running text."""
    return tab.page.evaluate(  # type: ignore[no-any-return]
        """() => [...document.querySelectorAll(".stButton button, .stDownloadButton button, .stPageLink a, .stFormSubmitButton button")]
            .filter((node) => node.offsetParent && (node.offsetHeight < 43.5 || node.offsetWidth < 43.5))
            .map((node) => `${node.innerText.slice(0, 40)} ${node.offsetWidth}x${node.offsetHeight}`)"""
    )


def axe_findings(tab: Tab) -> list[str]:
    """Serious and critical findings of axe-core that are ours, and still there when the page has come to rest: what is drawn anew is dimmed for a moment."""
    found = _axe(tab)
    if found:
        tab.page.wait_for_timeout(1500)
        tab.settle()
        found = _axe(tab)
    return found


def _axe(tab: Tab) -> list[str]:
    found: dict[str, Any] = Axe().run(tab.page).response
    return [line for violation in found["violations"] for line in _ours(violation)]


def _ours(violation: dict[str, Any]) -> Iterable[str]:
    if violation["impact"] not in ("serious", "critical") or violation["id"] in STREAMLIT_OWN:
        return
    for node in violation["nodes"]:
        yield f"{violation['id']} ({violation['impact']}): {node['target']} {node['html'][:160]}"
