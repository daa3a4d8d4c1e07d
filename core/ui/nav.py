"""This is the place where the pages are rows: which role may open which, in what order, and the bar that leads to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from core.care.access import Action
from core.domain.people import Role
from core.ui import alert_state, check_queue, thread_state
from core.ui.icons import icon
from core.ui.session import Visit, choose_person, leave

_PATIENT, _CARER, _COORDINATOR, _ADMIN, _KIOSK = Role.PATIENT, Role.CAREGIVER, Role.COORDINATOR, Role.ADMINISTRATOR, Role.KIOSK
_READERS = (_PATIENT, _CARER, _COORDINATOR)


@dataclass(frozen=True)
class Place:
    """A page: its address and script (`pages/<key>.py`), icon, who may open it, the action that opens it, whether it is about
    one person's record, and where its link stands ("bar", "wide": only where there is room, "none"). `under`: the page whose link is marked
    while this one is open. `tucked_for`: the roles for whom a link stands under More at every width, their bar being full without it."""

    key: str
    icon: str
    roles: tuple[Role, ...]
    action: Action
    about_person: bool = False
    link: str = "bar"
    wide_for: tuple[Role, ...] = ()
    under: str = ""
    tucked_for: tuple[Role, ...] = ()
    crowded_for: tuple[Role, ...] = ()

    def wide(self, role: Role, person_open: bool = True) -> bool:
        """Whether its link has no room on a phone: it stands under More there. `wide_for` are the roles whose bar is full without it, `crowded_for` those whose bar is
        full while a record is open."""
        return self.link == "wide" or role in self.wide_for or (person_open and role in self.crowded_for)


PLACES = (
    Place("worklist", ":material/format_list_numbered:", (_COORDINATOR,), Action.VIEW_WORKLIST),
    Place("alerts", ":material/notification_important:", _READERS, Action.VIEW_ALERTS, wide_for=(_PATIENT, _CARER), tucked_for=(_PATIENT, _CARER)),
    Place("people", ":material/group:", (_COORDINATOR,), Action.LIST_PEOPLE, wide_for=(_COORDINATOR,)),
    Place("panel_report", ":material/monitoring:", (_COORDINATOR,), Action.VIEW_PANEL_REPORT, link="wide"),
    Place("reviews", ":material/fact_check:", (_COORDINATOR,), Action.REVIEW_CHECK, crowded_for=(_COORDINATOR,)),
    Place("overview", ":material/clinical_notes:", (_COORDINATOR,), Action.VIEW_OVERVIEW, about_person=True),
    Place("today", ":material/home:", _READERS, Action.VIEW_RECORD, about_person=True, wide_for=(_COORDINATOR,)),
    Place("trends", ":material/show_chart:", _READERS, Action.VIEW_RECORD, about_person=True),
    Place("records", ":material/folder_open:", _READERS, Action.VIEW_RECORD, about_person=True, wide_for=(_COORDINATOR,)),
    Place("medicines", ":material/pill:", _READERS, Action.VIEW_RECORD, about_person=True, wide_for=(_COORDINATOR,)),
    Place("risks", ":material/insights:", _READERS, Action.VIEW_RECORD, about_person=True, wide_for=(_COORDINATOR,)),
    Place("advice", ":material/lightbulb:", _READERS, Action.VIEW_RECORD, about_person=True, link="wide"),
    Place("connects", ":material/hub:", _READERS, Action.VIEW_RECORD, about_person=True, link="none", under="advice"),
    Place("options", ":material/healing:", (_COORDINATOR,), Action.VIEW_OPTIONS, about_person=True, link="none", under="advice"),
    Place("checks", ":material/checklist:", _READERS, Action.VIEW_RECORD, about_person=True, link="wide"),
    Place("photo_checks", ":material/photo_camera:", _READERS, Action.VIEW_RECORD, about_person=True, link="none", under="checks"),
    Place("pulse_checks", ":material/ecg_heart:", _READERS, Action.VIEW_RECORD, about_person=True, link="none", under="checks"),
    Place("messages", ":material/mail:", _READERS, Action.LIST_MESSAGES, link="wide"),
    Place("visits", ":material/event:", _READERS, Action.VIEW_VISITS, link="wide", tucked_for=_READERS),
    Place("kiosk_calls", ":material/support_agent:", (_COORDINATOR,), Action.ANSWER_DESK_CALL, link="wide", tucked_for=(_COORDINATOR,)),
    Place("check_in", ":material/qr_code_2:", _READERS, Action.MAKE_CHECK_IN_CODE, about_person=True, link="wide", tucked_for=_READERS),
    Place("accounts", ":material/badge:", (_ADMIN,), Action.MANAGE_ACCOUNTS),
    Place("panels", ":material/groups:", (_ADMIN,), Action.MANAGE_PANELS),
    Place("panel_counts", ":material/bar_chart:", (_ADMIN,), Action.VIEW_PANEL_COUNTS, link="wide"),
    Place("office", ":material/schedule:", (_ADMIN,), Action.SET_OFFICE_HOURS),
    Place("kiosks", ":material/tv_options_input_settings:", (_ADMIN,), Action.MANAGE_KIOSKS, link="wide"),
    Place("audit", ":material/verified_user:", (_ADMIN,), Action.VERIFY_AUDIT),
    Place("reminders", ":material/notifications:", (_PATIENT, _CARER), Action.VIEW_RECORD, about_person=True, link="wide", tucked_for=(_PATIENT, _CARER)),
    Place("sources", ":material/cloud_download:", _READERS, Action.VIEW_SOURCES, about_person=True, link="wide", tucked_for=_READERS),
    Place("models", ":material/science:", (_COORDINATOR, _ADMIN), Action.VIEW_MODELS, link="wide", tucked_for=(_COORDINATOR,)),
    Place("settings", ":material/settings:", (*_READERS, _ADMIN), Action.OWN_SETTINGS, link="wide", tucked_for=_READERS),
    Place("more", ":material/more_horiz:", (*_READERS, _ADMIN), Action.OWN_SETTINGS),
    Place("adherence", ":material/calendar_month:", _READERS, Action.VIEW_RECORD, about_person=True, link="none"),
    Place("reconcile", ":material/compare_arrows:", _READERS, Action.VIEW_RECORD, about_person=True, link="none"),
    Place("model_card", ":material/science:", _READERS, Action.VIEW_RECORD, about_person=True, link="none"),
    Place("help_now", ":material/emergency:", _READERS, Action.VIEW_RECORD, about_person=True, link="none"),
    Place("monitoring", ":material/receipt_long:", (_COORDINATOR,), Action.KEEP_LEDGER, about_person=True, link="wide", tucked_for=(_COORDINATOR,)),
    Place("kiosk", ":material/lock:", (_KIOSK,), Action.USE_KIOSK, link="none"),
)
"""Every address of the app except the sign-in page, in the order in which the bar shows them."""

ASIDE = frozenset({"people", "panel_report", "reviews"})
"""While somebody's record is open these stand under More (there is a link back to People beside the name)."""

BY_KEY: Mapping[str, Place] = {place.key: place for place in PLACES}


def places(role: Role) -> tuple[Place, ...]:
    """The pages a role may open, the first one being where it lands; what stands under More for the role comes last."""
    return tuple(sorted((place for place in PLACES if role in place.roles), key=lambda place: role in place.tucked_for))


def linked(role: Role, person_open: bool) -> tuple[Place, ...]:
    """The pages the bar leads to: those about a person only while one is open."""
    return tuple(place for place in places(role) if place.link != "none" and (person_open or not place.about_person))


def bar(visit: Visit, shown: Sequence[Place], current: str) -> None:
    """The links: a bar on top, the same links at the thumb on a phone."""
    t = visit.t
    marked = (BY_KEY[current].under if current in BY_KEY else "") or current
    with st.container(key="nav", horizontal=True):
        st.html(f'<span class="brand">{t("app.name")}</span>', width="content")
        tucked = {place.key for place in shown if visit.role in place.tucked_for or (visit.person is not None and place.key in ASIDE)}
        tucked = {key for key in tucked if BY_KEY[key].wide(visit.role)}
        person_open = visit.person is not None
        spare = "" if tucked else "_spare"
        for place in shown:
            room = ("_wide" if place.wide(visit.role, person_open) else "") + ("_tucked" if place.key in tucked else "")
            suffix = (spare if place.key == "more" else "") + room + _marked(visit, place, marked)
            with st.container(key=f"navi_{place.key}{suffix}", width="content"):
                st.page_link(visit.pages[place.key], label=label(visit, place), icon=place.icon)
        st.space("stretch")
        st.button(t("button.sign_out"), key="leave_wide", type="tertiary", icon=":material/logout:", on_click=leave, args=(visit,))


def _marked(visit: Visit, place: Place, marked: str) -> str:
    """Whether a link leads to where one is: More does so for what stands under it ("_thumb": on a phone only)."""
    if place.key == marked:
        return "_on"
    if place.key != "more" or marked not in BY_KEY or not BY_KEY[marked].wide(visit.role, visit.person is not None):
        return ""
    return "_on" if visit.role in BY_KEY[marked].tucked_for else "_thumb"


def for_help(visit: Visit, current: str) -> None:
    """The way to help at once, on every page while somebody's record is open: quiet, and always in sight."""
    if visit.person is not None and current != "help_now" and "help_now" in {place.key for place in places(visit.role)}:
        with st.container(key="help_link", width="content"):
            st.page_link(visit.pages["help_now"], label=visit.t("nav.help_now"), icon=BY_KEY["help_now"].icon)


def label(visit: Visit, place: Place) -> str:
    """What a link says; Alerts how many are open, Reviews says how many wait, Messages (and, where it is under More, More) how many are unread."""
    if place.key in ("messages", "more") and (unread := thread_state.unread(visit)):
        return visit.t("nav.messages_n" if place.key == "messages" else "nav.more_n", n=unread)
    if place.key == "alerts" and (open_now := alert_state.count(visit)):
        return visit.t("nav.alerts_n", n=open_now)
    if place.key == "reviews" and (waiting := check_queue.waiting(visit)):
        return visit.t("nav.reviews_n", n=waiting)
    return visit.t("nav." + place.key)


def whose(visit: Visit) -> None:
    """The line that says whose record is open, that it is read-only, and the way back or to another person."""
    t, person = visit.t, visit.person
    name = (person.name if person else "") or t("person.no_name")
    with st.container(key="noprint_whose"):
        st.html(f'<div class="strip about" role="note">{icon("person")}<span>{escape(t("banner.looking_at", name=name))}</span></div>')
        if visit.role is Role.COORDINATOR:
            st.page_link(visit.pages["people"], label=t("banner.back_to_people"), icon=":material/arrow_back:")
        elif visit.landing and len(visit.landing.people) > 1:
            _other_person(visit, dict(visit.landing.people))


def _other_person(visit: Visit, people: Mapping[str, str]) -> None:
    current = visit.person.person_id if visit.person else ""
    picked = st.segmented_control(
        visit.t("banner.choose_person"), list(people), format_func=lambda one: people[one] or visit.t("person.no_name"),
        default=current, key="whose_record", required=True, label_visibility="collapsed",
    )  # fmt: skip
    if picked and picked != current:
        choose_person(picked, people[picked])
        st.rerun()
