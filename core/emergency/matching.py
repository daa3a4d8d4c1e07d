"""This is the place where free text, in English or Chinese, is searched for words that mean somebody may need help at once.

Rather too often than too seldom: only a plain denial right before the words ("no chest pain", "没有胸痛") takes them back, and only there; a question,
a doubled negation or the same sign said once more is a sign. Nothing here judges how ill somebody is.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from core.emergency.flags import BY_KEY, KEYS
from core.emergency.phrases import CHINESE, CRITICAL, ENGLISH, SLIPS, TRADITIONAL

MOST = 20_000
"""Characters that are looked at; longer texts are looked at from both ends."""
_APART = re.compile(r"(?<!\d)\.|\.(?!\d)|[!?;,:\n\r()\"“”。！？；，、：（）]+|\b(?:but|however|although|though|yet|now|then|until|except)\b|但是|但|可是|(?<![喘透])不过(?!气)|然而|现在")
_DENIES = re.compile(
    r"\b(?:no|without|denies|denied|denying|never(?: had| have)?|negative for|(?:do not|don t|dont|did not|didn t|didnt|does not|doesn t) (?:have|had|feel|want)|"
    r"(?:do not|don t|dont|would never|wouldn t|would not|won t)|(?:have not|haven t|havent|has not|hasn t) had|(?:am|is|are|was) not|i m not|isn t|not having|not)"
    r"(?: (?:any|a|an|the|more|further|new|real|signs? of|symptoms? of|history of|having|been|to|feeling|severe|bad|or))* $"
)
_DOUBLED = re.compile(r"\b(?:not|never|can t|cannot|don t|do not)\b[a-z ]{0,12}\b(?:no|without|denies|denied)\b|\bnot (?:only|just)\b|\bno (?:idea|wonder|doubt)\b|\bwhy not\b")
_OR = re.compile(r"^ ?(?:or|nor)(?: (?:any|a|an|the|of|having))* $")
_DENIES_CN = re.compile(r"(?:没有|没|无|未见|未有|否认|(?<![得要想])不|并无|从未|从没|不会|不想|不是)(?:任何|明显|出现|发生|有|过|什么|再|感到|觉得|要|想)*$")
_DOUBLED_CN = re.compile(r"有没有|是不是|不是没有?|并非没有?|不能说没有?|不会没有?|没有不|不得不|会不会|想不想|忍不住|控制不住|没办法不|不能不|要不要")
_OR_CN = re.compile(r"^(?:或者?|及|和|与|也没有|也无|、)(?:任何|明显)?$")
_PRESSURE = re.compile(r"(?<![\d.])(\d{2,3})\s?(?:/|over|比)\s?(\d{2,3})(?![\d.]|\s?/)")
_UPPER = re.compile(r"(?:systolic|高压|收缩压|血压|blood pressure|\bbp)\D{0,10}(\d{3})(?!\d)")
_LOWER = re.compile(r"(?:diastolic|低压|舒张压)\D{0,10}(\d{3})(?!\d)")
_OXYGEN = re.compile(r"(?:spo2|sp02|\bo2|\bsats?\b|pulse ?ox|oxygen|saturation|血氧)\D{0,14}(\d{2})(?![\d.])")
_GLUCOSE = re.compile(r"(?:glucose|sugar|bgl?|cgm|血糖)\D{0,14}(\d{1,3}(?:\.\d)?)(?![\d%])")


def flags_in(text: str) -> list[str]:
    """The keys of the signs that the text speaks of, in the order of the table. Never raises."""
    plain = _plain(text if len(text) <= MOST else text[: MOST // 2] + "\n" + text[-MOST // 2 :])
    found = _measured(plain)
    for clause in _APART.split(plain):
        found |= _english(clause) | _chinese(clause)
    return [key for key in KEYS if key in found]


def _plain(text: str) -> str:
    """Case and width folded, traditional characters that matter written as simplified ones, apostrophes as blanks."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(TRADITIONAL)
    return "".join(char for char in folded if unicodedata.category(char) != "Cf").replace("’", "'")


def _english(clause: str) -> set[str]:
    words = [_mended(word) for word in re.findall(r"[a-z]+|\d+", clause)]
    if not words:
        return set()
    said = " ".join(words) + " "
    hits = sorted(((hit.start(), hit.end(), key) for key, pattern in _english_patterns() for hit in pattern.finditer(said)), key=lambda hit: (hit[0], -hit[1]))
    return _standing(said, hits, (_DENIES, _DOUBLED, _OR))


def _chinese(clause: str) -> set[str]:
    said = re.sub(r"[\s·~～…—-]+", "", clause)
    hits = sorted(((hit.start(), hit.end(), key) for key, pattern in _chinese_patterns() for hit in pattern.finditer(said)), key=lambda hit: (hit[0], -hit[1]))
    return _standing(said, hits, (_DENIES_CN, _DOUBLED_CN, _OR_CN))


def _standing(said: str, hits: list[tuple[int, int, str]], ways: tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]) -> set[str]:
    """Which hits stand: a denial right before takes one back, and those that are joined to it by "or"."""
    denies, doubled, joined = ways
    found: set[str] = set()
    denied_to, denied_key = -1, ""
    for start, end, key in hits:
        before = said[:start]
        plain_denial = denies.search(before) is not None and doubled.search(before) is None
        carried = denied_to >= 0 and denied_to <= start and (joined.search(said[denied_to:start]) is not None or (said[denied_to:start] == "" and key == denied_key))
        within = start < denied_to
        if plain_denial or carried or within:
            denied_to, denied_key = max(denied_to, end), key
        else:
            found.add(key)
    return found


def _measured(plain: str) -> set[str]:
    """Numbers past the limits of the table, where it is plain what they are."""
    found = set()
    pressure, oxygen, glucose = BY_KEY["high_pressure"], BY_KEY["low_oxygen"], BY_KEY["low_glucose"]
    for upper, lower in _PRESSURE.findall(plain):
        high = int(upper) >= pressure.limit("upper") or int(lower) >= pressure.limit("lower")
        if high and 60 <= int(upper) <= 300 and 30 <= int(lower) <= 200 and int(upper) > int(lower):
            found.add("high_pressure")
    if any(int(one) >= pressure.limit("upper") for one in _UPPER.findall(plain)) or any(int(one) >= pressure.limit("lower") for one in _LOWER.findall(plain)):
        found.add("high_pressure")
    if any(50 <= int(one) <= oxygen.limit("percent") for one in _OXYGEN.findall(plain)):
        found.add("low_oxygen")
    if any(1 <= float(one) < glucose.limit("mmol") or 15 <= float(one) < glucose.limit("mg") for one in _GLUCOSE.findall(plain)):
        found.add("low_glucose")
    return found


@cache
def _english_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((key, re.compile(rf"\b(?:{'|'.join(phrases)})\b")) for key, phrases in ENGLISH.items())


@cache
def _chinese_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((key, re.compile("|".join(phrases))) for key, phrases in CHINESE.items())


@cache
def _near() -> dict[str, str]:
    """Every way to leave out, double or swap one letter of a critical word -> the word."""
    found: dict[str, str] = {}
    for word in CRITICAL:
        for at in range(len(word)):
            found.setdefault(word[:at] + word[at + 1 :], word)
            found.setdefault(word[:at] + word[at] + word[at:], word)
            if at + 1 < len(word):
                found.setdefault(word[:at] + word[at + 1] + word[at] + word[at + 2 :], word)
    return {wrong: word for wrong, word in found.items() if len(wrong) >= 4}


@cache
def _known() -> frozenset[str]:
    """Words that stand in a phrase are no slips."""
    return CRITICAL | {word for phrases in ENGLISH.values() for phrase in phrases for word in re.findall(r"[a-z]+", phrase)}


def _mended(word: str) -> str:
    if word in SLIPS:
        return SLIPS[word]
    if len(word) < 4 or len(word) > 16 or word in _known():
        return word
    near = _near().get(word)
    if near:
        return near
    # one wrong letter: only of the longer words, and never the first letter
    return next((one for one in _LONGER if len(one) == len(word) and one[0] == word[0] and sum(a != b for a, b in zip(one, word, strict=True)) == 1), word)


_LONGER = tuple(word for word in CRITICAL if len(word) >= 7)
