"""This is the place where checks of photos and signals are put into words: a hint for the person, a label for the team, never a diagnosis."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from core.domain.checks import CheckKind, CheckResult, CheckState, Declined, Finding, KeptCheck, Quality, Spot, Step
from core.ui.check_body import Where, named
from core.ui.markup import tag
from core.ui.words import Words

TONES: Mapping[str, tuple[str, str]] = MappingProxyType({
    "show_soon": ("soon", "soon"), "possible_irregular": ("soon", "soon"), "keep_watching": ("watch", "watch"),
    "measured": ("info", "plain"), "no_irregularity_seen": ("info", "plain"),
})  # fmt: skip
"""Icon and tone of a decision. None of them is ever "fine": a check gives no all-clear."""
STATE_TONES: Mapping[CheckState, tuple[str, str]] = MappingProxyType({
    CheckState.WAITING_MODEL: ("clock", "unknown"), CheckState.WAITING_REVIEW: ("clock", "unknown"), CheckState.CONFIRMED: ("check", "accent"),
    CheckState.OVERRULED: ("check", "accent"), CheckState.RETAKE_ASKED: ("watch", "watch"), CheckState.RETAKEN: ("info", "plain"),
    CheckState.WITHDRAWN: ("info", "plain"),
})  # fmt: skip


def hint(t: Words, result: CheckResult) -> str:
    """What the check says to the person, or why it says nothing."""
    answer = result.answer
    return t("check_says." + answer.decision) if isinstance(answer, Finding) else t("check_declined." + answer.why)


def label(t: Words, result: CheckResult) -> str:
    """The same for the team, in two or three words with an icon and a tone."""
    answer = result.answer
    if isinstance(answer, Declined):
        return tag(t("check_none." + answer.why), "unknown", "unknown")
    look, tone = TONES.get(answer.decision, ("info", "plain"))
    return tag(t("check_label." + answer.decision), look, tone)


def state(t: Words, check: KeptCheck) -> str:
    """Where a check stands, as a chip."""
    look, tone = STATE_TONES[check.state]
    return tag(t("check_state." + check.state), look, tone)


def size(t: Words, result: CheckResult) -> str:
    """How large the wound is: in cm2 with what that rests on, or as a share of the picture; "" where nothing was measured."""
    answer = result.answer
    if not isinstance(answer, Finding) or answer.area is None:
        return ""
    if answer.area.cm2 is not None:
        return t("photo.area_cm2", area=t.number(answer.area.cm2, 1))
    return t("photo.area_share", percent=t.number(answer.area.share * 100, 1))


def reasons(t: Words, quality: Quality) -> str:
    """What is wrong with a photo or a signal and what to do about it, the gravest first, as a list."""
    items = "".join(f"<li><b>{escape(t('quality.' + one))}</b> {escape(t('quality_do.' + one))}</li>" for one in quality.reasons)
    return f'<ul class="plain advice">{items}</ul>' if items else ""


def spot_name(t: Words, spot: Spot) -> str:
    """How a person calls a spot: their own words, else its place."""
    return spot.label or place_of(t, spot)


def place_of(t: Words, spot: Spot) -> str:
    return named(t, where_of(spot))


def where_of(spot: Spot) -> Where:
    return Where(spot.place, spot.view, spot.x, spot.y)


def class_name(t: Words, kind: CheckKind, code: str) -> str:
    """A class of the model, for clinicians alone."""
    if kind is CheckKind.SKIN:
        return t("skin_class." + code.lower())
    return t("rhythm_class." + code) if kind is CheckKind.RHYTHM else code


def decision(check: KeptCheck) -> Step | None:
    """What the team last said about it."""
    said = (CheckState.CONFIRMED, CheckState.OVERRULED, CheckState.RETAKE_ASKED)
    return next((one for one in reversed(check.steps) if one.state in said), None)


def answer(t: Words, check: KeptCheck) -> str:
    """What the team said, for the person: agreed, or not, or another photo; their own words; who and when. HTML."""
    step = decision(check)
    if step is None:
        return ""
    if step.state is CheckState.RETAKE_ASKED:
        pulse = check.kind is CheckKind.RHYTHM
        reason = t("retake." + step.reason) + t("photo.stop") if step.reason else ""
        what = t.joined((t("photo.answer_retake_pulse" if pulse else "photo.answer_retake"), reason))
    elif isinstance(check.result.answer, Declined):
        what = t("photo.answer_looked")
    else:
        what = t("photo.answer_confirmed" if step.state is CheckState.CONFIRMED else "photo.answer_overruled")
    words = f'<p class="quote">{escape(step.text)}</p>' if step.text else ""
    return f'<p class="mean">{escape(what)}</p>{words}<p class="note">{escape(t("photo.answered_by", name=step.by, when=t.moment(step.at)))}</p>'
