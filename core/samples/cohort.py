"""This is the place where a crowd of simpler people is made, one after the other, for tests of scale.

A person depends on the seed, the day and their own number only: person 17 is the same in a cohort of 20 and of 20,000.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.samples.chart import Body, Chart, Someone
from core.samples.desks import COTTONWOOD, HARBOR, HEPING, LAKESIDE, PUJIANG
from core.samples.events import HIVES, PENICILLIN, Allergy, Problem, allergy, problem, vaccination, visit
from core.samples.observations import Panel, observation, pressure, report, smoking, visit_vitals
from core.samples.packing import resources
from core.samples.physiology import UMOL_PER_MG_CREATININE, age_in_years, bmi, egfr, friedewald_mg_dl
from core.samples.treatment import DAILY, Course, prescribe

GIVEN = {
    True: ("Mary", "Linda", "Susan", "Karen", "Nancy", "Lisa", "Emma", "Olivia", "Ava", "Sofia", "Grace", "Ruth", "Alice", "Maria"),
    False: (
        "James",
        "Robert",
        "John",
        "David",
        "Carlos",
        "Daniel",
        "Paul",
        "Mark",
        "Liam",
        "Noah",
        "Lucas",
        "Samuel",
        "Omar",
        "Ivan",
    ),
}
FAMILY = ("Smith", "Johnson", "Garcia", "Brown", "Davis", "Miller", "Wilson", "Moore", "Taylor", "Lopez", "Clark", "Lewis", "Young")
GIVEN_ZH = {
    True: (("Xiuying", "秀英"), ("Li", "丽"), ("Fang", "芳"), ("Min", "敏"), ("Jing", "静"), ("Xue", "雪")),
    False: (("Wei", "伟"), ("Qiang", "强"), ("Lei", "磊"), ("Jun", "军"), ("Yong", "勇"), ("Haoran", "浩然")),
}
FAMILY_ZH = (
    ("Wang", "王"),
    ("Li", "李"),
    ("Zhang", "张"),
    ("Liu", "刘"),
    ("Chen", "陈"),
    ("Yang", "杨"),
    ("Zhao", "赵"),
    ("Huang", "黄"),
)

DESKS_EN, DESKS_ZH = (LAKESIDE, COTTONWOOD, HARBOR), (PUJIANG, HEPING)


@dataclass(frozen=True, slots=True)
class Chance:
    """A chronic problem of the crowd: from which age, how likely per decade after it, and the medicine for it."""

    diagnosis: str
    from_age: int
    per_decade: float
    drug: str = ""


PROBLEMS = (
    Chance("hypertension", 30, 0.13, "amlodipine"), Chance("hyperlipidemia", 35, 0.10, "atorvastatin"),
    Chance("diabetes2", 35, 0.05, "metformin"), Chance("asthma", 4, 0.008, "albuterol"), Chance("copd", 45, 0.03, "tiotropium"),
    Chance("coronary", 50, 0.03, "aspirin"), Chance("fibrillation", 60, 0.04, "apixaban"), Chance("heart_failure", 60, 0.03, "bisoprolol"),
    Chance("ckd3", 55, 0.04), Chance("gout", 40, 0.012, "febuxostat"), Chance("osteoporosis", 60, 0.05, "calcium"),
    Chance("depression", 16, 0.015, "sertraline"), Chance("migraine", 14, 0.02, "sumatriptan"),
)  # fmt: skip
"""Rough rates that give a mixed crowd, no estimate of any population."""


def _someone(number: int, today: date, chance: random.Random) -> Someone:
    chinese, female = chance.random() < 0.25, chance.random() < 0.51
    age = int(min(97, max(0, chance.triangular(0, 98, 45))))
    birth = today - timedelta(days=age * 365 + age // 4 + chance.randrange(1, 365))
    slug = f"cohort-{number:07d}"
    if chinese:
        (family, family_zh), (given, given_zh) = chance.choice(FAMILY_ZH), chance.choice(GIVEN_ZH[female])
        names = f"{family} {given}", family_zh + given_zh
        place = ("解放路1号", "杭州市", "浙江", "CN")
    else:
        family, given = chance.choice(FAMILY), chance.choice(GIVEN[female])
        names = f"{given} {family}", ""
        place = ("1 Main Street", "Springfield", "IL", "US")
    zone = "Asia/Shanghai" if chinese else "America/Chicago"
    return Someone(slug, *names, family, (given,), birth, female, zone, chinese, f"+1-555-{number % 10_000:04d}", place, "", "")


def person(number: int, today: date, seed: int) -> list[Body]:
    """The resources of the cohort's person with that number, Patient first; references are relative ("Patient/id")."""
    chance = random.Random(f"{seed}/cohort/{number}")  # noqa: S311  (no secret is drawn from it)
    who = _someone(number, today, chance)
    desk = chance.choice(DESKS_ZH if who.chinese else DESKS_EN)
    chart = Chart(who, (desk, desk), today, seed)
    age = age_in_years(who.birth, today)
    ill = [row for row in PROBLEMS if chance.random() < row.per_decade * max(0, age - row.from_age) / 10]
    for row in ill:
        _fall_ill(chart, row, chance)
    if chance.random() < 0.08:
        allergy(chart, Allergy(*PENICILLIN, HIVES, "medication", "high", _since(chart, chance.randrange(1, 1800))))
    height = 165 + (0 if who.female else 12) + chance.gauss(0, 6) if age >= 18 else 50 + 6.5 * age + chance.gauss(0, 3)
    body_mass = chance.gauss(26, 4) if age >= 18 else chance.gauss(16, 1)
    weight = max(2.8, max(14.0, body_mass) * (height / 100) ** 2)
    for back in range(5):
        ago = back * 365 + chance.randrange(5, 200)
        if chart.day(ago) > who.birth:
            _year(chart, ago, (round(weight + chance.gauss(0, 1), 1), round(height, 1)), {row.diagnosis for row in ill})
    return resources(chart, desk)


def _since(chart: Chart, ago: int) -> date:
    return max(chart.day(ago), chart.person.birth + timedelta(days=1))


def _fall_ill(chart: Chart, row: Chance, chance: random.Random) -> None:
    day = _since(chart, chance.randrange(60, 4000))
    problem(chart, Problem(row.diagnosis, day.isoformat(), day))
    if row.drug:
        as_needed = row.drug in ("albuterol", "sumatriptan")
        ended = _since(chart, chance.randrange(1, 60)) if chance.random() < 0.15 else None
        why = ("Side effects", "不良反应") if ended else ("", "")
        text = ("As needed", "必要时使用") if as_needed else ("Once a day", "每日1次")
        repeat = {} if as_needed else DAILY
        prescribe(chart, Course(row.drug, day, ended, 1, repeat, text, why, as_needed))


def _year(chart: Chart, ago: int, size: tuple[float, float], ill: set[str]) -> None:
    """One yearly visit: vital signs, and from 18 years on pressure, smoking and blood; the autumn vaccine for some."""
    chance, day = chart.stream(f"year-{ago}"), chart.day(ago)
    weight, height = size
    age = age_in_years(chart.person.birth, day)
    visit(chart, "checkup", day)
    vitals = {"heart_rate": chance.gauss(74, 8) if age > 12 else chance.gauss(98, 8)}
    if age >= 18:
        vitals |= {"weight": weight, "height": height, "bmi": bmi(weight, height)}
        high = 116 + age / 5 + 14 * ("hypertension" in ill) + chance.gauss(0, 7)
        chart.add(f"pressure-{ago}", pressure(chart, high, high * 0.6 + chance.gauss(0, 4), chart.at(day, "09:02")))
        status = ("never", "never", "never", "former", "daily")[sum(map(ord, chart.person.slug)) % 5]
        chart.add(f"smoking-{ago}", smoking(chart, status, chart.at(day, "09:20")))
        _bloods(chart, day, ill)
    visit_vitals(chart, day, vitals)
    if "copd" in ill or "asthma" in ill:
        chart.add(
            f"spo2-{ago}",
            observation(chart, "spo2", min(100, 96 - 3 * ("copd" in ill) + chance.gauss(0, 1)), chart.at(day, "09:04")),
        )
    if chance.random() < 0.4:
        vaccination(chart, "influenza", day)


def _bloods(chart: Chart, day: date, ill: set[str]) -> None:
    chance, female = chart.stream(f"bloods-{day}"), chart.person.female
    age = age_in_years(chart.person.birth, day)
    milligrams = max(0.45, (0.75 if female else 0.95) + 0.65 * ("ckd3" in ill) + chance.gauss(0, 0.06))
    if chart.person.chinese:
        shown = round(milligrams * UMOL_PER_MG_CREATININE)
        values: dict[str, float] = {"creatinine_si": shown, "egfr": egfr(shown / UMOL_PER_MG_CREATININE, age, female)}
    else:
        shown_mg = round(milligrams, 2)
        values = {"creatinine": shown_mg, "egfr": egfr(shown_mg, age, female)}
        total, hdl, fat = round(chance.gauss(195, 25)), round(chance.gauss(54, 8)), round(chance.gauss(125, 30))
        fats = {"cholesterol": total, "hdl": hdl, "triglycerides": fat, "ldl": friedewald_mg_dl(total, hdl, fat)}
        report(chart, Panel("lipids", fats), day)
    values |= {"potassium": chance.gauss(4.3, 0.25), "sodium": chance.gauss(139.5, 1.8)}
    report(chart, Panel("metabolic", values), day)
    if "diabetes2" in ill:
        report(chart, Panel("hba1c", {"hba1c": max(5.8, chance.gauss(7.3, 0.8))}), day)


def cohort(count: int, today: date, seed: int) -> Iterator[list[Body]]:
    """Person after person, each as a list of resources; what a hospital shares comes with the first person treated there."""
    told: set[tuple[str, str]] = set()
    for number in range(count):
        mine = []
        for resource in person(number, today, seed):
            shared = resource["resourceType"] in ("Organization", "Practitioner", "PractitionerRole")
            key = (resource["resourceType"], resource["id"])
            if shared and key in told:
                continue
            if shared:
                told.add(key)
            mine.append(resource)
        yield mine
