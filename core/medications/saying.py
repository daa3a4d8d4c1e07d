"""This is the place where a regimen is said in short: one catalogue key and its facts for each instruction. Words are the catalogue's."""

from __future__ import annotations

from collections.abc import Mapping

from core.medications.expanding import clock_times
from core.medications.steps import Bounds, Regimen, Step
from core.medications.terms import DAYS, Amount, AsNeeded, Habits

Said = tuple[str, Mapping[str, str | int | float]]


def how(regimen: Regimen, habits: Habits) -> tuple[Said, ...]:
    """(key, facts) of each instruction, then of each as-needed one, then when it begins and ends. Facts: `amount` ("1-2 tablet", "" none written), `times`
    ("08:00 20:00"), `days` (codes, blank between), `n`, `on`, `of`, `hours`, `reason`, `least` (minutes), `most`, `per` (hours)."""
    found: list[Said] = []
    for step in regimen.steps:
        found.append(_step(step, habits))
        found += _bounds(step.bounds, step.count)
    return (*found, *(_needed(one) for one in regimen.as_needed))


def amount_words(amount: Amount | None) -> str:
    """"1-2 tablet"; "" where none was written."""
    if amount is None:
        return ""
    many = f"{amount.low:g}" if amount.low == amount.high else f"{amount.low:g}–{amount.high:g}"
    return f"{many} {amount.unit}".strip()


def _step(step: Step, habits: Habits) -> Said:
    facts: dict[str, str | int | float] = {"amount": amount_words(step.amount)}
    if step.spacing is not None:
        if step.count == 1:
            return "how.once", facts
        hours = step.spacing.total_seconds() / 3600
        return "how.every_hours", {**facts, "hours": int(hours) if hours == int(hours) else round(hours, 2)}
    if step.instants or step.days:
        return "how.on_dates", {**facts, "n": len(step.instants) + len(step.days)}
    cadence = step.cadence
    facts["times"] = " ".join(_clock(at) for at in clock_times(step.moments, habits))
    if cadence.of:
        return "how.cycle", {**facts, "on": cadence.on, "off": cadence.of - cadence.on}
    if cadence.weekdays:
        facts["days"] = " ".join(DAYS[day] for day in sorted(cadence.weekdays))
        return ("how.weekdays", facts) if cadence.every == 1 else ("how.weekdays_every", {**facts, "n": cadence.every})
    if cadence.every == 1:
        return {"d": "how.daily", "wk": "how.weekly", "mo": "how.monthly", "a": "how.yearly"}[cadence.unit], facts
    return {"d": "how.every_days", "wk": "how.every_weeks", "mo": "how.every_months", "a": "how.every_years"}[cadence.unit], {**facts, "n": cadence.every}


def _clock(seconds: int) -> str:
    return f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}"


def _bounds(bounds: Bounds, count: int | None) -> list[Said]:
    found: list[Said] = []
    if bounds.start:
        found.append(("how.from", {"day": bounds.start}))
    if bounds.end:
        found.append(("how.until", {"day": bounds.end}))
    if bounds.length is not None:
        unit = {"s": "hours", "d": "days", "wk": "weeks", "mo": "months", "a": "years"}[bounds.length.unit]
        many = bounds.length.value / 3600 if unit == "hours" else bounds.length.value
        found.append((f"how.for_{unit}", {"n": int(many) if many == int(many) else round(many, 2)}))
    if count is not None and count > 1:
        found.append(("how.count", {"n": count}))
    return found


def _needed(one: AsNeeded) -> Said:
    facts: dict[str, str | int | float] = {"amount": amount_words(one.amount), "reason": one.reason}
    if one.least_between is not None:
        facts["least"] = round(one.least_between.total_seconds() / 60)
    if one.most_doses is not None:
        facts["most"] = one.most_doses
    elif one.most_amount is not None:
        facts["most_amount"] = amount_words(one.most_amount)
    return "how.as_needed", {**facts, "per": round(one.per.total_seconds() / 3600)}
