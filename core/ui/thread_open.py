"""This is the place where a conversation is drawn: each message with who wrote it, when, in which language, what is attached, and who has seen it."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from core.care import freshness, thread_files, threads
from core.care.thread_papers import PHOTO, FileRef, ReadingRef
from core.care.thread_views import NOT_CALLED, ON_ITS_WAY, TOLD, MessageView, ThreadView
from core.domain.people import Role
from core.domain.signals import SIGNALS
from core.domain.threads import PERSON, WAITING_TEAM
from core.domain.time import PartialTime
from core.emergency.flags import BY_KEY
from core.errors import HealthboardError
from core.ui import files, help_signs, thread_list, thread_state
from core.ui.changing import attempt
from core.ui.check_pictures import LARGE, figure, shown
from core.ui.icons import icon
from core.ui.incident import tell
from core.ui.markup import box, literal, note, tag
from core.ui.session import Reading, Visit
from core.ui.thread_state import Opened
from core.ui.values import unit


def top(visit: Visit, view: ThreadView) -> None:
    """How the conversation stands; what was sent last where it speaks of danger, with the numbers above all else."""
    t, line = visit.t, view.line
    if said := thread_state.danger():
        help_signs.found(visit, line.person_id, said)
        st.html(box("soon", t("thread.no_alarm"), t("thread.no_alarm_next")) if line.thread.alarm_failed else box("watch", t("thread.alarmed"), t("thread.alarmed_next")))
    elif line.thread.urgent and visit.role is Role.COORDINATOR:
        signs = t("list.comma").join(t("flag." + key, **dict(_limits(key))) for key in line.thread.urgent)
        failed = t("thread.no_alarm_team") if line.thread.alarm_failed else t("thread.urgent_next")
        st.html(box("now", t("thread.urgent_signs", signs=signs), failed))
    team = visit.role is Role.COORDINATOR
    st.html(f'<p class="th-tags">{thread_list.tags(visit, line)}</p><p class="note">{thread_list.details(visit, line, promise=team)}</p>')
    if view.lost:
        st.html(box("soon", t("thread.lost", n=view.lost), t("thread.lost_next")))
    if line.thread.state == WAITING_TEAM and not team:
        st.html(note(promise(visit, view)))


def promise(visit: Visit, view: ThreadView) -> str:
    """By when the team answers, and when they are back."""
    t, by = visit.t, view.line.thread.promised_by
    late = view.line.late
    said = t("thread.no_promise") if by is None else t("thread.promise_over" if late else "thread.promise", when=t.moment(by))
    back = view.offices.back_at
    return t.joined((said, t("thread.closed_now", when=t.moment(back)) if back is not None else ""))


def messages(visit: Visit, one: Opened, view: ThreadView) -> None:
    """Every message in the order in which it was kept."""
    reading = Reading(visit, one.person_id, freshness.revision(visit.ports, visit.who, one.person_id))
    last = max((each.number for each in view.messages), default=0)
    for each in view.messages:
        with st.container(key=f"msg_{each.message_id}"):
            st.html(article(visit, one, each))
            for ref in each.said.files:
                attached(visit, reading, ref)
            if each.mine and each.number == last and each.taken_back is None:
                do = partial(threads.take_back, visit.ports, visit.who, one.person_id, one.thread_id, each.message_id)
                st.button(visit.t("thread.take_back"), key=f"back_{each.message_id}", type="tertiary", icon=":material/undo:", help=visit.t("thread.take_back_help"),
                          on_click=attempt, args=(visit.t("thread.said_taken_back"), do))  # fmt: skip


def article(visit: Visit, one: Opened, each: MessageView) -> str:
    """One message; sides are told apart by who is named and by where it stands, not by colour."""
    t, said = visit.t, each.said
    new = tag(t("thread.new"), "info", "accent") if one.first_fresh and each.number >= one.first_fresh and not each.mine else ""
    marks = [new, tag(t("thread.flagged"), "now", "now") if said.flags else "", tag(t("thread.from_template"), "file") if said.template and visit.role is Role.COORDINATOR else ""]
    gone = note(t("thread.taken_back", when=t.moment(each.taken_back.at))) if each.taken_back else ""
    foreign = note(t(f"thread.foreign.{said.language or 'unknown'}")) if each.foreign else ""
    language = f' lang="{escape(said.language.replace("_", "-"))}"' if said.language else ""
    text = f'<p class="msg-text{" struck" if each.taken_back else ""}"{language}>{escape(said.text)}</p>' if said.text else ""
    readings = "".join(f'<li>{icon("heart")}{escape(reading_said(visit, ref))}</li>' for ref in said.readings)
    listed = f'<ul class="msg-r">{readings}</ul>' if readings else ""
    side = "person" if said.writer.side == PERSON else "team"
    who = writer(visit, each)
    return (
        f'<article class="msg msg-{side}" aria-label="{escape(t("thread.by", who=who, when=t.moment(said.at)))}"><header><b>{escape(who)}</b> '
        f'<span title="{escape(t.moment(said.at))}">{escape(t.moment(said.at))}</span> {" ".join(filter(None, marks))}</header>{gone}{text}{listed}{foreign}{receipt(visit, each)}</article>'
    )


def writer(visit: Visit, each: MessageView) -> str:
    """Who wrote it, in which part."""
    t, who = visit.t, each.said.writer
    if each.mine:
        return t("thread.you")
    if who.role == Role.SYSTEM.value:
        return t("thread.team")
    name = who.name or t("person.no_name")
    return t("thread.who_" + ("team" if who.side != PERSON else "caregiver" if who.role == Role.CAREGIVER.value else "patient"), name=name)


def receipt(visit: Visit, each: MessageView) -> str:
    """What became of it: sent; told; seen by whom. Only its own side is told."""
    if each.receipt is None or each.taken_back is not None:
        return ""
    t, found = visit.t, each.receipt
    parts = [t("receipt.sent")]
    if found.seen:
        parts += [t("receipt.seen", who=name or t("receipt.somebody"), when=t.moment(at)) for name, at in found.seen]
    elif found.told == TOLD and found.told_at is not None:
        parts.append(t("receipt.told", when=t.moment(found.told_at)))
    elif found.told in (ON_ITS_WAY, NOT_CALLED):
        parts.append(t("receipt." + found.told + ("_team" if each.said.writer.side == PERSON else "")))
    return f'<p class="msg-receipt">{icon("check")}{escape(t.joined(parts))}</p>'


def reading_said(visit: Visit, ref: ReadingRef) -> str:
    """A reading as the record held it: what, how much, when."""
    t = visit.t
    numbers = [f"{t.number(number)} {unit(t, code)}".strip() for _, number, code in ref.values if number is not None]
    if ref.signal == "blood_pressure" and len(ref.values) == 2 and len(numbers) == 2:
        numbers = [f"{t.number(ref.values[0][1] or 0)}/{t.number(ref.values[1][1] or 0)} {unit(t, ref.values[0][2])}"]
    when = PartialTime.parse(ref.when)
    name = t("signal." + ref.signal) if ref.signal == "blood_pressure" or ref.signal in SIGNALS else ref.signal
    return t("thread.reading", name=name, value=t("list.comma").join(numbers), when=t.moment(when) if when else t("record.no_time"))


def attached(visit: Visit, reading: Reading, ref: FileRef) -> None:
    """A photo is shown; everything can be saved, and nothing is opened here."""
    t, person_id = visit.t, reading.person_id
    try:
        if ref.kind == PHOTO:
            content = reading.view("message_photo", ref.key, lambda: thread_files.opened(visit.ports, visit.who, person_id, ref.key).content)
            st.html(figure(shown(content, LARGE), t("thread.photo", name=ref.name), escape(ref.name), t("photo.unreadable"), "msg-photo"))
        files.offer(visit, reading, f"file_{ref.key}", t("thread.get_file", name=literal(ref.name), size=size(visit, ref.size)), lambda: thread_files.opened(visit.ports, visit.who, person_id, ref.key))
    except HealthboardError as error:
        tell(t, error)


def size(visit: Visit, number: int) -> str:
    return visit.t("thread.megabytes", n=round(number / 1e6, 1)) if number >= 1_000_000 else visit.t("thread.kilobytes", n=max(1, round(number / 1000)))


def _limits(key: str) -> tuple[tuple[str, float], ...]:
    return BY_KEY[key].limits if key in BY_KEY else ()
