"""This is the place where Leo's first five years are told: growth, vaccines, wheezes, and a peanut."""

from __future__ import annotations

from datetime import date, timedelta

from core.samples import oddities
from core.samples.chart import Chart
from core.samples.curves import along
from core.samples.desks import MESA, SUNNYSIDE
from core.samples.events import ANAPHYLAXIS, PEANUT, Allergy, Problem, allergy, problem, vaccination, visit, yearly_flu
from core.samples.lives.telling import Told
from core.samples.observations import observation, visit_vitals
from core.samples.papers import document
from core.samples.physiology import bmi
from core.samples.planning import Plan, appointment, consent, goal, plan, team
from core.samples.terms import TERMS
from core.samples.treatment import TWICE, Course, clock_times, prescribe

VISIT_MONTHS = (0, 1, 2, 4, 6, 9, 12, 15, 18, 24, 30, 36, 48, 60)
LENGTH = ((0, 50.2), (1, 55.0), (2, 58.7), (4, 64.2), (6, 68.0), (9, 72.4), (12, 76.2), (15, 79.6), (18, 82.8), (24, 88.4), (30, 93.0), (36, 97.2), (48, 104.6), (60, 111.2), (72, 117.3))  # fmt: skip
WEIGHT = ((0, 3.4), (1, 4.5), (2, 5.7), (4, 7.2), (6, 8.1), (9, 9.1), (12, 9.9), (15, 10.6), (18, 11.2), (24, 12.5), (30, 13.7), (36, 14.8), (48, 16.9), (60, 19.0), (72, 21.2))  # fmt: skip
HEAD = ((0, 34.6), (1, 37.3), (2, 39.1), (4, 41.6), (6, 43.3), (9, 45.0), (12, 46.1), (15, 46.8), (18, 47.4), (24, 48.3))
"""Age in months and centimetres or kilograms, near the middle of the WHO standards for boys (WHO 2006)."""

SCHEDULE = {
    "hepatitis_b": (0, 1, 6), "rotavirus": (2, 4), "dtap": (2, 4, 6, 15, 48), "hib": (2, 4, 12), "pneumococcal": (2, 4, 6, 12),
    "polio": (2, 4, 6, 48), "mmr": (12, 48), "varicella": (12, 48), "hepatitis_a": (12, 18),
}  # fmt: skip
"""Months of age at which each dose was given (US childhood schedule)."""

DESKS = (SUNNYSIDE, MESA)

WHO = Told(
    "leo-martinez", "Leo Martinez", "利奥·马丁内斯", (5, 6, 17), False, "America/Phoenix",
    "Five years old: growing well, all vaccines, asthma since four, and a peanut allergy that matters.",
    "五岁：生长良好，疫苗齐全，四岁起哮喘，对花生严重过敏。",
    ("5 Saguaro Lane", "Mesa", "AZ", "US"), ("Elena Martinez", "mother", "+1-555-0177"),
)  # fmt: skip


def months(chart: Chart, age: float) -> date:
    """The working day on which he was that many months old."""
    day = chart.person.birth + timedelta(days=round(age * 30.4375))
    return day if age == 0 else day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def tell(chart: Chart) -> None:
    for age in VISIT_MONTHS:
        checkup(chart, age)
    for vaccine, ages in SCHEDULE.items():
        for dose, age in enumerate(ages, start=1):
            if months(chart, age) < chart.today:
                vaccination(chart, vaccine, months(chart, age), dose, chart.both if vaccine in ("mmr", "dtap") else (chart.side,))
    yearly_flu(chart, 4)
    cold(chart)
    ear(chart)
    peanut(chart)
    asthma(chart)
    consent(chart, months(chart, 0))
    oddities.somebody_elses(chart, months(chart, 48))
    appointment(chart, 33, "15:40", ("Asthma follow-up before winter", ""))


def checkup(chart: Chart, age: int) -> None:
    """Growth at the practice; length and weight are copied to the hospital at some visits."""
    day, chance = months(chart, age), chart.stream(f"checkup-{age}")
    if day >= chart.today:
        return
    weight, length = round(along(WEIGHT, age) + chance.gauss(0, 0.05), 1), round(along(LENGTH, age) + chance.gauss(0, 0.3), 1)
    growth = {"weight": weight, "height": length}
    if age >= 24:
        growth["bmi"] = bmi(weight, length)
    if age <= 24:
        growth["head"] = along(HEAD, age)
    visit_vitals(chart, day, growth, chart.both if age in (0, 12, 36, 48, 60) else (chart.side,))
    if age >= 36:
        chart.add(
            f"pulse-{day}", observation(chart, "heart_rate", 104 - age / 5 + chance.gauss(0, 4), chart.at(day, "09:12")), chart.side
        )


def cold(chart: Chart) -> None:
    """Last week's visit: a cold, breathing well."""
    day = chart.working_day(4)
    visit(chart, "problem", day, ("Runny nose, breathing well", ""))
    for key, value in {"temperature": 37.6, "spo2": 98.0, "heart_rate": 96.0, "breathing": 22.0}.items():
        chart.add(
            f"cold-{key}",
            observation(chart, key, value, chart.at(day, "09:10")),
            *(chart.both if key == "temperature" else (chart.side,)),
        )


def ear(chart: Chart) -> None:
    day = months(chart, 20)
    visit(chart, "problem", day, ("Fever and ear pain", ""))
    chart.add(f"fever-{day}", observation(chart, "temperature", 38.9, chart.at(day, "09:05")), *chart.both)
    problem(chart, Problem("otitis", day.isoformat(), day, (day + timedelta(days=10)).isoformat()), chart.both)
    text = ("4 mL twice a day for seven days", "")
    prescribe(chart, Course("amoxicillin", day, day + timedelta(days=7), 4, TWICE, text, finished=True), chart.both)


def peanut(chart: Chart) -> None:
    day = months(chart, 26)
    visit(chart, "emergency", day, ("Swollen lips and wheeze after a peanut biscuit", ""))
    for key, value in {"heart_rate": 158, "spo2": 92, "breathing": 38}.items():
        chart.add(f"emergency-{key}", observation(chart, key, value, chart.at(day, "09:03")))
    allergy(chart, Allergy(*PEANUT, ANAPHYLAXIS, "food", "high", day, severity="severe"), chart.both)
    pen = ("Into the outer thigh at once if he reacts, then call an ambulance", "")
    prescribe(chart, Course("epinephrine", day, None, 1, {}, pen, as_needed=True, how="contained"), chart.both)
    text = "Anaphylaxis to peanut. Adrenaline given, observed six hours. Strict avoidance, carries an auto-injector."
    document(chart, "discharge", day, (text, ""), chart.both)


def asthma(chart: Chart) -> None:
    day = months(chart, 49)
    visit(chart, "problem", day, ("Cough at night and wheeze", ""))
    found = problem(chart, Problem("asthma", day.isoformat(), day), chart.both)
    team(chart, day, ("Allergy and asthma team", ""))
    aim = goal(chart, ("Oxygen saturation of 95 % or more when well", ""), day, (TERMS["spo2"], ">=", 95))
    steps = (("Preventer twice a day through the spacer", ""), ("Reliever before sport", ""), ("Yellow zone: four puffs, call", ""))
    plan(chart, Plan(("Asthma action plan", ""), steps, day, (found,), (aim,)))
    prescribe(
        chart, Course("albuterol", day, None, 2, {}, ("Two puffs through the spacer when wheezing", ""), as_needed=True), chart.both
    )
    preventer = ("Two puffs at 7 am and 7 pm through the spacer", "")
    prescribe(chart, Course("fluticasone", day, None, 2, clock_times("07:00", "19:00"), preventer, how="reference"))
    for weeks, saturation in ((0, 94), (6, 97), (24, 98)):
        seen = day + timedelta(weeks=weeks)
        if seen < chart.today:
            visit(chart, "followup", seen, ("Asthma review", ""))
            chart.add(f"saturation-{seen}", observation(chart, "spo2", saturation, chart.at(seen, "09:08")))
