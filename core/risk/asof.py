"""This is the place where a person's evidence is gathered from records once, and read as it stood at any moment."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from core.domain.codes import LOINC, Concept
from core.domain.records import Item, PersonProfile, Record, Standing
from core.domain.time import PartialTime
from core.risk.conditions import (
    NO_PROBLEMS,
    NOT_PREGNANT,
    PREGNANCY_DAYS,
    PREGNANCY_STATUS,
    PREGNANT,
    SMOKING_STATUS,
    meanings_of,
    smoking_of,
)
from core.risk.medicine_classes import CLASSES, NO_MEDICINE_INFO, NO_MEDICINES, classes_of
from core.risk.sourcing_types import ALWAYS, DAY_NS, Evidence, Point, Told

_ENTERED_IN_ERROR = frozenset({"refuted", "entered-in-error"})
_UNSURE = frozenset({"unconfirmed", "provisional", "differential"})
_OVER = frozenset({"resolved", "remission", "inactive"})
_NO_PROBLEMS_CODES = frozenset({"no-known-problems", *NO_PROBLEMS})
_NOTHING_KNOWN = frozenset({"no-problem-info"})
_ONLY_THOUGHT_OF = frozenset({"proposal", "plan", "option"})
_NEVER_TAKEN = frozenset({"cancelled", "draft", "entered-in-error", "not-taken", "intended"})
_ENDED = frozenset({"stopped", "completed", "ended"})
_GOING = frozenset({"active", "recorded"})
_RENEWED_NS = 366 * DAY_NS
"""A prescription that ended nobody knows when, and was written anew within a year, was taken until then (house)."""
_EPOCH_DAY = PartialTime("1970-01-01").earliest


def evidence(profile: PersonProfile, records: Iterable[Record], points: Mapping[str, Iterable[Point]], now: int) -> Evidence:
    """All that a record says. `records` may be of any kind and standing: only what counts is read; `points` are the measurements by signal (any order).
    Never raises."""
    current = [record for record in records if record.standing is Standing.CURRENT and not record.item.see_original]
    told: dict[str, list[Told]] = defaultdict(list)
    for one in (*_problems(current), *_medicines(current, now), *_answers(current)):
        told[one.key].append(one)
    return Evidence(
        birth_date=profile.birth_date,
        gender=profile.gender.strip().lower(),
        deceased=profile.deceased.strip().lower() not in ("", "false"),
        points={signal: tuple(sorted(rows, key=lambda p: (p.at, p.record_id, p.value))) for signal, rows in points.items()},
        told={key: tuple(sorted(rows, key=lambda t: (t.at, t.record_id, t.says))) for key, rows in told.items()},
        listed_from=_listed_from(current),
        medicines_from=_medicines_from(current),
        contacts=_contacts(current),
    )


def ns_of(text: str) -> int | None:
    """The first moment a FHIR time can mean, or None where it is none that 64 bits can hold."""
    time = PartialTime.parse(text)
    if time is None or not 1678 <= time.earliest.year <= 2261:
        return None
    since = time.earliest - _EPOCH_DAY
    return (since.days * 86_400 + since.seconds) * 1_000_000_000 + since.microseconds * 1000


def at_of(item: Item) -> int:
    """When something began, or was written down; ALWAYS where nobody says."""
    begun = ns_of(item.start)
    written = ns_of(item.issued) if begun is None else begun
    return ALWAYS if written is None else written


def until(points: Sequence[Point], at: int) -> Sequence[Point]:
    """The measurements up to a moment; a bare day stands at its noon, so the rest of the day belongs to it."""
    return points[: bisect_right(points, at + DAY_NS // 2, key=lambda one: one.at)]


def holding(told: Sequence[Told], at: int) -> list[Told]:
    """The statements that hold at a moment."""
    return [one for one in told[: bisect_right(told, at, key=lambda one: one.at)] if one.until is None or one.until > at]


def silent(evidence: Evidence, listed_from: int | None, at: int, days: int) -> str:
    """Whether a list that doesn't name something says no at a moment: "no", "stale" where nobody of a clinic wrote anything for so many days before, or ""
    where there is no list yet."""
    if listed_from is None or listed_from > at:
        return ""
    seen = bisect_right(evidence.contacts, at)
    return "no" if seen and at - evidence.contacts[seen - 1] <= days * DAY_NS else "stale"


def _contacts(records: Sequence[Record]) -> tuple[int, ...]:
    """When clinics wrote something down; by the day."""
    moments = (at_of(r.item) for r in records if any(source.kind != "manual" for source in r.sources) and r.item.kind != "Patient")
    ends = (end for r in records if r.item.kind in ("Encounter", "Procedure") and (end := ns_of(r.item.end)) is not None)
    return tuple(sorted({moment // DAY_NS * DAY_NS for moment in (*moments, *ends) if moment != ALWAYS}))


# ---------------------------------------------------------------------------------------------------------------- problems


def _problems(records: Sequence[Record]) -> Iterator[Told]:
    for record in records:
        item = record.item
        if item.kind != "Condition" or item.verification == "entered-in-error" or item.status == "entered-in-error":
            continue
        for key, says in meanings_of(item.concept).items():
            yield _told(record, key, *_said(item, says))


def _said(item: Item, says: str) -> tuple[str, str]:
    if item.verification in _ENTERED_IN_ERROR:
        return ("no", "said_not") if says == "yes" else ("unclear", "named_not_coded")
    if item.verification in _UNSURE:
        return "unclear", "diagnosis_unsure"
    return (says, "") if says == "yes" else ("unclear", "named_not_coded")


def _told(record: Record, key: str, says: str, why: str = "") -> Told:
    """`answer` is "over" for what is said to have ended without anybody saying when."""
    item = record.item
    end = ns_of(item.end)
    over = "over" if item.status in _OVER or item.end else ""
    return Told(
        key,
        says,
        at_of(item),
        end,
        item.start or item.issued,
        why,
        over,
        record.record_id,
        tuple(s.source_id for s in record.sources),
    )


def _listed_from(records: Sequence[Record]) -> int | None:
    """From when on somebody keeps a list of problems: what no problem of a clinical source says yes to is not on it."""
    codes = ((record, {one.code for one in record.item.concept.codings}) for record in records if record.item.kind == "Condition")
    found = [
        at_of(r.item)
        for r, coded in codes
        if any(s.kind != "manual" for s in r.sources) and not coded & _NOTHING_KNOWN and r.item.verification != "entered-in-error"
    ]
    return min(found, default=None)


# --------------------------------------------------------------------------------------------------------------- medicines


def _medicines(records: Sequence[Record], now: int) -> Iterator[Told]:
    by_medicine: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.item.kind in ("MedicationRequest", "MedicationStatement") and not _dreamt(record.item):
            by_medicine[_same(record.item.concept)].append(record)
    for mine in by_medicine.values():
        mine.sort(key=lambda r: (at_of(r.item), r.record_id))
        classes, known = classes_of(mine[0].item.concept)
        for record, later in zip(mine, [*mine[1:], None], strict=True):
            one = _taken(record, at_of(later.item) if later else None, now)
            if one:
                yield from (replace(one, key=key) for key in classes)
                if not known:
                    yield from (replace(one, key=key, says="unclear", why="medicine_not_known") for key in CLASSES)


def _dreamt(item: Item) -> bool:
    codes = {one.code for one in item.concept.codings}
    thought_of = any(key == "intent" and text in _ONLY_THOUGHT_OF for key, text in item.detail)
    return item.status in _NEVER_TAKEN or thought_of or bool(codes & (NO_MEDICINES | NO_MEDICINE_INFO))


def _same(concept: Concept) -> str:
    main = concept.main
    return f"{main.system}|{main.code}" if main.code else concept.title.casefold().strip()


def _taken(record: Record, later: int | None, now: int) -> Told | None:
    """From when until when it was taken; of several records about one medicine the later one speaks from its own beginning."""
    item, start = record.item, at_of(record.item)
    end = ns_of(item.end)
    base = _told(record, "", "yes")
    if item.status in _GOING:
        ends = [moment for moment in (end, later) if moment is not None]
        return replace(base, until=min(ends) if ends else None, answer="")
    if item.status in _ENDED:
        if end is not None:
            return replace(base, until=end if later is None else min(end, later), answer="")
        if later is not None and start != ALWAYS and later - start <= _RENEWED_NS:
            return replace(base, until=later, answer="")
        return replace(base, says="unclear", why="medicine_end_unknown", until=now if later is None else later, answer="")
    why = "medicine_on_hold" if item.status == "on-hold" else "medicine_status_unknown"
    return replace(base, says="unclear", why=why, until=later if end is None else end, answer="")


def _medicines_from(records: Sequence[Record]) -> int | None:
    found = []
    for record in records:
        item = record.item
        codes = {one.code for one in item.concept.codings}
        listed = (
            item.kind in ("MedicationRequest", "MedicationStatement")
            and not codes & NO_MEDICINE_INFO
            and item.status != "entered-in-error"
        )
        if listed and any(source.kind != "manual" for source in record.sources):
            found.append(at_of(item))
    return min(found, default=None)


# ----------------------------------------------------------------------------------------------------------------- answers


def _answers(records: Sequence[Record]) -> Iterator[Told]:
    """Observations that are answered with a code: smoking, pregnancy."""
    for record in records:
        item = record.item
        if item.kind != "Observation" or item.status in ("entered-in-error", "cancelled", "registered"):
            continue
        asked = item.concept.code_in(LOINC)
        for value in item.values:
            if value.problem or value.absent:
                continue
            code, words = (value.coding.code, value.coding.display or value.text) if value.coding else ("", value.text)
            if asked in SMOKING_STATUS and (said := smoking_of(code, words)):
                yield replace(_told(record, "smoking", _yes(said)), answer=said, until=None)
            if asked == PREGNANCY_STATUS and code in PREGNANT | NOT_PREGNANT:
                at = at_of(item)
                lasts = None if at == ALWAYS else at + PREGNANCY_DAYS * DAY_NS
                yield replace(_told(record, "pregnancy_status", "yes" if code in PREGNANT else "no"), until=lasts, answer="")


def _yes(answer: str) -> str:
    return {"current": "yes", "unclear": "unclear"}.get(answer, "no")
