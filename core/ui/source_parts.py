"""This is the place where sources, imports and their ledgers are written out: counts by outcome, each line with its reason."""

from __future__ import annotations

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
_ICONS = {"file": "file", "server": "server", "demo": "demo", "manual": "pen"}


def source(visit: Visit, info: SourceInfo) -> str:
    """A connected source: name, kind, how many records, when it last brought something."""
    t = visit.t
    when = t("sources.last", age=t.age(info.last_at, visit.now)) if info.last_at else t("sources.never")
    details = [escape(t("source." + info.kind)), escape(t("sources.records", n=info.records)), escape(when)]
    if info.address and info.address != info.label:
        details.append(escape(info.address))
    return f'<div class="line"><b class="row-t">{icon(_ICONS.get(info.kind, "file"))}{escape(info.label)}</b><span class="row-d">{dotted(details)}</span></div>'


def outcomes(t: Words, counts: Sequence[tuple[str, int]]) -> str:
    """The counts by outcome as chips, only those that happened."""
    marks = (
        f"<li>{tag(t('outcome.' + code) + ' ' + t.number(count), *_LOOK[Outcome(code)])}</li>" for code, count in counts if count
    )
    return f'<ul class="outcomes">{"".join(marks)}</ul>'


def report(t: Words, found: ImportReport) -> str:
    """What came of an import: the sum, then each file."""
    total = dict(found.counts)
    new = total.get(Outcome.STORED.value, 0)
    left_out = sum(total.get(outcome.value, 0) for outcome in (Outcome.REFUSED, Outcome.QUARANTINED))
    state = "fine" if not left_out else "watch" if left_out < found.entries and new else "soon"
    text = t("sources.report", n=found.entries, stored=new, seconds=max(1, round(found.seconds)))
    parts = [box(state, t("sources.report_" + state), text), outcomes(t, found.counts)]
    if len(found.files) > 1 or any(file.refused for file in found.files):
        parts += [_file(t, file) for file in found.files]
    return "".join(parts)


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


def ledger_table(t: Words, view: LedgerView) -> str:
    """The lines of an import with outcome and reason in words."""
    columns = [t("table.place"), t("table.kind"), t("table.outcome"), t("table.reason")]
    return table(t("sources.lines_caption"), columns, (_line(t, line) for line in view.lines))


def _line(t: Words, line: LedgerLine) -> list[Cell]:
    look, tone = _LOOK[line.outcome]
    kind = t.first("kind." + line.kind, "kind.other") if line.kind else "–"
    return [Cell(line.path), Cell(kind), Cell("", html=tag(t("outcome." + line.outcome.value), look, tone)), Cell(reason(t, line.reason))]
