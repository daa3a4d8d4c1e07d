"""This is the place where sources, imports and their ledgers are written out: counts by outcome, each line with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from types import MappingProxyType

from core.care.desk_views import FileOutcome, ImportReport, LedgerView
from core.domain.ledger import Ledger, LedgerLine, Outcome
from core.ports import SourceInfo
from core.ui.icons import icon
from core.ui.markup import Cell, box, dotted, h3, note, table, tag
from core.ui.sentences import reason
from core.ui.session import Visit
from core.ui.words import Words

_LOOK: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        Outcome.STORED: ("check", "accent"),
        Outcome.UNCHANGED: ("check", "plain"),
        Outcome.SUPERSEDED: ("clock", "plain"),
        Outcome.DUPLICATE: ("link", "plain"),
        Outcome.NOT_FOLLOWED: ("link", "plain"),
        Outcome.QUARANTINED: ("unknown", "unknown"),
        Outcome.REFUSED: ("now", "soon"),
        Outcome.KEPT_RAW: ("file", "plain"),
    }
)
_ICONS = {"file": "file", "server": "server", "demo": "demo", "manual": "pen", "device": "link"}
FOLDED = ("manual", "device")
"""Kinds of source that bring one thing at a time: their imports are one line."""


def source(visit: Visit, info: SourceInfo) -> str:
    """A connected source: name, kind, how much it brought, when it last brought something."""
    t = visit.t
    when = t("sources.last", age=t.age(info.last_at, visit.now)) if info.last_at else t("sources.never")
    details = [escape(t("source." + info.kind)), escape(amount(t, info.records, info.samples)), escape(when)]
    if info.address and info.address != info.label:
        details.append(escape(info.address))
    name = source_name(t, info.kind, info.label)
    return f'<div class="line"><b class="row-t">{icon(_ICONS.get(info.kind, "file"))}{escape(name)}</b><span class="row-d">{dotted(details)}</span></div>'


def source_name(t: Words, kind: str, label: str) -> str:
    """What a source is called; what a person types in has no name of its own."""
    return t("sources.typed") if kind == "manual" else label


def amount(t: Words, records: int, samples: int) -> str:
    """How many records and measurements a source holds: "3 records and 1,204 measurements"."""
    parts = [t("sources.records", n=records)] if records or not samples else []
    if samples:
        parts.append(t("sources.samples", n=samples))
    return t("list.and").join(parts)


def outcomes(t: Words, counts: Sequence[tuple[str, int]]) -> str:
    """The counts by outcome as chips, only those that happened."""
    marks = (
        f"<li>{tag(t('outcome.' + code) + ' ' + t.number(count), *_LOOK[Outcome(code)])}</li>" for code, count in counts if count
    )
    return f'<ul class="outcomes">{"".join(marks)}</ul>'


def report(t: Words, found: ImportReport) -> str:
    """What came of an import: the sum, then each file."""
    text = t("sources.report", n=found.entries, stored=dict(found.counts).get(Outcome.STORED.value, 0), seconds=max(1, round(found.seconds)))
    state = _report_state(found)
    if state == "stopped":
        head = box("unknown", t("sources.report_stopped"), t.joined((text, t("sources.report_go_on"))))
    elif state == "asks":
        head = box("unknown", t("sources.report_asks", n=len(found.subjects)), t("sources.several"))
    else:
        head = box(state, t("sources.report_" + state), text)
    parts = [head, outcomes(t, found.counts)]
    if len(found.files) > 1 or any(file.refused for file in found.files):
        parts += [_file(t, file) for file in found.files]
    return "".join(parts)


def _report_state(found: ImportReport) -> str:
    if found.stopped:
        return "stopped"
    if found.subjects:
        return "asks"
    total = dict(found.counts)
    left_out = sum(total.get(outcome.value, 0) for outcome in (Outcome.REFUSED, Outcome.QUARANTINED))
    if not left_out:
        return "fine"
    return "watch" if left_out < found.entries and total.get(Outcome.STORED.value, 0) else "soon"


def _file(t: Words, file: FileOutcome) -> str:
    if file.refused:
        facts = dict(file.facts)
        said = (t.first("error." + file.refused, "error.file_refused", **facts), t.first(f"error.{file.refused}.next", "error.file_refused.next", **facts))
        return h3(file.name) + note(t.joined(said))
    return h3(file.name) + (outcomes(t, file.ledger.counts) if file.ledger else "")


def ledger(visit: Visit, one: Ledger) -> str:
    """One import as a line: when, what, how it ended, the counts."""
    t = visit.t
    ended = "" if one.state == "done" and one.complete else tag(t("sources.incomplete" if one.state == "done" else "sources.state_" + one.state), "soon", "soon")
    problems = dotted(escape(reason(t, code)) for code in one.problems)
    head = f'<b class="row-t">{escape(one.file_name or one.source_label)} {ended}</b>'
    details = dotted([escape(t.moment(one.started_at)), escape(t("sources.entries", n=one.entries)), problems])
    return f'<div class="line">{head}<span class="row-d">{details}</span>{outcomes(t, one.counts)}</div>'


def folded(visit: Visit, kind: str, several: Sequence[Ledger]) -> str:
    """Many small imports of one source (what was typed in, what a device sent by itself) as one line, newest first in `several`."""
    t = visit.t
    total: Counter[str] = Counter()
    for one in several:
        total.update(dict(one.counts))
    counts = tuple((outcome.value, total[outcome.value]) for outcome in Outcome)
    times = t("sources.times_typed" if kind == "manual" else "sources.times_sent", n=len(several))
    details = dotted([escape(times), escape(t("sources.last", age=t.age(several[0].started_at, visit.now)))])
    name = source_name(t, kind, several[0].source_label)
    return f'<div class="line"><b class="row-t">{escape(name)}</b><span class="row-d">{details}</span>{outcomes(t, counts)}</div>'


def ledger_table(t: Words, view: LedgerView) -> str:
    """The lines of an import with outcome and reason in words."""
    columns = [t("table.place"), t("table.kind"), t("table.count"), t("table.outcome"), t("table.reason")]
    return table(t("sources.lines_caption"), columns, (_line(t, line) for line in view.lines), (2,))


def _line(t: Words, line: LedgerLine) -> list[Cell]:
    look, tone = _LOOK[line.outcome]
    kind = t.first("kind." + line.kind, "signal." + line.kind, "kind.other") if line.kind else "–"
    return [Cell(line.path), Cell(kind), Cell(t.number(line.count), number=True), Cell("", html=tag(t("outcome." + line.outcome.value), look, tone)), Cell(reason(t, line.reason))]
