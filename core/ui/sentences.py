"""This is the place where facts of the use cases become sentences: the catalogue key with its named facts written out."""

from __future__ import annotations

from core.care.views import Fact
from core.domain.time import PartialTime
from core.errors import HealthboardError
from core.ui.values import unit
from core.ui.words import Words

TIMES = frozenset({"when", "since", "until", "start", "end", "day", "at", "from", "to", "newest", "oldest", "first", "last"})
"""Names of facts that hold FHIR times."""
CODED = {"signal": "signal.", "state": "state.", "kind": "kind.", "group": "group.", "status": "status.", "age": "", "label": "", "basis": "basis."}
"""Names of facts that hold codes with words of their own, and the family of the words."""


def sentence(t: Words, fact: Fact | None) -> str:
    """A fact in words; a code nobody wrote words for says so, with the code as reference."""
    if fact is None or not fact.code:
        return ""
    said = {name: written(t, name, value) for name, value in fact.facts.items()}
    if not t.has(fact.code):
        return t("fallback.fact", code=fact.code)
    count = fact.facts.get("n")
    if isinstance(count, int):
        said["n"] = count  # the number chooses the plural form
    return t(fact.code, **said)


def written(t: Words, name: str, value: str | int | float) -> object:
    """One named fact as text: times as days, units and codes in words, numbers as the language writes them."""
    if not isinstance(value, str):
        return value
    if name == "unit" or name.endswith("_unit"):
        return unit(t, value)
    if name in TIMES:
        time = PartialTime.parse(value)
        return t.day(time) if time else value
    family = CODED.get(name)
    if family is not None and t.has(family + value):
        return t(family + value)
    return value


def reason(t: Words, code: str) -> str:
    """Why an entry ended as it did, in words; an unknown code in a plain sentence with the code as reference."""
    if not code:
        return ""
    bare, _, more = code.partition(":")
    return t("reason." + bare) if t.has("reason." + bare) else t("fallback.reason", code=bare or more)


def error_words(t: Words, error: HealthboardError) -> tuple[str, str]:
    """What happened and what to do now, for an error of ours."""
    code = error.code if t.has("error." + error.code) else type(error).code
    if not t.has("error." + code):
        code = HealthboardError.code
    facts = {name: written(t, name, value) for name, value in error.facts.items()}
    need = next((t("need." + str(v)) for k, v in error.facts.items() if k in ("need", "why") and t.has("need." + str(v))), "")
    return _filled(t, "error." + code, facts), need or _filled(t, f"error.{code}.next", facts)


def _filled(t: Words, key: str, facts: dict[str, object]) -> str:
    if not t.has(key):
        return ""
    return t(key, **facts) if facts else t(key)
