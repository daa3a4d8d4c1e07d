"""This is the place where a record is searched for what was done already, and for the few diagnoses that only advice asks for.

A code that was found with its meaning in public records says that something was done; mere words never say so: they make it a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.advice.known import HOW
from core.advice.terms import Fact
from core.care.lines import when_of
from core.domain.codes import CVX, LOINC, SNOMED
from core.domain.records import Record, Standing
from core.domain.time import PartialTime
from core.risk.asof import silent
from core.risk.conditions import icd10_of
from core.risk.rules_table import PROBLEM_LIST_DAYS
from core.risk.sourcing_types import Evidence

_OVER = frozenset({"entered-in-error", "not-done", "cancelled", "preparation", "draft", "in-progress", "on-hold", "planned", "registered", "unknown", "stopped"})
_DOUBTED = frozenset({"refuted", "entered-in-error"})
_DONE_KINDS = frozenset({"Procedure", "Observation", "DiagnosticReport", "Immunization"})
_NOT_MEANT = ("refus", "declin", "recommend", "due", "education", "counsel", "family history", "拒绝", "建议", "家族史", "宣教")
_LOOKED_FOR = ("screen", "筛查")
"""A word for looking for an illness is no word for having it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What counts as `key`: codes by system that say so; words that only ask."""

    key: str
    snomed: tuple[str, ...] = ()
    loinc: tuple[str, ...] = ()
    cvx: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


DONE: tuple[Mark, ...] = (
    Mark("done_mammogram", snomed=("71651007", "24623002"), words=("mammogra", "乳腺钼靶", "乳腺x线")),
    Mark("done_cervical", words=("pap smear", "pap test", "cervical cytology", "cervical smear", "hpv test", "hpv dna", "宫颈涂片", "宫颈细胞学", "tct", "hpv检测")),
    Mark("done_colonoscopy", snomed=("73761001",), words=("colonoscop", "肠镜")),
    Mark("done_fit", loinc=("57905-2",), words=("fecal immunochemical", "faecal immunochemical", "occult blood", "便潜血", "粪便潜血", "便隐血")),
    Mark("done_lung_ct", words=("low dose ct", "low-dose ct", "low-dose computed tomography", "低剂量ct", "低剂量螺旋ct")),
    Mark("done_aaa", words=("abdominal aort", "aortic aneurysm screen", "腹主动脉超声")),
    Mark("done_dxa", words=("dxa", "dexa", "bone density", "densitometry", "骨密度")),
    Mark("done_hcv", words=("hepatitis c ab", "hepatitis c virus ab", "anti-hcv", "hcv antibody", "丙肝抗体", "丙型肝炎抗体")),
    Mark("done_hbv", words=("hbsag", "hepatitis b surface", "乙肝表面抗原", "乙型肝炎表面抗原")),
    Mark("done_hiv", words=("hiv 1", "hiv-1", "hiv ag", "hiv antibody", "艾滋病病毒抗体", "hiv抗体")),
    Mark("done_audit", loinc=("75626-2",), words=("audit-c",)),
    Mark("done_phq", loinc=("44261-6",), words=("phq-9", "phq-2")),
    Mark("done_gad", words=("gad-7",)),
    Mark("done_flu", cvx=("140",), words=("influenza", "流感")),
    Mark("done_tetanus", cvx=("113", "115", "138"), words=("tetanus", "tdap", "破伤风")),
    Mark("done_hepatitis_b_vaccine", words=("hepatitis b", "hep b", "乙肝", "乙型肝炎")),
    Mark("done_zoster", words=("zoster", "shingles", "带状疱疹")),
    Mark("done_pneumo", words=("pneumococ", "肺炎球菌", "肺炎链球菌")),
    Mark("done_rsv", words=("rsv", "respiratory syncytial", "呼吸道合胞")),
    Mark("done_hpv", words=("hpv", "papilloma", "人乳头瘤")),
)  # fmt: skip
_VACCINES = frozenset({"done_tetanus", "done_hepatitis_b_vaccine", "done_flu", "done_zoster", "done_pneumo", "done_rsv", "done_hpv"})


@dataclass(frozen=True, slots=True)
class Had:
    """A diagnosis or operation: stems of ICD-10 say yes, words make it unclear; `only_problems` where procedures are mostly tests for it."""

    key: str
    icd10: tuple[str, ...]
    words: tuple[str, ...]
    only_problems: bool = False


HAD: tuple[Had, ...] = (
    Had("colorectal_cancer", ("C18", "C19", "C20"), ("colorectal cancer", "colon cancer", "rectal cancer", "cancer of colon", "neoplasm of colon", "结肠癌", "直肠癌", "大肠癌")),
    Had("ibd", ("K50", "K51"), ("crohn", "ulcerative colitis", "克罗恩", "溃疡性结肠炎")),
    Had("breast_cancer", ("C50", "D05"), ("breast cancer", "cancer of breast", "neoplasm of breast", "carcinoma of breast", "乳腺癌")),
    Had("cervical_cancer", ("C53",), ("cervical cancer", "cancer of cervix", "neoplasm of cervix", "宫颈癌")),
    Had("hiv_known", ("B20", "B21", "B22", "B23", "B24", "Z21"), ("human immunodeficiency virus", "hiv infection", "hiv positive", "hiv disease", "艾滋病", "hiv感染"), True),
    Had("dyslipidaemia", ("E78",), ("hyperlipid", "dyslipid", "hypercholesterol", "hypertriglycerid", "高脂血症", "血脂异常", "高胆固醇"), True),
    Had("no_cervix", ("Z90.71",), ("hysterectomy", "absence of uterus", "absence of cervix", "子宫切除")),
)  # fmt: skip


def done_facts(records: Iterable[Record], at: datetime) -> dict[str, Fact]:
    """When each thing was last done, by a code; where only words speak of a later time, that is unclear."""
    found: dict[str, Fact] = {}
    for record in sorted(_current(records), key=when_of):
        item = record.item
        if item.kind not in _DONE_KINDS or item.status in _OVER:
            continue
        days = _days(record, at)
        if days is None:
            continue
        for mark in DONE:
            if (mark.key in _VACCINES) is not (item.kind == "Immunization"):
                continue
            state = _said(mark, record)
            if state and not (state == "unclear" and mark.key in found and found[mark.key].days == days):
                found[mark.key] = _fact(mark.key, state, 1.0 if state == "used" else None, record, days)
    return found


def had_facts(records: Sequence[Record], evidence: Evidence, at: datetime, at_ns: int) -> dict[str, Fact]:
    """Yes by a code, unclear by words; no only where a list of problems is kept that doesn't name it."""
    by_silence = silent(evidence, evidence.listed_from, at_ns, PROBLEM_LIST_DAYS)
    found = {}
    for had in HAD:
        state, told = "", None
        for record in _current(records):
            item = record.item
            if item.kind not in (("Condition",) if had.only_problems else ("Condition", "Procedure")) or item.verification in _DOUBTED or item.status in ("entered-in-error", "not-done"):
                continue
            begun = PartialTime.parse(item.start) or PartialTime.parse(item.issued)
            if begun is not None and begun.earliest > at:
                continue
            if any(code.startswith(had.icd10) for code in icd10_of(item.concept)) and not item.verification.startswith(("un", "prov", "diff")):
                state, told = "used", record
                break
            if _any_word(had.words, item.concept.title) and not _any_word(_LOOKED_FOR, item.concept.title):
                state, told = "unclear", record
        if told is not None:
            found[had.key] = _fact(had.key, state, 1.0 if state == "used" else None, told, _days(told, at))
        elif by_silence == "no":
            found[had.key] = Fact(had.key, "used", 0.0, origin="record", how=HOW[had.key])
        else:
            found[had.key] = Fact(had.key, "stale" if by_silence else "missing", how=HOW[had.key])
    return found


def _said(mark: Mark, record: Record) -> str:
    codes: Mapping[str, tuple[str, ...]] = {SNOMED: mark.snomed, LOINC: mark.loinc, CVX: mark.cvx}
    if any(one.code in codes.get(one.system, ()) for one in record.item.concept.codings):
        return "used"
    return "unclear" if _any_word(mark.words, record.item.concept.title) else ""


def _any_word(words: Sequence[str], title: str) -> bool:
    low = title.casefold()
    return any(word in low for word in words) and not any(word in low for word in _NOT_MEANT)


def _current(records: Iterable[Record]) -> Iterator[Record]:
    return (one for one in records if one.standing is Standing.CURRENT and not one.item.see_original)


def _days(record: Record, at: datetime) -> int | None:
    """How many whole days ago, by the last moment its time can mean; None where it has none, or lies ahead."""
    time = PartialTime.parse(record.item.start) or PartialTime.parse(record.item.issued)
    if time is None or time.earliest > at:
        return None
    return max(0, (at - time.earliest).days)


def _fact(key: str, state: str, value: float | None, record: Record, days: int | None) -> Fact:
    when = record.item.start or record.item.issued
    labels = tuple(dict.fromkeys(source.label for source in record.sources))
    return Fact(key, state, value, "", when, days, "record", (record.record_id,), labels, HOW[key])
