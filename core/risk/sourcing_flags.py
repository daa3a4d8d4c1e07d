"""This is the place where an input that is a yes or a no is taken from what a record states, as it stood at a moment.

A yes needs a statement. A no needs more than silence: a list of problems (or of medicines) kept by a clinic that doesn't name it, or somebody who wrote
that it isn't so; else it is missing, and the person may say. What is doubted, or named without a code that is known, is neither.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from core.risk.asof import holding, silent
from core.risk.conditions import BY_KEY, COMBINED, NOT_COMBINABLE
from core.risk.rules_table import DIABETES_RANGE, PROBLEM_LIST_DAYS, rule_of
from core.risk.sourcing_answers import as_flag, medicine, pregnant, smoker
from core.risk.sourcing_numbers import age, pressure, sex
from core.risk.sourcing_parts import latest, missing
from core.risk.sourcing_types import ALWAYS, DAY_NS, Evidence, Facts, Sourced, Told
from core.risk.vocabulary import TERMS

CREATININE_HIGH = 2.26
"""mg/dL: abnormal renal function in HAS-BLED (Pisters 2010: 200 umol/L)."""
UNCONTROLLED = 160.0
"""mm[Hg]: more is uncontrolled in HAS-BLED (Pisters 2010)."""
_GLUCOSE_NEVER_ABOVE = {"hba1c": 5.7, "glucose_fasting": 100.0}
"""% and mg/dL: all results below say that no high glucose was found (ADA, start of prediabetes)."""
_DIAGNOSES = (
    "diabetes",
    "hypertension",
    "heart_failure",
    "atrial_fibrillation",
    "stroke",
    "kidney_failure",
    "gestational_diabetes",
)
_MEDICINES = ("bp_treated", "statin", "bleeding_drugs")


def flag(evidence: Evidence, key: str, at: int) -> Sourced:
    """The flag as the record has it, beside what was typed in."""
    recorded = (_FLAGS.get(key) or _nothing(key))(evidence, at)
    return _with_typed(evidence, recorded, at)


def _with_typed(evidence: Evidence, recorded: Sourced, at: int) -> Sourced:
    """What was typed counts where the record says nothing, or says no only by silence. A typed no against a statement of the record is a contradiction:
    which of them is wrong is for a clinician to settle. Answers of the person's own kind (smoking) compete by date."""
    key, typed = recorded.key, evidence.typed.get(recorded.key)
    if typed is None or typed.at > at:
        return recorded
    rule, days = rule_of(key), max(0, (at - typed.at) // DAY_NS)
    mine = Sourced(key, "used", typed.value, "typed", typed.at, typed.when, days)
    if rule.max_days is not None and days > rule.max_days:
        return (
            recorded
            if recorded.used
            else replace(mine, state="stale", why="too_old", how=rule.how, facts={"days": days, "limit": rule.max_days})
        )
    if not recorded.used or recorded.value == typed.value or recorded.why in _BY_SILENCE:
        return mine if not recorded.used or recorded.why in _BY_SILENCE else recorded
    if key == "smoker":
        newer = typed.at >= (recorded.at or ALWAYS)
        return (
            replace(mine, why="typed_is_newer", record_ids=recorded.record_ids)
            if newer
            else replace(recorded, why="record_is_newer")
        )
    why = "medicine_in_record" if key in _MEDICINES else "diagnosis_in_record"
    return replace(recorded, state="contradictory", why=why if recorded.value else "typed_against_record", how="ask_clinician")


_BY_SILENCE = frozenset({"not_on_problem_list", "not_on_medicine_list", "nothing_high_in_record"})


# --------------------------------------------------------------------------------------------------------------- diagnoses


def _diagnosis(key: str, meaning: str = "") -> Callable[[Evidence, int], Sourced]:
    meaning = meaning or key

    def sourced(evidence: Evidence, at: int) -> Sourced:
        by_silence = silent(evidence, evidence.listed_from, at, PROBLEM_LIST_DAYS)
        return _stated(key, BY_KEY[meaning].ever, holding_ever(evidence, meaning, at), by_silence)

    return sourced


def holding_ever(evidence: Evidence, meaning: str, at: int) -> list[Told]:
    """The statements about a diagnosis: those that hold, or, where it counts for good, all that were made until then."""
    told = evidence.told.get(meaning, ())
    return [one for one in told if one.at <= at] if BY_KEY[meaning].ever else holding(told, at)


def _stated(key: str, ever: bool, told: Sequence[Told], by_silence: str) -> Sourced:
    yes = [one for one in told if one.says == "yes" and (ever or one.answer != "over")]
    if yes:
        return as_flag(key, 1.0, yes)
    over = [one for one in told if one.says == "yes"]
    unclear = [one for one in told if one.says == "unclear" and one.answer != "over"]
    denied = [one for one in told if one.says == "no"]
    if over or unclear:
        doubtful = over or unclear
        why = "said_to_be_over" if over else doubtful[-1].why
        return replace(as_flag(key, None, doubtful), state="unclear", why=why, how="ask_clinician")
    if denied:
        return replace(as_flag(key, 0.0, denied), why="said_not")
    if by_silence == "no":
        return Sourced(key, "used", 0.0, "record", why="not_on_problem_list")
    return missing(key, state="stale" if by_silence else "missing", why="list_not_kept_lately" if by_silence else "no_problem_list")


def _any_of(key: str) -> Callable[[Evidence, int], Sourced]:
    """One of several diagnoses; no only where all are no. A part that the record denies or that was typed counts as well."""

    def sourced(evidence: Evidence, at: int) -> Sourced:
        parts = [
            replace(flag(evidence, part, at) if part in TERMS else _diagnosis(part)(evidence, at), key=key)
            for part in COMBINED[key]
        ]
        yes = [part for part in parts if part.used and part.value == 1.0]
        if yes and key in NOT_COMBINABLE:
            return replace(yes[0], state="unclear", value=None, why="kind_not_known", how="ask_clinician", from_keys=COMBINED[key])
        if yes:
            ids, sources = (tuple(dict.fromkeys(x for part in yes for x in of(part))) for of in (_records, _sources))
            return replace(yes[0], record_ids=ids, source_ids=sources)
        doubtful = next((part for part in parts if not part.used), None)
        return doubtful or parts[0]

    return sourced


def _records(one: Sourced) -> tuple[str, ...]:
    return one.record_ids


def _sources(one: Sourced) -> tuple[str, ...]:
    return one.source_ids


def _type_1(evidence: Evidence, at: int) -> Sourced:
    """Whether the diabetes is of type 1: told by the codes; diabetes of no said type leaves it open."""
    first = _diagnosis("diabetes_type1")(evidence, at)
    any_kind = flag(evidence, "diabetes", at)
    if first.used and first.value == 1.0:
        second = _diagnosis("diabetes_type1", "diabetes_type2")(evidence, at)
        both = second.used and second.value == 1.0
        return replace(first, state="contradictory", why="two_types_of_diabetes", how="ask_clinician") if both else first
    if any_kind.used and any_kind.value == 0.0:
        return replace(any_kind, key="diabetes_type1")
    second = _diagnosis("diabetes_type1", "diabetes_type2")(evidence, at)
    if second.used and second.value == 1.0:
        return replace(second, value=0.0, why="type_2_in_record")
    return missing("diabetes_type1", why="diabetes_type_not_known")


def _gestational(evidence: Evidence, at: int) -> Sourced:
    found = _diagnosis("gestational_diabetes")(evidence, at)
    if sex(evidence).value != 1.0:
        return found
    if found.used and found.value == 1.0:
        return replace(found, state="contradictory", why="pregnant_and_male", how="ask_clinician")
    return Sourced("gestational_diabetes", "unneeded")


def _high_glucose(evidence: Evidence, at: int) -> Sourced:
    """Found once: by a diagnosis, or a result from prediabetes on. Never found: only where there are results, and none was high."""
    for meaning in ("prediabetes", "gestational_diabetes", "diabetes"):
        told = [
            one for one in evidence.told.get(meaning, ()) if one.at <= at and one.says != "no" and one.why != "diagnosis_unsure"
        ]
        if told:
            return as_flag("high_glucose_ever", 1.0, told)
    rows = [
        (row, limit)
        for signal, limit in _GLUCOSE_NEVER_ABOVE.items()
        for row in evidence.points.get(signal, ())
        if row.at <= at and row.bound in ("", ">", ">=")
    ]
    high = [row for row, limit in rows if row.value >= limit]
    if high:
        last = high[-1]
        return Sourced(
            "high_glucose_ever",
            "used",
            1.0,
            "derived",
            last.at,
            last.when,
            None,
            (last.record_id,) if last.record_id else (),
            last.source_ids,
        )
    if rows:
        return Sourced("high_glucose_ever", "used", 0.0, "derived", why="nothing_high_in_record", facts={"n": len(rows)})
    return missing("high_glucose_ever")


# ------------------------------------------------------------------------------------------------------------ worked out


def _uncontrolled(evidence: Evidence, at: int) -> Sourced:
    sbp = pressure(evidence, "sbp", at)
    return replace(
        sbp,
        key="bp_uncontrolled",
        value=None if sbp.value is None else float(sbp.value > UNCONTROLLED),
        origin="derived",
        from_keys=("sbp",),
    )


def _renal(evidence: Evidence, at: int) -> Sourced:
    failing, creatinine = flag(evidence, "kidney_failure", at), latest(evidence, "creatinine", at)
    if failing.used and failing.value == 1.0:
        return replace(failing, key="renal_abnormal", from_keys=("kidney_failure",))
    if not creatinine.used or creatinine.value is None:
        return replace(creatinine, key="renal_abnormal", value=None, from_keys=("creatinine",))
    high = creatinine.value > CREATININE_HIGH
    if not failing.used and not high:
        return replace(failing, key="renal_abnormal", value=None)
    return replace(
        creatinine, key="renal_abnormal", value=float(high), origin="derived", from_keys=("creatinine", "kidney_failure")
    )


def _elderly(evidence: Evidence, at: int) -> Sourced:
    return Sourced("elderly", "unneeded") if age(evidence, at).used else missing("elderly")


def _nothing(key: str) -> Callable[[Evidence, int], Sourced]:
    """A flag that no record says: only typed."""
    return lambda evidence, at: missing(key)


_FLAGS: Mapping[str, Callable[[Evidence, int], Sourced]] = {
    **{key: _diagnosis(key) for key in _DIAGNOSES},
    **{key: _any_of(key) for key in COMBINED},
    **{key: medicine(key) for key in _MEDICINES},
    "diabetes_type1": _type_1,
    "gestational_diabetes": _gestational,
    "high_glucose_ever": _high_glucose,
    "smoker": smoker,
    "pregnant": pregnant,
    "bp_uncontrolled": _uncontrolled,
    "renal_abnormal": _renal,
    "elderly": _elderly,
}


def diabetes_against(evidence: Evidence, found: Sourced, at: int) -> Sourced:
    """ "No diabetes" beside a result in its range, or beside a medicine that lowers glucose, is a contradiction that a clinician must settle."""
    if not found.used or found.value != 0.0:
        return found
    for signal, limit in DIABETES_RANGE.items():
        rows = [row for row in evidence.points.get(signal, ()) if row.at <= at and row.bound in ("", ">", ">=")]
        if rows and rows[-1].value >= limit:
            facts: Facts = {"signal": signal, "value": rows[-1].value, "when": rows[-1].when}
            ids: tuple[str, ...] = (rows[-1].record_id,) if rows[-1].record_id else ()
            return replace(
                found,
                state="contradictory",
                why="diabetes_range_without_diagnosis",
                facts=facts,
                record_ids=ids,
                how="ask_clinician",
            )
    taken = [one for one in holding(evidence.told.get("glucose_lowering", ()), at) if one.says == "yes"]
    if taken:
        ids = tuple(one.record_id for one in taken)
        return replace(found, state="contradictory", why="diabetes_medicine_without_diagnosis", record_ids=ids, how="ask_clinician")
    return found
