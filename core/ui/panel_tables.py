"""This is the place where the tables of a panel are drawn: bars that are a real table, so that the picture and its text are the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from core.panel.terms import AGES, BMI, REGIONS, TABLES
from core.ui.markup import grid, h3, note
from core.ui.words import Words

_TONES: Mapping[str, str] = {
    "in_target": "fine",
    "all": "fine",
    "most": "fine",
    "above": "watch",
    "below": "watch",
    "none": "watch",
    "few": "watch",
    "unknown": "unknown",
}
_BMI = {f"{low:g}_{high:g}": (low, high) for low, high in BMI}
_AGES = {f"{low}_{high}": (low, high) for low, high in AGES}


def tables(t: Words, counts: Mapping[str, Mapping[str, int]], about: int | None = None) -> str:
    """Every table as a card. `about`: how far each count may lie from the true one (what leaves the team)."""
    return grid((one(t, table, counts[table], about) for table in TABLES if table in counts), "two")


def one(t: Words, table: str, counts: Mapping[str, int], about: int | None = None) -> str:
    """One table: what each bar is, how long it is, how many and which share."""
    name = title(t, table)
    shown = {bar: max(0, count) for bar, count in counts.items()}
    most, total = max(shown.values(), default=0), sum(shown.values())
    rows = "".join(
        _row(t, (table, bar), count, (most, total), about)
        for bar, count in shown.items()
        if about is not None or count or bar == "unknown"
    )
    said = note(t("panel.about." + table)) if t.has("panel.about." + table) else ""
    return f'{h3(name)}{said}<table class="pn-bars"><caption class="sr">{escape(name)}</caption><tbody>{rows}</tbody></table>'


def title(t: Words, table: str) -> str:
    return t("panel.feature." + table.removeprefix("condition.")) if table.startswith("condition.") else t("panel.table." + table)


def bar_name(t: Words, table: str, bar: str) -> str:
    """What a bar is, in words."""
    if bar == "unknown":
        return t("panel.unknown")
    if table == "age":
        low, high = _AGES[bar]
        return (
            t("panel.age_over", low=low)
            if high == AGES[-1][1]
            else t("panel.age_under", high=high + 1)
            if not low
            else t("panel.age_from_to", low=low, high=high)
        )
    if table == "bmi":
        first, last = _BMI[bar]
        if not first:
            return t("panel.bmi_under", high=last)
        return t("panel.bmi_over", low=first) if last == BMI[-1][1] else t("panel.bmi_from_to", low=first, high=last)
    if table == "sex":
        return t("gender." + bar)
    if table == "region" and bar in REGIONS:
        return t("panel.region." + bar)
    if table == "language":
        return t("panel.language." + bar)
    if table == "logged":
        return t("panel.logged." + bar)
    return t("panel.covered." + bar) if table == "covered" else t("panel.bar." + bar)


def tone(table: str, bar: str) -> str:
    """The colour of a bar: a state where being there is one, else the plain accent."""
    judged = table in ("pressure", "hba1c", "weight", "covered", "logged")
    return _TONES.get(bar, "accent") if judged or bar == "unknown" else "accent"


def percent(t: Words, share: float) -> str:
    return t("panel.percent", share=t.number(100 * share, 0))


def _row(t: Words, of: tuple[str, str], count: int, scale: tuple[int, int], about: int | None) -> str:
    width = count / scale[0] if scale[0] else 0
    share = percent(t, count / scale[1]) if scale[1] else "–"
    many = t.number(count) if about is None else t("panel.count_about", count=count, within=about)
    bar = f'<span class="pn-bar b-{tone(*of)}" style="width:{width:.1%}"></span>' if count else ""
    return f'<tr><th scope="row">{escape(bar_name(t, *of))}</th><td class="pn-b" aria-hidden="true">{bar}</td><td class="num">{escape(many)}</td><td class="num">{escape(share)}</td></tr>'
