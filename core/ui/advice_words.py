"""This is the place where advice becomes sentences: facts with value, date and source, what is missing, why something is not shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from core.advice.known import YES_NO
from core.advice.terms import Fact, Lack, Outcome
from core.care.advice_views import AdviceView
from core.domain.time import PartialTime
from core.ui import advice_rule, risk_words
from core.ui.advice_rule import fact_name as fact_name
from core.ui.markup import dotted, facts
from core.ui.words import Words

STATES: Mapping[int, str] = {4: "now", 3: "soon", 2: "watch"}
"""The state of meaning of a severity; what is only good to know has none."""


def fact_value(t: Words, fact: Fact) -> str:
    """The value in words. How grave an answer about self-harm was is not repeated on a screen; what was done has only a date."""
    if fact.value is None or fact.key in ("self_harm", "region_china") or fact.key.startswith("done_"):
        return ""
    if fact.key == "sex":
        return t("gender.male") if fact.value else t("gender.female")
    if fact.key in YES_NO:
        by_silence = not fact.value and fact.origin == "record" and not fact.when and not fact.record_ids
        return t("risk.choice.yes") if fact.value else t("advice.no_by_silence") if by_silence else t("risk.choice.no")
    return risk_words.measured(t, fact.value, fact.unit)


def fact_line(t: Words, fact: Fact) -> str:
    """Name, value, date, where from: one line of text."""
    shown = fact_value(t, fact)
    name = fact_name(t, fact.key)
    when = PartialTime.parse(fact.when)
    parts = (f"{name}: {shown}" if shown else name, t.day(when) if when is not None else "", *fact.sources)
    return dotted(escape(one) for one in parts if one)


def because(t: Words, view: AdviceView, one: Outcome) -> str:
    """Why a card is shown: facts, the rule, recommendation, how sure, why not another, who else sees it. HTML."""
    row = view.row(one)
    lines = [(t("advice.because"), "<br>".join(fact_line(t, fact) for fact in one.facts if fact.key != "region_china"))]
    if one.last is not None:
        lines.append((t("advice.last"), fact_line(t, one.last)))
    lines.append((t("advice.rule_of"), escape(advice_rule.said(t, row, one.facts))))
    lines.append((t("advice.sure_of"), escape(t("advice.sure." + one.sure))))
    lines.append((t("advice.source"), escape(advice_rule.source_name(t, row))))
    lines.append((t("advice.year_of"), escape(str(row.year or ""))))
    lines.append((t("advice.grade_of"), escape(row.grade)))
    lines.append((t("advice.status_of"), escape(t("safety.status." + row.status))))
    if one.instead:
        others = (escape(t("advice.other", title=t("advice.title." + other))) for other in one.instead)
        lines.append((t("advice.other_of"), "<br>".join(others)))
    else:
        lines.append((t("advice.other_of"), escape(t("advice.other_none"))))
    if hangs := view.hangs.get(one.rule):
        lines.append((t("connects.hangs"), "<br>".join(escape(name) for name in graph_names(t, hangs))))
    lines.append((t("advice.who_of"), escape(t("advice.who.all") if row.for_patients else t("advice.who.clinician"))))
    return facts(lines, ready=True)


def graph_names(t: Words, ids: Iterable[str]) -> list[str]:
    """What rules, calculations and options of the graph are called."""
    named = []
    for one in ids:
        kind, _, key = one.partition(":")
        word = {"rule": "advice.title." + key.removeprefix("advice:"), "equation": "risk.equation." + key, "option": "options.title." + key}[kind]
        named.append(t(word) if t.has(word) else "")
    return list(dict.fromkeys(one for one in named if one))


def not_shown(t: Words, one: Outcome) -> str:
    """Why a rule has no card, with what it rests on. Text as HTML."""
    why = "nothing_recent" if one.state == "needs" else one.why
    told = one.facts[-3:] if why in ("excluded", "not_the_case", "done") else ()
    return dotted((escape(t("advice.not." + why)), *(fact_line(t, fact) for fact in told)))


def by_lack(needs: Iterable[Outcome]) -> dict[str, tuple[Lack, int]]:
    """What is missing, once each, with how many rules wait for it; what most wait for comes first."""
    found: dict[str, tuple[Lack, int]] = {}
    for one in needs:
        for lack in one.lacks:
            found[lack.key] = (lack, found.get(lack.key, (lack, 0))[1] + 1)
    return dict(sorted(found.items(), key=lambda pair: (-pair[1][1], pair[0])))
