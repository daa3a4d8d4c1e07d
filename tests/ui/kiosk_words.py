"""This is the place where the keys stand that the kiosk's screens put together at run time."""

from __future__ import annotations

from collections.abc import Mapping

from core.kiosk.terms import Measure, Step
from core.ui.kiosk_ask import ADDED, ANSWERS
from core.ui.kiosk_frame import ENDINGS
from core.ui.kiosk_who import FACTOR_SIGNS

_MEASURES = tuple(Measure)
_WAYS = ("code", "camera", "birth")
_ALLERGIES = tuple(f"allergies_{one}" for one in ("none_known", "none_recorded", "listed"))
_HELPED = tuple(step for step in Step if step not in (Step.WELCOME, Step.DONE))

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "kiosk.key_": ("keys", "back", "clear", "next", "space"),
    "kiosk.ended_": ENDINGS,
    "kiosk.step.": ("who",),
    "kiosk.who_lead.": _WAYS,
    "kiosk.way_": _WAYS,
    "kiosk.birth_": ("day", "month", "year", "initials"),
    "kiosk.factor_": tuple(FACTOR_SIGNS),
    "kiosk.offline_": ("can", "cannot", "kept", "person"),
    "kiosk.consent_": ("1", "2", "3"),
    "kiosk.ask.": tuple(ANSWERS),
    "kiosk.ask_lead.": tuple(ANSWERS),
    **{f"kiosk.{step.value}_": answers for step, answers in ANSWERS.items()},
    "kiosk.all_": tuple(ANSWERS),
    "kiosk.contact.": ("phone", "address", "contact"),
    "kiosk.more.": tuple(ADDED),
    "kiosk.more_lead.": tuple(ADDED),
    "kiosk.more_field.": tuple(ADDED),
    "kiosk.none.": ("medicines", *_ALLERGIES),
    "kiosk.none.allergies_": ("none_known", "none_recorded", "listed"),
    "kiosk.sit_": ("1", "2", "3", "4"),
    "kiosk.wait_": ("rest", "wait", "rest_lead", "wait_lead"),
    "kiosk.measure.": _MEASURES,
    "kiosk.how.": _MEASURES,
    "kiosk.taken.": _MEASURES,
    "kiosk.measure_name.": _MEASURES,
    "kiosk.field.": ("sbp", "dbp"),
    "kiosk.how_": ("typed", "bluetooth"),
    "kiosk.doubt.": ("range", "not_above", "missing"),
    "kiosk.sum_": ("contact", "medicines", "allergies"),
    "kiosk.sent.": ("kept", "queued", "refused", "unmatched"),
    "kiosk.sent_next.": ("kept", "queued", "refused", "unmatched"),
    "kiosk.help_text.": _HELPED,
}
