"""This is the place where the look is held together: one set of colours, contrast, icons that exist, no styling elsewhere."""

from __future__ import annotations

import re
import tomllib

import pytest

from core.ui.icons import PATHS
from core.ui.stylesheet import stylesheet
from core.ui.tokens import COLOURS, palette
from tests.ui.visitor import ROOT

CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
THEME_OF = {
    "primaryColor": "accent", "backgroundColor": "ground", "secondaryBackgroundColor": "sunk", "textColor": "ink", "borderColor": "hair",
    "linkColor": "accent", "greenTextColor": "fine", "greenBackgroundColor": "fine-soft", "yellowTextColor": "watch",
    "yellowBackgroundColor": "watch-soft", "orangeTextColor": "soon", "orangeBackgroundColor": "soon-soft", "redTextColor": "now",
    "redBackgroundColor": "now-soft", "blueTextColor": "unknown", "blueBackgroundColor": "unknown-soft", "grayTextColor": "muted",
    "violetTextColor": "second",
}  # fmt: skip


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_streamlit_has_the_same_colours_as_the_stylesheet(theme: str) -> None:
    colours = palette(theme)
    assert {key: CONFIG["theme"][theme][key] for key in THEME_OF} == {key: colours[name] for key, name in THEME_OF.items()}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("text", ["ink", "muted", "accent", "fine", "watch", "soon", "now", "unknown", "second", "third", "fourth"])
def test_every_text_colour_can_be_read_on_ground_and_card(theme: str, text: str) -> None:
    colours = palette(theme)
    assert min(contrast(colours[text], colours[on]) for on in ("ground", "card", "sunk")) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", ["fine", "watch", "soon", "now", "unknown"])
def test_every_state_can_be_read_on_its_own_chip(theme: str, state: str) -> None:
    colours = palette(theme)
    assert contrast(colours[state], colours[state + "-soft"]) >= 5.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_borders_of_controls_and_text_on_the_accent_can_be_seen(theme: str) -> None:
    colours = palette(theme)
    assert min(contrast(colours["edge"], colours[on]) for on in ("ground", "card")) >= 3.0
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5


def test_every_variable_of_the_stylesheet_is_a_token() -> None:
    assert set(re.findall(r"var\(--([a-z-]+)[,)]", stylesheet())) - set(COLOURS) == {"m", "print-zoom", "camera-word"}


def test_every_icon_that_is_used_is_drawn() -> None:
    used = set()
    for path in [*(ROOT / "core/ui").glob("*.py"), *(ROOT / "pages").glob("*.py")]:
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r'icon\("([a-z]+)"\)', text)) | set(re.findall(r'tag\([^\n]*?, "([a-z]+)"', text))
    assert used - set(PATHS) == set()


def test_pages_carry_no_styling() -> None:
    for path in (ROOT / "pages").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "<style" not in text and "style=" not in text and "#" + "0B5F66" not in text, path.name


def test_nothing_is_cached_for_everybody() -> None:
    for path in [*(ROOT / "core/ui").glob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"]:
        text = path.read_text(encoding="utf-8")
        assert "cache_data" not in text and "cache_resource" not in text, path.name


def test_server_and_client_say_nothing_to_strangers() -> None:
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["toolbarMode"] == "minimal"
