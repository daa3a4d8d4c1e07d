"""This is the place where the sentence of missing days is read: a watch is worn, a scale is used."""

from __future__ import annotations

import pytest

from core.trends.missing_summary import SENTENCE, Said
from core.ui.missing_words import missing_sentence
from core.ui.words import words


@pytest.mark.parametrize(
    ("lang", "by_itself", "sentence"),
    [
        ("en", 1, "2 days not worn."),
        ("en", 0, "2 days not used."),
        ("zh_Hans", 1, "2 天未佩戴"),
        ("zh_Hans", 0, "2 天未使用"),
    ],
)
def test_a_scale_is_not_used_where_a_watch_is_not_worn(lang: str, by_itself: int, sentence: str) -> None:
    said = Said(SENTENCE, (("not_worn", 2, "day"),), {"days": 7, "received": 5, "unit": "day", "by_itself": by_itself})
    assert sentence in missing_sentence(words(lang), said)


