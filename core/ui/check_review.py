"""This is the place where one check is laid out for a clinician: the picture with what the model marked, facts, quality, probabilities, the spot's history, the model."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.care import photo_checks
from core.care.check_views import ReviewView
from core.domain.checks import SYMPTOMS, CheckKind, CheckResult, CheckState, Declined, Finding, KeptCheck, Step
from core.ui import check_card, check_chart
from core.ui.check_body import picture as body_picture
from core.ui.check_pictures import LARGE, SMALL, figure, shown
from core.ui.check_spots import taken
from core.ui.check_words import class_name, decision, label, place_of, size, spot_name, state, where_of
from core.ui.markup import Cell, facts, h2, h3, note, table
from core.ui.session import Visit

_LOOKS = {"heat": ("photo", "heat"), "mask": ("photo", "mask")}


def picture(visit: Visit, view: ReviewView) -> None:
    """The photo, plain or with what the model marked; of a recording its trace."""
    t, check = visit.t, view.line.check
    pulse = check.kind is CheckKind.RHYTHM
    looks = _LOOKS.get(check.overlay, ("photo",))
    look = looks[0]
    if len(looks) > 1 and not pulse:
        look = st.segmented_control(t("review.look_at"), looks, format_func=lambda one: t("review.show_" + one), default=looks[0], required=True, key=f"decide_look_{check.check_id}") or looks[0]
    alt = t("review.alt_pulse" if pulse else "review.alt", kind=t("check_kind." + check.kind), when=t.moment(taken(check)))
    image = trace(visit, check) if pulse else photo(visit, check, LARGE, marked=look != "photo")
    st.html(figure(image, alt, missing=t("photo.unreadable")))
    if look == "heat":
        st.html(note(t("review.heat_note")))
    if pulse and image:
        st.html(note(t("review.trace_note")))


def photo(visit: Visit, check: KeptCheck, longest: int, *, marked: bool = False) -> str:
    """A kept photo as an address."""
    asked = (visit.ports, visit.who, check.person_id, check.check_id)
    return shown(photo_checks.picture(*asked), longest, photo_checks.overlay(*asked) if marked else b"")


def trace(visit: Visit, check: KeptCheck) -> str:
    """The picture of a recording that was drawn when it was checked."""
    drawn = photo_checks.overlay(visit.ports, visit.who, check.person_id, check.check_id) if check.overlay else b""
    return shown(drawn, LARGE) if drawn else ""


def said(visit: Visit, view: ReviewView) -> str:
    """What the check says, how sure, and what the person says of it."""
    t, check = visit.t, view.line.check
    parts = [h2(t("review.check_says")), f'<div class="marks">{label(t, check.result)} {state(t, check)}</div>', numbers(visit, check.result)]
    parts.append(h2(t("review.person_says")) + (facts(person_facts(visit, view)) or note(t("review.no_facts"))))
    if check.note:
        parts.append(f'<p class="quote">{escape(check.note)}</p>')
    return "".join(parts)


def numbers(visit: Visit, result: CheckResult) -> str:
    """Probability, size, pulse, how far from what the model knows; a check that says nothing says why."""
    t, answer = visit.t, result.answer
    pairs: list[tuple[str, str]] = []
    if isinstance(answer, Declined):
        pairs.append((t("review.why_none"), t("check_declined." + answer.why)))
    elif answer.probability is not None:
        pairs.append((t("review.probability." + result.kind), t("review.percent", percent=t.number(answer.probability * 100, 0))))
    if measured := size(t, result):
        pairs.append((t("photo.size"), measured))
    if result.pulse is not None:
        pairs.append((t("review.pulse"), t("pulse.rate_short", n=round(result.pulse))))
    if result.distance is not None:
        pairs.append((t("review.distance"), t("review.distance_said", times=t.number(result.distance, 2))))
    return facts(pairs)


def person_facts(visit: Visit, view: ReviewView) -> list[tuple[str, str]]:
    """Where it is, and the answers that came with the photo; what was not answered says so."""
    t, check = visit.t, view.line.check
    pairs = [(t("review.where"), place_of(t, view.spot.spot))] if view.spot else []
    given = check.facts
    if given is not None:
        pairs.append((t("review.age"), t("person.years_old", n=given.age) if given.age is not None else t("review.not_said")))
        pairs.append((t("photo.skin_type"), t(f"skin_type.{given.skin_type}") if given.skin_type else t("review.not_said")))
        answers = {True: t("photo.answer_yes"), False: t("photo.answer_no"), None: t("review.not_said")}
        pairs += [(t("symptom." + code), answers[given.symptoms.get(code)]) for code in SYMPTOMS]
    return pairs


def classes(visit: Visit, result: CheckResult) -> str:
    """The probabilities of all classes, the highest first: for clinicians alone. Of a check that declined, what it leaned to says so."""
    t = visit.t
    found = result.answer if isinstance(result.answer, Finding) else result.leaning
    if found is None or not found.classes:
        return ""
    rows = [
        (Cell(class_name(t, result.kind, code)), Cell(t("review.percent", percent=t.number(share * 100, 0)), number=True), Cell("", html=_bar(share)))
        for code, share in sorted(found.classes, key=lambda one: -one[1])
    ]
    about = note(t("review.classes_note")) + (note(t("review.leaning")) if isinstance(result.answer, Declined) else "")
    return h3(t("review.classes")) + about + table(t("review.classes"), (t("review.class"), t("review.share"), t("review.bar")), rows, (1,))


def quality(visit: Visit, result: CheckResult) -> str:
    """What the gate measured and found."""
    t = visit.t
    wrong = "".join(f"<li>{escape(t('quality.' + one))}</li>" for one in result.quality.reasons)
    found = f'<ul class="plain">{wrong}</ul>' if wrong else note(t("review.quality_ok"))
    rows = [(Cell(t.first("measure." + name, "measure.other", name=name.replace("_", " "))), Cell(t.number(round(value, 3)), number=True)) for name, value in result.quality.measures.items()]
    shown_rows = table(t("review.measures"), (t("review.measure"), t("review.value")), rows, (1,)) if rows else ""
    return h3(t("review.quality")) + found + shown_rows


def history(visit: Visit, view: ReviewView) -> None:
    """The spot's other photos, the size of a wound over time, and what was decided before."""
    t, spot = visit.t, view.spot
    steps = [one for one in view.line.check.steps if one.text or one.reason or one.label]
    if steps:
        st.html(h3(t("review.before")) + "".join(_step(visit, view.line.check, one) for one in steps))
    if spot is None:
        return
    st.html(h3(t("review.spot", name=spot_name(t, spot.spot))))
    others = [one for one in spot.checks if one.check_id != view.line.check.check_id][:4]
    shots = [figure(photo(visit, one, SMALL), t("photo.alt", name=spot_name(t, spot.spot), when=t.moment(taken(one))), _caption(visit, one), extra="small") for one in others]
    st.html(f'<div class="strip-photos">{body_picture(t, where_of(spot.spot))}{"".join(shots)}</div>' + ("" if shots else note(t("review.first_of_spot"))))
    if spot.spot.kind is CheckKind.WOUND and len(spot.areas) > 1:
        st.html(note(check_chart.said(t, spot)))
        st.plotly_chart(check_chart.figure(t, spot, st.context.theme.type or "light"), theme=None, config=check_chart.charts.CONFIG, key="review_areas", alt=t("photo.size_alt", said=check_chart.said(t, spot)))


def model(visit: Visit, view: ReviewView) -> None:
    """Which model it was, and its card."""
    t, ran = visit.t, view.line.check.result.model
    if ran is not None:
        st.html(note(t("review.model_ran", name=t("check_kind." + view.line.check.kind), version=ran.version, digest=ran.digest[:12] or "–", runner=t("review.runner_edge") if ran.runner == "edge" else ran.runner)))
    if view.card is not None:
        with st.expander(t("review.card"), key="review_card"):
            st.html(check_card.short(t, view.card))
            if "models" in visit.pages:
                st.page_link(visit.pages["models"], label=t("review.card_whole"), icon=":material/science:")


def _caption(visit: Visit, check: KeptCheck) -> str:
    t = visit.t
    measured, step = size(t, check.result), decision(check)
    about = measured or t("review.state_" + (step.state if step else check.state))
    return f"<b>{escape(t.day(taken(check)))}</b><br>{escape(about)}"


def _step(visit: Visit, check: KeptCheck, one: Step) -> str:
    t = visit.t
    reason = ""
    if one.reason:
        reason = t("retake." + one.reason) if one.state is CheckState.RETAKE_ASKED else t("overrule." + one.reason)
    what = class_name(t, check.kind, one.label) if one.label and one.label != "other" else t("review.label_other") if one.label else ""
    details = " · ".join(escape(part) for part in (t("review.state_" + one.state), what, reason, one.by, t.moment(one.at)) if part)
    return f'<p class="note">{details}</p>' + (f'<p class="quote">{escape(one.text)}</p>' if one.text else "")


def _bar(share: float) -> str:
    return f'<meter class="share" min="0" max="1" value="{min(max(share, 0), 1):.2f}" aria-hidden="true"></meter>'
