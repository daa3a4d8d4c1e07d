"""This is the place where it stands which codes of a problem list mean what an equation asks for.

SNOMED CT codes and stems of ICD-10 (Chinese editions add digits behind the stem, so stems match by their beginning). "verified" codes were found with
this meaning in two independent public code lists, "unchecked" ones are from memory; stems are those of ICD-10 itself. An unchecked code, or a problem
that only its words name, never says yes: it makes the answer unclear, so that nobody is told "no" beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.codes import SNOMED, Concept

ICD_SYSTEMS = ("http://hl7.org/fhir/sid/icd-10", "http://id.who.int/icd/release/10", "https://icd.who.int/browse10", "urn:oid:2.16.840.1.113883.6.90", "urn:oid:2.16.156.10011.2.3.3.11")
"""Also icd-10-cm and the national editions, whose addresses begin alike; the last one is the Chinese edition (from memory)."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What counts as `key`. `ever`: once had, it counts for good, whatever its status now. `words`: a problem whose words these are, without a code
    that is known here, makes the answer unclear; `not_words` are words that make it something else."""

    key: str
    snomed: tuple[str, ...]
    icd10: tuple[str, ...]
    unchecked: tuple[str, ...] = ()
    ever: bool = False
    words: tuple[str, ...] = ()
    not_words: tuple[str, ...] = ()


_NEVER_MEANT = ("family history", "fh:", "risk of", "screening", "fear of", "家族史", "筛查", "风险")
_PRE = ("prediabetes", "pre-diabetes", "gestational", "insipidus", "糖尿病前期", "妊娠", "尿崩")
_STROKE_NOT = ("heat stroke", "heatstroke", "sunstroke", "中暑")

MEANINGS: tuple[Meaning, ...] = (
    Meaning("diabetes_type1", ("46635009",), ("E10",)),
    Meaning("diabetes_type2", ("44054006",), ("E11",)),
    Meaning("diabetes", ("73211009", "44054006", "46635009"), ("E10", "E11", "E12", "E13", "E14"), words=("diabetes", "diabetic", "糖尿病"), not_words=_PRE),
    Meaning("prediabetes", (), ("R73.0",), ("15777000", "714628002"), ever=True, words=("prediabetes", "pre-diabetes", "糖尿病前期")),
    Meaning("gestational_diabetes", (), ("O24.4", "Z86.32"), ("472971004", "11687002"), ever=True, words=("gestational diabetes", "妊娠糖尿病", "妊娠期糖尿病")),
    Meaning("hypertension", ("38341003", "59621000"), ("I10", "I11", "I12", "I13", "I15"), ever=True,
            words=("hypertension", "high blood pressure", "hypertensive", "高血压"), not_words=("pulmonary", "portal", "ocular", "intracranial", "肺", "门静脉", "门脉", "颅", "眼")),
    Meaning("heart_failure", ("84114007", "42343007"), ("I50", "I11.0", "I13.0", "I13.2"), ("88805009",), ever=True, words=("heart failure", "心力衰竭", "心衰", "心功能不全")),
    Meaning("atrial_fibrillation", ("49436004", "5370000"), ("I48",), ("282825002", "440059007", "426749004"), ever=True,
            words=("atrial fibrillation", "atrial flutter", "房颤", "心房颤动", "心房扑动", "房扑")),
    Meaning("stroke", ("230690007", "266257000"), ("I60", "I61", "I63", "I64", "G45"), ("432504007", "422504002", "399261000119102"), ever=True,
            words=("stroke", "cerebral infarct", "transient ischemic", "transient ischaemic", "intracerebral", "subarachnoid",
                   "cerebrovascular accident", "卒中", "中风", "脑梗", "脑出血", "短暂性脑缺血"), not_words=_STROKE_NOT),
    Meaning("myocardial_infarction", ("22298006",), ("I21", "I22", "I25.2"), ("399211009", "401303003", "401314000", "57054005"), ever=True,
            words=("myocardial infarct", "heart attack", "心肌梗死", "心梗")),
    Meaning("coronary", ("53741008",), ("I20", "I25"), ("414545008", "194828000", "399261000", "415070008"), ever=True,
            words=("coronary", "ischemic heart", "ischaemic heart", "angina", "冠心病", "冠状动脉", "心绞痛", "缺血性心脏病")),
    Meaning("peripheral_artery", ("399957001", "840580004"), ("I70", "I73.9"), ever=True,
            words=("peripheral arter", "peripheral vascular", "aortic plaque", "atherosclerosis", "外周动脉", "下肢动脉硬化", "动脉粥样硬化")),
    Meaning("ckd", ("709044004", "433144002"), ("N18",), ("431857002", "433146000", "431855005", "431856006")),
    Meaning("kidney_failure", ("46177005",), ("N18.6", "Z99.2", "Z94.0"), ("236435004", "105502003", "70536003", "175902000"), ever=True,
            words=("end-stage renal", "end stage renal", "dialysis", "kidney transplant", "renal transplant", "transplanted kidney",
                   "透析", "肾移植", "尿毒症", "终末期肾")),
    Meaning("cirrhosis", ("19943007",), ("K74", "K70.3"), ever=True, words=("cirrhosis", "肝硬化")),
    Meaning("pregnant", ("77386006",), ("Z33", "Z34", "Z3A", "O09"), ("72892002", "47200007", "16356006")),
    Meaning("smoking_condition", ("449868002",), ("F17", "Z72.0"), ("56294008", "77176002")),
)  # fmt: skip

BY_KEY: Mapping[str, Meaning] = {one.key: one for one in MEANINGS}
NO_PROBLEMS = frozenset({"160245001"})
"""SNOMED CT: no current problems or disability (unchecked: it is believed to begin a list, not to say no to anything in it)."""

COMBINED: Mapping[str, tuple[str, ...]] = {
    "vascular": ("myocardial_infarction", "coronary", "peripheral_artery"),
    "cvd_known": ("myocardial_infarction", "coronary", "peripheral_artery", "stroke", "heart_failure"),
    "liver_abnormal": ("cirrhosis",),
    "dialysis": ("kidney_failure",),
}
"""Inputs that are any of several diagnoses."""
NOT_COMBINABLE = frozenset({"dialysis"})
"""A "yes" of the part doesn't mean a yes of the whole: kidney failure may be a transplant. It makes the answer unclear."""

CURRENT_SMOKER = frozenset({
    "449868002", "428041000124106", "428071000124103", "428061000124105", "65568007", "77176002",
    "LA18976-3", "LA18977-1", "LA18981-3", "LA18982-1",
})  # fmt: skip
FORMER_SMOKER = frozenset({"8517006", "LA15920-4", "281018007"})
NEVER_SMOKED = frozenset({"266919005", "LA18978-9"})
SMOKING_STATUS = frozenset({"72166-2"})
"""LOINC: tobacco smoking status. Answers as SNOMED CT and LOINC answer codes (449868002, 77176002, 8517006, 266919005 verified)."""
SMOKING_WORDS: Mapping[str, str] = {
    "current every day smoker": "current", "current some day smoker": "current", "current smoker": "current", "smokes tobacco daily": "current",
    "heavy tobacco smoker": "current", "light tobacco smoker": "current", "smoker": "current", "former smoker": "former", "ex-smoker": "former",
    "never smoker": "never", "never smoked": "never", "never smoked tobacco": "never", "non-smoker": "never",
    "吸烟": "current", "每天吸烟": "current", "偶尔吸烟": "current", "现在吸烟": "current", "已戒烟": "former", "曾吸烟": "former", "戒烟": "former",
    "从不吸烟": "never", "不吸烟": "never", "无吸烟史": "never",
}  # fmt: skip
"""Whole answers in words (house): anything else is not understood and says nothing."""
PREGNANCY_STATUS, PREGNANT, NOT_PREGNANT = "82810-3", frozenset({"77386006", "LA15173-0"}), frozenset({"60001007", "LA26683-5"})
PREGNANCY_DAYS = 310

_DOTS = re.compile(r"[^0-9A-Z]")


def icd10_of(concept: Concept) -> tuple[str, ...]:
    """The ICD-10 codes of a concept, capitals and digits only."""
    return tuple(_DOTS.sub("", one.code.upper()) for one in concept.codings if one.system.lower().startswith(ICD_SYSTEMS))


def meanings_of(concept: Concept) -> dict[str, str]:
    """What a problem means: "yes" or "unclear" by key of `MEANINGS`."""
    snomed = {one.code for one in concept.codings if one.system == SNOMED}
    icd10 = icd10_of(concept)
    title = " ".join([concept.text, *(one.display for one in concept.codings)]).casefold()
    found: dict[str, str] = {}
    for one in MEANINGS:
        stems = tuple(_DOTS.sub("", stem) for stem in one.icd10)
        if snomed & set(one.snomed) or any(code.startswith(stems) for code in icd10 if stems):
            found[one.key] = "yes"
        elif snomed & set(one.unchecked) or _named(one, title):
            found[one.key] = "unclear"
    return found


def _named(one: Meaning, title: str) -> bool:
    if not any(word in title for word in one.words):
        return False
    return not any(word in title for word in (*one.not_words, *_NEVER_MEANT))


def smoking_of(code: str, words: str) -> str:
    """ "current", "former", "never", "unclear" (smoked, and nobody knows whether still) or "" (nothing that is understood)."""
    said = words.casefold().strip().removesuffix("(finding)").strip()
    if code in CURRENT_SMOKER:
        return "unclear" if "unknown" in said else "current"
    if code in FORMER_SMOKER:
        return "former"
    return "never" if code in NEVER_SMOKED else SMOKING_WORDS.get(said, "")
