"""This is the place where the facts of one person become reasons. A fact that can't be used is a reason itself: what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite, sqrt

from core.worklist.rules import (
    ALLOWED,
    DRIFT,
    GIVEN_UP,
    HOLDS,
    LIMITS_OF,
    LONG_SILENCE,
    NOISE,
    NOTICES,
    NOTICES_OF_DATA,
    OLD,
    OWN_TIME,
    RULES,
    SIGNIFICANT_FOR,
    TOGETHER,
    TURNS,
    UNUSUAL,
    USUAL_DAYS,
    Rule,
)
from core.worklist.terms import DAY, PLACE, WAITING, Mark, Newest, Open, PersonFacts, Reason
from core.worklist.weight import gain

AHEAD = DAY
"""Clocks differ: what is dated later than that has a wrong date."""


def reasons(facts: PersonFacts, at: float) -> list[Reason]:
    """Every reason, in no order. Raises TypeError, ValueError or OverflowError where a fact is not of its type."""
    found: list[Reason] = [_made("broken", code) for code in facts.broken]
    _of_values(facts.newest, at, found)
    _of_weights(facts, at, found)
    for noticed in facts.noticed:
        key = "notice_data" if noticed.code in NOTICES_OF_DATA else NOTICES.get(min(noticed.severity, 3), "")
        if key:
            found.append(_made(key, noticed.code, when=noticed.at, facts=noticed.facts, more=max(0, noticed.severity)))
    for waiting in facts.open:
        found.append(_waits(RULES[waiting.rule], waiting, at))
    _of_silence(facts, at, found)
    if facts.mark is not None:
        for reason in found:
            _looked_at(reason, facts.mark, at)
    return found


def _made(
    key: str, what: str = "", value: float | None = None, when: float | None = None, facts: object = None, more: int = 0
) -> Reason:
    rule = RULES[key]
    return Reason(key, rule.lane, what, value, when, rule.severity + more, facts or {})  # type: ignore[arg-type]


def _of_values(newest: tuple[Newest, ...], at: float, found: list[Reason]) -> None:
    """Each value by itself; where none of them says anything, all of them together: their turns towards worse added up, as for numbers that do not depend
    on one another."""
    total, count, worst, before = 0.0, 0, None, len(found)
    for one in newest:
        turned = _of_value(one, at, found)
        if turned is not None:
            total, count = total + turned, count + 1
            if worst is None or turned > worst[0]:
                worst = (turned, one)
    if worst is not None and count > 1 and len(found) == before and not total / sqrt(count) < TOGETHER:
        one = worst[1]
        found.append(
            _made("together", one.signal, one.value, one.at, {"usual": one.usual.middle if one.usual else one.value, "n": count})
        )


def _of_value(one: Newest, at: float, found: list[Reason]) -> float | None:
    """How many spreads it and the last days turned towards worse; None where that can't be told."""
    value = one.value
    if not isfinite(one.at) or one.at > at + AHEAD:
        found.append(_made("bad_time", one.signal))
        return None
    if not isfinite(value):
        found.append(_made("bad_value", one.signal, when=one.at))
        return None
    for limit in LIMITS_OF.get(one.signal, ()):
        if (value - limit.limit) * limit.side >= 0:
            found.append(_made(limit.rule, one.signal, value, one.at, {"limit": limit.limit}))
            return None
    usual, noise = one.usual, NOISE.get(one.signal)
    if usual is None or noise is None or usual.days < USUAL_DAYS or at - one.at > SIGNIFICANT_FOR:
        return None
    spread, turn = max(usual.spread, noise), TURNS.get(one.signal, 0)
    now = (value - usual.middle) / spread
    lately = now if usual.week is None else (usual.week - usual.middle) / spread
    if not (now * turn if turn else abs(now)) < UNUSUAL:  # also where what is usual is no number
        found.append(_made("unusual", one.signal, value, one.at, {"usual": usual.middle}))
    elif usual.week is not None and not (lately * turn if turn else abs(lately)) < DRIFT:
        found.append(_made("drift", one.signal, usual.week, one.at, {"usual": usual.middle}))
    return (now + lately) / 2 * (turn or 1)


def _of_weights(facts: PersonFacts, at: float, found: list[Reason]) -> None:
    if len(facts.weights) < 2:
        return
    good = facts.weights
    if not isfinite(sum(map(sum, good))) or max(good)[0] > at + AHEAD:
        good = tuple(pair for pair in good if isfinite(pair[0]) and isfinite(pair[1]) and pair[0] <= at + AHEAD)
        found.append(_made("bad_value", "weight"))
    gained = gain(good)
    if gained is not None:
        found.append(
            _made(
                gained.rule,
                "weight",
                round(gained.kg, 1),
                good[-1][0],
                {"jump": round(gained.jump, 1), "kg": round(good[-1][1], 1)},
            )
        )


def _waits(rule: Rule, one: Open, at: float) -> Reason:
    """What waits rises when it is late; since when is not known counts as late."""
    late = rule.late_after is not None and not at - one.since <= rule.late_after
    since = one.since if isfinite(one.since) else None
    lane, severity = (rule.late_lane, rule.severity + 1) if late else (rule.lane, rule.severity)
    return Reason(rule.key, lane, one.ref, None, since, severity, {**one.facts, "late": int(late)})


def _of_silence(facts: PersonFacts, at: float, found: list[Reason]) -> None:
    last, after = facts.last_at, facts.silent_after
    if last is None:
        if not (facts.newest or facts.weights or facts.noticed or facts.open or facts.broken):
            found.append(_made("never_any"))
        return
    if not isfinite(last) or last > at + AHEAD:
        found.append(_made("bad_time", "last"))
        return
    days = (at - last) / DAY
    if after is not None and not days < after:
        long = after * LONG_SILENCE <= days <= GIVEN_UP
        found.append(_made("silent_long" if long else "silent", "last", None, last, {"days": int(days)}))
    elif days > OLD:
        found.append(_made("old", "last", None, last, {"days": int(days)}))


def _looked_at(reason: Reason, mark: Mark, at: float) -> None:
    """What somebody saw, and nothing newer, waits for what they did about it, for as long as such a look is good for."""
    held = HOLDS.get(reason.lane)
    if held is None or RULES[reason.rule].stays or reason.mark not in mark.seen or not 0 <= at - mark.at < held:
        return
    reason.known = True
    reason.lane = WAITING


def due_at(reason: Reason) -> float | None:
    """By when somebody should have seen to it (unix seconds); None where that can't be said, or nothing is due: somebody has it."""
    if reason.at is None or not isfinite(reason.at):
        return None
    if reason.rule in OWN_TIME:
        return reason.at
    allowed = ALLOWED.get(reason.lane)
    return None if allowed is None or reason.known else reason.at + allowed


def worst_first(found: Iterable[Reason]) -> tuple[Reason, ...]:
    """By lane, then severity, then the oldest; what has no time counts as the oldest."""
    return tuple(sorted(found, key=order))


def order(reason: Reason) -> tuple[int, int, float, str, str]:
    at = reason.at if reason.at is not None and isfinite(reason.at) else float("-inf")
    return PLACE[reason.lane], -reason.severity, at, reason.rule, reason.what
