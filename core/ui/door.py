"""This is the place where one run of the app goes from who is here to the page they may see; `st.navigation` is always reached.

Every known address is registered on every run: with its page where the role may open it, with the sign-in page for
strangers, with "not for you" otherwise. So no address falls back to Streamlit's own discovery of pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from core.domain.people import Role
from core.errors import HealthboardError, SessionExpired
from core.ports import Ports
from core.ui import incident, nav, session, shell
from core.ui.icons import icon
from core.ui.markup import empty, head
from core.ui.session import Visit
from core.ui.words import FIRST, words

_DENSITY = {Role.COORDINATOR: "dense", Role.ADMINISTRATOR: "dense", Role.KIOSK: "kiosk"}

_FRONT = "front"
"""The name of "/": reserved, never shown."""


def run(ports: Ports, folder: Path) -> None:
    """One run of the app script: pages come from `folder`."""
    try:
        visit = session.arrive(ports)
    except HealthboardError as error:  # the store does not open: say so, on every address
        st.navigation([st.Page(lambda: None, title="Healthboard", url_path="closed")], position="hidden")
        shell.put_up(words(FIRST), shell.Frame())
        incident.tell(words(FIRST), error)
        return
    pages = _pages(visit, folder)
    visit = session.with_pages(visit, pages)
    page = st.navigation(list(pages.values()), position="hidden")
    current = _key_of(visit, pages, page)
    if current == "sign_in" and visit.actor:
        st.switch_page(pages[nav.places(visit.actor.role)[0].key])
    shell.put_up(visit.t, _frame(visit))
    _top(visit, current)
    _draw(visit, page, current)


def _pages(visit: Visit, folder: Path) -> Mapping[str, st.Page]:
    """Every address with the script this visitor gets there. The one at "" is where they land; it has an address of its own as
    well, since Streamlit knows its default page at "/" alone and calls a link to it by name a page that does not exist."""
    t = visit.t
    if visit.actor is None:
        script = folder / "sign_in.py"
        others = {key: st.Page(script, title=t("nav.sign_in"), url_path=key) for key in ("sign_in", *nav.BY_KEY)}
        return {"": st.Page(script, title=t("nav.sign_in"), url_path=_FRONT, default=True), **others}
    own = nav.places(visit.actor.role)
    scripts = {place.key: folder / (place.key + ".py" if place in own else "elsewhere.py") for place in nav.PLACES}
    pages = {key: st.Page(script, title=_title(visit, key), url_path=key) for key, script in scripts.items()}
    landing = st.Page(scripts[own[0].key], title=_title(visit, own[0].key), url_path=_FRONT, default=True)
    return {"": landing, **pages, "sign_in": st.Page(folder / "elsewhere.py", title=t("app.name"), url_path="sign_in")}


def _title(visit: Visit, key: str) -> str:
    return f"{visit.t('nav.' + key)} · {visit.t('app.name')}"


def _key_of(visit: Visit, pages: Mapping[str, st.Page], page: st.Page) -> str:
    """What the page is called, at whichever of its addresses."""
    key = next((key for key, one in pages.items() if one is page), "")
    if key:
        return key
    return nav.places(visit.actor.role)[0].key if visit.actor else "sign_in"


def _frame(visit: Visit) -> shell.Frame:
    if visit.actor is None:
        return shell.Frame()
    idle = visit.ports.idle_minutes * 60 + 3
    return shell.Frame(_DENSITY.get(visit.actor.role, "roomy"), visit.preferences.text_size, idle)


def _top(visit: Visit, current: str) -> None:
    """Banner, bar and the line that says whose record this is."""
    t = visit.t
    if visit.ports.demo:
        st.html(f'<div class="strip" role="note">{icon("info")}<span>{t("banner.synthetic")}</span></div>')
    if visit.actor is None or visit.actor.role is Role.KIOSK:
        return
    nav.bar(visit, nav.linked(visit.actor.role, visit.person is not None), current)
    place = nav.BY_KEY.get(current)
    if place and place.about_person and visit.person and not visit.own:
        nav.whose(visit)


def _draw(visit: Visit, page: st.Page, current: str) -> None:
    place = nav.BY_KEY.get(current)
    if visit.actor and place in nav.places(visit.actor.role) and place and place.about_person and visit.person is None:
        t = visit.t
        st.html(head(t("nav." + current), t("banner.nobody_open")) + empty(t("banner.nobody_open"), t("banner.nobody_open_next")))
        return
    try:
        page.run()
    except SessionExpired as error:
        session.end(error.code)
        st.rerun()
    except HealthboardError as error:
        incident.tell(visit.t, error)
