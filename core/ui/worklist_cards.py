"""This is the place where a person of the worklist is drawn: who, the worst reason in words with its age, the other reasons and the rules behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from types import MappingProxyType

from core.care.worklist_views import ReasonLine, WorkLine
from core.ui.markup import tag
from core.ui.sentences import sentence
from core.ui.session import Visit
from core.ui.spark import sparkline

TONES: Mapping[str, tuple[str, str]] = MappingProxyType({
    "now": ("now", "now"), "today": ("soon", "soon"), "week": ("watch", "watch"), "data": ("unknown", "unknown"),
    "waiting": ("clock", "plain"), "stable": ("info", "plain"), "never": ("unknown", "unknown"),
})  # fmt: skip
"""Icon and tone of a lane: none of them is "fine", for nobody has said so."""

_NOBODY = ("info", "plain")


def strip(visit: Visit, counts: Sequence[tuple[str, int]]) -> str:
    """Every lane with how many are in it, also where that is nobody."""
    t = visit.t
    parts = []
    for lane, n in counts:
        look, tone = TONES[lane] if n else _NOBODY
        parts.append(tag(t("worklist.lane_count", lane=t("worklist.lane_" + lane), count=t.number(n) if n else t("worklist.nobody")), look, tone))
    return f'<p class="wl-strip">{" ".join(parts)}</p>'


def card(visit: Visit, line: WorkLine) -> str:
    """The head of a card: name, age, the worst reason with its age, a small picture, last data and last look."""
    t = visit.t
    age = t("person.years_old", n=line.age_years) if line.age_years is not None else t("person.no_birth_date")
    made_up = tag(t("people.synthetic"), "demo") if line.synthetic and not visit.ports.demo else ""
    worst = reason(visit, line.reasons[0], line.lane) if line.reasons else f'<span class="row-d">{escape(t("worklist.no_reason"))}</span>'
    name = escape(line.name or t("person.no_name"))
    return (
        f'<div class="wl"><h3 class="wl-n">{name} <small>{escape(age)}</small> {made_up}</h3><div class="wl-r">{worst}</div>'
        f'<div class="wl-s">{picture(visit, line)}</div><p class="wl-a">{escape(" · ".join(aside(visit, line)))}</p></div>'
    )


def reason(visit: Visit, one: ReasonLine, lane: str) -> str:
    """What is the matter, in words, and how old that is."""
    t = visit.t
    look, tone = TONES[lane]
    seen = tag(t("worklist.seen"), "check", "plain") if one.known else ""
    return f'{tag(t("worklist.lane_" + lane), look, tone)} {seen}<span>{escape(sentence(t, one.says))}</span> <small>{escape(how_old(visit, one))}</small>'


def how_old(visit: Visit, one: ReasonLine) -> str:
    t = visit.t
    return t("worklist.evidence_age", age=t.age(one.at, visit.now)) if one.at is not None else t("worklist.no_age")


def picture(visit: Visit, line: WorkLine) -> str:
    if not line.spark_signal:
        return ""
    name = visit.t("signal." + line.spark_signal)
    drawn = sparkline(line.spark, None, visit.t("worklist.spark", name=name))
    return f"{drawn}<small>{escape(name)}</small>" if drawn else ""


def aside(visit: Visit, line: WorkLine) -> list[str]:
    """When anything last came, and who looked when."""
    t = visit.t
    said = [t("worklist.last_data", age=t.age(line.last_at, visit.now)) if line.last_at else t("worklist.no_data")]
    if line.look is None:
        return [*said, t("worklist.never_looked")]
    said.append(t("worklist.last_look", age=t.age(line.look.at, visit.now), name=line.look.name or line.look.by))
    return [*said, t("worklist.note_said", note=line.look.note)] if line.look.note else said


def rules(visit: Visit, line: WorkLine) -> str:
    """Every reason with its rule: where that is from, and how well it was checked."""
    items = "".join(f"<li>{reason(visit, one, one.lane)}<br><small>{escape(source(visit, one))}</small></li>" for one in line.reasons)
    return f'<ul class="wl-all">{items}</ul>'


def source(visit: Visit, one: ReasonLine) -> str:
    t = visit.t
    if one.rule.startswith("notice"):
        return t("worklist.source", source=t("worklist.source_notice"))
    named = t("worklist.source_house") if one.status == "house" else one.source
    return f"{t('worklist.source', source=named)} ({t('worklist.status_' + one.status)})"
