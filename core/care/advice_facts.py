"""This is the place where a person's record, sensors, questionnaires, medicines and risks become the facts that advice rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.advice.known import HOW
from core.advice.terms import Fact
from core.care import glucose_day, medicine_cards, risks, trends
from core.care.access import Grant
from core.care.advice_done import done_facts, had_facts
from core.care.questionnaire_records import self_harm_answers
from core.care.risks import Shelf
from core.care.risks_drawer import Kept
from core.care.risks_evidence import evidence, marks_of
from core.care.spot_readings import with_spots
from core.domain.people import Actor, Role
from core.domain.records import PersonProfile, Record
from core.domain.time import PartialTime
from core.errors import BadInput
from core.medications.findings import Severity
from core.ports import Ports
from core.risk.asof import holding, silent
from core.risk.rules_table import PROBLEM_LIST_DAYS
from core.risk.sourcing import source
from core.risk.sourcing_numbers import age as sourced_age
from core.risk.sourcing_types import DAY_NS, Evidence, Sourced
from core.risk.vocabulary import TERMS
from core.trends.blood_pressure import HomeAverage, home_average
from core.trends.columns import Series, ns
from core.trends.judgement import Declined
from core.trends.reading import Readings, readings

SOURCED = (
    "age", "sex", "hba1c", "bmi", "egfr", "smoker", "smoked_100", "physically_active", "diabetes", "hypertension", "atrial_fibrillation", "cvd_known",
    "kidney_failure", "liver_abnormal", "pregnant", "statin", "unsteady", "fallen", "worried_falling",
)  # fmt: skip
NEWEST = {"sbp_now": "sbp", "dbp_now": "dbp", "bp_measured": "sbp", "glucose_now": "glucose", "potassium": "potassium", "ldl": "ldl", "glucose_fasting": "glucose_fasting"}
"""Facts that are the newest measurement of a signal, in the signal's own unit."""
_CGM = {"tir": ("tir",), "tbr70": ("tbr1", "tbr2"), "tbr54": ("tbr2",)}
RISKS = {"risk_prevent_ascvd": ("prevent", "ascvd_10yr"), "risk_china_par": ("china_par", "ascvd_10yr"), "risk_pce": ("pce", "ascvd_10yr")}
_TWO_YEARS = 731


@dataclass(frozen=True, eq=False)
class Asked:
    """Who asks about whom, and when."""

    ports: Ports
    actor: Actor
    person_id: str
    grant: Grant
    at: datetime


def facts_of(asked: Asked, shelf: Shelf) -> dict[str, Fact]:
    """Every fact there is. What isn't in it is missing."""
    ports, person_id, grant = asked.ports, asked.person_id, asked.grant
    records = ports.store.records(person_id, grant.event("advice"))
    columns, _ = with_spots(ports, person_id, grant, readings(records), asked.at)
    found = recorded(shelf, records, columns)
    found["medicine_serious"] = _medicines(asked)
    found |= self_harm_facts(asked, records)
    found |= _glucose(asked)
    return found


def recorded(shelf: Shelf, records: Sequence[Record], columns: Readings) -> dict[str, Fact]:
    """What records alone say, as of the moment the shelf was made."""
    at = shelf.made_at
    found = {key: of_sourced(one, shelf) for key, one in source(shelf.evidence, SOURCED, shelf.at).items()}
    found |= newest_facts(columns, at)
    found |= home_facts(columns, at)
    found |= {"prediabetes": of_problem(shelf, "prediabetes", HOW["prediabetes"])}
    found |= done_facts(records, at)
    found |= had_facts(records, shelf.evidence, at, shelf.at)
    if shelf.region:
        found["region_china"] = Fact("region_china", "used", 1.0 if shelf.region == "china" else 0.0, origin="profile", how=HOW["region_china"])
    for key, (family, outcome) in RISKS.items():
        found[key] = _risk(shelf, key, family, outcome)
    return found


def of_foreign(profile: PersonProfile, records: Sequence[Record], at: datetime) -> tuple[dict[str, Fact], bool]:
    """The facts of records that are in no store (what another system sends along), and whether the person has died."""
    columns = readings(records)
    marks = marks_of(records, {})
    told = evidence(profile, records, columns, marks, Kept(), ns(at))
    shelf = Shelf(0, at, "", "", told, marks, may_edit=False, clinician=True)
    return recorded(shelf, records, columns), told.deceased


def age_fact(profile: PersonProfile, at: datetime) -> Fact:
    """The age alone, as equations have it."""
    found = sourced_age(Evidence(birth_date=profile.birth_date), ns(at))
    return Fact("age", found.state, found.value, "a", found.when, found.days, found.origin, found.record_ids, (), HOW["age"])


def newest_facts(columns: Readings, at: datetime) -> dict[str, Fact]:
    """The newest value of each signal until then; a limit ("<5") is unclear, and what is too old is for the rules to say."""
    found = {}
    for key, signal in NEWEST.items():
        series = columns.get(signal)
        rows = [row for row in range(len(series)) if int(series.time[row]) <= ns(at)]
        if rows:
            found[key] = _row(key, series, rows[-1], at)
    return found


def home_facts(columns: Readings, at: datetime) -> dict[str, Fact]:
    """The average at home by protocol; where it asks for more measuring, both are missing."""
    found = home_average(columns.pressures, at)
    if isinstance(found, Declined) or not isinstance(found, HomeAverage):
        return {}
    days = max(0, (at.date() - found.to_day).days)
    about = Fact("", "used", None, "mm[Hg]", found.to_day.isoformat(), days, "derived", found.records)
    return {key: replace(about, key=key, value=float(value), how=HOW[key]) for key, value in (("sbp_home", found.sbp), ("dbp_home", found.dbp))}


def _row(key: str, series: Series, row: int, at: datetime) -> Fact:
    days = max(0, (ns(at) - int(series.time[row])) // DAY_NS)
    state = "unclear" if series.bound[row] else "used"
    return Fact(key, state, float(series.value[row]), series.unit, str(series.when[row]), days, "record", (str(series.record[row]),), (), HOW[key])


def of_sourced(one: Sourced, shelf: Shelf) -> Fact:
    if one.key == "pregnant" and one.state == "unneeded":
        return Fact("pregnant", "used", 0.0, origin="derived", how=HOW["pregnant"])
    days = one.days
    if days is None and one.at is not None and abs(one.at) < 1 << 61:
        days = max(0, (shelf.at - one.at) // DAY_NS)
    labels = tuple(shelf.marks[mark].label for mark in one.source_ids if mark in shelf.marks)
    state = one.state if one.state in ("used", "missing", "stale", "unclear", "contradictory") else "missing"
    unit = TERMS[one.key].unit if TERMS[one.key].kind == "number" else ""
    return Fact(one.key, state, one.value, unit, one.when, days, one.origin, one.record_ids, labels, one.how or HOW.get(one.key, "tell_diagnosis"))


def of_problem(shelf: Shelf, key: str, how: str) -> Fact:
    """A diagnosis that no equation asks for: yes by a code, unclear by words, no only where a list of problems is kept that doesn't name it."""
    told = holding(shelf.evidence.told.get(key, ()), shelf.at)
    if told:
        last, yes = told[-1], [one for one in told if one.says == "yes"]
        return Fact(key, "used" if yes else "unclear", 1.0 if yes else None, "", last.when, None, "record", (last.record_id,), (), how)
    said = silent(shelf.evidence, shelf.evidence.listed_from, shelf.at, PROBLEM_LIST_DAYS)
    if said == "no":
        return Fact(key, "used", 0.0, origin="record", how=how)
    return Fact(key, "stale" if said else "missing", how=how)


def _risk(shelf: Shelf, key: str, family: str, outcome: str) -> Fact:
    """A ten-year risk in per cent; where an equation declines, it is missing."""
    found = risks.equation_view(shelf, risks.fitting(shelf, family), whole=False)
    value = next((one.value for one in found.outcomes if one.key == outcome), None)
    if value is None:
        return Fact(key, "missing", how="ask_clinician")
    return Fact(key, "used", value * 100, "%", shelf.made_at.date().isoformat(), 0, "derived", (), (), HOW[key])


def _medicines(asked: Asked) -> Fact:
    """How many serious findings the safety checks have for whoever asks; a table that isn't there, or a damaged drawer, is no zero."""
    try:
        checked = medicine_cards.view(asked.ports, asked.actor, asked.person_id).checked
    except BadInput:
        return Fact("medicine_serious", "unclear", how=HOW["medicine_serious"])
    if checked.state == "unavailable":
        return Fact("medicine_serious", "missing", how=HOW["medicine_serious"])
    clinician = asked.actor.role in (Role.COORDINATOR, Role.SYSTEM)
    serious = [one for one in checked.findings if one.severity >= Severity.SERIOUS and (clinician or one.told_to_patients)]
    ids = tuple(dict.fromkeys(medicine for one in serious for medicine in one.medicines))
    return Fact("medicine_serious", "used", float(len(serious)), "", asked.at.date().isoformat(), 0, "derived", ids, (), HOW["medicine_serious"])


def self_harm_facts(asked: Asked, records: Sequence[Record]) -> Mapping[str, Fact]:
    """The gravest answer of the last two weeks, else the newest one."""
    dated = []
    for one in self_harm_answers(asked.ports, asked.person_id, asked.grant, records):
        time = PartialTime.parse(one.when)
        if time is not None and time.earliest <= asked.at:
            dated.append(((asked.at - time.earliest).days, one))
    if not dated:
        return {}
    fresh = [pair for pair in dated if pair[0] <= 14]
    days, said = max(fresh, key=lambda pair: (pair[1].value, -pair[0])) if fresh else min(dated, key=lambda pair: pair[0])
    return {"self_harm": Fact("self_harm", "used", said.value, "", said.when, days, "record", (said.record_id,), (), HOW["self_harm"])}


def _glucose(asked: Asked) -> Mapping[str, Fact]:
    """Time in range of the newest fourteen days of a sensor; nothing where there is no sensor, or too little of it."""
    streams = asked.ports.store.streams(asked.person_id, asked.grant.event("advice"))
    if not any(one.signal == glucose_day.SIGNAL and one.samples for one in streams):
        return {}
    shelf = trends.shelf(asked.ports, asked.actor, asked.person_id)
    found = glucose_day.view(asked.ports, asked.actor, asked.person_id, shelf, until=asked.at)
    if found.declined is not None or found.end is None:
        return {}
    percent = {share.code: share.percent for share in found.shares}
    days = max(0, (asked.at - found.end).days)
    return {
        key: Fact(key, "used", sum(percent[code] for code in codes), "%", found.end.date().isoformat(), days, "derived", (), (), HOW[key])
        for key, codes in _CGM.items()
        if all(code in percent for code in codes)
    }
