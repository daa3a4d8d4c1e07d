"""This is the place where a person answers questionnaires and sees what came of them, now and over time."""

import streamlit as st

from core.care import questionnaires
from core.ui import check_tabs, questionnaire_form, questionnaire_list, questionnaire_result, shell, visit_today
from core.ui.markup import head, note
from core.ui.questionnaire_words import wording
from core.ui.session import Visit, here


def page(visit: Visit) -> None:
    t, reading = visit.t, visit.reading()
    person_id = reading.person_id
    one = questionnaire_form.opened(person_id)
    if one is not None and one.filling is not None:
        asked = one.filling.questionnaire
        st.html(head(wording(t)(asked.title), wording(t)(asked.about)))
        back(visit)
        questionnaire_form.draw(visit, one, one.filling)
        return
    if one is not None:
        seen = reading.view("check.history", one.key, lambda: questionnaires.history(visit.ports, visit.who, person_id, one.key))
        st.html(head(wording(t)(seen.questionnaire.title), t("check.done") if one.done else t("check.result_lead")))
        back(visit)
        questionnaire_result.draw(visit, reading, one)
        st.button(t("button.print"), key="print_page", icon=":material/print:", on_click=shell.print_page)
        return
    view = reading.view("checks", "", lambda: questionnaires.offered(visit.ports, visit.who, person_id))
    st.html(head(t("nav.checks"), t("checks.question")))
    check_tabs.draw(visit, "checks")
    if not view.may_answer:
        st.html(note(t("checks.read_only")))
    visit_today.on_checks(visit, reading)
    questionnaire_list.draw(visit, reading, view)


def back(visit: Visit) -> None:
    st.button(visit.t("check.back"), key="check_back", type="tertiary", icon=":material/arrow_back:", on_click=questionnaire_form.close)


page(here())
