"""This is the place where the words of a questionnaire are defined: what it asks, what may be answered, when a question is asked at all.

Our own instruments and those that come as FHIR Questionnaire resources are values of the same types.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

KINDS = ("group", "display", "choice", "boolean", "decimal", "integer", "string", "text", "date")
"""Kinds of items that can be shown or answered here; an item of another kind has `why_not`."""
ASKED = ("choice", "boolean", "decimal", "integer", "string", "text", "date")
OPERATORS = ("exists", "=", "!=", ">", "<", ">=", "<=")
FAMILIES = ("mind", "diabetes", "falls", "diary", "team")
LONGEST_TEXT = 4000
"""Characters of one written answer."""

Answer = bool | int | float | str
"""A choice is answered by the key of its option, a date by its ISO text."""
Answers = Mapping[str, Answer]
"""By link id; what isn't there is not answered."""


@dataclass(frozen=True, slots=True)
class Text:
    """What is said: a key of the catalogues (our own instruments), or the text that came, by language ("" the one it was written in)."""

    key: str = ""
    said: tuple[tuple[str, str], ...] = ()

    def in_language(self, language: str) -> str:
        """The text that came, in this language ("zh_Hans", "zh-CN" and "zh" are one), else as it was written."""
        wanted = language.replace("_", "-").split("-")[0].lower()
        for tag, text in self.said:
            if tag and tag.replace("_", "-").split("-")[0].lower() == wanted:
                return text
        return self.said[0][1] if self.said else ""

    def __bool__(self) -> bool:
        return bool(self.key or self.said)


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer of a choice. `key` names it within its question; `value` is what equations are given (None: no number);
    `form` how FHIR holds it (Coding, string, integer, date), `system` and `code` those of a Coding."""

    key: str
    text: Text
    value: float | None = None
    form: str = "Coding"
    system: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """When a question is asked (FHIR enableWhen): the answer of `question` compared with `answer` by `operator`."""

    question: str
    operator: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a form. `conditions` hold all together, or with `any_of` one of them is enough. `low` and `high` bound a number (inclusive,
    in `unit`, UCUM). `input` is the equation's input that the answer is; `signal` the signal it measures; `code` its LOINC code. `crisis`: any
    answer with a value above 0 opens the crisis path. `why_not`: a code for why it can't be answered here (`check.cannot.<code>`). `scale`: the whole numbers
    from `low` to `high` are offered side by side."""

    link_id: str
    kind: str
    text: Text = Text()
    options: tuple[Option, ...] = ()
    required: bool = False
    help: Text = Text()
    conditions: tuple[Condition, ...] = ()
    any_of: bool = False
    items: tuple[Item, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""
    longest: int = LONGEST_TEXT
    input: str = ""
    signal: str = ""
    code: str = ""
    crisis: bool = False
    why_not: str = ""
    scale: bool = False

    @property
    def asks(self) -> bool:
        """Whether it can be answered here."""
        return self.kind in ASKED and not self.why_not

    def option(self, key: object) -> Option | None:
        """The option of that key."""
        return next((one for one in self.options if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A form. `key` names it here, `url` and `version` everywhere. `equation` scores it (core/risk), its `outcome` and that one's LOINC code; ""
    no score. `minutes` is how long it takes. `source` says where the wording comes from. `status` "verified" or "unchecked"."""

    key: str
    url: str
    version: str
    title: Text
    about: Text
    items: tuple[Item, ...]
    family: str = "team"
    minutes: int = 0
    equation: str = ""
    outcome: str = ""
    score_code: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    source: Text = Text()
    lead: Text = Text()
    status: str = "verified"
    dropped: tuple[tuple[str, str], ...] = field(default=())
    """What was passed over while it was read: (path, reason)."""

    @property
    def canonical(self) -> str:
        return f"{self.url}|{self.version}" if self.version else self.url

    def every(self) -> Iterator[Item]:
        """Every item, groups before what is in them."""
        yield from _down(self.items)

    def item(self, link_id: str) -> Item | None:
        return next((one for one in self.every() if one.link_id == link_id), None)


def _down(items: tuple[Item, ...]) -> Iterator[Item]:
    for one in items:
        yield one
        yield from _down(one.items)
