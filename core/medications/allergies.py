"""This is the place where the list of allergies is held against what is taken: the same ingredient, the same class, the same side chain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from core.domain.codes import ATC
from core.medications.cited import MEMORY, Cited, CitedSheet, Status, any_says, coded, only_says, says, sound
from core.medications.facts import Allergy, PersonFacts
from core.medications.findings import Finding, NotChecked, Severity, Source, Taken
from core.medications.ingredients import INGREDIENTS, is_member
from core.medications.tables import Kind, Rules

NOTHING_SAID = "—"
_ALLERGEN = re.compile(
    r"^(?:allergy|allergic reaction|hypersensitivity|intolerance) (?:to|of) |^对(?=.+(?:过敏|不耐受)$)"
    r"|(?:过敏|過敏|不耐受)$|\s+(?:allergy|intolerance)(?=$|\s*\()|\s*\((?:substance|disorder|finding|product|organism)\)$",
    re.IGNORECASE,
)


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Allergens that a group of medicines may set off. `allergens` and `medicines` are ATC prefixes or ingredient keys (`medicines` () means the same
    list; `but_not` are taken out); of those in `unsure` the membership is from memory. `words` and `codes` name the class itself; `only_named` where
    nothing but that counts. `reaction` names a list of words that has to be among the reactions of the record for `severity`; without them it is
    `otherwise` (0: no finding). `intolerance` where it isn't an allergy at all."""

    id: str
    allergens: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    but_not: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    only_named: bool = False
    reaction: str = ""
    severity: int
    otherwise: int = 0
    intolerance: bool = False
    why: str
    source: str
    status: Status | None = None


class AllergySheet(CitedSheet, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """core/rules/allergy.json."""

    groups: tuple[Group, ...]
    same: Cited
    reactions: dict[str, tuple[str, ...]]
    none_known: tuple[str, ...]
    none_known_words: tuple[str, ...]
    no_information: tuple[str, ...]
    not_medicines: tuple[str, ...]
    not_medicine_codes: tuple[str, ...]
    fillers: tuple[str, ...]

    def size(self) -> int:
        return len(self.groups) + 1


def _made(sheet: AllergySheet) -> AllergySheet:
    sound(sheet, ((one.id, one.source, one.severity) for one in sheet.groups))
    if any(one.reaction and one.reaction not in sheet.reactions for one in sheet.groups):
        raise ValueError("a reaction without words")
    return sheet


ALLERGY: Kind[AllergySheet] = Kind("allergy", AllergySheet, _made)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of the list as rules match it: as if it were a medicine."""

    allergy: Allergy
    matter: Taken
    groups: tuple[Group, ...]


def check(rules: Rules, facts: PersonFacts) -> tuple[list[Finding], list[NotChecked]]:
    """Every active entry against every medicine; of one entry and one medicine the gravest finding. An entry that names nothing we know is never passed
    over: it is not checked. Allergies to food, pollen, latex are neither."""
    if not facts.medicines:
        return [], []
    sheet = rules.of(ALLERGY)
    active = [one for one in facts.allergies or () if one.active]
    known = [one for one in active if not coded(one.concept, sheet.no_information)]
    if not known:
        return [], [NotChecked("allergy", "", "no_allergy_list")]
    findings: list[Finding] = []
    left: list[NotChecked] = []
    for allergy in known:
        if _none_known(allergy, sheet):
            continue
        entry = _entry(allergy, rules, sheet)
        if not entry.matter.ingredients and not entry.matter.atc and not entry.groups:
            if not _no_medicine(allergy, sheet):
                left.append(NotChecked("allergy", allergy.title, "unknown_allergy"))
            continue
        for medicine in facts.medicines:
            findings += _gravest(list(_between(entry, medicine, sheet)))
    return findings, left


def _gravest(found: list[Finding]) -> list[Finding]:
    """The gravest of all and, where that one is for clinicians only, the gravest of those that are for patients."""
    ranked = sorted(found, key=lambda one: (-one.severity, one.rule != "allergy_same", not one.for_patients))
    said = next((one for one in ranked if one.for_patients), None)
    return [*ranked[:1], *([said] if said and said is not ranked[0] else [])]


def _none_known(allergy: Allergy, sheet: AllergySheet) -> bool:
    """ "No known allergies", also where it is said of food or pollen alone: there is nothing in it to be held against a medicine."""
    return coded(allergy.concept, sheet.none_known) or says(allergy.concept, sheet.none_known_words)


def _no_medicine(allergy: Allergy, sheet: AllergySheet) -> bool:
    """Food and what is in the air, by their names too: records put pollen under food, and peanuts under medicines."""
    if coded(allergy.concept, sheet.not_medicine_codes) or only_says(allergy.concept, sheet.not_medicines, sheet.fillers):
        return True
    return bool(allergy.categories) and set(allergy.categories) <= {"food", "environment"}


def _entry(allergy: Allergy, rules: Rules, sheet: AllergySheet) -> _Entry:
    table = rules.of(INGREDIENTS)
    codes = [code for key in allergy.ingredients if key in table.rows for code in table.rows[key].atc]
    codes += [one.code.strip().upper() for one in allergy.concept.codings if one.system == ATC and one.code]
    matter = Taken(allergy.allergy_id, allergy.title, allergy.concept, allergy.ingredients, tuple(dict.fromkeys(codes)))
    return _Entry(allergy, matter, tuple(one for one in sheet.groups if _belongs(one, allergy, matter)))


def _belongs(group: Group, allergy: Allergy, matter: Taken) -> bool:
    if coded(allergy.concept, group.codes) or says(allergy.concept, group.words):
        return True
    return not group.only_named and is_member(matter, (*group.allergens, *group.unsure))


def _between(entry: _Entry, medicine: Taken, sheet: AllergySheet) -> Iterator[Finding]:
    allergy = entry.allergy
    both = set(allergy.ingredients) & set(medicine.ingredients) or set(entry.matter.atc) & {code for code in medicine.atc if len(code) == 7}
    if both:
        severity = _weighed(Severity.SERIOUS, allergy, least=Severity.CAUTION)
        yield _finding("allergy_same", severity, (entry, medicine), "same", sheet.same.source(), allergy.type == "intolerance")
    for group in entry.groups:
        members = group.medicines or (*group.allergens, *group.unsure)
        if not is_member(medicine, members) or is_member(medicine, group.but_not):
            continue
        there = not group.reaction or any_says(allergy.reactions, sheet.reactions[group.reaction])
        level = group.severity if there else group.otherwise
        if level:
            source = sheet.sources[group.source].source(_status(group, entry, medicine))
            severity = _weighed(Severity(level), allergy, least=Severity.INFO)
            yield _finding(group.id, severity, (entry, medicine), group.why, source, group.intolerance or allergy.type == "intolerance")


def _status(group: Group, entry: _Entry, medicine: Taken) -> str:
    """ "memory" where either of the two is in the group by a membership that is from memory."""
    named = coded(entry.allergy.concept, group.codes) or says(entry.allergy.concept, group.words)
    sure = (named or is_member(entry.matter, group.allergens)) and is_member(medicine, group.medicines or group.allergens)
    return group.status or ("" if sure else MEMORY)


def _weighed(severity: Severity, allergy: Allergy, least: Severity) -> Severity:
    """One step graver for high criticality, one lighter for low, one lighter for an intolerance, never two (house rule); INFO stays INFO."""
    if severity is Severity.INFO:
        return severity
    step = {"high": 1, "low": -1}.get(allergy.criticality, 0) - (allergy.type == "intolerance")
    return Severity(min(Severity.CONTRAINDICATED, max(least, severity + max(-1, step))))


def _finding(rule: str, severity: Severity, pair: tuple[_Entry, Taken], why: str, source: Source, intolerance: bool) -> Finding:
    entry, medicine = pair
    facts: Mapping[str, str] = {
        "medicine": medicine.title,
        "allergen": _allergen(entry.allergy.title),
        "reactions": _words(entry.allergy.reactions),
        "criticality": entry.allergy.criticality,
        "type": entry.allergy.type,
    }
    what = "ask" if source.status == MEMORY else "intolerance" if intolerance else "same" if rule == "allergy_same" else "related"
    return Finding(
        "allergy", rule, severity, (medicine.medicine_id,), f"check.what.allergy.{what}", f"check.why.allergy.{why}", source, facts,
        for_patients=source.status != MEMORY,
    )  # fmt: skip


def _allergen(title: str) -> str:
    """What the entry is about, without "allergy to" and a terminology's tags: "Allergy to penicillin (disorder)" is penicillin."""
    return _ALLERGEN.sub("", title).strip() or title


def _words(reactions: Sequence[str]) -> str:
    return "; ".join(text for text in reactions if text) or NOTHING_SAID
