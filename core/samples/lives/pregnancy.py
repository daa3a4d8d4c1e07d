"""This is the place where Chen Meiling's pregnancy is told, week by week, not yet over; before it, her yearly check-ups."""

from __future__ import annotations

from datetime import date, timedelta

from core.domain.codes import LOINC
from core.samples import oddities
from core.samples.chart import PATIENT, Body, Chart
from core.samples.curves import along
from core.samples.desks import BUMP_DIARY, XIHU
from core.samples.events import Problem, problem, procedure, vaccination, visit, yearly_flu
from core.samples.lives.telling import Told
from core.samples.observations import Panel, at_clinic, at_home, category, observation, pressure, report, smoking, visit_vitals
from core.samples.papers import Examination, imaging
from core.samples.physiology import bmi, due_date_days
from core.samples.planning import Plan, appointment, consent, device, goal, plan, team
from core.samples.shapes import coding, concept, refer
from core.samples.terms import TERMS, Term
from core.samples.treatment import BEFORE_BREAKFAST, MORNING, WITH_MEALS_TWICE, Course, prescribe, takes

HEIGHT = 163.0
PREGNANT_FOR = 29 * 7 + 3
"""Days since the first day of the last period: 29 weeks and 3 days today."""
VISIT_WEEKS = (8, 12, 16, 20, 24, 26, 28, 29)
WEIGHT = ((1800, 53.4), (900, 54.2), (210, 54.6), (120, 55.4), (64, 60.0), (1, 63.4))
IRON_WEEK = 24

DESKS = (XIHU, BUMP_DIARY)

WHO = Told(
    "chen-meiling", "Chen Meiling", "陈美玲", (31, 5, 9), True, "Asia/Shanghai",
    "First pregnancy, 29 weeks: mild anaemia on iron, a normal glucose test, and thyroid tablets that keep her level.",
    "第一次怀孕，孕29周：轻度贫血补铁中，糖耐量正常，甲状腺药物控制良好。",
    ("文三路99号", "杭州市", "浙江", "CN"), ("林浩", "丈夫", "+86-555-0142"), chinese=True,
)  # fmt: skip


def week_day(chart: Chart, week: int) -> date:
    """The day the pregnancy reached that many whole weeks."""
    return chart.day(PREGNANT_FOR) + timedelta(weeks=week)


def tell(chart: Chart) -> None:
    known = week_day(chart, 8)
    pregnant = problem(chart, Problem("pregnancy", week_day(chart, 5).isoformat(), known), chart.both)
    problem(chart, Problem("hypothyroidism", known.isoformat(), known))
    problem(chart, Problem("anemia", week_day(chart, IRON_WEEK).isoformat(), week_day(chart, IRON_WEEK), note=("", "孕期轻度贫血")))
    team(chart, known, ("", "围产保健团队"))
    aim = goal(chart, ("", "空腹血糖低于5.1 mmol/L"), known, (TERMS["glucose_fasting"], "<", 5.1))
    steps = (("", "按时产检"), ("", "每周自测体重和血压"), ("", "28周起每天数胎动"))
    plan(chart, Plan(("", "孕期保健计划"), steps, known, (pregnant,), (aim,)))
    consent(chart, known)
    checkups(chart)
    due(chart, known)
    medicines(chart)
    for week in VISIT_WEEKS:
        prenatal(chart, week)
    laboratory(chart)
    scans(chart)
    diary(chart)
    vaccination(chart, "hpv", chart.working_day(1500), 1)
    vaccination(chart, "hpv", chart.working_day(1440), 2)
    vaccination(chart, "hpv", chart.working_day(1318), 3)
    yearly_flu(chart, 1)
    oddities.only_a_month(chart, "weight", 53.0, chart.day(1200))
    appointment(chart, 8, "09:20", ("", "产前检查（孕30周）"))
    appointment(chart, 22, "09:20", ("", "产前检查（孕32周）"))


def medicines(chart: Chart) -> None:
    courses = (
        Course("folic_acid", chart.day(PREGNANT_FOR + 80), week_day(chart, 13), 1, MORNING, ("", "每日1片"), finished=True),
        Course("levothyroxine", week_day(chart, 8), None, 1, BEFORE_BREAKFAST, ("", "早餐前30分钟空腹服1片"), how="reference"),
        Course("iron", week_day(chart, IRON_WEEK), None, 1, WITH_MEALS_TWICE, ("", "每日2次，每次1片，随餐服用")),
        Course(
            "calcium",
            week_day(chart, 16),
            None,
            1,
            {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["HS"]},
            ("", "睡前1片"),
        ),
    )
    for course in courses:
        prescribe(chart, course)
        takes(chart, course, chart.day(5))


def due(chart: Chart, known: date) -> None:
    """The expected day of delivery and the fact of being pregnant."""
    expected = chart.day(PREGNANT_FOR) + timedelta(days=due_date_days())
    facts: dict[str, tuple[Term, Body]] = {
        "due-date": (Term("11778-8", "Delivery date Estimated", "预产期", "", 0, "exam"), {"valueDateTime": expected.isoformat()}),
        "pregnancy-status": (
            Term("82810-3", "Pregnancy status", "妊娠状态", "", 0, "social-history"),
            {"valueCodeableConcept": concept("已怀孕", coding("http://snomed.info/sct", "77386006", "Pregnant"))},
        ),
    }
    for key, (term, value) in facts.items():
        body = {
            "resourceType": "Observation", "status": "final", "category": category(term.category),
            "code": concept(term.name_zh, coding(LOINC, term.loinc, term.name)), "subject": refer(PATIENT),
            "effectiveDateTime": chart.at(known, "09:30"), **value,
        }  # fmt: skip
        chart.add(key, body, *chart.both)


def prenatal(chart: Chart, week: int) -> None:
    day, chance = week_day(chart, week), chart.stream(f"week-{week}")
    ago = (chart.today - day).days
    visit(chart, "prenatal", day, ("", f"孕{week}周产检"))
    procedure(chart, "prenatal", day)
    weight = round(along(WEIGHT, ago) + chance.gauss(0, 0.2), 1)
    vitals = {"gestation": float(week), "weight": weight, "heart_rate": 78 + week / 3 + chance.gauss(0, 3)}
    if week == 8:
        vitals |= {"height": HEIGHT, "bmi": bmi(weight, HEIGHT)}
    if week >= 16:
        vitals["fetal_heart"] = 154 - week / 3 + chance.gauss(0, 3)
    if week >= 20:
        vitals["fundal_height"] = week - 1 + chance.gauss(0, 0.6)
    visit_vitals(chart, day, vitals, chart.both if week in (24, 28) else ())
    mid = 108 if 16 <= week <= 26 else 112
    body = at_clinic(pressure(chart, mid + chance.gauss(0, 4), mid * 0.63 + chance.gauss(0, 3), chart.at(day, "09:02")))
    chart.add(f"pressure-{day}", body, *chart.both)
    if week == 8:
        chart.add(f"smoking-{day}", smoking(chart, "never", chart.at(day, "09:20")))
        chart.add(f"worry-{day}", observation(chart, "gad7", 5, chart.at(day, "09:25")))


def laboratory(chart: Chart) -> None:
    """Blood counts (the anaemia answers to iron), thyroid, and the 75 g glucose test at 25 weeks (all below its limits)."""
    for week, red, thyroid in ((8, 124, 4.62), (12, 119, 2.31), (20, 112, 1.98), (24, 104, 1.87), (28, 109, 2.05)):
        values = {"hemoglobin_si": red, "white_cells": 8.1 + week / 20, "platelets": 226 - week, "tsh": thyroid}
        text = "轻度贫血，建议补铁" if red < 110 else ""
        report(chart, Panel("blood_count", values, text), week_day(chart, week), desks=chart.both if week == 28 else ())
    day = week_day(chart, 25)
    visit(chart, "prenatal", day, ("", "75克口服葡萄糖耐量试验"))
    chart.add("ogtt-0h", observation(chart, "ogtt_0h", 4.5, chart.at(day, "08:00")), *chart.both)
    chart.add("ogtt-2h", observation(chart, "ogtt_2h", 6.9, chart.at(day, "10:00")), *chart.both)


def scans(chart: Chart) -> None:
    womb = ("35039007", "Uterine structure")
    for week, seen in (
        (12, "宫内单活胎，NT 1.4 mm，孕周相符"),
        (22, "胎儿结构筛查未见明显异常，胎盘位置正常"),
        (29, "胎儿大小符合孕周，羊水正常，头位"),
    ):
        imaging(chart, Examination("obstetric_ultrasound", "US", womb, week_day(chart, week), ("", seen), 12))


def checkups(chart: Chart) -> None:
    """The yearly check-up at work before the pregnancy."""
    for ago in (1790, 1430, 1060, 690, 330):
        day, chance = chart.working_day(ago), chart.stream(f"checkup-{ago}")
        visit(chart, "checkup", day, ("", "单位年度体检"))
        weight = round(along(WEIGHT, ago) + chance.gauss(0, 0.4), 1)
        vitals = {"heart_rate": 70 + chance.gauss(0, 3), "weight": weight, "height": HEIGHT, "bmi": bmi(weight, HEIGHT)}
        visit_vitals(chart, day, vitals)
        chart.add(f"pressure-{day}", pressure(chart, 110 + chance.gauss(0, 4), 70 + chance.gauss(0, 3), chart.at(day, "09:02")))
        values = {
            "hemoglobin_si": 128 + chance.gauss(0, 2), "glucose_fasting": 4.8 + chance.gauss(0, 0.15), "tsh": 2.9 + (1800 - ago) / 1600,
            "creatinine_si": 55 + chance.gauss(0, 2),
        }  # fmt: skip
        report(chart, Panel("metabolic", values), day)


def diary(chart: Chart) -> None:
    """At home: weight and pressure each Sunday since week ten."""
    device(chart, "scale")
    device(chart, "cuff")
    chance = chart.stream("diary")
    for ago in range(PREGNANT_FOR - 70, 0, -1):
        day = chart.day(ago)
        if day.weekday() == 6:
            chart.add(
                f"weight-{day}",
                observation(chart, "weight", along(WEIGHT, ago) + chance.gauss(0, 0.2), chart.at(day, "07:05")),
                chart.side,
            )
            body = at_home(pressure(chart, 109 + chance.gauss(0, 4), 68 + chance.gauss(0, 3), chart.at(day, "07:10")))
            chart.add(f"home-pressure-{day}", body, chart.side)
