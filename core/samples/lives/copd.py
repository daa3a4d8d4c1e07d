"""This is the place where Dorothy's lungs are told: slow loss, a winter exacerbation, inhalers, and an oximeter at home."""

from __future__ import annotations

from datetime import date

from core.domain.codes import RXNORM
from core.samples import oddities
from core.samples.chart import Chart
from core.samples.curves import along
from core.samples.desks import BREATHE, PINE_RIDGE
from core.samples.events import Allergy, Problem, allergy, problem, procedure, vaccination, visit, yearly_flu
from core.samples.lives.telling import Told
from core.samples.observations import Panel, at_clinic, observation, pressure, report, smoking, visit_vitals
from core.samples.papers import Examination, document, imaging
from core.samples.physiology import bmi
from core.samples.planning import Plan, appointment, consent, device, goal, plan, team
from core.samples.terms import TERMS
from core.samples.treatment import EVERY_12_HOURS, MORNING, TWICE, Course, prescribe, takes

HEIGHT = 161.0
WORSE, SEEN, BETTER = 262, 259, 248
"""Days ago the exacerbation began, was treated, and was over."""
QUIT_SMOKING = 1300
FEV1 = ((1820, 1.58), (1300, 1.46), (700, 1.38), (230, 1.31), (1, 1.30))
FVC = ((1820, 2.62), (1300, 2.55), (700, 2.50), (230, 2.44), (1, 2.43))
SATURATION = ((1820, 94.4), (266, 93.6), (259, 88.2), (254, 90.4), (246, 93.0), (1, 93.3))
WEIGHT = ((1820, 64.0), (262, 59.5), (1, 60.8))

DESKS = (PINE_RIDGE, BREATHE)

WHO = Told(
    "dorothy-novak", "Dorothy Novak", "多萝西·诺瓦克", (66, 1, 22), True, "America/Denver",
    "COPD: three inhalers, one hard winter, and a finger oximeter at home twice a week.",
    "慢性阻塞性肺疾病：三种吸入药，去年一次急性加重，在家每周两次测血氧。",
    ("77 Juniper Court", "Boulder", "CO", "US"), ("Anna Novak", "sister", "+1-555-0133"),
)  # fmt: skip


def tell(chart: Chart) -> None:
    found = chart.working_day(1820)
    lungs = problem(chart, Problem("copd", f"{chart.today.year - 7}", found), chart.both)
    worse = chart.day(WORSE)
    problem(chart, Problem("exacerbation", worse.isoformat(), worse, chart.day(BETTER).isoformat()))
    team(chart, found, ("Lung team", ""))
    aim = goal(chart, ("Oxygen saturation of 90 % or more at rest", ""), found, (TERMS["spo2"], ">=", 90))
    steps = (
        ("Reliever as needed, keep count of puffs", ""),
        ("Walk 20 minutes a day", ""),
        ("Start the rescue pack and call when worse", ""),
    )
    plan(chart, Plan(("COPD self-management", ""), steps, found, (lungs,), (aim,)))
    sulfa = ("sulfa", RXNORM, "10180", ("Sulfamethoxazole", "磺胺甲噁唑"))
    allergy(chart, Allergy(*sulfa, ("271807003", "Skin rash", "皮疹"), "medication", "low", found), chart.both)
    medicines(chart)
    for number, ago in enumerate((1820, 1640, 1460, 1280, 1100, 920, 700, 480, 230, 120, 26)):
        clinic(chart, number, ago)
    exacerbation(chart)
    at_home(chart)
    yearly_flu(chart)
    vaccination(chart, "pneumococcal", chart.working_day(1815), desks=chart.both)
    vaccination(chart, "zoster", chart.working_day(900), 1)
    procedure(chart, "rehabilitation", chart.working_day(215), ("Eight weeks, twelve sessions attended.", ""))
    consent(chart, found)
    oddities.hostile_narrative(chart, chart.working_day(230))
    oddities.changed_meaning(chart, chart.working_day(400))
    appointment(chart, 40, "11:15", ("Lung clinic with spirometry", ""), 40)


def medicines(chart: Chart) -> None:
    seen, better = chart.day(SEEN), chart.day(BETTER)
    puffs = ("Two puffs when short of breath, at most eight a day", "")
    daily = ("Inhale one capsule in the morning", "")
    twice = ("Inhale once in the morning and once in the evening, rinse your mouth", "")
    reliever = Course("albuterol", chart.working_day(1820), None, 2, {}, puffs, as_needed=True)
    courses = (
        reliever,
        Course("tiotropium", chart.working_day(1640), None, 1, MORNING, daily, how="reference"),
        Course("salmeterol_ics", chart.working_day(226), None, 1, TWICE, twice, how="contained"),
    )
    for course in courses:
        prescribe(chart, course)
        takes(chart, course, chart.day(20))
    prescribe(
        chart,
        Course("prednisone", seen, chart.day(SEEN - 5), 2, MORNING, ("Two tablets each morning for five days", ""), finished=True),
    )
    prescribe(
        chart,
        Course(
            "doxycycline",
            seen,
            chart.day(SEEN - 7),
            1,
            EVERY_12_HOURS,
            ("One capsule every twelve hours for seven days", ""),
            finished=True,
        ),
    )
    document(
        chart,
        "progress",
        better,
        ("Recovered to her usual breathlessness. Saturation 93 % on room air. Add a combined inhaler.", ""),
    )


def clinic(chart: Chart, number: int, ago: int) -> None:
    chance, day = chart.stream(f"clinic-{ago}"), chart.working_day(ago)
    visit(chart, "followup", day, ("Breathing", ""))
    weight = round(along(WEIGHT, ago) + chance.gauss(0, 0.2), 1)
    vitals = {
        "heart_rate": 82 + chance.gauss(0, 4), "breathing": 18 + chance.gauss(0, 1), "weight": weight, "height": HEIGHT,
        "bmi": bmi(weight, HEIGHT), "spo2": along(SATURATION, ago),
    }  # fmt: skip
    visit_vitals(chart, day, vitals, chart.both if number > 8 else ())
    chart.add(
        f"clinic-pressure-{day}",
        at_clinic(pressure(chart, 128 + chance.gauss(0, 5), 76 + chance.gauss(0, 3), chart.at(day, "09:02"))),
    )
    status = "daily" if ago > QUIT_SMOKING else "former"
    chart.add(f"smoking-{day}", smoking(chart, status, chart.at(day, "09:20")), *chart.both)
    if number % 2 == 0:
        blow(chart, day, ago)
        chart.add(f"mood-{day}", observation(chart, "phq9", 6 + (3 if ago == 230 else 0) + number % 3, chart.at(day, "09:25")))


def blow(chart: Chart, day: date, ago: int) -> None:
    """Spirometry: the ratio is that of the two volumes as they are written."""
    chance = chart.stream(f"blow-{ago}")
    first, whole = round(along(FEV1, ago) + chance.gauss(0, 0.02), 2), round(along(FVC, ago) + chance.gauss(0, 0.03), 2)
    values = {"fev1": first, "fvc": whole, "fev1_fvc": 100 * first / whole}
    procedure(chart, "spirometry", day)
    report(chart, Panel("spirometry", values, "Airflow obstruction, not reversible."), day, "10:00")


def exacerbation(chart: Chart) -> None:
    day = chart.day(SEEN)
    visit(chart, "emergency", day, ("Worse cough and breathlessness for three days", ""))
    for key, value in {"spo2": 88, "heart_rate": 108, "breathing": 26, "temperature": 37.9}.items():
        chart.add(
            f"emergency-{key}", observation(chart, key, value, chart.at(day, "09:12")), *chart.both[: 2 if key == "spo2" else 1]
        )
    report(chart, Panel("blood_count", {"white_cells": 12.8, "hemoglobin": 13.9, "platelets": 288, "crp": 46.0}), day, "09:40")
    seen = ("Hyperinflated lungs, no consolidation.", "")
    imaging(chart, Examination("chest_xray", "DX", ("51185008", "Thoracic structure"), day, seen))


def at_home(chart: Chart) -> None:
    """The oximeter on Tuesdays and Fridays of three years, daily while she was worse."""
    device(chart, "oximeter")
    chance = chart.stream("oximeter")
    for ago in range(1095, 0, -1):
        day, value = chart.day(ago), along(SATURATION, ago) + chance.gauss(0, 0.8)
        ill = BETTER <= ago <= WORSE
        skipped = chance.random() < 0.08
        if (day.weekday() not in (1, 4) or skipped) and not ill:
            continue
        when = chart.at(day, f"08:{chance.randrange(10, 50)}")
        body = observation(chart, "spo2", min(97, value), when) | {"device": {"reference": "@device-oximeter"}}
        chart.add(f"spo2-{day}", body, chart.side)
        pulse = 80 + (18 if ill else 0) + chance.gauss(0, 4)
        if day.weekday() == 1:
            chart.add(f"pulse-{day}", observation(chart, "heart_rate", pulse, when), chart.side)
