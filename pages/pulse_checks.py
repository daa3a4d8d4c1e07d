"""This is the place where a person has a recording of their pulse looked at, and reads what came of the earlier ones."""

import streamlit as st

from core.care import photo_checks
from core.domain.checks import CheckKind
from core.ui import check_pulse, check_sending, check_spots, check_tabs
from core.ui.changing import refused
from core.ui.markup import head, note
from core.ui.session import Visit, here


def page(visit: Visit) -> None:
    t, reading = visit.t, visit.reading()
    check_spots.follow(visit)
    held = (check_sending.turn(), int(visit.now.timestamp() // 60))
    view = reading.view("photo_checks", held, lambda: photo_checks.view(visit.ports, visit.who, reading.person_id))
    st.html(head(t("nav.pulse_checks"), t("pulse_checks.question" if visit.own else "pulse_checks.question_other")))
    check_tabs.draw(visit, "pulse_checks")
    refused(t)
    check_spots.unseen(visit, reading, [one for one in view.unseen if one.kind is CheckKind.RHYTHM])
    if view.may_send:
        check_pulse.send(visit, reading, view)
    else:
        st.html(note(t("photo.read_only")))
    check_pulse.past(visit, reading, view)


page(here())
