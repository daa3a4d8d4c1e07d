"""This is the place where one run of the app goes from who is here to the page they may see; `st.navigation` is always reached.

Every known address is registered on every run: with its page where the role may open it, with the sign-in page for
strangers, with "not for you" otherwise. So no address falls back to Streamlit's own discovery of pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.care import people
from core.domain.people import Role
from core.errors import HealthboardError, NotPermitted, SessionExpired
from core.ports import Ports
from core.ui import desk_line, incident, nav, session, shell
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
    slot = st.empty() if visit.person and not visit.ports.demo else None
    _draw(visit, page, current)
    if slot and visit.actor and visit.person:
        _say_if_made_up(visit, slot)


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
    place = nav.BY_KEY.get(current)
    about_person = bool(place and place.about_person and visit.person)
    top = _strip(t("banner.synthetic")) if visit.ports.demo else ""
    if about_person and visit.person:
        said = t("print.head", name=visit.person.name or t("person.no_name"), when=t.moment(visit.now))
        top += f'<p class="printhead">{escape(said)}</p>'
    if top:
        st.html(top)
    if visit.actor is None or visit.actor.role is Role.KIOSK:
        return
    nav.for_help(visit, current)
    nav.bar(visit, nav.linked(visit.actor.role, visit.person is not None), current)
    desk_line.draw(visit, current)
    if about_person and not visit.own:
        nav.whose(visit)


def _strip(text: str) -> str:
    return f'<div class="strip" role="note">{icon("info")}<span>{escape(text)}</span></div>'


def _say_if_made_up(visit: Visit, slot: DeltaGenerator) -> None:
    """Outside the demo, too, a made-up person's record says so on every page."""
    try:
        reading = visit.reading()
        who = reading.view("who", "", lambda: people.open_person(visit.ports, visit.who, reading.person_id))
    except (NotPermitted, SessionExpired):
        return  # the page has said so already
    if who.synthetic:
        slot.html(_strip(visit.t("banner.synthetic_person")))


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
