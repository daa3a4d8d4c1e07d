"""This is the place where `advise` is: what is worth doing for one person, on which facts and which source, what is missing, and what is not for them;
and what clinicians of connected systems said to the cards they were shown."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from typing import Any

from core.advice.feedback import ShownCard
from core.advice.offpolicy import Judged
from core.advice.terms import Fact, Outcome
from core.care import advice, advice_order, cds
from core.care.access import COMMAND_LINE
from core.care.advice_views import AdviceView
from core.commands.answer import Answer, note
from core.errors import BadInput
from core.ports import Ports
from core.ui.words import words


def show(ports: Ports, given: Namespace) -> Answer:
    """Every rule with what became of it. Exit status 1 where the table can't be used: that is no "no advice". Raises BadInput for a moment that is none."""
    if given.ranking:
        return _ranking(ports)
    if given.feedback:
        return _feedback(ports, given.person)
    view = advice.view(ports, COMMAND_LINE, given.person, _moment(given.at))
    say = words(given.language)
    if view.table.fault:
        note(say("advice.unavailable"))
    lines = [say("advice.unavailable")] if view.table.fault else []
    for one in view.advice.cards:
        lines += [f"[{int(one.severity)}] {say('advice.title.' + one.rule)} ({one.rule})", f"    {say('advice.now.' + one.rule)}"]
    lines += [f" ?  {one.rule}: {', '.join(lack.key + ' ' + lack.why for lack in one.lacks)}" for one in view.advice.needs]
    lines += [f" -  {one.rule}: {one.why}" for one in (*view.advice.aside, *view.advice.not_for, *view.advice.unavailable)]
    return Answer(document(view), lines, 1 if view.table.fault else 0)


def document(view: AdviceView) -> dict[str, Any]:
    found = view.advice
    return {
        "person": view.person_id,
        "at": view.made_at.isoformat(timespec="seconds"),
        "region": view.region or None,
        "deceased": found.deceased,
        "available": not view.table.fault,
        "cards": [_outcome(view, one) for one in found.cards],
        "needs": [_outcome(view, one) for one in found.needs],
        "not_for": [_outcome(view, one) for one in found.not_for],
        "aside": [_outcome(view, one) for one in found.aside],
        "unavailable": [_outcome(view, one) for one in found.unavailable],
        "tables": [
            {"name": view.table.name, "version": view.table.version or None, "digest": view.table.digest or None, "rows": view.table.rows, "fault": view.table.fault or None}
        ],
    }  # fmt: skip


def _ranking(ports: Ports) -> Answer:
    found = advice_order.report(ports, COMMAND_LINE)
    orders = [
        {
            "order": one.order, "declined": one.why or None, "people": one.people, "looks": one.looks, "effective_sample": round(one.effective, 1),
            "never_shown_share": one.unsupported, "heaviest_weight": one.heaviest,
            "estimates": {key: {"value": each.value, "low": each.low, "high": each.high} for key, each in one.estimates.items()},
        }
        for one in found.orders
    ]  # fmt: skip
    document = {
        "people": found.people, "looks": found.looks, "too_young": found.young, "damaged_logs": found.damaged, "said": dict(found.said),
        "exploring": found.exploring, "orders": orders,
    }  # fmt: skip
    return Answer(document, [_order_line(one) for one in found.orders])


def _order_line(one: Judged) -> str:
    if one.why:
        return f"{one.order}: nothing can be said ({one.why}; {one.people} people, {one.looks} looks, effective sample {one.effective:.0f})"
    told = ", ".join(f"{key} {each.value:.3f} ({each.low:.3f} to {each.high:.3f})" for key, each in one.estimates.items())
    return f"{one.order}: share of first cards done: {told}; effective sample {one.effective:.0f}"


def _feedback(ports: Ports, person_id: str) -> Answer:
    found = cds.view(ports, COMMAND_LINE, person_id)
    counts = [
        {"rule": one.rule, "hook": one.hook, "shown": one.shown, "accepted": one.accepted, "overridden": one.overridden, "no_answer": one.silent, "reasons": dict(one.reasons)}
        for one in found.counts
    ]  # fmt: skip
    lines = [f"{one['rule']} ({one['hook']}): shown {one['shown']}, accepted {one['accepted']}, overridden {one['overridden']}" for one in counts]
    return Answer({"person": person_id, "feedback": {"rules": counts, "cards": [_card(one) for one in found.cards]}}, lines)


def _card(one: ShownCard) -> dict[str, Any]:
    heard = one.heard
    said = heard and {
        "outcome": heard.outcome, "at": heard.at.isoformat(), "kept_at": heard.kept_at.isoformat(), "reason": heard.reason or None, "system": heard.system or None,
        "display": heard.words or None, "comment": heard.comment or None, "suggestions": heard.suggestions,
    }  # fmt: skip
    return {
        "card": one.card, "hook": one.hook, "rule": one.rule, "severity": one.severity, "at": one.at.isoformat(), "connection": one.by or None, "heard": said,
    }  # fmt: skip


def _outcome(view: AdviceView, one: Outcome) -> dict[str, Any]:
    row = view.row(one)
    return {
        "rule": one.rule,
        "kind": row.kind,
        "topic": row.topic,
        "severity": int(one.severity),
        "why": one.why or None,
        "how_sure": one.sure or None,
        "for_patients": row.for_patients,
        "facts": [_fact(fact) for fact in one.facts],
        "lacks": [{"fact": lack.key, "why": lack.why, "age_days": lack.days, "oldest_days": lack.limit or None, "how": lack.how} for lack in one.lacks],
        "last_done": _fact(one.last) if one.last else None,
        "instead": list(one.instead),
        "until": one.until.isoformat() if one.until else None,
        "source": {"title": row.source, "year": row.year or None, "grade": row.grade or None, "status": row.status, "region": row.region or None, "expires": row.expires},
    }  # fmt: skip


def _fact(one: Fact) -> dict[str, Any]:
    return {
        "fact": one.key, "state": one.state, "value": one.value, "unit": one.unit or None, "date": one.when or None, "age_days": one.days,
        "origin": one.origin or None, "sources": list(one.sources), "record_ids": list(one.record_ids),
    }  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("bad_input", place="--at", need="a moment such as 2026-11-27T09:00:00+00:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
