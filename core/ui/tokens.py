"""This is the place where the colours of Healthboard are rows: one name, its light and its dark value.

The stylesheet takes them as `light-dark()` variables, the charts as plain values, and .streamlit/config.toml repeats
those that Streamlit itself needs (a test holds the two together). Contrast on ground and card was computed for each
text colour: at least 5.7:1 in light, 7.7:1 in dark; control borders at least 3.5:1.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

COLOURS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ground": ("#FAF9F6", "#11181A"),
        "card": ("#FFFFFF", "#182124"),
        "sunk": ("#F1EFEA", "#1E282B"),
        "ink": ("#1B2426", "#E7ECEB"),
        "muted": ("#4A5659", "#AAB6B8"),
        "hair": ("#DAD7CF", "#334044"),
        "edge": ("#7C878A", "#7B898C"),
        "accent": ("#0B5F66", "#6CC4C3"),
        "accent-soft": ("#E3F0EF", "#12292B"),
        "on-accent": ("#FFFFFF", "#08282A"),
        "second": ("#5B4A8A", "#BFB1E8"),
        "third": ("#7A5300", "#E6BE6B"),
        "fourth": ("#3F5A75", "#A5BAD0"),
        "fine": ("#1E6B3C", "#7CCB97"),
        "fine-soft": ("#E7F2EA", "#17291E"),
        "watch": ("#7A5300", "#E6BE6B"),
        "watch-soft": ("#FAF0D9", "#2B2412"),
        "soon": ("#9C3D00", "#F2A579"),
        "soon-soft": ("#FCE9DC", "#321F14"),
        "now": ("#A2142B", "#FF9BA6"),
        "now-soft": ("#FBE6E8", "#391A1F"),
        "unknown": ("#3F5A75", "#A5BAD0"),
        "unknown-soft": ("#E7EDF3", "#1D2732"),
    }
)


def palette(theme: str) -> Mapping[str, str]:
    """The colours as plain values for one theme ("light" or "dark"), for pictures that cannot follow the stylesheet."""
    place = 1 if theme == "dark" else 0
    return {name: pair[place] for name, pair in COLOURS.items()}


def css_variables() -> str:
    """The tokens as CSS variables that follow the colour scheme in force where they are used."""
    rows = ";".join(f"--{name}:light-dark({light},{dark})" for name, (light, dark) in COLOURS.items())
    return f"html{{{rows}}}"
