"""This is the place where a calendar of days is drawn: a month as a grid, each day a letter and a colour, its reason in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape
from itertools import groupby

from core.care.missing import DayLine, MissingView
from core.ui.missing_words import missing_reason
from core.ui.words import Words

SHOWN: Mapping[str, str] = {
    "received": "fine", "partly": "watch", "not_worn": "unknown", "returned_none": "unknown", "sync_failed": "soon", "not_connected": "plain",
    "consent_withdrawn": "plain", "duplicate_discarded": "fine", "out_of_range": "soon",
}  # fmt: skip
"""State -> tone of its cell; the letter tells apart what shares a tone."""
MOST_MONTHS = 13
_A_MONDAY = date(2024, 1, 1)


def calendar(t: Words, view: MissingView) -> str:
    """All months, the newest first, with a legend of the states that occur."""
    return legend(t, view) + days(t, view.days)


def days(t: Words, lines: Sequence[DayLine]) -> str:
    """The months of some days, the newest first."""
    months = [list(of_month) for _, of_month in groupby(lines, key=lambda one: (one.day.year, one.day.month))]
    return f'<div class="months">{"".join(_month(t, one) for one in reversed(months[-MOST_MONTHS:]))}</div>'


def legend(t: Words, view: MissingView) -> str:
    """The states that occur: letter, colour, word and how many days."""
    items = "".join(
        f'<li><span class="cd c-{SHOWN[state]}" aria-hidden="true">{escape(letter(t, state))}</span>{escape(t("missing." + state))}: {t.number(n)}</li>'
        for state, n in view.counts.items() if n
    )  # fmt: skip
    return f'<ul class="legend">{items}</ul>'


def letter(t: Words, state: str) -> str:
    """One letter for a state."""
    return t("missing_letter." + state)


def _month(t: Words, days: list[DayLine]) -> str:
    first = days[0].day
    heads = "".join(f'<th scope="col">{escape(t.as_written(_A_MONDAY + timedelta(days=n), "weekday_short"))}</th>' for n in range(7))
    cells = ["<td></td>"] * first.weekday()
    cells += [_day(t, one) for one in days]
    rows = "".join(f"<tr>{''.join(cells[at : at + 7])}</tr>" for at in range(0, len(cells), 7))
    name = t.as_written(first, "month")
    return f'<table class="cal"><caption>{escape(name)}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _day(t: Words, one: DayLine) -> str:
    said = words_of(t, one)
    return f'<td><span class="cd c-{SHOWN[one.state]}" title="{escape(said)}"><i>{one.day.day}</i>{escape(letter(t, one.state))}<span class="sr">{escape(said)}</span></span></td>'


def words_of(t: Words, one: DayLine) -> str:
    """A day in words: its state, and why."""
    why = missing_reason(t, one.why) if t.has("missing.why." + one.why) else ""
    said = t("trends.day_state", day=one.day, state=t("missing." + one.state), device=one.device or t("trends.no_device"))
    return t.joined((said, why))
