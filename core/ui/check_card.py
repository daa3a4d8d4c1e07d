"""This is the place where the card of a check of photos or signals is written: what it is not for and where it fails first, then what was measured, on whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from core.domain.check_card import CheckCard, CheckFigure, Dataset, Said
from core.domain.checks import BODY_PLACES
from core.risk.model_card import ATTRIBUTES
from core.ui.markup import Cell, box, facts, h3, note, table, tag
from core.ui.words import FIRST, Words

MAIN = ("auroc", "sensitivity", "specificity", "dice", "brier", "expected_calibration_error")
"""The figures that stand first."""


def text(t: Words, said: Said) -> str:
    """A sentence of the card in the reader's language."""
    return said.get(t.language) or said.get(FIRST, "")


def short(t: Words, card: CheckCard) -> str:
    """What stands beside a check: what the model is for, its limits, where it fails, its main figures."""
    mark = f'<div class="marks">{tag(t("photo.research"), "demo", "watch")}</div>' if card.research else ""
    parts = [mark, f"<p>{escape(text(t, card.meaning))}</p>", note(text(t, card.limits)), listed(t, t("model_card.failures"), card.failures)]
    parts.append(figures(t, [one for one in card.figures if one.of == "all" and one.key in MAIN]))
    return "".join(parts)


def whole(t: Words, card: CheckCard) -> str:
    """The card: failures, not for, figures with intervals, the data with licences, the version and its files."""
    parts = [box("watch", t("models.research_title"), t("models.research_text"))] if card.research else []
    parts += [f"<p>{escape(text(t, card.meaning))}</p>", note(text(t, card.limits))]
    parts += [listed(t, t("model_card.failures"), card.failures), listed(t, t("models.not_for"), card.not_for)]
    parts += [h3(t("model_card.results")), note(t("models.figures_note")), figures(t, [one for one in card.figures if one.of == "all"])]
    groups = [one for one in card.figures if one.of != "all"]
    if groups:
        parts += [h3(t("models.groups")), note(t("model_card.groups_note")), figures(t, groups)]
    parts += [h3(t("models.data")), data(t, card.data), h3(t("models.version")), note(t("model_card.version", version=card.version)), files(t, card)]
    return "".join(parts)


def statements(t: Words, card: CheckCard) -> str:
    """The source attributes that are answered, by number."""
    numbers = {row.key: row.n for row in ATTRIBUTES}
    return facts((f"{numbers[key]}. {t('model_attribute.' + key)}" if key in numbers else key, text(t, said)) for key, said in card.attributes)


def listed(t: Words, heading: str, sentences: Iterable[Said]) -> str:
    items = "".join(f"<li>{escape(text(t, one))}</li>" for one in sentences)
    return f'{h3(heading)}<ol class="failures">{items}</ol>' if items else ""


def figures(t: Words, shown: Sequence[CheckFigure]) -> str:
    """A row for each figure: of whom, its value with the 95 % interval, how many it rests on."""
    rows = [
        (Cell(t.first("check_figure." + one.key, "check_figure.other", name=one.key.replace("_", " "))), Cell(group(t, one.of)), Cell(value(t, one), number=True), Cell(rests_on(t, one)))
        for one in shown
    ]
    columns = (t("model_card.figure"), t("model_card.of"), t("models.value"), t("models.rests_on"))
    return f'<div class="wordy stack">{table(t("model_card.results"), columns, rows, (2,))}</div>' if rows else note(t("models.no_figures"))


def group(t: Words, of: str) -> str:
    """On whom something was measured: "skin_type.2", "place.face", "age.60_79", "sex.female", "all"."""
    family, _, code = of.partition(".")
    if family == "skin_type" and code.isdigit():
        return t("models.of_skin_type", n=int(code))
    if family == "place" and code in BODY_PLACES:
        return t("body." + code)
    if family == "age":
        return t("models.of_age", years=code.replace("_", "–"))
    if family == "rhythm" and t.has("rhythm_class." + code):
        return t("rhythm_class." + code)
    if family == "sex" and code != "unknown" and t.has("gender." + code):
        return t("gender." + code)
    return t.first("check_of." + of, "check_of.other", name=of.replace("_", " ").replace(".", ": "))


def value(t: Words, one: CheckFigure) -> str:
    if one.value is None:
        return t("model_card.too_few")
    said = t.number(one.value, 2)
    return said if one.low is None or one.high is None else f"{said} ({t.number(one.low, 2)} – {t.number(one.high, 2)})"


def rests_on(t: Words, one: CheckFigure) -> str:
    parts = [t("models.people", n=one.people)] if one.people else []
    parts += [t("models.items", n=one.items)] if one.items else []
    return t("list.comma").join(parts)


def data(t: Words, sets: Sequence[Dataset]) -> str:
    """Each data set with its licence: that none is stated stands there as well."""
    rows = [
        (
            Cell("", html=f"<b>{escape(one.name)}</b><small>{escape(one.citation)}</small>"),
            Cell(t("models.use_" + one.use)), Cell(one.licence or t("models.no_licence")), Cell(_amount(t, one)),
        )
        for one in sets
    ]  # fmt: skip
    return f'<div class="wordy stack">{table(t("models.data"), (t("models.set"), t("models.use"), t("models.licence"), t("models.rests_on")), rows)}</div>'


def files(t: Words, card: CheckCard) -> str:
    rows = [(Cell(name), Cell(digest[:16] + "…")) for name, digest in sorted(card.files.items())]
    return table(t("models.files"), (t("models.file"), "SHA-256"), rows) if rows else ""


def _amount(t: Words, one: Dataset) -> str:
    parts = [t("models.people", n=one.people)] if one.people else []
    return t("list.comma").join([*parts, *([t("models.items", n=one.items)] if one.items else [])]) or "–"
