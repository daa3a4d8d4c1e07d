"""This is the place where medicines, smoking and pregnancy become a yes or a no: answers that hold for a while, and are told anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.risk.asof import holding, silent
from core.risk.conditions import PREGNANCY_DAYS
from core.risk.rules_table import MEDICINE_LIST_DAYS, rule_of
from core.risk.sourcing_numbers import age, sex
from core.risk.sourcing_parts import missing
from core.risk.sourcing_types import ALWAYS, DAY_NS, Evidence, Sourced, Told


def as_flag(key: str, value: float | None, told: Sequence[Told]) -> Sourced:
    """What these statements (at least one) make of a flag, dated by the last one."""
    last = told[-1]
    return Sourced(
        key, "used", value, "record", None if last.at == ALWAYS else last.at, last.when, None, tuple(dict.fromkeys(one.record_id for one in told)),
        tuple(dict.fromkeys(source for one in told for source in one.source_ids)),
    )  # fmt: skip


def medicine(key: str) -> Callable[[Evidence, int], Sourced]:
    """Whether a medicine of a class is taken; a list of medicines without one says no."""

    def sourced(evidence: Evidence, at: int) -> Sourced:
        told = holding(evidence.told.get(key, ()), at)
        yes = [one for one in told if one.says == "yes"]
        if yes:
            return as_flag(key, 1.0, yes)
        if told:
            return replace(as_flag(key, None, told), state="unclear", why=told[-1].why, how="tell_medicines")
        said = silent(evidence, evidence.medicines_from, at, MEDICINE_LIST_DAYS)
        if said == "no":
            return Sourced(key, "used", 0.0, "record", why="not_on_medicine_list")
        return missing(key, state="stale" if said else "missing", why="list_not_kept_lately" if said else "no_medicine_list")

    return sourced


def smoker(evidence: Evidence, at: int) -> Sourced:
    """By the newest answer; answers of one day that differ, or "never" beside a diagnosis of tobacco dependence, contradict each other."""
    rule = rule_of("smoker")
    answers = [one for one in evidence.told.get("smoking", ()) if one.at <= at]
    dependent = [
        one for one in holding(evidence.told.get("smoking_condition", ()), at) if one.says == "yes" and one.answer != "over"
    ]
    if not answers:
        return as_flag("smoker", 1.0, dependent) if dependent else missing("smoker")
    last = answers[-1]
    same_day = [one for one in answers if one.at // DAY_NS == last.at // DAY_NS]
    days = None if last.at == ALWAYS else max(0, (at - last.at) // DAY_NS)
    found = replace(as_flag("smoker", 1.0 if last.says == "yes" else 0.0, same_day), days=days, why=f"smoking_{last.answer}")
    if len({one.says for one in same_day}) > 1:
        return replace(found, state="contradictory", why="answers_differ", how=rule.how)
    if last.says == "unclear":
        return replace(found, value=None, state="unclear", why="smoking_unclear", how=rule.how)
    if last.answer == "never" and dependent:
        return replace(found, state="contradictory", why="never_but_dependent", how="ask_clinician")
    if days is not None and rule.max_days is not None and days > rule.max_days:
        return replace(found, state="stale", why="too_old", how=rule.how, facts={"days": days, "limit": rule.max_days})
    return found


def pregnant(evidence: Evidence, at: int) -> Sourced:
    """Unknown unless somebody says so; a pregnancy lasts no longer than 310 days."""
    if sex(evidence).value == 1.0:
        told = [
            one
            for one in (*holding(evidence.told.get("pregnant", ()), at), *holding(evidence.told.get("pregnancy_status", ()), at))
            if one.says == "yes"
        ]
        if told:
            return replace(as_flag("pregnant", 1.0, told), state="contradictory", why="pregnant_and_male", how="ask_clinician")
        return Sourced("pregnant", "unneeded")
    status = holding(evidence.told.get("pregnancy_status", ()), at)
    if status:
        last = status[-1]
        return as_flag("pregnant", 1.0 if last.says == "yes" else 0.0, [last])
    lasts = PREGNANCY_DAYS * DAY_NS
    told = [one for one in holding(evidence.told.get("pregnant", ()), at) if one.answer != "over" and one.at >= at - lasts]
    if any(one.says == "yes" for one in told):
        return as_flag("pregnant", 1.0, [one for one in told if one.says == "yes"])
    if told:
        return replace(as_flag("pregnant", None, told), state="unclear", why=told[-1].why, how="tell_pregnancy")
    years = age(evidence, at).value
    return Sourced("pregnant", "unneeded") if years is not None and not 15 <= years <= 55 else missing("pregnant")
