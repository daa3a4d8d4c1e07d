"""This is the place where it is decided which questions are asked, which answers fit, and what is still missing. Pure and total."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from core.questionnaires.terms import Answer, Answers, Condition, Item, Questionnaire

_COMPARED: Mapping[str, Callable[[Answer, Answer], bool]] = MappingProxyType(
    {
        "=": lambda given, held: given == held,
        "!=": lambda given, held: given != held,
        ">": lambda given, held: given > held,  # type: ignore[operator]
        "<": lambda given, held: given < held,  # type: ignore[operator]
        ">=": lambda given, held: given >= held,  # type: ignore[operator]
        "<=": lambda given, held: given <= held,  # type: ignore[operator]
    }
)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What keeps a form from being finished: the item, and why (`check.wrong.<code>`), with the limits that were missed."""

    link_id: str
    code: str
    low: float | None = None
    high: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """A form as it is filled in. `shown` are the items that are asked or said now, groups included, in order; `answers` what counts (of shown
    questions, in the right form); `wrong` what keeps it from being finished."""

    shown: tuple[Item, ...]
    answers: Answers
    wrong: tuple[Wrong, ...]

    @property
    def questions(self) -> tuple[Item, ...]:
        return tuple(one for one in self.shown if one.asks)

    @property
    def answered(self) -> int:
        """How many of the questions are answered."""
        return sum(one.link_id in self.answers for one in self.questions)

    @property
    def crisis(self) -> bool:
        """Whether an answer opens the crisis path, whatever else is answered or not."""
        return any(crisis_value(one, self.answers) > 0 for one in self.shown if one.crisis)


def state(questionnaire: Questionnaire, given: Answers) -> State:
    """Look at a form with these answers. Answers to questions that aren't asked, or of a wrong form, are left out and never count:
    a condition on a question that isn't asked is a condition on one that isn't answered."""
    fitting = {
        one.link_id: given[one.link_id]
        for one in questionnaire.every()
        if one.link_id in given and not misfit(one, given[one.link_id])
    }
    shown = tuple(_shown(questionnaire, fitting))
    names = {one.link_id for one in shown}
    answers = {name: answer for name, answer in fitting.items() if name in names}
    return State(shown, answers, tuple(_wrongs(shown, given, answers)))


def enabled(conditions: tuple[Condition, ...], any_of: bool, answers: Answers) -> bool:
    """Whether conditions hold (FHIR R4, Questionnaire.item.enableWhen): all of them, or one where `any_of`; none: always."""
    if not conditions:
        return True
    return (any if any_of else all)(holds(one, answers) for one in conditions)


def holds(condition: Condition, answers: Answers) -> bool:
    """One condition. "exists" compares whether there is an answer with true or false; "!=" is true "if no answer has an equal value", so
    also where there is none; every other comparison with no answer, or one of another kind, is false."""
    given = answers.get(condition.question)
    if condition.operator == "exists":
        return (given is not None) is bool(condition.answer)
    if given is None:
        return condition.operator == "!="
    if not _alike(given, condition.answer):
        return condition.operator == "!="
    compare = _COMPARED.get(condition.operator)
    if compare is None or (isinstance(given, bool) and condition.operator not in ("=", "!=")):
        return False
    return compare(given, condition.answer)


def misfit(item: Item, answer: Answer) -> str:
    """Why an answer doesn't fit its question ("" where it does): a code of `check.wrong.<code>`."""
    if not item.asks:
        return "not_asked"
    match item.kind:
        case "choice":
            return "" if item.option(answer) else "not_offered"
        case "boolean":
            return "" if isinstance(answer, bool) else "not_yes_or_no"
        case "integer" | "decimal":
            return _number_misfit(item, answer)
        case "date":
            return "" if isinstance(answer, str) and _is_date(answer) else "not_a_date"
        case _:
            return _text_misfit(item, answer)


def crisis_value(item: Item, answers: Answers) -> float:
    """How far an answer lies above "not at all"; 0 where there is none."""
    chosen = item.option(answers.get(item.link_id, ""))
    return chosen.value or 0.0 if chosen else 0.0


def _number_misfit(item: Item, answer: Answer) -> str:
    if isinstance(answer, bool) or not isinstance(answer, (int, float)) or not math.isfinite(answer):
        return "not_a_number"
    if item.kind == "integer" and answer != int(answer):
        return "not_whole"
    below = item.low is not None and answer < item.low
    return "out_of_range" if below or (item.high is not None and answer > item.high) else ""


def _text_misfit(item: Item, answer: Answer) -> str:
    if not isinstance(answer, str) or not answer.strip():
        return "empty"
    return "too_long" if len(answer) > item.longest else ""


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def _alike(one: Answer, other: Answer) -> bool:
    """Whether two answers can be compared: both numbers, both texts, both yes or no."""
    if isinstance(one, bool) or isinstance(other, bool):
        return isinstance(one, bool) and isinstance(other, bool)
    return isinstance(one, str) == isinstance(other, str)


def _shown(questionnaire: Questionnaire, answers: Answers) -> Iterator[Item]:
    """The items that are asked, in order. Conditions may point forward: what is shown is found by going round until nothing changes; where
    questions hide one another in a circle, no more is shown than is sure."""
    counted: Answers = {}
    before: set[str] = set()
    for _ in range(len(answers) + 2):
        shown = list(_open(questionnaire.items, counted))
        names = {one.link_id for one in shown}
        now = {name: answer for name, answer in answers.items() if name in names}
        if now == counted:
            yield from shown
            return
        counted, before = now, names
    yield from (one for one in _open(questionnaire.items, counted) if one.link_id in before)


def _open(items: tuple[Item, ...], answers: Answers) -> Iterator[Item]:
    for one in items:
        if enabled(one.conditions, one.any_of, answers):
            yield one
            yield from _open(one.items, answers)


def _wrongs(shown: tuple[Item, ...], given: Answers, answers: Answers) -> Iterator[Wrong]:
    for one in shown:
        if one.why_not:
            if one.required:
                yield Wrong(one.link_id, "cannot_answer_here")
        elif one.asks and one.link_id in given and one.link_id not in answers:
            yield Wrong(one.link_id, misfit(one, given[one.link_id]), one.low, one.high, one.unit)
        elif one.asks and one.required and one.link_id not in answers:
            yield Wrong(one.link_id, "missing")
