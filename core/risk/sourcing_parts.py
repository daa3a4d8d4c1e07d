"""This is the place where single measurements of a record become an input: the newest, with its age, unless it is too old, a limit, or contradicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from core.risk.asof import until
from core.risk.rules_table import UNEVEN, rule_of
from core.risk.sourcing_types import ALWAYS, DAY_NS, Evidence, Point, Sourced
from core.risk.vocabulary import TERMS


def missing(key: str, **more: object) -> Sourced:
    """An input that nobody knows."""
    return replace(Sourced(key, "missing", how=rule_of(key).how), **more)  # type: ignore[arg-type]


def day_of(at: int) -> date:
    """The day (UTC) of a moment."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at // 1000)).date()


def years_between(born: date, day: date) -> int:
    """Completed years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def latest(evidence: Evidence, key: str, at: int) -> Sourced:
    """The newest measurement of the signal, whoever made it."""
    rows = until(evidence.points.get(TERMS[key].signal, ()), at)
    return choose(evidence, key, at, newest(key, rows, at) if rows else None)


def choose(evidence: Evidence, key: str, at: int, recorded: Sourced | None) -> Sourced:
    """The newer of the record's and what was typed; the other's value is told in the facts."""
    typed = evidence.typed.get(key)
    if typed is None or typed.at > at:
        return recorded or missing(key)
    mine = aged(Sourced(key, "used", typed.value, "typed", typed.at, typed.when), at)
    if recorded is None or recorded.at is None or recorded.value is None:
        return mine
    if mine.used and (typed.at >= recorded.at or not recorded.used):
        return replace(
            mine, why="typed_is_newer", facts={"other": recorded.value, "other_when": recorded.when}, record_ids=recorded.record_ids
        )
    return (
        recorded
        if recorded.why
        else replace(recorded, why="record_is_newer", facts={"other": typed.value, "other_when": typed.when})
    )


def newest(key: str, rows: Sequence[Point], at: int) -> Sourced:
    """The last of these measurements (at least one, oldest first)."""
    last = rows[-1]
    if last.bound:
        facts = {"bound": last.bound, "value": last.value}
        return aged(of_points(key, [last], last.value, state="unclear", why="only_a_limit", facts=facts, how=rule_of(key).how), at)
    twins = [row.value for row in rows[-8:] if row.at == last.at and not row.bound and row.when == last.when]
    low, high = min(twins), max(twins)
    if high - low > UNEVEN * abs(high):
        facts = {"low": low, "high": high}
        return aged(
            of_points(key, [last], last.value, state="contradictory", why="two_values_at_once", facts=facts, how="ask_clinician"),
            at,
        )
    return aged(of_points(key, [last], last.value), at)


def aged(found: Sourced, at: int) -> Sourced:
    """With its age; too old by its rule is "stale"."""
    if found.at is None or found.at == ALWAYS:
        return found
    days = max(0, (at - found.at) // DAY_NS)
    rule = rule_of(found.key)
    if found.state == "used" and rule.max_days is not None and days > rule.max_days:
        return replace(found, state="stale", days=days, why="too_old", how=rule.how, facts={"days": days, "limit": rule.max_days})
    return replace(found, days=days)


def of_points(key: str, rows: Sequence[Point], value: float, **more: object) -> Sourced:
    """An input made of these measurements, dated by the last one."""
    last = rows[-1]
    found = Sourced(
        key, "used", value, "typed" if all(row.typed for row in rows) else "record", last.at, last.when,
        record_ids=tuple(dict.fromkeys(row.record_id for row in rows if row.record_id)),
        source_ids=tuple(dict.fromkeys(one for row in rows for one in row.source_ids)),
    )  # fmt: skip
    return replace(found, **more)  # type: ignore[arg-type]
