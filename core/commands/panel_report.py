"""This is the place where `healthboard panel-report` is: the figures of a panel for the team, or counts with noise for whoever is outside it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from core.care import panel_outside, panel_report
from core.care.access import COMMAND_LINE
from core.care.check_views import ModelLine
from core.care.panel_views import OutsideView, PanelReport, PanelShelf
from core.care.worklist_views import WorklistShelf
from core.commands.answer import Answer, bar, table
from core.commands.worklist import moment
from core.errors import BadInput
from core.panel.cohorts import Cohort
from core.ports import Ports


def show(ports: Ports, given: Namespace) -> Answer:
    """The figures of a panel, as of a moment; with --outside the counts with noise, which are of now. Raises BadInput, NotFound."""
    if given.outside:
        if given.at:
            raise BadInput(
                "bad_choice", place="--at", need="no moment with --outside: what leaves is of the day on which it is asked"
            )
        with bar("people", unit="") as told:
            return _outside(panel_outside.release(ports, COMMAND_LINE, given.panel, given.epsilon, told))
    shelves = panel_report.Shelves(PanelShelf(), WorklistShelf())
    with bar("people", unit="") as told:
        found = panel_report.report(ports, COMMAND_LINE, given.panel, shelves, at=moment(given.at), told=told)
    return Answer(_document(found), list(_lines(found)))


def _outside(view: OutsideView) -> Answer:
    made = view.release
    document = {
        "release": made.release_id, "at": made.at.isoformat(timespec="seconds"), "quarter": made.quarter, "panel": made.scope or None,
        "epsilon": view.epsilon, "epsilon_each_table": view.each, "within_95": view.within, "asked_before": view.again,
        "budget": view.budget, "budget_left": view.left, "mechanism": "OpenDP geometric, one person is in one bar of each table",
        "noised_counts": {name: dict(bars) for name, bars in made.counts.items()},
    }  # fmt: skip
    rows = [
        ["TABLE", "BAR", "COUNT WITH NOISE"],
        *([name, one, str(count)] for name, bars in made.counts.items() for one, count in bars.items()),
    ]
    said = f"epsilon {view.epsilon:g}, {view.each:g} for each table; a count is within {view.within} of the true one in 95 of 100"
    kept = "asked before in this quarter: this is the answer of then" if view.again else "new"
    return Answer(document, [*table(rows), said, f"{kept}; {view.left:g} of {view.budget:g} left in {made.quarter}"])


def _document(found: PanelReport) -> dict[str, Any]:
    work = found.work
    return {
        "at": found.made_at.isoformat(timespec="seconds"), "panel": found.panel_id or None, "people": found.total, "died": found.died,
        "unreadable": found.unreadable, "damaged_papers": found.damaged, "alerts_kept_of": found.watched, "tables": {name: dict(bars) for name, bars in found.tables.items()},
        "days_covered_by_medicine": dict(found.shares), "worklist": dict(found.lanes),
        "cohorts": asdict(found.cohorts) | {"groups": [_cohort(one) for one in found.cohorts.groups]},
        "gaps": [asdict(one) for one in found.gaps], "asked": asdict(found.asked), "alerts": asdict(found.alerts) if found.alerts else None,
        "models": [_model(one) for one in found.models],
        "work": {
            "zone": work.zone, "expected": [asdict(one) for one in work.work], "waiting": dict(work.waiting), "hours": asdict(work.hours),
            "plan": asdict(work.plan), "booked_by_weekday": list(work.booked),
        },
    }  # fmt: skip


def _cohort(one: Cohort) -> dict[str, Any]:
    """Without who is in it; a small one without its size."""
    found = {key: value for key, value in asdict(one).items() if key != "people"}
    return found | ({"size": None} if one.suppressed else {})


def _model(one: ModelLine) -> dict[str, Any]:
    whole = next((part for part in one.agreement if part.of == "all"), None)
    return {
        "model": one.kind.value, "on": one.on, "checks": one.checks, "declined": dict(one.declined),
        "decided": whole.decided if whole else 0, "agreed": whole.agreed if whole else 0,
        "share_95": [whole.low, whole.high] if whole and whole.share is not None else None,
    }  # fmt: skip


def _lines(found: PanelReport) -> Iterator[str]:
    yield f"{found.total} people, as of {found.made_at.isoformat(timespec='seconds')}; {found.died} who died are left out, {found.unreadable} can't be read whole"
    rows = [
        [name, one, str(count)] for name, bars in found.tables.items() for one, count in bars.items() if count or one == "unknown"
    ]
    yield from table([["TABLE", "BAR", "PEOPLE"], *rows])
    groups = found.cohorts
    yield f"groups: {groups.why.replace('_', ' ') or len(groups.groups)}; {groups.compared} people compared, {groups.left_out} of whom too little is known"
    for one in groups.groups:
        traits = ", ".join(f"{trait.feature} {trait.says} ({trait.value:.3g}; others {trait.others:.3g})" for trait in one.traits)
        size = "fewer than 10" if one.suppressed else str(one.size)
        yield f"  {one.number}: {size} people, found again {one.jaccard:.2f}, {one.says.replace('_', ' ')}; {traits or 'nothing sets it apart'}"
    differ = [one for one in found.gaps if one.mine and one.others and one.says in ("higher", "lower")]
    yield f"gaps: {len(differ)} of {len(found.gaps)} comparisons differ, {sum(one.says == 'too_few' for one in found.gaps)} have too few people"
    for gap in differ:
        if gap.mine and gap.others:
            yield f"  {gap.outcome}: {gap.dimension} {gap.group} {gap.mine.hits}/{gap.mine.of}, others {gap.others.hits}/{gap.others.of}"
    for work in found.work.work:
        said = (
            f"{work.week:.1f} a week ({work.low} - {work.high})"
            if work.enough
            else f"too few days ({work.days}) to expect anything"
        )
        yield f"{work.kind}: {said}; {found.work.waiting.get(work.kind, 0)} wait"
    plan = found.work.plan
    yield (
        "no staff hours entered"
        if not found.work.hours.weekdays
        else f"{sum(plan.load):.1f} h of work a week for {sum(plan.hours):.1f} h; missing {plan.missing or 0:.1f} h"
    )
