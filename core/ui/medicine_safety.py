"""This is the place where the safety checks of medicines are said: what was found, what could not be checked, and that a check could not be made at all.

A patient is told whom to talk to and never what to change; a clinician the reason, its source and how far the rule was checked itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from core.care.views import Fact
from core.medications.findings import Checked, Finding, NotChecked, Severity
from core.ui.markup import box, card, chip, dotted, h2, note, row, rows, tag
from core.ui.sentences import sentence
from core.ui.words import Words

_STATES: Mapping[Severity, str] = {Severity.INFO: "unknown", Severity.CAUTION: "watch", Severity.SERIOUS: "soon", Severity.CONTRAINDICATED: "now"}


def state_of(one: Finding) -> str:
    return _STATES[one.severity]


def told(findings: Iterable[Finding], clinician: bool) -> tuple[Finding, ...]:
    """What this reader is told, the gravest first."""
    return tuple(sorted((one for one in findings if clinician or one.told_to_patients), key=lambda one: -one.severity))


def gravest(findings: Iterable[Finding], clinician: bool) -> Finding | None:
    """The gravest that interrupts anybody."""
    return next((one for one in told(findings, clinician) if one.severity > Severity.INFO), None)


def section(t: Words, checked: Checked, clinician: bool) -> str:
    """The state of the checks first, then what they found."""
    parts = [h2(t("safety.title"), t("safety.aside"))]
    if checked.state == "unavailable":
        parts.append(box("now", t("safety.unavailable"), t("safety.unavailable_next", tables=_faulty(t, checked))))
    found = told(checked.findings, clinician)
    if found:
        parts.append(card(rows(finding(t, one, clinician) for one in found)))
    elif checked.state == "checked":
        parts.append(note(t("safety.nothing")))
    elif checked.state == "partly":
        parts.append(note(t("safety.nothing_partly")))
    return "".join(parts)


def finding(t: Words, one: Finding, clinician: bool) -> str:
    """One finding: how grave, what it means and what to do; for a clinician the detail with its source."""
    mark = chip(t, state_of(one)) if one.severity > Severity.INFO else tag(t("safety.info"))
    marks, source = f'{mark} {tag(t("safety.kind." + one.kind))}', one.source
    if not clinician:
        return f'<div class="at find"><div>{marks}</div><div><b>{escape(sentence(t, Fact(one.what, one.facts)))}</b></div></div><span></span>'
    marks += " " + tag(t.first("safety.status." + source.status, "safety.status.memory"), "file")
    below = dotted((escape(t("safety.source", citation=source.citation, date=source.date)), escape(one.rule)))
    return f'<div class="at find"><div>{marks}</div><div><b>{escape(sentence(t, Fact(one.why, one.facts)))}</b></div><div class="row-d">{below}</div></div><span></span>'


def left_out(t: Words, found: Iterable[NotChecked]) -> str:
    """What was not checked, and why: never taken for a good result."""
    return note(t("safety.left_out_note")) + rows(row(one.subject, "", dotted([escape(t("safety.kind." + one.check)), escape(t("check.not." + one.why))])) for one in found)


def tables(t: Words, checked: Checked) -> str:
    """Which tables the checks rest on."""
    return rows(
        row(one.name, "", dotted([escape(t("safety.version", version=one.version)), escape(t("safety.rows", n=one.rows)), escape(one.digest)])
            if not one.fault else escape(t("safety.fault." + one.fault)))
        for one in checked.tables
    )  # fmt: skip


def _faulty(t: Words, checked: Checked) -> str:
    return t("list.comma").join(one.name for one in checked.tables if one.fault)
