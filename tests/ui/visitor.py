"""This is the place where a visitor is played: one browser session that signs in, opens pages and reads what is drawn."""

from __future__ import annotations

import html
import re
from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core.care import sessions
from core.ports import Ports

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "pages"
LONG = 60


def script(ports, folder):  # type: ignore[no-untyped-def]  # its source is run on its own, where no name is known
    from core.ui import door

    door.run(ports, folder)


class Visitor:
    """One session of the app."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports
        self.app = AppTest.from_function(script, kwargs={"ports": ports, "folder": PAGES}, default_timeout=LONG)
        self.app.run()

    def sign_in(self, role: str, at: int = 0) -> Visitor:
        """Choose a demo card by role."""
        accounts = [number for number, one in enumerate(sessions.demo_accounts(self.ports)) if one.role == role]
        self.app.button(key=f"demo_{accounts[at]}").click().run()
        return self

    def speak(self, language: str) -> Visitor:
        """Choose a language at the door."""
        self.app.segmented_control(key="door_language").set_value(language).run()
        return self

    def go(self, page: str) -> Visitor:
        """Type the address of a page, whether there is a link to it or not."""
        self.app._page_hash = calc_hash(page)  # what a browser sends for an address; switch_page knows allowed scripts only
        self.app.run()
        return self

    @property
    def text(self) -> str:
        """Everything that is drawn, as text without tags."""
        return html.unescape(re.sub(r"<[^>]*>", " ", self.markup))

    @property
    def markup(self) -> str:
        """Everything that is drawn: HTML, labels, options."""
        return "\n".join(_drawn(self.app._tree))

    @property
    def problems(self) -> list[str]:
        """What Streamlit itself complained about."""
        return [str(one.value) for one in self.app.exception] + [str(one.value) for one in self.app.error]

    @property
    def remembered(self) -> set[str]:
        """The names of everything this session holds."""
        return {str(key) for key in self.app.session_state._state.filtered_state}


def _drawn(block: object) -> list[str]:
    found: list[str] = []
    for child in getattr(block, "children", {}).values():
        proto = getattr(child, "proto", None)
        if proto is not None:
            found += _texts(proto)
        found += _drawn(child)
    return found


def _texts(proto: object) -> list[str]:
    """The texts of one element; the stylesheet and figures are not read."""
    found = []
    for name in ("body", "label", "value", "options", "spec", "text", "help", "page", "placeholder"):
        held = getattr(proto, name, None)
        if isinstance(held, str) and not held.startswith("<style>"):
            found.append(held)
        elif name == "options" and held is not None:
            found += [str(getattr(option, "content", option)) for option in held]
    return found
