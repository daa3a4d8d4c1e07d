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
    is called; `names` further names (USAN, brands, Chinese); `atc` its codes on the fifth level, one for each use; `rxnorm` its concept ids; `shy`
    where its name is also a part of other names (calcium): then it counts only where it stands alone."""

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
    traditional: dict[str, str] = {}  # noqa: RUF012  (msgspec copies it)

    def size(self) -> int:
        return len(self.rows)


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
        _put(by_atc, row.atc, (row.key,))
        _put(by_rxnorm, row.rxnorm, (row.key,))
    for one in sheet.combinations:
        if not set(one.of) <= rows.keys():
            raise ValueError("a combination of unknown ingredients")
        _put(by_atc, (one.atc,) if one.atc else (), one.of)
        _put(by_rxnorm, one.rxnorm, one.of)
    spoken: dict[str, tuple[str, ...]] = {name: (row.key,) for row in sheet.rows for name in (row.name, row.zh, *row.names) if name}
    for one in sheet.combinations:
        spoken.update({name: one.of for name in one.names})
    shy = frozenset(row.key for row in sheet.rows if row.shy)
    return Ingredients(rows, by_atc, by_rxnorm, Names(spoken, shy, sheet.salts, sheet.forms, sheet.traditional))


def _put(index: dict[str, tuple[str, ...]], codes: Iterable[str], of: tuple[str, ...]) -> None:
    for code in codes:
        if index.setdefault(code, of) != of:
            raise ValueError("a code stands twice")


INGREDIENTS: Kind[Ingredients] = Kind("ingredients", IngredientSheet, _made)


def taken(medicine_id: str, concept: Concept, table: Ingredients, route: str = "") -> Taken:
    """The medicine as the checks see it. `route` is what the order says of it, "" where nothing. Codes and words have to agree: where one knows more
    of the ingredients than the other, the longer list counts; where they contradict one another, the medicine is not read."""
    found = [keys for keys in _readings(concept, table) if keys]
    said = [table.named(text) for text in dict.fromkeys([concept.text, *(one.display for one in concept.codings)]) if text]
    found += [one.keys for one in said if one.keys]
    where = next((one.route for one in said if one.route), "") or table.names.route(route) or _route_of(concept)
    if any(one.doubtful for one in said):
        return Taken(medicine_id, concept.title, concept, route=where, unread="ambiguous_medicine")
    if not found:
        return Taken(medicine_id, concept.title, concept, route=where, unread="unknown_medicine")
    most = max(found, key=len)
    if any(not set(one) <= set(most) for one in found):
        return Taken(medicine_id, concept.title, concept, route=where, unread="ambiguous_medicine")
    coded = [keys for keys in _readings(concept, table) if keys]
    whole = bool(coded and max(map(len, coded)) == len(most)) or any(set(one.keys) == set(most) and not one.partly for one in said)
    return Taken(
        medicine_id, concept.title, concept, most, _codes(concept, most, where, table), where, "" if whole else "partly_known_medicine"
    )  # fmt: skip


def is_member(medicine: Taken, members: Iterable[str]) -> bool:
    """Whether the medicine is one of these: ATC prefixes ("C09AA") or keys of ingredients ("danshen")."""
    return any(one in medicine.ingredients if one[:1].islower() else any(code.startswith(one) for code in medicine.atc) for one in members)


def is_local(code: str) -> bool:
    """Whether an ATC code is of something that stays where it is put."""
    return code.startswith(LOCAL)


def _readings(concept: Concept, table: Ingredients) -> Iterable[tuple[str, ...]]:
    for one in concept.codings:
        if one.system in _ATC_SYSTEMS:
            yield table.by_atc.get(one.code.strip().upper(), ())
        elif one.system == RXNORM:
            yield table.by_rxnorm.get(one.code.strip(), ())


def _route_of(concept: Concept) -> str:
    codes = [one.code.strip().upper() for one in concept.codings if one.system in _ATC_SYSTEMS and len(one.code.strip()) >= 5]
    return "local" if codes and all(is_local(code) for code in codes) else ""


def _codes(concept: Concept, keys: tuple[str, ...], route: str, table: Ingredients) -> tuple[str, ...]:
    """The ATC codes of these ingredients for that way of taking them. What is known under no code of that way keeps all its codes: rather one
    warning too many."""
    own = [one.code.strip().upper() for one in concept.codings if one.system in _ATC_SYSTEMS and len(one.code.strip()) == 7]
    codes: dict[str, None] = dict.fromkeys(own)
    for key in keys:
        every = table.rows[key].atc
        fitting = [code for code in every if is_local(code) == (route == "local")]
        codes.update(dict.fromkeys(fitting or every))
    return tuple(codes)
