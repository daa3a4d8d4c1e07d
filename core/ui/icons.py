"""This is the place where the icons are drawn: line paths on a 24 by 24 field, used as CSS masks and in small pictures."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

PATHS: Mapping[str, str] = MappingProxyType(
    {
        "fine": "<circle cx='12' cy='12' r='9'/><path d='M8 12.3l2.8 2.8 5.4-5.7'/>",
        "watch": "<path d='M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z'/><circle cx='12' cy='12' r='2.6'/>",
        "soon": "<path d='M12 3.5L21.5 20h-19z'/><path d='M12 10v4.5M12 17v.3'/>",
        "now": "<path d='M8 2.8h8L21.2 8v8L16 21.2H8L2.8 16V8z'/><path d='M12 7.3v6M12 16.4v.3'/>",
        "unknown": "<circle cx='12' cy='12' r='9' stroke-dasharray='3 2.2'/>"
        "<path d='M9.6 9.6a2.4 2.4 0 1 1 3.4 2.2c-.7.4-1 .9-1 1.7M12 16.4v.3'/>",
        "cuff": "<rect x='3' y='6' width='12' height='12' rx='2'/><path d='M15 12h3a3 3 0 0 1 3 3v3'/>",
        "watch_device": "<rect x='7' y='7' width='10' height='10' rx='2.5'/><path d='M9 7l.7-4h4.6L15 7M9 17l.7 4h4.6l.7-4M12 10v2.3l1.4 1'/>",
        "file": "<path d='M6 3h8l4 4v14H6z'/><path d='M14 3v4h4M9 12h6M9 16h6'/>",
        "server": "<rect x='4' y='4' width='16' height='7' rx='1.5'/><rect x='4' y='13' width='16' height='7' rx='1.5'/>"
        "<path d='M7.5 7.5v.2M7.5 16.5v.2'/>",
        "demo": "<path d='M9.5 3h5M10.5 3v6L5 18.5A1.7 1.7 0 0 0 6.5 21h11a1.7 1.7 0 0 0 1.5-2.5L13.5 9V3M7.5 15h9'/>",
        "pen": "<path d='M4 20l1-4L16.5 4.5l3 3L8 19z'/>",
        "clock": "<circle cx='12' cy='12' r='9'/><path d='M12 6.8V12l3.4 2'/>",
        "check": "<path d='M5 12.5l4.5 4.5L19 7.5'/>",
        "up": "<path d='M12 19V5M6 11l6-6 6 6'/>",
        "down": "<path d='M12 5v14M6 13l6 6 6-6'/>",
        "person": "<circle cx='12' cy='8' r='4'/><path d='M4.5 20.5a7.5 7.5 0 0 1 15 0'/>",
        "people": "<circle cx='9' cy='8.5' r='3.5'/><path d='M2.5 20a6.5 6.5 0 0 1 13 0M16 5.3a3.5 3.5 0 0 1 0 6.4M18 14.3a6.5 6.5 0 0 1 3.5 5.7'/>",
        "heart": "<path d='M12 20S3.5 14.8 3.5 9A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 8.5 2c0 5.8-8.5 11-8.5 11z'/>",
        "key": "<circle cx='8' cy='15' r='4'/><path d='M11 12l8.5-8.5M16 7l3 3'/>",
        "screen": "<rect x='3' y='4' width='18' height='13' rx='2'/><path d='M9 21h6M12 17v4'/>",
        "shield": "<path d='M12 3l7.5 3v5.5c0 4.6-3.1 8-7.5 9.5-4.4-1.5-7.5-4.9-7.5-9.5V6z'/>",
        "link": "<path d='M10 14a4 4 0 0 0 5.7 0l3.3-3.3a4 4 0 1 0-5.7-5.7l-1.5 1.5M14 10a4 4 0 0 0-5.7 0L5 13.3A4 4 0 1 0 10.7 19l1.5-1.5'/>",
        "info": "<circle cx='12' cy='12' r='9'/><path d='M12 11v5.5M12 7.4v.3'/>",
    }
)


def icon(name: str) -> str:
    """An icon for HTML; it takes the colour of the text around it and is silent for screen readers."""
    return f'<i class="ic i-{name}" aria-hidden="true"></i>'


def data_uri(svg: str) -> str:
    """An SVG as an address that an <img> or a CSS mask can show."""
    return "data:image/svg+xml," + quote(svg, safe=" =:/(),;'!")


def icon_styles() -> str:
    """One CSS rule for each icon (st.html removes inline SVG, so icons are masks)."""
    return "".join(f'.i-{name}{{--m:url("{data_uri(_svg(path))}")}}' for name, path in PATHS.items())


def _svg(path: str) -> str:
    return (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='#000' stroke-width='2.1' "
        f"stroke-linecap='round' stroke-linejoin='round'>{path}</svg>"
    )
