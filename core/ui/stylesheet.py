"""This is the place where the one stylesheet of Healthboard is put together: tokens, rules and icons."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from core.ui.icons import icon_styles
from core.ui.tokens import css_variables

SHEETS = ("base", "nav", "cards", "controls", "devices", "trends", "checks", "photos", "risks", "doses", "help", "worklist", "threads", "alerts", "visits", "panel", "kiosk", "checkin", "print")
_FOLDER = Path(__file__).with_name("style")


@cache
def stylesheet() -> str:
    """Everything as one <style> element (st.html puts it where it takes no room)."""
    rules = "".join((_FOLDER / f"{name}.css").read_text(encoding="utf-8") for name in SHEETS)
    without_remarks = re.sub(r"/\*.*?\*/\s*", "", rules, flags=re.DOTALL)
    return f"<style>{css_variables()}{without_remarks.replace(chr(10), '')}{icon_styles()}</style>"
