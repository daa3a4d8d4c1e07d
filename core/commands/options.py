"""This is the place where `options` is: what guidelines allow for one person, as options to confirm, with what speaks against each and what is missing."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from core.care import options
from core.care.access import COMMAND_LINE
from core.care.option_views import Candidate, OptionsView, OptionView
from core.commands.answer import Answer, note
from core.medications.findings import Finding, Source
from core.ports import Ports
from core.ui.words import words


def show(ports: Ports, given: Namespace) -> Answer:
    """Every option with what became of it. Exit status 1 where a table can't be used: that is no "no options". Raises NotFound for a person that isn't there."""
    view = options.view(ports, COMMAND_LINE, given.person)
    say = words(given.language)
    note(say("options.lead"))
    lines = [say("options.unavailable")] if view.fault else []
    for one in view.of("open"):
        lines.append(f"[{one.status}] {say('options.title.' + one.row.id)} ({one.row.id})")
        lines += [f"    ! {say('options.against.' + no.why)}{'' if no.known else ' ?'}" for no in one.against]
        lines += [f"    {each.name}: {say('options.stands.' + each.stands)}" for each in one.candidates]
    lines += [f" ?  {one.row.id}: {', '.join(lack.key + ' ' + lack.why for lack in one.outcome.lacks)}" for one in view.of("needs")]
    lines += [f" -  {one.row.id}: {one.outcome.why}" for one in (*view.of("not_for"), *view.of("unavailable"))]
    return Answer(document(view), lines, 1 if view.fault else 0)


def document(view: OptionsView) -> dict[str, Any]:
    return {
        "person": view.person_id,
        "at": view.made_at.isoformat(timespec="seconds"),
        "region": view.region or None,
        "deceased": view.deceased,
        "available": not view.fault,
        "nature": "options to confirm by a clinician; no orders, no doses, no rank",
        "unread_medicines": list(view.unread),
        "options": [_option(one) for one in view.options],
        "tables": [{"name": one.name, "version": one.version or None, "digest": one.digest or None, "rows": one.rows, "fault": one.fault or None} for one in view.tables],
    }  # fmt: skip


def _option(one: OptionView) -> dict[str, Any]:
    return {
        "option": one.row.id,
        "problem": one.row.problem,
        "state": one.state,
        "why": one.outcome.why or None,
        "status": one.status,
        "because": [{"fact": fact.key, "value": fact.value, "unit": fact.unit or None, "date": fact.when or None, "age_days": fact.days, "record_ids": list(fact.record_ids)} for fact in one.outcome.facts],
        "lacks": [{"fact": lack.key, "why": lack.why, "age_days": lack.days, "how": lack.how} for lack in one.outcome.lacks],
        "against": [{"why": no.why, "severity": int(no.level), "fact": no.fact, "known": no.known, "source": _source(no.source)} for no in one.against],
        "already_taken": list(one.already),
        "to_ask": list(one.row.ask),
        "ingredients": [_candidate(each) for each in one.candidates],
        "source": {"when": _source(one.first), "what": _source(one.choice)},
    }  # fmt: skip


def _candidate(one: Candidate) -> dict[str, Any]:
    return {
        "ingredient": one.key,
        "stands": one.stands,
        "taken": one.taken,
        "watched_by": list(one.watched),
        "findings": [_finding(each) for each in one.findings],
        "not_checked": [{"check": left.check, "subject": left.subject, "why": left.why} for left in one.unknown],
    }  # fmt: skip


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "rule": one.rule,
        "severity": int(one.severity),
        "why": one.why,
        "facts": dict(one.facts),
        "source": _source(one.source),
    }


def _source(one: Source) -> dict[str, Any]:
    year = int(one.date[:4]) if one.date[:4].isdigit() else None
    return {"citation": one.citation, "year": year, "status": one.status}
