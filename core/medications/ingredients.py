"""This is the place where a medicine's codes and names become ingredients: by ATC code, RxNorm code, or the words it is called in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from core.domain.codes import ATC, RXNORM, Concept
from core.medications.findings import Taken
from core.medications.ingredient_names import Names, Said
from core.medications.tables import Kind, Sheet

LOCAL = ("A01", "A07E", "D", "G01", "M02", "R01", "R02", "R03A", "R03B", "S01", "S02", "S03", "C05A", "N01B", "B05")
"""ATC groups that are put on, dropped in, breathed in or rinsed with: rules about medicines in the blood aren't about them. House choice; that some
of it is absorbed all the same (timolol eye drops) is not covered, and docs/MEDICINES.md says so."""
_ATC_SYSTEMS = (ATC, "http://www.whocc.no/atc/", "https://www.whocc.no/atc", "urn:oid:2.16.840.1.113883.6.73", "2.16.840.1.113883.6.73")


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One ingredient. `key` is its ATC name with underscores ("acetylsalicylic_acid"; a traditional one in pinyin, "danshen"); `name` and `zh` how it
    is called; `names` further names (USAN, brands, Chinese); `atc` its codes on the fifth level, one for each use (or the class alone, where it has
    no code of its own); `rxnorm` its concept ids; `shy` where its name is also a part of other names (calcium): then it counts only alone."""

    key: str
    name: str
    zh: str = ""
    atc: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    rxnorm: tuple[str, ...] = ()
    shy: bool = False


class Combination(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A fixed combination under one ATC code, one RxNorm id or one name."""

    of: tuple[str, ...]
    atc: str = ""
    names: tuple[str, ...] = ()
    rxnorm: tuple[str, ...] = ()


class IngredientSheet(Sheet, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """core/rules/ingredients.json."""

    rows: tuple[Row, ...]
    combinations: tuple[Combination, ...] = ()
    salts: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    traditional: dict[str, str] = msgspec.field(default_factory=dict)
    products: dict[str, str] = msgspec.field(default_factory=dict)
    """RxNorm ids of products: the keys of what is in them, joined by "+"."""


@dataclass(frozen=True, slots=True)
class Ingredients:
    """The table, ready to be asked."""

    rows: Mapping[str, Row]
    by_atc: Mapping[str, tuple[str, ...]]
    by_rxnorm: Mapping[str, tuple[str, ...]]
    names: Names

    def named(self, text: str) -> Said:
        """The ingredients that words name: "Tylenol", "阿司匹林肠溶片", "Hydrochlorothiazide 25 MG / Lisinopril 20 MG Oral Tablet"."""
        return self.names.read(text)

    def title(self, key: str) -> str:
        """What an ingredient is called in English."""
        return self.rows[key].name if key in self.rows else key


def _made(sheet: IngredientSheet) -> Ingredients:
    rows = {row.key: row for row in sheet.rows}
    if len(rows) != len(sheet.rows):
        raise ValueError("a key stands twice")
    by_atc: dict[str, tuple[str, ...]] = {}
    by_rxnorm: dict[str, tuple[str, ...]] = {}
    for row in sheet.rows:
        _put(by_atc, [code for code in row.atc if len(code) == 7], (row.key,))
        _put(by_rxnorm, row.rxnorm, (row.key,))
    for one in sheet.combinations:
        if not set(one.of) <= rows.keys():
            raise ValueError("a combination of unknown ingredients")
        _put(by_atc, (one.atc,) if one.atc else (), one.of)
        _put(by_rxnorm, one.rxnorm, one.of)
    for code, of in sheet.products.items():
        if not set(of.split("+")) <= rows.keys():
            raise ValueError("a product of unknown ingredients")
        _put(by_rxnorm, (code,), tuple(of.split("+")))
    spoken: dict[str, tuple[str, ...]] = {}
    for row in sheet.rows:
        _put(spoken, {name for name in (row.name, row.zh, *row.names) if name}, (row.key,))
    for one in sheet.combinations:
        _put(spoken, one.names, one.of)
    shy = frozenset(row.key for row in sheet.rows if row.shy)
    return Ingredients(rows, by_atc, by_rxnorm, Names(spoken, shy, sheet.salts, sheet.forms, sheet.traditional))


def _put(index: dict[str, tuple[str, ...]], codes: Iterable[str], of: tuple[str, ...]) -> None:
    for code in codes:
        if index.setdefault(code, of) != of:
            raise ValueError("a code or a name stands twice")


INGREDIENTS: Kind[Ingredients] = Kind("ingredients", IngredientSheet, _made)


def taken(medicine_id: str, concept: Concept, table: Ingredients, route: str = "") -> Taken:
    """The medicine as the checks see it. `route` is what the order says of it (words or a SNOMED CT code), "" where nothing. Codes and words have to
    agree: where one names more of the ingredients than the other, the longer list counts; where they contradict one another, nothing is read."""
    coded = [keys for keys in _readings(concept, table) if keys]
    said = [table.named(text) for text in dict.fromkeys([concept.text, *(one.display for one in concept.codings)]) if text]
    where = _route_of(concept) or next((one.route for one in said if one.route), "") or table.names.route(route)
    found = [*coded, *(one.keys for one in said if one.keys)]
    most = max(found, key=len, default=())
    if any(one.doubtful for one in said) or any(not set(one) <= set(most) for one in found):
        return Taken(medicine_id, concept.title, concept, route=where, unread="ambiguous_medicine")
    title = concept.title if said or not most else " + ".join(table.title(key) for key in most)  # a bare code is no name
    whole = any(set(keys) == set(most) for keys in coded) or any(set(one.keys) == set(most) and not one.partly for one in said)
    unread = "" if found and whole else "partly_known_medicine" if found else "unknown_medicine"
    return Taken(medicine_id, title, concept, most, _codes(concept, most, where, table), where, unread)


@dataclass(frozen=True, slots=True)
class Part:
    """One ingredient of a medicine, with its codes for that way of taking it; `key` "" for what is known by its class alone."""

    key: str
    atc: tuple[str, ...]

    def among(self, members: Iterable[str]) -> bool:
        """Whether it is one of these: ATC prefixes ("C09AA"), keys of ingredients ("danshen"), and after a hyphen what is left out ("-M01AX05")."""
        named = tuple(members)
        out = tuple(one[1:] for one in named if one.startswith("-"))
        codes = [code for code in self.atc if not (out and code.startswith(out))]
        return any(self.key == one if one[:1].islower() else any(code.startswith(one) for code in codes) for one in named if one[:1] != "-")


def parts(medicine: Taken, table: Ingredients) -> tuple[Part, ...]:
    """The medicine's ingredients one by one."""
    found = [Part(key, _fitting(table.rows[key].atc, medicine.route)) for key in medicine.ingredients if key in table.rows]
    known = {code for key in medicine.ingredients if key in table.rows for code in table.rows[key].atc}
    apart = tuple(code for code in medicine.atc if code not in known) if not found else ()
    return (*found, *((Part("", apart),) if apart else ()))


def is_member(medicine: Taken, members: Iterable[str]) -> bool:
    """Whether the medicine, as a whole, is one of these: ATC prefixes or keys of ingredients."""
    return any(Part(key, medicine.atc).among(members) for key in medicine.ingredients or ("",))


def is_local(code: str) -> bool:
    """Whether an ATC code is of something that stays where it is put."""
    return code.startswith(LOCAL)


def stays_put(medicine: Taken) -> bool:
    """Whether the medicine is only put on, dropped in or breathed in: rules about medicines in the blood are not about it."""
    return medicine.route == "local" and bool(medicine.atc) and all(map(is_local, medicine.atc))


def _readings(concept: Concept, table: Ingredients) -> Iterable[tuple[str, ...]]:
    for one in concept.codings:
        if one.system in _ATC_SYSTEMS:
            yield table.by_atc.get(one.code.strip().upper(), ())
        elif one.system == RXNORM:
            yield table.by_rxnorm.get(one.code.strip(), ())


def _route_of(concept: Concept) -> str:
    """What ATC codes say of the way: the letters stand for it."""
    ways = {is_local(code) for code in _own(concept) if len(code) >= 5}
    return ("local" if True in ways else "systemic") if len(ways) == 1 else ""


def _codes(concept: Concept, keys: tuple[str, ...], route: str, table: Ingredients) -> tuple[str, ...]:
    """The ATC codes of these ingredients for that way of taking them, and the record's own, so that rules about a class hold for a medicine of it that the
    table doesn't know. What has no code of that way keeps all its codes: rather one warning too many."""
    codes: dict[str, None] = {}
    for key in keys:
        codes.update(dict.fromkeys(_fitting(table.rows[key].atc, route)))
    return tuple(codes | dict.fromkeys(code for code in _own(concept) if len(code) >= 5))


def _own(concept: Concept) -> tuple[str, ...]:
    return tuple(one.code.strip().upper() for one in concept.codings if one.system in _ATC_SYSTEMS and 3 <= len(one.code.strip()) <= 7)


def _fitting(every: tuple[str, ...], route: str) -> tuple[str, ...]:
    return tuple(code for code in every if is_local(code) == (route == "local")) or every
