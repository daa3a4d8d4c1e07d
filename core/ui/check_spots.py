"""This is the place where a person sees their spots and wounds: each with its newest photo and where it stands; opened, two photos side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from html import escape

import streamlit as st

from core.care import photo_checks
from core.care.check_views import ChecksView, SpotLine
from core.domain.checks import CHECK_MOVES, CheckKind, CheckState, KeptCheck
from core.domain.people import Role
from core.ui import check_chart, check_sending
from core.ui.changing import tried
from core.ui.check_body import picture as body_picture
from core.ui.check_pictures import LARGE, SMALL, figure, shown
from core.ui.check_receipt import hint_words
from core.ui.check_sending import Sending, bump
from core.ui.check_words import answer, place_of, size, spot_name, state, where_of
from core.ui.markup import card, empty, h2, h3, note
from core.ui.session import Reading, Visit

OPEN = "hb.spot"


def listed(visit: Visit, reading: Reading, view: ChecksView) -> None:
    """Every spot, open ones first, with its newest photo."""
    t = visit.t
    living = [line for line in view.spots if line.spot.closed_at is None]
    st.html(h2(t("photo.spots"), t("photo.spots_aside") if living else ""))
    if not living:
        st.html(empty(t("photo.none"), t("photo.none_next" if view.may_send else "photo.none_other")))
    for line in living:
        one(visit, reading, view, line)
    over = [line for line in view.spots if line.spot.closed_at is not None]
    if over:
        with st.expander(t("photo.closed", n=len(over))):
            for line in over:
                one(visit, reading, view, line)


def one(visit: Visit, reading: Reading, view: ChecksView, line: SpotLine) -> None:
    """A spot as a card: picture, name, how many photos, where the newest stands, and what may be done."""
    t, spot = visit.t, line.spot
    with st.container(key=f"card_spot_{spot.spot_id}"):
        st.html(spot_words(visit, reading, line))
        with st.container(key=f"tools_spot_{spot.spot_id}", horizontal=True):
            if line.checks:
                st.button(t("photo.open"), key=f"spot_open_{spot.spot_id}", help=spot_name(t, spot), on_click=open_spot, args=(spot.spot_id,))
            if view.may_send and spot.closed_at is None:
                asked = next((one for one in line.checks if one.state is CheckState.RETAKE_ASKED), None)
                sending = Sending(reading.person_id, spot.kind, spot_id=spot.spot_id, answers=asked.check_id if asked else "")
                label = t("photo.retake" if asked else "photo.another_of_it")
                st.button(
                    label, key=f"spot_new_{spot.spot_id}", type="primary" if asked else "secondary", icon=":material/photo_camera:", help=spot_name(t, spot),
                    on_click=check_sending.begin, args=(visit, sending),
                )  # fmt: skip


def spot_words(visit: Visit, reading: Reading, line: SpotLine) -> str:
    t, newest = visit.t, line.checks[0] if line.checks else None
    image = thumbnail(visit, reading, newest, SMALL) if newest else ""
    alt = t("photo.alt", name=spot_name(t, line.spot), when=t.moment(newest.submitted_at)) if newest else ""
    where = f'<p class="note">{escape(t("check_kind." + line.spot.kind))} · {escape(place_of(t, line.spot))}</p>'
    about = note(t("photo.no_photo_yet"))
    if newest is not None:
        count, age = t("photo.count", n=len(line.checks)), t("photo.newest", age=t.age(newest.submitted_at, visit.now))
        measured = size(t, newest.result)
        about = f'<p class="note">{escape(count)} · {escape(age)}{" · <b>" + escape(measured) + "</b>" if measured else ""}</p><div class="marks">{state(t, newest)}</div>'
    picture = figure(image, alt, missing=t("photo.unreadable"), extra="small") if newest else ""
    return f'<div class="spot">{picture}<div><h3 class="hb-h3">{escape(spot_name(t, line.spot))}</h3>{where}{about}</div></div>'


def thumbnail(visit: Visit, reading: Reading, check: KeptCheck, longest: int, *, overlay: bool = False) -> str:
    """A kept photo as an address, made once for this session."""

    def make() -> str:
        content = photo_checks.picture(visit.ports, visit.who, reading.person_id, check.check_id)
        above = photo_checks.overlay(visit.ports, visit.who, reading.person_id, check.check_id) if overlay and check.overlay else b""
        return shown(content, longest, above)

    return reading.view("check_picture", (check.check_id, longest, overlay and check.overlay), make)


def open_spot(spot_id: str) -> None:
    close_spot()
    st.session_state[OPEN] = spot_id


def close_spot() -> None:
    for key in [key for key in st.session_state if str(key).startswith("side_")]:
        del st.session_state[key]
    st.session_state.pop(OPEN, None)


def opened(view: ChecksView) -> SpotLine | None:
    return next((line for line in view.spots if line.spot.spot_id == st.session_state.get(OPEN)), None)


def draw(visit: Visit, reading: Reading, view: ChecksView, line: SpotLine) -> None:
    """One spot: where it is, two photos side by side, how its size went, and each photo with what came of it."""
    t = visit.t
    with st.container(key="tools_spot_top", horizontal=True):
        if view.may_send and line.spot.closed_at is None:
            sending = Sending(reading.person_id, line.spot.kind, spot_id=line.spot.spot_id, answers=_asked(line))
            st.button(t("photo.another_of_it"), key="spot_more", type="primary", icon=":material/photo_camera:", on_click=check_sending.begin, args=(visit, sending))
    if len(line.checks) > 1:
        side_by_side(visit, reading, view, line)
    if line.spot.kind is CheckKind.WOUND:
        check_chart.draw(visit, reading, line)
    st.html(h2(t("photo.history")))
    research = next((each.research for each in view.offered if each.kind == line.spot.kind), False)
    for check in line.checks:
        told(visit, reading, view, check, research=research)
    st.html(card(f'<div class="spot">{body_picture(t, where_of(line.spot))}<div>{h3(t("photo.place_of_it"))}<p>{escape(place_of(t, line.spot))}</p></div></div>'))
    if view.may_send and line.spot.closed_at is None:
        close = partial(photo_checks.close_spot, visit.ports, visit.who, reading.person_id, line.spot.spot_id)
        st.button(t("photo.close_spot"), key="spot_close", type="tertiary", icon=":material/archive:", on_click=_done, args=(t("photo.spot_closed"), close))


def side_by_side(visit: Visit, reading: Reading, view: ChecksView, line: SpotLine) -> None:
    """Two photos of the spot; the first and the newest unless others are chosen."""
    t = visit.t
    st.html(h2(t("photo.compare"), t("photo.compare_aside")))
    ids = [one.check_id for one in reversed(line.checks)]
    by_id = {one.check_id: one for one in line.checks}
    named = {one: t.moment(taken(by_id[one])) for one in ids}
    if len(set(named.values())) < len(ids):  # a choice is told by its words: two photos of one minute need a number
        named = {one: f"{text} · {t.number(at)}" for at, (one, text) in enumerate(named.items(), 1)}
    with st.container(key="side_choice", horizontal=True):
        first = st.selectbox(t("photo.first"), ids, format_func=lambda one: named[one], key="side_first", index=0)
        second = st.selectbox(t("photo.second"), ids, format_func=lambda one: named[one], key="side_second", index=len(ids) - 1)
    pair = [by_id[one] for one in (first, second) if one in by_id]
    laid, said = laid_on(visit, reading, view, pair) if line.spot.kind is CheckKind.WOUND else ("", "")
    masked = not laid and any(one.overlay == "mask" for one in line.checks) and st.toggle(t("photo.outline"), key="side_outline")
    figures = [one_of_pair(visit, reading, line, check, masked=masked, laid=laid if at else "") for at, check in enumerate(pair)]
    st.html('<div class="pair">' + "".join(figures) + "</div>" + (note(said) if said else "") + note(t("photo.compare_note")))


def laid_on(visit: Visit, reading: Reading, view: ChecksView, pair: Sequence[KeptCheck]) -> tuple[str, str]:
    """The second photo as it lies on the first, made only when it is asked for ("": it is shown as it came), and what the page says of it."""
    t, ids = visit.t, tuple(one.check_id for one in pair)
    if len(set(ids)) < 2 or not any(one.kind is CheckKind.WOUND and one.available for one in view.offered):
        return "", ""
    if not st.toggle(t("photo.lay"), key="side_laid", help=t("photo.lay_help")):
        return "", t("photo.as_it_came")

    def make() -> str:
        content = photo_checks.side_by_side(visit.ports, visit.who, reading.person_id, *ids)
        return shown(content, LARGE) if content else ""

    laid = reading.view("check_laid", ids, make)
    return laid, t("photo.laid" if laid else "photo.not_laid")


def one_of_pair(visit: Visit, reading: Reading, line: SpotLine, check: KeptCheck, *, masked: bool, laid: str) -> str:
    """A photo with its day and size; `laid`: what is shown in its place."""
    t = visit.t
    alt = t("photo.alt", name=spot_name(t, line.spot), when=t.moment(taken(check)))
    measured = size(t, check.result)
    below = f"<b>{escape(t.moment(taken(check)))}</b>" + (f"<br>{escape(measured)}" if measured else "")
    image = laid or thumbnail(visit, reading, check, LARGE, overlay=masked and check.overlay == "mask")
    return figure(image, alt, below, t("photo.unreadable"))


def taken(check: KeptCheck) -> datetime:
    """When the photo was made, as far as that is known, else when it was sent."""
    return check.taken_at or check.submitted_at


def told(visit: Visit, reading: Reading, view: ChecksView, check: KeptCheck, *, research: bool) -> None:
    """A photo with what the check hinted at, what the team answered, and taking it back while nobody has decided."""
    t = visit.t
    with st.container(key=f"card_check_{check.check_id}"):
        said = answer(t, check)
        inner = f'<div class="meta"><span>{escape(t.moment(check.submitted_at))}</span></div><div class="marks">{state(t, check)}</div>{said}'
        if check.note:
            inner += note(t("photo.your_note", text=check.note))
        st.html(inner)
        with st.expander(t("photo.hint"), key=f"hint_{check.check_id}"):
            st.html(hint_words(t, check, research=research))
        with st.container(key=f"tools_check_{check.check_id}", horizontal=True):
            if view.may_send and CheckState.WITHDRAWN in CHECK_MOVES[check.state]:
                take = partial(photo_checks.withdraw, visit.ports, visit.who, reading.person_id, check.check_id)
                st.button(t("photo.withdraw"), key=f"check_withdraw_{check.check_id}", icon=":material/undo:", on_click=_done, args=(t("photo.withdrawn"), take))
            if visit.role is Role.COORDINATOR and "reviews" in visit.pages:
                st.button(t("review.open"), key=f"check_review_{check.check_id}", on_click=to_review, args=(reading.person_id, check.check_id))


def to_review(person_id: str, check_id: str) -> None:
    """Open it on Reviews; the page goes there."""
    st.session_state["hb.review"] = (person_id, check_id)
    st.session_state["hb.review_go"] = True


def _asked(line: SpotLine) -> str:
    return next((one.check_id for one in line.checks if one.state is CheckState.RETAKE_ASKED), "")


def _done(said: str, do: partial[object]) -> None:
    if tried(said, do):
        bump()
        close_spot()


def unseen(visit: Visit, reading: Reading, checks: Sequence[KeptCheck]) -> None:
    """What the team answered and the person hasn't put aside yet, above everything else."""
    t = visit.t
    if not checks:
        return
    st.html(h2(t("photo.answers"), t.number(len(checks))))
    for check in checks:
        with st.container(key=f"card_answer_{check.check_id}"):
            st.html(h3(t("photo.answer_about", kind=t("check_kind." + check.kind), when=t.day(check.submitted_at))) + answer(t, check))
            if visit.own:
                read = partial(photo_checks.seen, visit.ports, visit.who, reading.person_id, check.check_id)
                st.button(t("photo.read"), key=f"answer_read_{check.check_id}", icon=":material/check:", on_click=_done, args=(t("photo.read_said"), read))


def follow(visit: Visit) -> None:
    """Go where a button of this page led."""
    if st.session_state.pop("hb.review_go", False):
        st.switch_page(visit.pages["reviews"])
