"""This is the place where the kiosk's one page is drawn for each run of its browser: the same screens as in the app, with the house of this machine."""

from __future__ import annotations

from datetime import UTC

import streamlit as st

from core.edge.house import HELD, Edge, local_now, look, now, qr
from core.errors import HealthboardError
from core.ui import incident, kiosk_screens, shell
from core.ui.kiosk_house import KioskHouse, PhotoLook
from core.ui.kiosk_stay import SPOKEN
from core.ui.words import Words, closest, words

KIOSK = "kiosk"


def house(edge: Edge, t: Words) -> KioskHouse:
    """What the screens reach for."""
    known = edge.server.known
    return KioskHouse(
        KIOSK, (known.name if known else "") or t("app.name"), t, now, edge.server, edge.hello, edge.hand_over, _looked, qr, edge.place.country,
        edge.remote.base, None, edge.devices,
    )  # fmt: skip


def language() -> str:
    """The one that was chosen at this kiosk, else the one the browser asks for."""
    return str(st.session_state.get(SPOKEN) or closest([st.context.locale or ""]))


def draw() -> None:
    """One run. `st.navigation` is reached on every path, and knows one page."""
    t = words(language(), local_now().tzinfo or UTC)
    page = st.navigation([st.Page(_page, title=t("app.name"), url_path=KIOSK, default=True)], position="hidden")
    shell.put_up(t, shell.Frame("kiosk"))
    page.run()


def _page() -> None:
    t = words(language(), local_now().tzinfo or UTC)
    try:
        kiosk_screens.run(house(HELD.edge(), t))
    except HealthboardError as error:
        incident.tell(t, error)


def _looked(kind: str, content: bytes) -> PhotoLook:
    cleaned, reasons = look(kind, content)
    return PhotoLook(cleaned, reasons)


if __name__ == "__main__":
    draw()
