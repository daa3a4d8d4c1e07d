"""This is the place where the words a medicine is called by are read: whole words only, the longest name first, salts and forms left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LONGEST_TEXT = 400
"""Characters of a title that are read; a name longer than that is no name."""
_TOKEN = re.compile(r"[a-zω]+|\d+(?:\.\d+)?|[\u3400-\u9fff]|[/+&;,、，；()（）\[\]]")
_SEPARATORS = frozenset({"/", "+", "&", ";", ",", "、", "，", "；", "and", "plus", "和", "与"})
_OR = frozenset({"or", "或"})
_NOT = (
    ("no",), ("non",), ("not",), ("without",), ("free", "of"), ("take", "with"), ("not", "with"), ("avoid",), ("instead", "of"), ("不", "含"), ("无",),
)  # fmt: skip
_BRACKETS = frozenset("()（）[]")
_COMPOUND = (("复", "方"), ("compound",))
_LOCAL = (
    "ophthalmic ocular eye ear otic topical cutaneous nasal intranasal nostril inhaler inhalation inhaled inhalant inhale nebulizer nebuliser "
    "vaginal mouthwash conjunctival respiratory 吸入 雾化 气雾 粉雾 喷雾 滴眼 眼膏 滴耳 鼻 外用 阴道 含漱"
)
_SYSTEMIC = (
    "oral orally tablet tablets capsule capsules caplet pill injection injectable intravenous intramuscular subcutaneous sublingual transdermal rectal "
    "mouth po iv im sc 口服 片 胶囊 注射 丸 颗粒 舌下 贴"
)
_LOCAL_FORMS = "cream ointment gel lotion shampoo foam 软膏 乳膏 凝胶 洗剂 搽剂"
_ROUTE_CODES: Mapping[str, str] = {
    "26643006": "systemic", "34206005": "systemic", "47625008": "systemic", "78421000": "systemic", "37839007": "systemic", "45890007": "systemic",
    "6064005": "local", "54485002": "local", "10547007": "local", "46713006": "local", "447694001": "local", "16857009": "local", "372473007": "local",
    "372468001": "local", "18679011000001101": "local",
}  # fmt: skip
"""SNOMED CT routes of administration (from memory): oral, subcutaneous, intravenous, intramuscular, sublingual, transdermal; topical, ophthalmic, otic,
nasal, respiratory tract, vaginal, oromucosal, ocular, inhalation."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What words say: `keys` the ingredients they name (in order, each once), `route` "local" or "systemic" where they say how it is taken, `partly`
    where a part of them names something that is not known, `doubtful` where they name one thing or another."""

    keys: tuple[str, ...] = ()
    route: str = ""
    partly: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """A name that stands in the words, from `start` to before `end`."""

    start: int
    end: int
    keys: tuple[str, ...]
    shy: bool


class Names:
    """Every name of every ingredient, ready to be looked for."""

    def __init__(
        self, spoken: Mapping[str, tuple[str, ...]], shy: frozenset[str], salts: tuple[str, ...], forms: tuple[str, ...], traditional: Mapping[str, str]
    ) -> None:
        self._simple = str.maketrans(dict(traditional))
        self._names = {words: keys for name, keys in spoken.items() if (words := self._words(name))}
        self._salts = frozenset(filter(None, map(self._words, salts)))
        self._forms = frozenset(filter(None, map(self._words, forms)))
        self._shy = shy
        self._longest = max((len(words) for words in self._names), default=0)

    def read(self, text: str) -> Said:
        """What a title names. Total: any text gives an answer."""
        words = self._words(text[:LONGEST_TEXT])
        found = [one for one in self._found(words) if not self._denied(words, one)]
        parts = list(self._parts(words, found))
        taken = [one for one in found if not one.shy or self._alone(words, one, found, parts)]
        keys = tuple(dict.fromkeys(key for one in taken for key in one.keys))
        if not keys:
            return Said(route=self.route(text))
        doubtful = any(word in _OR and _between(at, taken) for at, word in enumerate(words))
        return Said(keys, self.route(text), self._partly(words, taken, parts), doubtful)

    def route(self, text: str) -> str:
        """ "local", "systemic" or "" for words that say how something is taken (or a SNOMED CT code of it)."""
        if text in _ROUTE_CODES:
            return _ROUTE_CODES[text]
        words = self._words(text[:LONGEST_TEXT])
        if any(_stands(words, self._words(one)) for one in _LOCAL.split()):
            return "local"
        if any(_stands(words, self._words(one)) for one in _SYSTEMIC.split()):
            return "systemic"
        return "local" if any(_stands(words, self._words(one)) for one in _LOCAL_FORMS.split()) else ""

    def _words(self, text: str) -> Words:
        """Small letters, simplified characters; words, numbers, single characters and what separates them. Hyphens, dots and apostrophes separate nothing
        that matters: "St. John's" is st john s."""
        return tuple(_TOKEN.findall(unicodedata.normalize("NFKC", text).casefold().translate(self._simple)))

    def _found(self, words: Words) -> Iterator[_Found]:
        at = 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                keys = self._names.get(words[at : at + length])
                if keys:
                    alone = len(self._left(words[at : at + length], self._forms)) <= 1  # "钙片" is a salt and a form, as in 阿托伐他汀钙片
                    yield _Found(at, at + length, keys, alone and not set(keys).isdisjoint(self._shy))
                    at += length
                    break
            else:
                at += 1

    def _denied(self, words: Words, one: _Found) -> bool:
        """ "aspirin-free", "without aspirin": a name that stands there to say that it is not in it."""
        after = words[one.end : one.end + 1]
        return after == ("free",) or any(words[max(0, one.start - len(no)) : one.start] == no for no in _NOT)

    def _parts(self, words: Words, found: list[_Found]) -> Iterator[tuple[int, int]]:
        """From separator to separator, where the separator is no part of a name."""
        inside = {at for one in found for at in range(one.start, one.end)}
        start = 0
        for at, word in enumerate(words):
            if word in _SEPARATORS and at not in inside:
                yield start, at
                start = at + 1
        yield start, len(words)

    def _alone(self, words: Words, one: _Found, found: list[_Found], parts: list[tuple[int, int]]) -> bool:
        """Whether a shy name (potassium) is all that its part says: in "losartan potassium" it is the salt, in "calcium dobesilate" something else."""
        start, end = next((part for part in parts if part[0] <= one.start < part[1]), (0, len(words)))
        if any(other is not one and start <= other.start < end for other in found):
            return False
        return not self._left(words[start : one.start], self._forms) and not self._left(words[one.end : end], self._forms)

    def _partly(self, words: Words, taken: list[_Found], parts: list[tuple[int, int]]) -> bool:
        """Whether something that may be an ingredient was not understood: a part without a known name, "compound", more characters before a Chinese name
        ("二羟丙茶碱" is not "茶碱")."""
        known = self._forms | self._salts
        for start, end in parts:
            inside = [one for one in taken if start <= one.start < end]
            if not inside and any(len(word) > 1 or not word.isascii() for word in self._left(words[start:end], known)):
                return True
            for one in inside:
                if self._glued(words, one, (start, end), taken):
                    return True
        named = {at for one in taken for at in range(one.start, one.end)}
        return any(words[at : at + len(one)] == one and at not in named for one in _COMPOUND for at in range(len(words)))

    def _glued(self, words: Words, one: _Found, part: tuple[int, int], taken: list[_Found]) -> bool:
        """Whether Chinese characters that are not understood stand directly before or after a Chinese name."""
        before = words[max(part[0], *(other.end for other in taken if other.end <= one.start), 0) : one.start]
        after = words[one.end : min([part[1], *(other.start for other in taken if other.start >= one.end)])]
        known = self._forms | self._salts
        beside = [(before, before[-1:], words[one.start]), (after, after[:1], words[one.end - 1])]
        return any(
            bool(next_to) and not next_to[0].isascii() and not edge.isascii() and any(not word.isascii() for word in self._left(side, known))
            for side, next_to, edge in beside
        )

    def _left(self, words: Words, known: frozenset[Words]) -> list[str]:
        """The words that are neither in `known` nor numbers nor brackets."""
        left: list[str] = []
        at = 0
        while at < len(words):
            length = next((n for n in (4, 3, 2, 1) if words[at : at + n] in known and at + n <= len(words)), 0)
            if not length and not (words[at][0].isdigit() or words[at] in _BRACKETS):
                left.append(words[at])
            at += length or 1
        return left


def _between(at: int, taken: list[_Found]) -> bool:
    """Whether a word stands between two names of different things."""
    before, after = [one for one in taken if one.end <= at], [one for one in taken if one.start > at]
    return bool(before and after and set(before[-1].keys) != set(after[0].keys))


def _stands(words: Words, one: Words) -> bool:
    """Whether these words stand there one after another."""
    return bool(one) and any(words[at : at + len(one)] == one for at in range(len(words) - len(one) + 1))
