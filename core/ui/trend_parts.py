"""This is the place where a trend is said beside its picture: sentence, legend, table, and the same values as a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from html import escape
from io import StringIO

from core.care.views import TrendRow, TrendView
from core.domain.time import PartialTime
from core.ui.chart_frame import target_words
from core.ui.icons import data_uri
from core.ui.markup import Cell, chip, table
from core.ui.point_marks import HUES, SHAPES, source_places
from core.ui.sentences import sentence
from core.ui.tokens import COLOURS
from core.ui.values import bounded, source_marks, unit
from core.ui.words import Words

_FORMS = {
    "circle": "<circle cx='12' cy='12' r='6' {}/>",
    "diamond": "<path d='M12 4l8 8-8 8-8-8z' {}/>",
    "square": "<path d='M6 6h12v12H6z' {}/>",
    "triangle-up": "<path d='M12 5l8 14H4z' {}/>",
    "pentagon": "<path d='M12 4l8.5 6-3.2 10H6.7L3.5 10z' {}/>",
    "star-triangle-down": "<path d='M4 6h16l-8 14z' {}/>",
}


def said(t: Words, view: TrendView) -> str:
    """What the picture shows in words: the sentences, and what was left out or is missing."""
    mark = f"<div>{chip(t, view.rows[0].state)}</div>" if _judged(view) else ""
    about = f'<p class="note">{escape(t("about." + view.signal))}</p>' if t.has("about." + view.signal) else ""
    left = f'<p class="note">{escape(t("trends.left_out", n=view.left_out))}</p>' if view.left_out else ""
    silent = "".join(f'<p class="note">{escape(one)}</p>' for one in sentences(t, view, gaps=True))
    text = escape(t.joined(sentences(t, view, gaps=False)))
    return f'<div class="chart-said">{mark}<p class="sentence">{text}</p>{silent}{left}{about}{legend(t, view)}</div>'


def _judged(view: TrendView) -> bool:
    """Whether any value could be judged; a column of "not known" says nothing."""
    return any(row.state != "unknown" for row in view.rows)


def alt(t: Words, view: TrendView) -> str:
    """The picture for those who do not see it: what it is, then the same sentences."""
    what = t("trends.alt", name=t(view.label), start=view.start, end=view.end)
    return t.joined((what, *sentences(t, view, gaps=False), *sentences(t, view, gaps=True)))


def sentences(t: Words, view: TrendView, *, gaps: bool) -> list[str]:
    """The sentences about the change, or those about times without readings; what holds for both halves is said once."""
    return list(dict.fromkeys(sentence(t, fact) for fact in view.sentence if (fact.code == "change.gaps") is gaps and fact.code))


def legend(t: Words, view: TrendView) -> str:
    """Every shape, colour and band of the picture with its word."""
    entries = legend_entries(t, view)
    if view.medicines:
        entries.append((bar_mark("fourth"), t("trends.medicine_lane")))
    items = "".join(f'<li><img src="{picture}" alt="">{escape(word)}</li>' for picture, word in entries)
    return f'<ul class="legend">{items}</ul>' if items else ""


def legend_entries(t: Words, view: TrendView) -> list[tuple[str, str]]:
    """The sources, bands and open marks of one signal: a small picture and its word each."""
    names = {column.source.source_id: column.source for column in view.columns}
    entries = [
        (_mark(_FORMS[SHAPES[at % len(SHAPES)]], HUES[at % len(HUES)]), names[key].label or t("source." + names[key].kind))
        for key, at in source_places(view).items()
    ]
    targets = [band for band in view.bands if band.kind == "target"]
    if targets:
        word = target_words(t, targets[0]) if len({(b.low, b.high) for b in targets}) == 1 else t("trends.your_target")
        basis = next((t("basis." + b.basis) for b in targets if b.basis and t.has("basis." + b.basis)), "")
        entries.append((band_mark("accent"), t("trends.with_basis", target=word, basis=basis) if basis else word))
    if any(band.kind == "usual" for band in view.bands):
        entries.append((band_mark("muted"), t("trends.usual")))
    if any(bound for column in view.columns for bound in column.bound):
        entries.append((_mark("<circle cx='12' cy='12' r='6' {}/>", "muted", hollow=True), t("trends.bounded")))
    return entries


def values_table(t: Words, view: TrendView, rows: Sequence[TrendRow], caption: str) -> str:
    """The values as a real table, newest first."""
    components = _components(view)
    measured = unit(t, view.unit)
    names = [t.first("signal." + one, view.label) if len(components) > 1 else t(view.label) for one in components]
    state = [t("table.state")] if _judged(view) else []
    columns = [t("table.when"), *(f"{name} ({measured})" if measured else name for name in names), *state, t("table.source")]
    numbers = range(1, 1 + len(components))
    return table(caption, columns, (_cells(t, row, components, judged=bool(state)) for row in rows), list(numbers))


def values_csv(t: Words, view: TrendView) -> bytes:
    """The same values as a file that spreadsheets open: UTF-8 with mark, one line for each time."""
    components = _components(view)
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([t("table.when"), *(t.first("signal." + one, view.label) for one in components), t("table.unit"), t("table.source")])
    for row in view.rows:
        known = {component: (number, bound) for component, number, bound in row.values}
        numbers = [f"{known[one][1]}{known[one][0]:g}" if one in known else "" for one in components]
        writer.writerow([row.when, *numbers, row.unit, harmless("; ".join(mark.label for mark in row.sources))])
    return out.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _components(view: TrendView) -> tuple[str, ...]:
    return tuple(dict.fromkeys(component for row in view.rows for component, _, _ in row.values)) or (view.signal,)


def _cells(t: Words, row: TrendRow, components: Sequence[str], *, judged: bool) -> list[Cell]:
    known = {component: (number, bound) for component, number, bound in row.values}
    time = PartialTime.parse(row.when)
    values = [Cell(bounded(t, *known[one]) if one in known else "–", number=True) for one in components]
    state = [Cell("", html=chip(t, row.state))] if judged else []
    return [Cell(t.moment(time) if time else row.when), *values, *state, Cell("", html=source_marks(t, row.sources))]


def _mark(form: str, hue: str, *, hollow: bool = False) -> str:
    return _picture(form.format("class='h'" if hollow else "class='f'"), hue)


def bar_mark(hue: str, strength: float = 1.0) -> str:
    """A bar as it stands in a legend."""
    return _picture(f"<path d='M1 8h22v8H1z' class='f' opacity='{strength:g}'/>", hue)


def line_mark(hue: str) -> str:
    """A line as it stands in a legend."""
    return _picture("<path d='M1 12h22' class='h'/>", hue)


def band_mark(hue: str) -> str:
    """A band as it stands in a legend."""
    return _picture("<path d='M0 3h24v18H0z' class='b'/>", hue)


def _picture(form: str, hue: str) -> str:
    light, dark = COLOURS[hue]
    rules = ".f{{fill:{0}}}.h{{fill:none;stroke:{0};stroke-width:2.5}}.b{{fill:{0};fill-opacity:.18;stroke:{0};stroke-dasharray:3 2}}"
    style = f"<style>{rules.format(light)}@media(prefers-color-scheme:dark){{{rules.format(dark)}}}</style>"
    return data_uri(f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'>{style}{form}</svg>")
