"""This is the place where the card of the trained model is written in plain words: where it fails first, then what was measured, then all statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from core.care.trained import TrainedView
from core.risk.model_card import Figure, ModelCard, Said
from core.ui import risk_words as say
from core.ui.markup import Cell, box, facts, h2, h3, note, table, tag
from core.ui.risk_cards import needs
from core.ui.values import unit
from core.ui.words import FIRST, Words

_WHOLE = ("model", "ada_items")


def text(t: Words, said: Said) -> str:
    """A sentence of the card in the reader's language."""
    return said.get(t.language) or said.get(FIRST, "")


def compared(t: Words, view: TrainedView) -> str:
    """The card on My risks: what it compares, what it found, and that nothing is to be decided by it."""
    about = view.card
    heading = f'<h2 class="risk-h">{escape(text(t, about.name))}</h2>'
    marked = f'<div class="risk-reading">{tag(t("model_card.experimental"), "info", "watch")}</div>'
    lead = note(text(t, about.meaning))
    if view.found is None:
        return heading + marked + lead + f'<p class="sentence">{escape(t("risks.declined"))}</p>' + needs(t, view.faults, view.inputs)
    said = f'<p class="sentence">{escape(text(t, about.bands[view.found.band]))}</p>' if view.found.band in about.bands else ""
    return heading + marked + lead + said + box("watch", text(t, about.status), "")


def whole(t: Words, about: ModelCard) -> str:
    """The page: meaning, failures, results, all 31 statements."""
    parts = [box("watch", text(t, about.status), text(t, about.meaning))]
    parts += [h2(t("model_card.failures")), '<ol class="failures">' + "".join(f"<li>{escape(text(t, one))}</li>" for one in about.failures) + "</ol>"]
    parts += [h2(t("model_card.inputs")), table(t("model_card.inputs"), [t("risks.input"), t("risks.input_value")], _inputs(t, about))]
    parts += [h2(t("model_card.results")), note(t("model_card.results_note")), figures(t, about, _WHOLE)]
    groups = tuple(dict.fromkeys(one.of for one in about.figures if one.of not in _WHOLE))
    parts += [note(t("model_card.groups_note")), figures(t, about, groups)]
    return "".join(parts)


def statements(t: Words, about: ModelCard) -> str:
    """All 31, by group; what is not available says so, and why."""
    parts = [note(t("model_card.attributes_note"))]
    for group, found in groupby(about.attributes, key=lambda one: one.row.group):
        pairs = []
        for one in found:
            absent = f"{t('model_card.not_available')}. {t('model_absent.' + one.absent)}" if one.absent else t("model_card.not_available")
            pairs.append((f"{one.row.n}. {t('model_attribute.' + one.row.key)}", text(t, one.value) if one.value else absent))
        parts.append(h3(t("model_group." + group)) + facts(pairs))
    return "".join(parts)


def figures(t: Words, about: ModelCard, of: Sequence[str]) -> str:
    """Measured figures with their intervals: a row for each figure of the whole, or for each group with its figures side by side."""
    shown = [one for one in about.figures if one.of in of and not one.weighted]
    keys = tuple(dict.fromkeys(one.key for one in shown))
    if of == _WHOLE:
        rows = [[Cell(t("model_figure." + key)), *(Cell(_of(t, shown, key, each)) for each in of)] for key in keys]
        columns = [t("model_card.figure"), *(t("model_of." + each) for each in of)]
    else:
        rows = [[Cell(_group(t, shown, each)), *(Cell(_of(t, shown, key, each)) for key in keys)] for each in of]
        columns = [t("model_card.of"), *(t("model_figure." + key) for key in keys)]
    return f'<div class="wordy">{table(t("model_card.results"), columns, rows)}</div>'


def _group(t: Words, shown: Sequence[Figure], of: str) -> str:
    one = next(one for one in shown if one.of == of)
    return t("model_card.group", name=t("model_of." + of), people=one.people, told=one.told)


def _of(t: Words, shown: Sequence[Figure], key: str, of: str) -> str:
    one = next((one for one in shown if (one.key, one.of) == (key, of)), None)
    if one is None:
        return "–"
    if one.value is None:
        return t("model_card.too_few")
    if one.low is None or one.high is None:
        return t.number(one.value, 2)
    return f"{t.number(one.value, 2)} ({t.number(one.low, 2)} – {t.number(one.high, 2)})"


def _inputs(t: Words, about: ModelCard) -> Iterable[list[Cell]]:
    for one in about.inputs:
        if one.low is not None and one.high is not None:
            held = f"{t.number(one.low)} – {t.number(one.high)} {unit(t, one.unit)}"
        else:
            held = " / ".join(say.choice(t, one.key, code) for code in (("male", "female") if one.kind == "sex" else ("yes", "no")))
        yield [Cell(say.name(t, one.key)), Cell(held)]
