"""This is the place where numbers of a prescription's own words are read: digits, fractions, words and Chinese numerals, and never half a number."""

from __future__ import annotations

import re
from collections.abc import Mapping

_DIGIT = "一二两三四五六七八九"
N = (
    r"(?:\d{1,4}(?:\.\d{1,3})?|(?:\d{1,2} )?(?:1/2|1/4|3/4)|(?:one|two|three|four) and a half|a half|half|one|two|three|four|five|six|seven|eight|nine|ten"
    rf"|twelve|an|a|[{_DIGIT}]?十[{_DIGIT}]?|[{_DIGIT}半])"
)
"""One number. "11/2" is none: it may be 1 1/2 or 11/2; "两三" is none: it may be two or three."""
_WORDS: Mapping[str, float] = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
    "half": 0.5, "a half": 0.5, "半": 0.5, "1/2": 0.5, "1/4": 0.25, "3/4": 0.75,
    **{one: at for at, one in zip((1, 2, 2, 3, 4, 5, 6, 7, 8, 9), _DIGIT, strict=True)},
}  # fmt: skip
_FRACTIONS = str.maketrans({"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⁄": "/"})


def spelled(said: str) -> str:
    """The text with its fraction signs spelled as digits ("1½" as "1 1/2"), before characters are made alike: that would make "11/2" of it."""
    return said.translate(_FRACTIONS)


def value(said: str) -> float:
    """A number as it is written. Raises ValueError for what is none."""
    said = said.strip()
    if said in _WORDS:
        return _WORDS[said]
    if said.endswith(" and a half"):
        return _WORDS[said.removesuffix(" and a half")] + 0.5
    if "十" in said:
        tens, ones = said.split("十")
        return (_WORDS[tens] if tens else 1) * 10 + (_WORDS[ones] if ones else 0)
    whole, _, part = said.partition(" ")
    return float(whole) + _WORDS[part] if part in _WORDS else float(said)


def minutes(said: str, unit: str) -> int:
    """A time span ("半", "小时") in minutes. Raises ValueError where it is no whole number of them, or none at all."""
    found = value(said) * (60 if unit[0] in "h小" else 1)
    if found != int(found) or found < 1:
        raise ValueError("not whole minutes")
    return int(found)


_TWICE = re.compile(r"\b(\d{1,2}) ?\((one|two|three|four|five|six|seven|eight|nine|ten|twelve)\)")


def once_each(said: str) -> str:
    """The text where a number that stands twice, as digit and word ("2 (two) times"), stands once; two different ones stay as they are."""
    return _TWICE.sub(lambda found: found[1] if float(found[1]) == _WORDS[found[2]] else found[0], said)
