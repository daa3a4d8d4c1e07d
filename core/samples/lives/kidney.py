"""This is the place where Li Shufen's old age is told: twelve medicines and kidneys that slowly give way."""

from __future__ import annotations

from datetime import date

from core.samples import oddities
from core.samples.chart import Chart
from core.samples.curves import along
from core.samples.desks import HEPING, YANJING
from core.samples.events import HIVES, PENICILLIN, Allergy, Problem, allergy, problem, procedure, vaccination, visit, yearly_flu
from core.samples.lives.telling import Told
from core.samples.observations import Panel, at_clinic, observation, pressure, report, smoking, visit_vitals
from core.samples.papers import Examination, document, imaging
from core.samples.physiology import UMOL_PER_MG_CREATININE, age_in_years, bmi, egfr
from core.samples.planning import Plan, appointment, consent, goal, plan, team
from core.samples.terms import TERMS
from core.samples.treatment import (
    BEDTIME,
    BEFORE_BREAKFAST,
    MORNING,
    TWICE,
    WITH_MEALS_THRICE,
    WITH_MEALS_TWICE,
    Course,
    clock_times,
    prescribe,
    takes,
)

HEIGHT = 154.0
CREATININE = ((1820, 90.0), (1400, 99.0), (1000, 112.0), (700, 124.0), (400, 139.0), (150, 152.0), (1, 158.0))
POTASSIUM = ((1820, 4.3), (1000, 4.7), (400, 5.1), (170, 5.5), (150, 5.1), (1, 5.0))
HEMOGLOBIN = ((1820, 121), (1000, 114), (400, 103), (330, 98), (150, 106), (1, 108))
URIC_ACID = ((1820, 398), (1090, 486), (1040, 371), (1, 355))
PROTEIN = ((1820, 45), (1000, 160), (400, 310), (1, 380))
HBA1C = ((1820, 7.4), (1000, 7.2), (1, 7.3))
WEIGHT = ((1820, 58.5), (700, 56.2), (1, 53.4))

DESKS = (YANJING, HEPING)

WHO = Told(
    "li-shufen", "Li Shufen", "李淑芬", (82, 12, 1), True, "Asia/Shanghai",
    "Eighty-two, twelve medicines a day; her kidneys went from stage 3 to stage 4 in five years and potassium needs watching.",
    "82岁，每天服用12种药；五年间慢性肾脏病由3期进展到4期，血钾需要密切观察。",
    ("和平里北街21号楼", "北京市", "北京", "CN"), ("王志强", "儿子", "+86-555-0155"), chinese=True,
)  # fmt: skip


def tell(chart: Chart) -> None:
    found = chart.working_day(1820)
    problems(chart, found)
    team(chart, found, ("", "肾病随访小组"))
    medicines(chart)
    allergy(chart, Allergy(*PENICILLIN, HIVES, "medication", "high", found), chart.both)
    for number, ago in enumerate(range(1820, 0, -100)):
        clinic(chart, number, ago)
    community(chart)
    yearly_flu(chart)
    vaccination(chart, "pneumococcal", chart.working_day(1500), desks=chart.both)
    seen = ("", "双肾缩小，皮质变薄，符合慢性肾病改变")
    imaging(chart, Examination("echo", "US", ("80891009", "Heart"), chart.working_day(620), ("", "左房增大，左室射血分数58%"), 18))
    text = ("", f"慢性肾脏病4期。{seen[1]}。建议低盐低钾优质低蛋白饮食，每三个月复查肾功能和血钾，避免使用非甾体抗炎药。")
    document(chart, "letter", chart.working_day(115), text, chart.both)
    procedure(chart, "reconciliation", chart.working_day(120), ("", "核对12种药物，停用布洛芬"))
    consent(chart, found)
    oddities.without_unit(chart, "potassium", 5.4, chart.working_day(120))
    oddities.strange_unit(chart, "uric_acid_si", 6.2, "单位", chart.working_day(120))
    oddities.below_detection(chart, "crp", 5, chart.working_day(120))
    oddities.somebody_elses(chart, chart.working_day(220))
    appointment(chart, 17, "08:40", ("", "肾内科复诊，抽血查钾"))
    appointment(chart, 31, "10:00", ("", "社区用药随访"))


def problems(chart: Chart, found: date) -> None:
    year = chart.today.year
    third, fourth = chart.working_day(1720), chart.working_day(115)
    problem(chart, Problem("ckd3", third.isoformat(), third, fourth.isoformat()))
    kidney = problem(chart, Problem("ckd4", fourth.isoformat(), fourth), chart.both)
    for key, onset in (("hypertension", str(year - 22)), ("diabetes2", str(year - 15)), ("osteoporosis", f"{year - 8}-05")):
        problem(chart, Problem(key, onset, found), chart.both if key != "osteoporosis" else ())
    for key, ago in (("fibrillation", 1395), ("gout", 1095), ("anemia", 335)):
        seen = chart.working_day(ago)
        problem(chart, Problem(key, f"{seen:%Y-%m}", seen), chart.both if key != "gout" else ())
    aim = goal(chart, ("", "血钾保持在5.0 mmol/L以下"), fourth, (TERMS["potassium"], "<", 5.0))
    steps = (("", "低钾饮食"), ("", "每三个月复查肾功能"), ("", "每次就诊核对全部药物"))
    plan(chart, Plan(("", "慢性肾病管理计划"), steps, fourth, (kidney,), (aim,)))


def medicines(chart: Chart) -> None:
    """The twelve she takes today."""
    early, ill = chart.working_day(1820), chart.working_day(330)
    week = {"frequency": 1, "period": 1, "periodUnit": "d"}
    active = (
        Course("amlodipine", early, None, 1, MORNING, ("", "每日早晨1片"), how="reference"),
        Course("valsartan", early, None, 1, MORNING, ("", "每日早晨1粒")),
        Course("atorvastatin", early, None, 1, BEDTIME, ("", "每晚1片")),
        Course("metoprolol", chart.working_day(1390), None, 1, MORNING, ("", "每日早晨1片")),
        Course("apixaban", chart.working_day(1390), None, 1, TWICE, ("", "每次1片，每日2次"), how="contained"),
        Course("febuxostat", chart.working_day(1090), None, 1, week, ("", "每日1片")),
        Course("linagliptin", chart.working_day(690), None, 1, MORNING, ("", "每日早晨1片")),
        Course("furosemide", chart.working_day(600), None, 1, clock_times("08:00"), ("", "每日早上8点1片")),
        Course("omeprazole", chart.working_day(1380), None, 1, BEFORE_BREAKFAST, ("", "早餐前30分钟1粒")),
        Course("calcitriol", ill, None, 1, BEDTIME, ("", "睡前1粒")),
        Course("bicarbonate", ill, None, 2, WITH_MEALS_THRICE, ("", "每次2片，每日3次，随餐服用")),
        Course("iron", ill, None, 1, WITH_MEALS_TWICE, ("", "每次1片，每日2次，随餐服用")),
    )
    for course in active:
        prescribe(chart, course)
        takes(chart, course, chart.day(28))
    ended(chart, early)


def ended(chart: Chart, early: date) -> None:
    """What she no longer takes, and why."""
    past = (
        Course(
            "metformin",
            early,
            chart.working_day(700),
            1,
            WITH_MEALS_TWICE,
            ("", "每次1片，每日2次，随餐服用"),
            ("", "肾功能下降，停用"),
        ),
        Course(
            "ibuprofen",
            chart.working_day(380),
            chart.working_day(120),
            1,
            {},
            ("", "膝痛时1片，每日不超过3次"),
            ("", "肾功能下降，避免使用"),
            True,
        ),
    )
    for course in past:
        prescribe(chart, course, chart.both if course.drug == "metformin" else (chart.side,))


def clinic(chart: Chart, number: int, ago: int) -> None:
    chance, day = chart.stream(f"clinic-{ago}"), chart.working_day(ago)
    visit(chart, "followup", day, ("", "肾功能随访"))
    weight = round(along(WEIGHT, ago) + chance.gauss(0, 0.3), 1)
    vitals = {"heart_rate": 72 + chance.gauss(0, 5), "weight": weight, "height": HEIGHT, "bmi": bmi(weight, HEIGHT)}
    visit_vitals(chart, day, vitals, chart.both if number % 4 == 1 else ())
    body = at_clinic(pressure(chart, 142 + chance.gauss(0, 6), 74 + chance.gauss(0, 4), chart.at(day, "09:02")))
    chart.add(f"pressure-{day}", body, *(chart.both if number % 3 == 0 else ()))
    desks = chart.both if number >= 14 else ()
    creatinine = round(along(CREATININE, ago) + chance.gauss(0, 1.5))
    values = {
        "creatinine_si": creatinine, "egfr": egfr(creatinine / UMOL_PER_MG_CREATININE, age_in_years(chart.person.birth, day), True),
        "potassium": along(POTASSIUM, ago) + chance.gauss(0, 0.08), "sodium": 140 + chance.gauss(0, 1),
        "uric_acid_si": along(URIC_ACID, ago) + chance.gauss(0, 8), "uacr": along(PROTEIN, ago) * (1 + chance.gauss(0, 0.05)),
    }  # fmt: skip
    report(chart, Panel("metabolic", values), day, desks=desks)
    if number % 2 == 0:
        counts = {
            "hemoglobin_si": along(HEMOGLOBIN, ago) + chance.gauss(0, 1),
            "platelets": 190 + chance.gauss(0, 6),
            "white_cells": 5.9 + chance.gauss(0, 0.3),
        }
        report(chart, Panel("blood_count", counts, "肾性贫血" if along(HEMOGLOBIN, ago) < 110 else ""), day)
        report(chart, Panel("hba1c", {"hba1c": along(HBA1C, ago) + chance.gauss(0, 0.05)}), day)


def community(chart: Chart) -> None:
    """The community nurse: pressure and pulse every month."""
    chance = chart.stream("community")
    for ago in range(1803, 0, -30):
        day = chart.working_day(ago)
        body = at_clinic(pressure(chart, 145 + chance.gauss(0, 7), 75 + chance.gauss(0, 4), chart.at(day, "14:10")))
        chart.add(f"nurse-pressure-{day}", body, chart.side)
        pulse = observation(chart, "heart_rate", 73 + chance.gauss(0, 5), chart.at(day, "14:12"))
        chart.add(f"nurse-pulse-{day}", pulse, chart.side)
    chart.add("smoking", smoking(chart, "never", chart.at(chart.working_day(1805), "14:20")), *chart.both)
