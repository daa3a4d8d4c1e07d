"""This is the place where an input that is a number is taken from the measurements of a record, as they stood at a moment.

The newest measurement counts, unless it is too old by its rule, only a limit ("<5"), or contradicted. What the person typed in for an equation competes with
the record by its date; the newer of both is used. Nothing is carried over, filled in or rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from core.domain.signals import SIGNALS
from core.domain.time import PartialTime
from core.risk.asof import holding, until
from core.risk.equation import one
from core.risk.kidney import EQUATIONS as KIDNEY
from core.risk.rules_table import ADULT, BMI_APART, SPREAD_BP_DAYS, UNEVEN, rule_of
from core.risk.sourcing_parts import aged, choose, day_of, latest, missing, newest, of_points, years_between
from core.risk.sourcing_types import ALWAYS, DAY_NS, Evidence, Point, Sourced
from core.risk.vocabulary import TERMS

HOME = "home"
_HOME_DAYS, _HOME_LEAST = 7, 3
_EGFR_2021 = frozenset({"98979-8", "98980-6"})
"""LOINC: eGFR by CKD-EPI 2021 (creatinine; creatinine and cystatin C). Other formulas give other numbers."""
_CKDEPI = KIDNEY[0]
_SAME_DAYS = 30


def age(evidence: Evidence, at: int) -> Sourced:
    """Completed years at the moment; of a partial birth date only where every day it can mean gives the same number of years."""
    born = PartialTime.parse(evidence.birth_date)
    if evidence.deceased:
        return Sourced("age", "unclear", why="deceased", how="nothing_to_do")
    if born is None:
        return missing("age")
    first = born.local_date
    last = first if born.precision in ("day", "instant") else (born.until - timedelta(days=1)).date()
    oldest, youngest = years_between(first, day_of(at)), years_between(last, day_of(at))
    if oldest != youngest:
        return Sourced("age", "unclear", why="birth_date_partial", how="add_birth_date", facts={"low": youngest, "high": oldest})
    if not 0 <= oldest <= 130:
        return Sourced("age", "unclear", why="birth_date_impossible", how="add_birth_date")
    return Sourced("age", "used", float(oldest), "profile", when=evidence.birth_date)


def sex(evidence: Evidence) -> Sourced:
    """Male 1, female 0, as the record says; the equations know no other."""
    value = {"male": 1.0, "female": 0.0}.get(evidence.gender)
    if value is None:
        return Sourced("sex", "missing", why="sex_needed", how="add_sex")
    return Sourced("sex", "used", value, "profile")


def pressure(evidence: Evidence, key: str, at: int) -> Sourced:
    """Blood pressure: the equations were made from readings in clinics, so these come first: the mean of the newest two days, or the newest day's. Where
    there is none that is fresh, the average at home (seven days, the first left out, as home protocols are); else the newest days at home."""
    rows = [row for row in until(evidence.points.get(TERMS[key].signal, ()), at) if not row.bound]
    at_home = [row for row in rows if row.setting == HOME]
    clinic = _two_days(key, [row for row in rows if row.setting != HOME], at)
    if clinic and clinic.used:
        return choose(evidence, key, at, clinic)
    home = _home(key, at_home, at)
    found = [one for one in (home, clinic) if one]
    return choose(evidence, key, at, max(found, key=lambda one: (one.used, one.at or ALWAYS)) if found else None)


def bmi(evidence: Evidence, at: int) -> Sourced:
    """Of the newest weight and height, or as it was reported where that is newer."""
    reported = latest(evidence, "bmi", at)
    weight, tall = latest(evidence, "weight", at), height(evidence, at)
    computed = _of_weight(weight, tall, at)
    if computed is None:
        return reported if reported.value is not None else replace(reported, from_keys=("weight", "height"))
    if reported.value is None or reported.at is None or computed.at is None:
        return computed
    near = abs(reported.at - computed.at) <= _SAME_DAYS * DAY_NS
    if near and computed.value is not None and abs(reported.value - computed.value) > BMI_APART:
        facts = {"reported": reported.value, "computed": round(computed.value, 1)}
        return replace(
            reported,
            state="contradictory",
            why="bmi_not_of_weight_and_height",
            facts=facts,
            how="weigh",
            from_keys=("weight", "height"),
        )
    return reported if (reported.used, reported.at) >= (computed.used, computed.at) else computed


def height(evidence: Evidence, at: int) -> Sourced:
    """The newest height as a grown-up."""
    grown = _grown_at(evidence.birth_date)
    rows = [row for row in until(evidence.points.get("height", ()), at) if row.at >= grown]
    return choose(evidence, "height", at, newest("height", rows, at) if rows else None)


def egfr(evidence: Evidence, at: int) -> Sourced:
    """By CKD-EPI 2021: of the newest creatinine, else as a laboratory reported it by that very formula. Results of older formulas are other numbers and
    are not used."""
    rows = until(evidence.points.get("egfr", ()), at)
    ours = [row for row in rows if row.code in _EGFR_2021]
    reported = newest("egfr", ours, at) if ours else None
    typed = choose(evidence, "egfr", at, reported)
    derived = _of_creatinine(evidence, latest(evidence, "creatinine", at), at)
    if derived is None or (not derived.used and typed.used):
        if typed.value is None and rows:
            return Sourced(
                "egfr",
                "unclear",
                why="egfr_other_formula",
                how="blood_test_creatinine",
                when=rows[-1].when,
                record_ids=(rows[-1].record_id,),
            )
        return typed if typed.value is not None or derived is None else derived
    if reported and reported.at is not None and derived.at is not None and derived.value and reported.value:
        same = abs(reported.at - derived.at) <= DAY_NS
        if same and abs(reported.value - derived.value) > UNEVEN * max(reported.value, derived.value):
            facts = {"reported": reported.value, "computed": round(derived.value)}
            return replace(derived, state="contradictory", why="egfr_not_of_creatinine", facts=facts, how="ask_clinician")
    newer_typed = typed.origin == "typed" and typed.used and (typed.at or ALWAYS) > (derived.at or ALWAYS)
    return typed if newer_typed else derived


def age_at_diabetes(evidence: Evidence, at: int) -> Sourced:
    """The age when diabetes was first recorded, to the year; a bare year of onset leaves it open by one."""
    typed = choose(evidence, "age_at_diabetes", at, None)
    told = [row for row in holding(evidence.told.get("diabetes", ()), at) if row.says == "yes" and row.when]
    born = PartialTime.parse(evidence.birth_date)
    if typed.used or not told or born is None:
        return typed
    begun = PartialTime.parse(told[0].when)
    if begun is None:
        return typed
    years = {years_between(b, d) for b in _ends(born) for d in _ends(begun)}
    if len(years) > 1 or min(years) < 0:
        return Sourced(
            "age_at_diabetes",
            "unclear",
            why="onset_partial",
            how="tell_diabetes_age",
            facts={"low": min(years), "high": max(years)},
        )
    return Sourced(
        "age_at_diabetes", "used", float(min(years)), "derived", when=told[0].when, record_ids=(told[0].record_id,), source_ids=told[0].source_ids,
        from_keys=("diabetes",),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------------- parts


def _ends(time: PartialTime) -> tuple[date, date]:
    """The first and the last day that a time can mean."""
    first = time.local_date
    return first, first if time.precision in ("day", "instant") else (time.until - timedelta(days=1)).date()


def _by_day(rows: Sequence[Point]) -> dict[int, list[Point]]:
    days: dict[int, list[Point]] = {}
    for row in rows:
        days.setdefault(row.at // DAY_NS, []).append(row)
    return days


def _two_days(key: str, rows: Sequence[Point], at: int) -> Sourced | None:
    if not rows:
        return None
    last = rows[-1].at // DAY_NS
    recent = [row for row in rows if row.at // DAY_NS >= last - SPREAD_BP_DAYS]
    days = _by_day(recent)
    last_two = [days[day] for day in sorted(days)[-2:]]
    used = [row for day in last_two for row in day]
    means = [sum(row.value for row in day) / len(day) for day in last_two]
    why = "mean_of_two_days" if len(last_two) == 2 else "mean_of_a_day" if len(used) > 1 else ""
    facts = {"n": len(used), "days": len(last_two)} if why else {}
    return aged(of_points(key, used, sum(means) / len(means), why=why, facts=facts), at)


def _home(key: str, rows: Sequence[Point], at: int) -> Sourced | None:
    """By the home protocol: readings of the last week with readings, at least three days, the first day left out."""
    if not rows:
        return None
    last = rows[-1].at // DAY_NS
    days = _by_day([row for row in rows if row.at // DAY_NS > last - _HOME_DAYS])
    if len(days) < _HOME_LEAST:
        found = _two_days(key, rows, at)
        return found and replace(
            found, why=found.why if found.state != "used" else "home_readings", facts=found.facts or {"n": 1, "days": 1}
        )
    kept = [row for day in sorted(days)[1:] for row in days[day]]
    facts = {"n": len(kept), "days": len(days) - 1}
    return aged(of_points(key, kept, sum(row.value for row in kept) / len(kept), why="home_average", facts=facts), at)


def _grown_at(birth_date: str) -> int:
    born = PartialTime.parse(birth_date)
    if born is None or not 1678 <= born.earliest.year <= 2200:
        return ALWAYS
    since = born.earliest.replace(year=born.earliest.year + ADULT, day=min(born.earliest.day, 28)) - datetime(
        1970, 1, 1, tzinfo=UTC
    )
    return since.days * DAY_NS


def _joined(key: str, parts: Sequence[Sourced], value: float | None) -> Sourced:
    """Worked out of other inputs: as old as the oldest of them that can grow old, and no better than the worst."""
    worst = next((part for part in parts if not part.used), None)
    times = [part.at for part in parts if part.at is not None and rule_of(part.key).max_days is not None]
    oldest = min((part for part in parts if part.at in times), key=lambda part: part.at or 0, default=parts[0])
    return Sourced(
        key, worst.state if worst else "used", value, "derived", oldest.at, oldest.when, oldest.days,
        record_ids=tuple(dict.fromkeys(one for part in parts for one in part.record_ids)),
        source_ids=tuple(dict.fromkeys(one for part in parts for one in part.source_ids)),
        from_keys=tuple(part.key for part in parts), why=worst.why if worst else "", facts=worst.facts if worst else {}, how=worst.how if worst else "",
    )  # fmt: skip


def _possible(one: Sourced) -> bool:
    """Known, and what a body can measure: readings are looked at when they come in, and here once more before they are divided by."""
    low, high = SIGNALS[one.key].plausible or (0.0, 0.0)
    return one.value is not None and low <= one.value <= high


def _of_weight(weight: Sourced, tall: Sourced, at: int) -> Sourced | None:
    if not (_possible(weight) and _possible(tall)) or weight.value is None or tall.value is None:
        return None
    return _joined("bmi", (weight, tall), weight.value / (tall.value / 100.0) ** 2)


def _of_creatinine(evidence: Evidence, creatinine: Sourced, at: int) -> Sourced | None:
    """None where there is no creatinine. Age and sex are those of the day of the blood test."""
    if creatinine.value is None or creatinine.at is None:
        return None
    years, which = age(evidence, creatinine.at), sex(evidence)
    if not creatinine.used:
        return _joined("egfr", (creatinine,), None)
    if years.value is None or which.value is None:
        bad = years if years.value is None else which
        return replace(missing("egfr"), state=bad.state, why=bad.why, how=bad.how, from_keys=("creatinine", bad.key))
    made = one(_CKDEPI, {"age": years.value, "sex": which.value, "creatinine": creatinine.value})
    faults = made.faults_at(0)
    if faults:
        return replace(missing("egfr"), state="unclear", why="egfr_not_computable", how="ask_clinician", from_keys=("creatinine",))
    return _joined("egfr", (creatinine,), float(made.values["egfr"][0]))


NUMBERS: Mapping[str, Callable[[Evidence, int], Sourced]] = {
    "age": age,
    "sex": lambda evidence, _: sex(evidence),
    "sbp": lambda evidence, at: pressure(evidence, "sbp", at),
    "dbp": lambda evidence, at: pressure(evidence, "dbp", at),
    "bmi": bmi,
    "height": height,
    "egfr": egfr,
    "age_at_diabetes": age_at_diabetes,
}
"""Numbers that are more than the newest measurement of their signal."""
