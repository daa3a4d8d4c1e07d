"""This is the place where every reason for declining a statistic is checked: it is listed, carries its facts, and has words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import core.trends
from core.trends.declines import DECLINED
from core.trends.judgement import Declined, short_of
from core.ui.words import languages, words

MODULES = (
    "uncertainty",
    "glucose",
    "glucose_profile",
    "sleep_regularity",
    "hrv",
    "nightsignal",
    "change_value",
    "home_pressure",
    "activity",
)
EXAMPLE = {
    "have": 3, "need": 7, "more": 4, "n": 4, "days": 14, "minutes": 90, "limit": 30, "age": 12, "low": 21, "high": 85, "signal": "ldl",
}  # fmt: skip


def said_by_the_code() -> dict[str, set[str]]:
    """Codes of Declined(...) and short_of(...) with the facts they are given."""
    found: dict[str, set[str]] = {}
    for module in MODULES:
        tree = ast.parse((Path(core.trends.__file__).parent / f"{module}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Declined", "short_of")):
                continue
            code = node.args[0]
            assert isinstance(code, ast.Constant), (module, node.lineno)
            facts = {
                key.value for arg in node.args[1:] if isinstance(arg, ast.Dict) for key in arg.keys if isinstance(key, ast.Constant)
            }
            counted = {"have", "need", "more", "n"} if node.func.id == "short_of" else set()
            found.setdefault(str(code.value), set()).update(facts, counted, {k.arg for k in node.keywords if k.arg})
    return found


def test_every_reason_is_listed_with_its_facts_and_every_listed_one_is_given() -> None:
    listed = {key.removeprefix("declined."): {name.rstrip("?") for name in facts.split()} for key, facts in DECLINED.items()}
    assert said_by_the_code() == listed


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("key", sorted(DECLINED))
def test_every_reason_is_said_in_words_that_use_only_its_facts(key: str, language: str) -> None:
    facts = {name: EXAMPLE[name] for name in DECLINED[key].split() if not name.endswith("?")}
    said = words(language)(key, **facts)
    assert said != key
    assert re.search(r"[{}]", said) is None


def test_what_is_missing_is_counted() -> None:
    assert short_of("enough_nights", 17, 21) == Declined("enough_nights", {"have": 17, "need": 21, "more": 4, "n": 4})
    assert short_of("enough_days", 5, 7, minutes=3).facts["minutes"] == 3
    assert "4 more nights" in words("en")("declined.enough_nights", **short_of("enough_nights", 17, 21).facts)
    assert "1 more night " in words("en")("declined.enough_nights", **short_of("enough_nights", 20, 21).facts)
    assert "还差 4 夜" in words("zh_Hans")("declined.enough_nights", **short_of("enough_nights", 17, 21).facts)
