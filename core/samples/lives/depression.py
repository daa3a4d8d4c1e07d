"""This is the place where Daniel's hard year is told: two questionnaires, a medicine, and the way back."""

from __future__ import annotations

from core.samples.chart import Chart
from core.samples.curves import along
from core.samples.desks import MOOD, ORCHARD
from core.samples.events import Problem, problem, vaccination, visit, yearly_flu
from core.samples.lives.telling import Told
from core.samples.observations import Panel, observation, pressure, report, smoking, visit_vitals
from core.samples.papers import document
from core.samples.physiology import bmi
from core.samples.planning import Plan, appointment, consent, goal, plan, team
from core.samples.terms import TERMS
from core.samples.treatment import MORNING, Course, prescribe, takes

HEIGHT = 181.0
STARTED = 420
"""Days ago sertraline was started; the scores fall after it, not before."""
PHQ9 = ((1820, 3), (520, 6), (440, 15), (STARTED, 17), (378, 11), (320, 7), (200, 5), (1, 3))
GAD7 = ((1820, 3), (520, 6), (440, 12), (STARTED, 14), (378, 9), (320, 6), (200, 4), (1, 3))

DESKS = (ORCHARD, MOOD)

WHO = Told(
    "daniel-brooks", "Daniel Brooks", "丹尼尔·布鲁克斯", (27, 4, 6), False, "America/New_York",
    "A depressive episode last year, scored week by week; treatment helped. Migraines now and then.",
    "去年一次抑郁发作，用量表逐周记录；治疗有效。偶有偏头痛。",
    ("9 Mill Lane", "Ithaca", "NY", "US"), ("Karen Brooks", "mother", "+1-555-0121"),
)  # fmt: skip


def tell(chart: Chart) -> None:
    ill = chart.working_day(440)
    low = problem(chart, Problem("depression", ill.isoformat()[:7], ill), chart.both)
    problem(chart, Problem("migraine", f"{chart.today.year - 9}", chart.working_day(1700)))
    team(chart, ill, ("Mental health team", ""))
    aim = goal(chart, ("PHQ-9 below 5 for three months", ""), ill, (TERMS["phq9"], "<", 5))
    steps = (
        ("Weekly talking therapy", ""),
        ("Answer the two questionnaires every second Sunday", ""),
        ("Crisis line 988 at any hour", ""),
    )
    plan(chart, Plan(("Recovery plan", ""), steps, ill, (low,), (aim,)))
    daily = Course("sertraline", chart.working_day(STARTED), None, 1, MORNING, ("One tablet in the morning", ""))
    rescue = Course(
        "sumatriptan", chart.working_day(1700), None, 1, {}, ("One tablet at the start of a migraine", ""), as_needed=True
    )
    for course in (daily, rescue):
        prescribe(chart, course)
        takes(chart, course, chart.day(10))
    for ago in (1700, 1200, 800, 440, STARTED - 42, 240, 60):
        clinic(chart, ago)
    text = "PHQ-9 fell from 17 to 5 in seven months on sertraline and weekly therapy. No thoughts of self-harm. Continue a year."
    document(chart, "progress", chart.working_day(200), (text, ""))
    answers(chart)
    yearly_flu(chart)
    vaccination(chart, "tdap", chart.working_day(1200))
    consent(chart, ill)
    appointment(chart, 9, "16:30", ("Talking therapy", ""), 50)


def clinic(chart: Chart, ago: int) -> None:
    """Visits; what he answers there the app keeps as well."""
    day, chance = chart.working_day(ago), chart.stream(f"clinic-{ago}")
    visit(chart, "followup", day, ("Low mood" if ago <= 440 else "Check-up", ""))
    weight = round(79 + (2.5 if ago < 300 else 0) + chance.gauss(0, 0.4), 1)
    vitals = {"heart_rate": 68 + chance.gauss(0, 4), "weight": weight, "height": HEIGHT, "bmi": bmi(weight, HEIGHT)}
    visit_vitals(chart, day, vitals, chart.both if ago == 60 else ())
    chart.add(f"pressure-{day}", pressure(chart, 119 + chance.gauss(0, 4), 74 + chance.gauss(0, 3), chart.at(day, "09:02")))
    for key, course in (("phq9", PHQ9), ("gad7", GAD7)):
        chart.add(f"{key}-{day}", observation(chart, key, along(course, ago), chart.at(day, "09:20")), *chart.both)
    chart.add(f"smoking-{day}", smoking(chart, "never", chart.at(day, "09:25")))
    if ago in (1700, 440):
        report(chart, Panel("blood_count", {"hemoglobin": 15.1, "white_cells": 6.2, "platelets": 245, "tsh": 1.9}), day)


def answers(chart: Chart) -> None:
    """The app asks every second Sunday since the episode began; some Sundays he does not answer."""
    chance = chart.stream("answers")
    sundays = [ago for ago in range(500, 0, -1) if chart.day(ago).weekday() == 6]
    for ago in sundays[::2]:
        if chance.random() < 0.12:
            continue
        for key, course, most in (("phq9", PHQ9, 27), ("gad7", GAD7, 21)):
            score = min(most, max(0, round(along(course, ago) + chance.gauss(0, 1))))
            chart.add(f"app-{key}-{chart.day(ago)}", observation(chart, key, score, chart.at(chart.day(ago), "17:30")), chart.side)
