"""This is the place where groups, gaps, burden and models of a panel are drawn, each with how far it can be trusted."""

from __future__ import annotations

from html import escape

from core.care.check_views import ModelLine
from core.care.panel_views import PanelReport
from core.domain.people import Preferences
from core.panel.burden import Burden
from core.panel.cohorts import CONDITIONS, Cohort, Cohorts, Trait
from core.panel.shares import OUTCOMES, Gap, Share
from core.panel.terms import LEAST
from core.trends.conversion import number_for, shown_as
from core.ui.markup import Cell, empty, facts, grid, h2, h3, note, table, tag
from core.ui.panel_tables import bar_name, percent, title
from core.ui.values import unit
from core.ui.words import Words

_STABILITY = {"stable": ("check", "fine"), "doubtful": ("watch", "watch"), "not_stable": ("soon", "soon")}
_GAP = {
    "higher": ("watch", "watch"),
    "lower": ("watch", "watch"),
    "no_difference": ("info", "plain"),
    "too_few": ("unknown", "unknown"),
}


def summary(t: Words, report: PanelReport) -> str:
    """How many count, and who doesn't."""
    said = [t("panel.people_count", n=report.total), t("panel.as_of", when=t.moment(report.made_at))]
    said += [t("panel.died", n=report.died)] if report.died else []
    said += [t("panel.unreadable", n=report.unreadable)] if report.unreadable else []
    said += [t("panel.damaged", n=report.damaged)] if report.damaged else []
    return f'<p class="sentence">{escape(t.joined(said))}</p>'


def cohorts(t: Words, found: Cohorts, preferences: Preferences) -> str:
    """The groups, or why there are none."""
    top = h2(t("panel.cohorts")) + note(t("panel.cohorts_about"))
    left = note(t("panel.left_out", n=found.left_out)) if found.left_out else ""
    if found.why:
        return top + empty(t("panel.cohorts_none." + found.why), t("panel.cohorts_next." + found.why)) + left
    cards = grid((_cohort(t, one, preferences) for one in found.groups), "two")
    agreement = note(t("panel.cohorts_agreement", share=t.number(found.agreement or 0, 2), compared=found.compared))
    return top + cards + agreement + left + note(t("panel.cohorts_source"))


def gaps(t: Words, found: tuple[Gap, ...]) -> str:
    """Every outcome with its groups against everybody else."""
    parts = [h2(t("panel.gaps")) + note(t("panel.gaps_about", least=LEAST))]
    for outcome in OUTCOMES:
        mine = [one for one in found if one.outcome == outcome]
        enough = [one for one in mine if one.says != "too_few"]
        parts.append(h3(t("panel.outcome." + outcome)))
        parts.append(_gap_table(t, outcome, enough) if enough else note(t("panel.gaps_too_few")))
        few = [bar_name(t, one.dimension, one.group) for one in mine if one.says == "too_few"]
        if enough and few:
            parts.append(note(t("panel.gaps_few_named", groups=t("list.comma").join(few))))
    return "".join(parts) + note(t("panel.gaps_source"))


def burden(t: Words, report: PanelReport) -> str:
    """What is asked, what alerts cost, and what stands on the worklist now."""
    lanes = [(t("worklist.lane_" + lane), t.number(count)) for lane, count in report.lanes]
    kept = note(t("panel.alerts_watched", watched=report.watched, n=report.total))
    alerts = kept + _burden(t, report.alerts) if report.alerts else note(t("panel.no_alerts"))
    return (
        h2(t("panel.alerts")) + alerts + h2(t("panel.asked")) + note(t("panel.asked_about")) + _burden(t, report.asked)
        + h2(t("panel.now_on_worklist")) + facts(lanes)
    )  # fmt: skip


def models(t: Words, lines: tuple[ModelLine, ...]) -> str:
    """How the models do here, one line each."""
    rows = [_model(t, line) for line in lines]
    heads = tuple(t("panel.model." + one) for one in ("name", "state", "checks", "declined", "overruled", "agreed"))
    return h2(t("panel.models")) + note(t("panel.models_about")) + table(t("panel.models"), heads, rows, (2, 3, 4, 5))


def _cohort(t: Words, one: Cohort, preferences: Preferences) -> str:
    icon, tone = _STABILITY[one.says]
    size = t("panel.fewer_than", least=LEAST) if one.suppressed else t("panel.people_count_short", n=one.size)
    chips = "" if one.suppressed else f'<div class="marks">{tag(t("panel.stability." + one.says), icon, tone)}</div>'
    if one.suppressed:
        said = note(t("panel.suppressed", least=LEAST))
    elif one.traits:
        said = (
            '<ul class="pn-traits">' + "".join(f"<li>{escape(trait(t, what, preferences))}</li>" for what in one.traits) + "</ul>"
        )
    else:
        said = note(t("panel.no_traits"))
    found = t("panel.found_again", share=t.number(one.jaccard, 2))
    return f"{h3(t('panel.group', n=one.number), size)}{chips}{said}{note(found)}"


def trait(t: Words, one: Trait, preferences: Preferences) -> str:
    """What sets a group apart, in a sentence with both numbers."""
    name = t("panel.feature." + one.feature)
    if one.feature in CONDITIONS or one.feature in ("covered", "logged"):
        here, there = percent(t, one.value), percent(t, one.others)
    elif one.feature == "age":
        here, there = t.number(one.value, 0), t.number(one.others, 0)
    else:
        said = unit(t, shown_as(one.feature, preferences).unit)
        here, there = (
            f"{t.number(number_for(one.feature, value, preferences))} {said}".strip() for value in (one.value, one.others)
        )
    return t("panel.trait." + one.says, name=name, value=here, others=there, known=one.known)


def _gap_table(t: Words, outcome: str, found: list[Gap]) -> str:
    rows = [
        (
            Cell(t("panel.of_dimension", dimension=title(t, one.dimension), group=bar_name(t, one.dimension, one.group))),
            Cell(_share(t, one.mine), number=True), Cell(_share(t, one.others), number=True), Cell("", html=tag(t("panel.gap." + one.says), *_GAP[one.says])),
        )
        for one in found
    ]  # fmt: skip
    heads = (t("panel.who"), t("panel.share_here"), t("panel.share_others"), t("panel.reading"))
    return f'<div class="wordy">{table(t("panel.outcome." + outcome), heads, rows, (1, 2))}</div>'


def _share(t: Words, one: Share | None) -> str:
    if one is None:
        return "–"
    return t("panel.share", hits=one.hits, of=one.of, low=t.number(100 * one.low, 0), high=t.number(100 * one.high, 0))


def _burden(t: Words, one: Burden) -> str:
    per = t.number(one.per_100, 1) if one.per_100 is not None else t("panel.not_known_yet")
    waits = t("panel.hours", n=round(one.half_seen_after)) if one.half_seen_after is not None and one.half_seen_after >= 1 else None
    waits = waits or (
        t("panel.under_an_hour")
        if one.half_seen_after is not None
        else t("panel.nothing_yet" if not one.count else "panel.not_half_yet")
    )
    said = [
        (t("panel.in_days", days=one.days), t("panel.count_of_people", count=one.count, n=one.people)),
        (t("panel.per_100"), per),
        (t("panel.half_seen"), waits),
        (t("panel.open_now"), t("panel.open_unseen", open=one.open, unseen=one.unseen)),
        (t("panel.top_share"), percent(t, one.top_share) if one.top_share is not None else ""),
    ]
    if any(severity for severity, _ in one.by_severity):
        said.append(
            (
                t("panel.by_severity"),
                t("list.comma").join(
                    t("panel.severity", name=_severity(t, severity), count=count) for severity, count in one.by_severity
                ),
            )
        )
    return facts(said)


def _severity(t: Words, severity: int) -> str:
    return t("state." + {1: "watch", 2: "soon", 3: "now"}.get(severity, "unknown"))


def _model(t: Words, line: ModelLine) -> tuple[Cell, ...]:
    whole = next((one for one in line.agreement if one.of == "all"), None)
    decided = whole.decided if whole else 0
    agreed = t("panel.nothing_decided")
    if whole and whole.share is not None and whole.low is not None and whole.high is not None:
        agreed = t(
            "panel.share", hits=whole.agreed, of=whole.decided, low=t.number(100 * whole.low, 0), high=t.number(100 * whole.high, 0)
        )
    state = tag(t("models.on"), "check", "accent") if line.on else tag(t("models.off"), "unknown", "unknown")
    overruled = decided - whole.agreed if whole else 0
    return (
        Cell(t("check_kind." + line.kind)), Cell("", html=state), Cell(t.number(line.checks), number=True), Cell(t.number(sum(line.declined.values())), number=True),
        Cell(t.number(overruled), number=True), Cell(agreed, number=True),
    )  # fmt: skip
