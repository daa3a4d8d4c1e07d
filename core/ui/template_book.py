"""This is the place where coordinators change the words of the team's templates, in every language, and add their own."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.care import thread_templates
from core.care.access import Action
from core.care.thread_templates import LANGUAGES, PLACES, Shelf
from core.care.thread_views import Template
from core.errors import HealthboardError
from core.ui import shell
from core.ui.changing import attempt
from core.ui.incident import tell
from core.ui.markup import note
from core.ui.session import Visit
from core.ui.words import own_names

_NEW = "new"


def draw(visit: Visit) -> None:
    """The templates, tucked away until they are wanted."""
    t = visit.t
    if not visit.may(Action.EDIT_TEMPLATES):
        return
    with st.expander(t("templates.title"), key="templates", icon=":material/edit_note:", on_change="rerun") as shown:
        if not shown.open:
            return
        try:
            shelf = thread_templates.listed(visit.ports, visit.who)
        except HealthboardError as error:
            tell(t, error)
            return
        st.html(note(t("templates.about", places=" ".join(f"{{{one}}}" for one in PLACES))))
        names = {one.key: one.subjects.get(t.language, one.key) for one in shelf.templates}
        chosen = st.selectbox(t("templates.which"), [*names, _NEW], format_func=lambda one: names.get(one, t("templates.new")), key="template_which")
        found = next((one for one in shelf.templates if one.key == chosen), Template("", {}, {}))
        form(visit, shelf, found)


def form(visit: Visit, shelf: Shelf, found: Template) -> None:
    t, names = visit.t, own_names()
    with st.form(f"template_{found.key or _NEW}", border=False):
        key = found.key or st.text_input(t("templates.key"), key="template_key", help=t("templates.key_help"))
        subjects, texts = {}, {}
        for language in LANGUAGES:
            subjects[language] = st.text_input(t("templates.subject", language=names[language]), found.subjects.get(language, ""), key=f"template_subject_{found.key}_{language}", max_chars=thread_templates.MOST_SUBJECT)
            texts[language] = st.text_area(t("templates.text", language=names[language]), found.texts.get(language, ""), key=f"template_text_{found.key}_{language}", max_chars=thread_templates.MOST_TEXT, height=140)
        sent = st.form_submit_button(t("templates.save"), type="primary")
    if sent:
        try:
            thread_templates.save(visit.ports, visit.who, Template(key.strip(), subjects, texts), shelf.raw)
        except HealthboardError as error:
            tell(t, error)
            return
        shell.say(t("templates.saved"))
        st.rerun()
    if found.changed or (found.key and not found.shipped):
        do = partial(thread_templates.forget, visit.ports, visit.who, found.key, shelf.raw)
        st.button(t("templates.restore" if found.shipped else "templates.remove"), key="danger_template", icon=":material/undo:", on_click=attempt, args=(t("templates.saved"), do))
