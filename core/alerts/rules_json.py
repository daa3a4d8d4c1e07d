"""This is the place where a team's own rules are read: limits set anew for a person, rules switched off, and rules of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, replace
from typing import Any

from core.alerts.rules import Rule, checked
from core.errors import BadInput
from core.trends.judgement import Severity

_TYPES: Mapping[str, tuple[type, ...]] = {"str": (str,), "float": (int, float), "int": (int,), "bool": (bool,)}
_FIELDS = {one.name: one for one in fields(Rule) if one.name != "parts"}
_WORDS = {"watch": Severity.WATCH, "soon": Severity.ACT_SOON, "now": Severity.ACT_NOW}
_MOST = 500


def in_use(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Those that are evaluated: what only a team sets is off."""
    return tuple(rule for rule in rules if not rule.team)


def with_own(rules: Sequence[Rule], document: Any) -> tuple[Rule, ...]:
    """The rules with a team's: a list of objects (or {"rules": [...]}). An object with a known `key` changes only what it names ("off": true switches it off;
    naming a limit switches a team's rule on); another key is a rule of their own, with every required field. Raises BadInput."""
    rows = document.get("rules") if isinstance(document, Mapping) else document
    if not isinstance(rows, list) or len(rows) > _MOST:
        raise BadInput("bad_rule", place="rules", need=f'a list of objects, or {{"rules": [...]}}, at most {_MOST}')
    kept = {rule.key: rule for rule in rules}
    for at, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise BadInput("bad_rule", place=f"rules[{at}]", need="an object")
        given = dict(row)
        off = given.pop("off", False)
        if not isinstance(off, bool):
            raise BadInput("bad_rule", place=f"rules[{at}].off", need="true or false")
        found = _values(given, f"rules[{at}]")
        key = found.get("key", "")
        if off:
            if key not in kept:
                raise BadInput("bad_rule", place=f"rules[{at}].key", need="the key of a rule that ships")
            del kept[key]
        elif key in kept:
            kept[key] = replace(kept[key], **{"team": kept[key].team and "limit" not in found, **found})
        else:
            kept[key] = _own(found, f"rules[{at}]")
    return checked(kept.values())


def _own(found: dict[str, Any], place: str) -> Rule:
    missing = [name for name, one in _FIELDS.items() if one.default is MISSING and name not in found]
    if missing:
        raise BadInput("bad_rule", place=place, need="also " + ", ".join(missing))
    return Rule(**found)


def _values(given: Mapping[Any, Any], place: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in _FIELDS:
            raise BadInput("bad_rule", place=f"{place}.{str(name)[:40]}", need="a field of a rule: " + ", ".join((*_FIELDS, "off")))
        if name == "severity":
            if not isinstance(value, str) or value not in _WORDS:
                raise BadInput("bad_rule", place=f"{place}.severity", need=", ".join(_WORDS))
            found[name] = _WORDS[value]
            continue
        kind = str(_FIELDS[name].type)
        if not isinstance(value, _TYPES[kind]) or (kind != "bool" and isinstance(value, bool)):
            raise BadInput("bad_rule", place=f"{place}.{name}", need={"str": "text", "bool": "true or false"}.get(kind, "a number"))
        found[name] = _number(value, place, name) if kind == "float" else value
    return found


def _number(value: Any, place: str, name: str) -> float:
    try:
        return float(value)
    except OverflowError:
        raise BadInput("bad_rule", place=f"{place}.{name}", need="a number") from None
