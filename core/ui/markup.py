"""This is the place where small pieces of a page are written as HTML: headings, chips, tables, boxes. Every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from core.ui.icons import icon
from core.ui.words import Words

_MARKS = frozenset("\\`*_[](){}#<>~$:!|")
STATES = ("fine", "watch", "soon", "now", "unknown")


@dataclass(frozen=True)
class Cell:
    """A table cell: its text, whether it is a number, and ready HTML instead of the text where given."""

    text: str
    number: bool = False
    html: str = ""


def head(title: str, question: str, aside: str = "") -> str:
    """The one h1 of a page and the question it answers."""
    more = f" <span>{escape(aside)}</span>" if aside else ""
    return f'<h1 class="hb-h1">{escape(title)}</h1><p class="hb-lead">{escape(question)}{more}</p>'


def h2(title: str, aside: str = "") -> str:
    return f'<h2 class="hb-h2">{escape(title)}{_small(aside)}</h2>'


def h3(title: str, aside: str = "") -> str:
    return f'<h3 class="hb-h3">{escape(title)}{_small(aside)}</h3>'


def note(text: str) -> str:
    return f'<p class="note">{escape(text)}</p>'


def chip(t: Words, state: str) -> str:
    """A state as word, icon and colour; nothing where there is nothing to judge."""
    if state not in STATES:
        return ""
    return f'<span class="chip s-{state}">{icon(state)}{escape(t("state." + state))}</span>'


def tag(text: str, icon_name: str = "info", tone: str = "plain") -> str:
    """A chip that is no health state: a status, a kind, a count."""
    return f'<span class="chip s-{tone}">{icon(icon_name)}{escape(text)}</span>'


def facts(pairs: Iterable[tuple[str, str]], *, ready: bool = False) -> str:
    """Named facts as a list; `ready` where the second of each pair is HTML already."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{said if ready else escape(said)}</dd>" for name, said in pairs if said)
    return f'<dl class="facts">{rows}</dl>' if rows else ""


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], numbers: Sequence[int] = ()) -> str:
    """A real table: scrolls inside itself where it is too wide, prints whole, is read by screen readers."""
    top = "".join(f'<th scope="col"{_num(at in numbers)}>{escape(name)}</th>' for at, name in enumerate(columns))
    body = "".join("<tr>" + "".join(_cell(cell) for cell in row) + "</tr>" for row in rows)
    return (
        f'<div class="tblwrap" role="region" aria-label="{escape(caption)}"><table class="tbl">'
        f'<caption class="sr">{escape(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def box(state: str, title: str, text: str, reference: str = "") -> str:
    """A message that stands out: what it means, what to do, and a reference for support."""
    small = f"<small>{escape(reference)}</small>" if reference else ""
    body = f"<p>{escape(text)}</p>" if text else ""
    role = "alert" if state in ("now", "soon") else "note"
    return f'<div class="box s-{state}" role="{role}">{icon(state if state in STATES else "info")}<b>{escape(title)}</b>{body}{small}</div>'


def empty(title: str, text: str) -> str:
    """An empty place that teaches what would be here and how it comes."""
    return f'<div class="empty"><b>{escape(title)}</b>{escape(text)}</div>'


def rows(entries: Iterable[str]) -> str:
    """A list of lines (each made by `row`)."""
    return '<ul class="rows">' + "".join(f"<li>{entry}</li>" for entry in entries) + "</ul>"


def row(title: str, value: str = "", detail: str = "", chips: str = "") -> str:
    """One line: its name, a value at the right, quiet details below. `value`, `detail` and `chips` are HTML already."""
    right = f'<span class="row-v">{value}</span>' if value else "<span></span>"
    below = f'<span class="row-d">{detail}</span>' if detail else ""
    return f'<span class="row-t">{escape(title)} {chips}</span>{right}{below}'


def card(inner: str, extra: str = "") -> str:
    return f'<div class="card {extra}">{inner}</div>'


def grid(cards: Iterable[str], extra: str = "") -> str:
    """Cards of equal height beside each other, below each other on a phone; a list for screen readers."""
    return f'<ul class="cards {extra}">' + "".join(f'<li class="card">{one}</li>' for one in cards) + "</ul>"


def dotted(parts: Iterable[str]) -> str:
    """Quiet details in one line (each HTML already)."""
    return " · ".join(part for part in parts if part)


def literal(text: str) -> str:
    """A text as a label or a tip that shows it as it is: Streamlit reads those as Markdown, and somebody else wrote it."""
    return "".join(f"\\{char}" if char in _MARKS else char for char in " ".join(text.split()))


def _small(text: str) -> str:
    return f" <small>{escape(text)}</small>" if text else ""


def _num(number: bool) -> str:
    return ' class="num"' if number else ""


def _cell(cell: Cell) -> str:
    return f"<td{_num(cell.number)}>{cell.html or escape(cell.text)}</td>"
