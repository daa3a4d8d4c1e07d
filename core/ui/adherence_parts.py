"""This is the place where what was taken in recent weeks is shown: a calendar of days, each medicine in a sentence, reasons, and how it is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape

from core.care.dose_views import AdherenceLine, AdherenceView, DayCell
from core.ui.icons import icon
from core.ui.markup import Cell, empty, grid, h2, note, table
from core.ui.words import Words

LOOK: Mapping[str, tuple[str, str]] = {
    "all": ("check", "fine"), "some": ("", "plain"), "skipped": ("info", "watch"), "nothing_logged": ("unknown", "unknown"),
    "none_due": ("", "plain"), "to_come": ("clock", "plain"),
}  # fmt: skip
"""State of a day -> icon and tone of its cell; the words stand beside it for those who do not see it."""
_A_MONDAY = date(2024, 1, 1)


def whole(t: Words, view: AdherenceView) -> str:
    """All of it, or how to begin."""
    if view.logged_since is None:
        return empty(t("adherence.none"), t("adherence.none_next")) + (calendar(t, view.days) if any(one.due for one in view.days) else "")
    parts = [note(t("adherence.since", day=view.logged_since)), calendar(t, view.days), h2(t("adherence.by_medicine"), t("adherence.by_medicine_aside"))]
    parts.append(grid((line(t, one) for one in view.lines), "two"))
    return "".join(parts)


def calendar(t: Words, days: Sequence[DayCell]) -> str:
    """The weeks as a grid: an icon and the counts in each day, all of it in words for screen readers."""
    if not days:
        return ""
    heads = "".join(f'<th scope="col">{escape(t.as_written(_A_MONDAY + timedelta(days=n), "weekday_short"))}</th>' for n in range(7))
    cells = ["<td></td>"] * days[0].day.weekday() + [_day(t, one) for one in days]
    rows = "".join(f"<tr>{''.join(cells[at : at + 7])}</tr>" for at in range(0, len(cells), 7))
    seen = dict.fromkeys(one.state for one in days if one.state in LOOK)
    legend = "".join(f'<li><span class="cd c-{LOOK[code][1]}" aria-hidden="true">{_icon(code) or ("n/n" if code == "some" else "")}</span>{escape(t("adherence.day." + code))}</li>' for code in seen)
    caption = t("adherence.calendar", first=days[0].day, last=days[-1].day)
    return f'<ul class="legend">{legend}</ul><table class="cal doses"><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _day(t: Words, one: DayCell) -> str:
    said = in_words(t, one)
    many = f'<b aria-hidden="true">{one.taken}/{one.due}</b>' if one.state == "some" else ""
    inside = f'<i>{one.day.day}</i>{_icon(one.state)}{many}<span class="sr">{escape(said)}</span>'
    return f'<td><span class="cd c-{LOOK.get(one.state, LOOK["none_due"])[1]}" title="{escape(said)}">{inside}</span></td>'


def _icon(state: str) -> str:
    name = LOOK.get(state, LOOK["none_due"])[0]
    return icon(name) if name else ""


def in_words(t: Words, one: DayCell) -> str:
    """A day in words: how many of how many, or that nothing is logged."""
    if one.state in ("some", "all", "skipped"):
        return t("adherence.day_counts", day=one.day, taken=one.taken, due=one.due, skipped=one.skipped)
    return t("adherence.day_state", day=one.day, state=t("adherence.day." + one.state))


def as_table(t: Words, days: Sequence[DayCell]) -> str:
    """The same as a table, the newest day first."""
    columns = (t("adherence.col_day"), t("adherence.col_state"), t("adherence.col_due"), t("adherence.col_taken"), t("adherence.col_skipped"))
    body = [
        (Cell(t.day(one.day)), Cell(t("adherence.day." + one.state)), *(Cell(t.number(n), number=True) for n in (one.due, one.taken, one.skipped)))
        for one in reversed(days) if one.state != "to_come"
    ]  # fmt: skip
    return table(t("adherence.table"), columns, body, numbers=(2, 3, 4))


def line(t: Words, one: AdherenceLine) -> str:
    """One medicine: what is logged, never per cent of nothing; why it was skipped; the days covered by what was handed out."""
    logged = one.taken + one.skipped
    said = [t("adherence.taken_of", n=logged, taken=one.taken) if logged else t("adherence.nothing_logged" if one.due else "adherence.only_fills")]
    if logged and one.taken:
        said.append(t("adherence.on_time", n=one.taken, on_time=one.on_time))
    if one.unlogged and logged:
        said.append(t("adherence.unlogged", n=one.unlogged))
    parts = [f'<h3 class="hb-h3">{escape(one.title)}</h3><div class="mean">{escape(t.joined(said))}</div>']
    if one.reasons:
        reasons = t("list.comma").join(t("adherence.reason", reason=t.first("skip." + code, "skip.other"), n=n) for code, n in one.reasons)
        parts.append(f'<div class="meta">{escape(t("adherence.reasons", reasons=reasons))}</div>')
    parts.append(f'<div class="meta">{escape(pdc(t, one))}</div>')
    return "".join(parts)


def pdc(t: Words, one: AdherenceLine) -> str:
    """The proportion of days covered, with what it means; or why it can't be worked out."""
    if one.pdc is None or one.pdc_days is None:
        return t.first("pdc.why." + one.pdc_why, "pdc.why.other") if one.pdc_why else ""
    above = one.pdc_threshold is not None and one.pdc >= one.pdc_threshold - 1e-9
    covered, days = one.pdc_days
    said = t("pdc.covered", covered=covered, days=days, share=t.number(one.pdc * 100, 0))
    held = t("pdc.reached" if above else "pdc.below", threshold=t.number((one.pdc_threshold or 0) * 100, 0)) if one.pdc_threshold else ""
    return t.joined((said, held))
