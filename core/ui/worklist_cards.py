"""This is the place where a person of the worklist is drawn: who, the worst reason in words with its age, the other reasons and the rules behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from types import MappingProxyType

from core.care.worklist_views import ReasonLine, WorkLine
from core.ui.markup import tag
from core.ui.sentences import sentence
from core.ui.session import Visit
from core.ui.spark import sparkline
from core.worklist.rules import OWN_TIME

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
        parts.append(
            tag(
                t("worklist.lane_count", lane=t("worklist.lane_" + lane), count=t.number(n) if n else t("worklist.nobody")),
                look,
                tone,
            )
        )
    return f'<p class="wl-strip">{" ".join(parts)}</p>'


def card(visit: Visit, line: WorkLine, *, marked: bool = False) -> str:
    """The head of a card: name, age, the worst reason with its age and when it is due, a small picture, last data, last contact and last look, who looks
    after the person, and their tags."""
    t = visit.t
    age = t("person.years_old", n=line.age_years) if line.age_years is not None else t("person.no_birth_date")
    made_up = tag(t("people.synthetic"), "demo") if line.synthetic and not visit.ports.demo else ""
    worst = (
        reason(visit, line.reasons[0], line.lane)
        if line.reasons
        else f'<span class="row-d">{escape(t("worklist.no_reason"))}</span>'
    )
    name, here = escape(line.name or t("person.no_name")), tag(t("worklist.marked"), "key", "plain") if marked else ""
    return (
        f'<div class="wl{" wl-at" if marked else ""}"><h3 class="wl-n">{name} <small>{escape(age)}</small> {made_up} {here}</h3><div class="wl-r">{worst} {clock(visit, line.due)}</div>'
        f'<div class="wl-s">{picture(visit, line)}</div><p class="wl-a">{escape(" · ".join(aside(visit, line)))}</p>{sorting(visit, line)}</div>'
    )


def reason(visit: Visit, one: ReasonLine, lane: str) -> str:
    """What is the matter, in words, and how old that is."""
    t = visit.t
    look, tone = TONES[lane]
    seen = tag(t("worklist.seen"), "check", "plain") if one.known else ""
    seen += tag(t("worklist.stays"), "info", "plain") if one.stays and lane in ("now", "today", "week") else ""
    return f"{tag(t('worklist.lane_' + lane), look, tone)} {seen}<span>{escape(sentence(t, one.says))}</span> <small>{escape(how_old(visit, one))}</small>"


def clock(visit: Visit, due: datetime | None) -> str:
    """By when somebody should have seen to it, or since when they should have."""
    if due is None:
        return ""
    t, left = visit.t, (due - visit.now).total_seconds()
    if abs(left) < 60:
        return tag(t("worklist.due_now"), "clock", "soon")
    said = t("worklist.due_in" if left > 0 else "worklist.overdue", time=span(visit, abs(left)))
    return tag(said, "clock", "plain" if left > 0 else "soon")


def span(visit: Visit, seconds: float) -> str:
    """A length of time in its largest fitting unit."""
    minutes = int(seconds // 60)
    if minutes < 90:
        return visit.t("worklist.minutes", n=max(1, minutes))
    return (
        visit.t("worklist.hours", n=round(minutes / 60)) if minutes < 48 * 60 else visit.t("worklist.days", n=round(minutes / 1440))
    )


def sorting(visit: Visit, line: WorkLine) -> str:
    """Who looks after the person, and their tags; nothing where neither is said."""
    t = visit.t
    parts = [tag(t("worklist.with", name=line.assigned_name), "person")] if line.assigned else []
    parts += [tag(t("worklist.with_left", name=line.left), "unknown", "unknown")] if line.left else []
    parts += [tag(one) for one in line.tags]
    return f'<p class="wl-tags">{" ".join(parts)}</p>' if parts else ""


def how_old(visit: Visit, one: ReasonLine) -> str:
    t = visit.t
    if one.rule in OWN_TIME:
        return ""
    return t("worklist.evidence_age", age=t.age(one.at, visit.now)) if one.at is not None else t("worklist.no_age")


def picture(visit: Visit, line: WorkLine) -> str:
    if not line.spark_signal:
        return ""
    name = visit.t("signal." + line.spark_signal)
    drawn = sparkline(line.spark, None, visit.t("worklist.spark", name=name))
    return f"{drawn}<small>{escape(name)}</small>" if drawn else ""


def aside(visit: Visit, line: WorkLine) -> list[str]:
    """When anything last came, when the team was last in touch, and who looked when."""
    t = visit.t
    said = [t("worklist.last_data", age=t.age(line.last_at, visit.now)) if line.last_at else t("worklist.no_data")]
    if line.contact_at is None:
        said.append(t("worklist.contact_none"))
    elif line.contact_kind != "look":
        said.append(t("worklist.contact_" + line.contact_kind, age=t.age(line.contact_at, visit.now)))
    if line.look is None:
        return [*said, t("worklist.never_looked")]
    said.append(t("worklist.last_look", age=t.age(line.look.at, visit.now), name=line.look.name or line.look.by))
    return [*said, t("worklist.note_said", note=line.look.note)] if line.look.note else said


def rules(visit: Visit, line: WorkLine) -> str:
    """Every reason with its rule: where that is from, and how well it was checked."""
    items = "".join(
        f"<li>{reason(visit, one, one.lane)} {clock(visit, one.due)}<br><small>{escape(source(visit, one))}</small></li>"
        for one in line.reasons
    )
    return f'<ul class="wl-all">{items}</ul>'


def source(visit: Visit, one: ReasonLine) -> str:
    t = visit.t
    if one.rule.startswith(("notice", "alert")):
        return t("worklist.source", source=t("worklist.source_alert" if one.rule.startswith("alert") else "worklist.source_notice"))
    named = t("worklist.source_house") if one.status == "house" else one.source
    return f"{t('worklist.source', source=named)} ({t('worklist.status_' + one.status)})"
