"""This is the place where Wang Jianguo's type 2 diabetes is told: laboratory, fingersticks and a glucose sensor that agree."""

from __future__ import annotations

import math
from datetime import date

from core.samples import oddities
from core.samples.chart import Chart
from core.samples.curves import along
from core.samples.desks import PUJIANG, SUGAR_DIARY
from core.samples.events import HIVES, PENICILLIN, Allergy, Problem, allergy, problem, procedure, vaccination, visit, yearly_flu
from core.samples.lives.telling import Told
from core.samples.observations import Panel, at_clinic, observation, pressure, report, sensor_day, smoking, visit_vitals
from core.samples.papers import document
from core.samples.physiology import (
    UMOL_PER_MG_CREATININE,
    age_in_years,
    bmi,
    egfr,
    friedewald_mmol,
    glucose_summary_mmol,
    mean_glucose_mmol,
)
from core.samples.planning import Plan, appointment, consent, device, goal, plan, team
from core.samples.terms import TERMS
from core.samples.treatment import BEDTIME, MORNING, WITH_MEALS_TWICE, Course, prescribe, takes

HEIGHT = 172.0
HBA1C = ((1800, 9.2), (1700, 8.1), (1600, 7.3), (1250, 7.4), (1000, 7.8), (740, 8.3), (660, 7.4), (560, 7.1), (30, 6.8))
"""Days ago and HbA1c: metformin from day 1795, its dose doubled at 1690, slow rise, dapagliflozin from 740."""
SENSOR_DAYS = 14
HBA1C_NOW = HBA1C[-1][1]

DESKS = (PUJIANG, SUGAR_DIARY)

WHO = Told(
    "wang-jianguo", "Wang Jianguo", "王建国", (54, 8, 2), False, "Asia/Shanghai",
    "Type 2 diabetes for five years; a second medicine brought his HbA1c under seven, and a sensor shows his days.",
    "2型糖尿病五年；加用第二种药后糖化血红蛋白降到7%以下，并佩戴动态血糖仪。",
    ("浦江路18弄6号", "上海市", "上海", "CN"), ("李秀兰", "妻子", "+86-555-0191"), chinese=True,
)  # fmt: skip


def weight_on(ago: float) -> float:
    return along(((1800, 86.0), (1500, 83.5), (740, 83.8), (500, 79.5), (1, 77.6)), ago)


def tell(chart: Chart) -> None:
    found = chart.working_day(1800)
    diabetes = problem(chart, Problem("diabetes2", found.isoformat()[:7], found, note=("", "体检发现血糖升高后确诊")), chart.both)
    problem(chart, Problem("hyperlipidemia", chart.working_day(1280).isoformat(), chart.working_day(1280)))
    team(chart, found, ("", "糖尿病管理小组"))
    aim = goal(chart, ("", "糖化血红蛋白低于7%"), found, (TERMS["hba1c"], "<", 7.0))
    steps = (("", "每周三次测空腹血糖"), ("", "每天快走30分钟"), ("", "每年检查眼底和足部"))
    plan(chart, Plan(("", "糖尿病管理计划"), steps, found, (diabetes,), (aim,)))
    allergy(chart, Allergy(*PENICILLIN, HIVES, "medication", "high", found), chart.both)
    medicines(chart)
    for number, ago in enumerate((1800, 1700, 1600, 1480, 1250, 1000, 760, 660, 560, 380, 205, 30)):
        clinic(chart, number, ago)
    document(
        chart, "letter", chart.working_day(1800), ("", "新诊断2型糖尿病，糖化血红蛋白9.2%。开始二甲双胍治疗，糖尿病饮食教育。")
    )
    procedure(chart, "education", chart.working_day(1795))
    vaccination(chart, "pneumococcal", chart.working_day(700))
    yearly_flu(chart)
    consent(chart, found)
    oddities.strange_unit(chart, "hba1c", 52, "mmol", chart.working_day(30))
    oddities.below_detection(chart, "crp", 5, chart.working_day(205))
    oddities.questionnaire(chart, chart.day(12), (("最近一周有没有低血糖感觉？", "没有"), ("每天走路多少分钟？", "40分钟")))
    appointment(chart, 58, "09:40", ("", "内分泌科复诊，复查糖化血红蛋白"))
    fingersticks(chart)
    sensor(chart)


def medicines(chart: Chart) -> None:
    low = Course(
        "metformin", chart.working_day(1795), chart.working_day(1690), 1, WITH_MEALS_TWICE, ("", "每次1片，每日2次，随早晚餐服用"),
        ("", "剂量不足，增加剂量"),
    )  # fmt: skip
    courses = (
        low,
        Course("metformin", chart.working_day(1690), None, 2, WITH_MEALS_TWICE, ("", "每次2片，每日2次，随早晚餐服用")),
        Course("atorvastatin", chart.working_day(1275), None, 1, BEDTIME, ("", "每晚1片"), how="reference"),
        Course("dapagliflozin", chart.working_day(740), None, 1, MORNING, ("", "每日早晨1片"), note=("", "多饮水，注意泌尿系感染")),
    )
    for course in courses:
        prescribe(chart, course)
    for course in courses[1:]:
        takes(chart, course, chart.day(14))


def clinic(chart: Chart, number: int, ago: int) -> None:
    chance, day = chart.stream(f"clinic-{ago}"), chart.working_day(ago)
    visit(chart, "followup" if number else "problem", day, ("", "血糖复查" if number else "血糖升高"))
    weight = round(weight_on(ago) + chance.gauss(0, 0.3), 1)
    vitals = {"heart_rate": 76 + chance.gauss(0, 4), "weight": weight, "height": HEIGHT, "bmi": bmi(weight, HEIGHT)}
    visit_vitals(chart, day, vitals, chart.both if number in (6, 11) else ())
    body = at_clinic(pressure(chart, 131 + chance.gauss(0, 5), 82 + chance.gauss(0, 3), chart.at(day, "09:02")))
    chart.add(f"clinic-pressure-{day.isoformat()}", body)
    level = round(along(HBA1C, ago), 1)
    fasting = mean_glucose_mmol(level) * 0.88 + chance.gauss(0, 0.2)
    desks = chart.both if number >= 9 else ()
    report(chart, Panel("hba1c", {"hba1c": level}), day, desks=desks)
    creatinine = round(74 + chance.gauss(0, 3))
    kidney = egfr(creatinine / UMOL_PER_MG_CREATININE, age_in_years(chart.person.birth, day), False)
    protein = along(((1800, 21), (760, 42), (560, 30), (1, 24)), ago) + chance.gauss(0, 2)
    chemistry = {
        "glucose_fasting": fasting,
        "creatinine_si": creatinine,
        "egfr": kidney,
        "uacr": protein,
        "alt": 31 + chance.gauss(0, 4),
    }
    report(chart, Panel("metabolic", chemistry), day, "08:10", desks)
    if number % 3 == 0 or number == 11:
        fats(chart, day, ago)
        chart.add(f"smoking-{day}", smoking(chart, "daily" if ago > 1400 else "former", chart.at(day, "09:20")))


def fats(chart: Chart, day: date, ago: int) -> None:
    chance, treated = chart.stream(f"fats-{ago}"), ago < 1200
    total, hdl = round(5.9 - 1.9 * treated + chance.gauss(0, 0.15), 2), round(1.08 + chance.gauss(0, 0.04), 2)
    fat = round(2.3 - 0.6 * treated + chance.gauss(0, 0.1), 2)
    values = {"cholesterol_si": total, "hdl_si": hdl, "triglycerides_si": fat, "ldl_si": friedewald_mmol(total, hdl, fat)}
    report(chart, Panel("lipids", values, "用药后低密度脂蛋白胆固醇下降" if treated else "低密度脂蛋白胆固醇升高"), day, "08:12")


def fingersticks(chart: Chart) -> None:
    """Fasting fingersticks on Mondays, Wednesdays and Saturdays of the last half year."""
    chance = chart.stream("fingersticks")
    for ago in range(182, 0, -1):
        day = chart.day(ago)
        value = mean_glucose_mmol(along(HBA1C, ago)) * 0.86 + chance.gauss(0, 0.5)
        if day.weekday() in (0, 2, 5) and chance.random() > 0.08:
            body = observation(chart, "glucose_capillary", value, chart.at(day, f"06:{chance.randrange(30, 59)}"))
            chart.add(f"fingerstick-{day}", body | {"note": [{"text": "空腹"}]}, chart.side)


def sensor(chart: Chart) -> None:
    """Two weeks of sensor glucose up to yesterday, every fifteen minutes, and their summary computed from them."""
    device(chart, "glucose_sensor")
    mean, seen = mean_glucose_mmol(HBA1C_NOW), []
    for ago in range(SENSOR_DAYS, 0, -1):
        samples = day_of_glucose(chart, ago, mean)
        seen += [value for value in samples if value is not None]
        body = sensor_day(chart, chart.day(ago), samples) | {"device": {"reference": "@device-glucose_sensor"}}
        chart.add(f"sensor-{chart.day(ago)}", body, chart.side)
    summary = glucose_summary_mmol(seen)
    report(chart, Panel("sensor_summary", summary, "近14天动态血糖"), chart.day(1), "23:50", (chart.side,))


def day_of_glucose(chart: Chart, ago: int, mean: float) -> list[float | None]:
    """96 samples: three meals on a low night, the day's own level, and a gap where the sensor lost contact."""
    chance = chart.stream(f"sensor-{ago}")
    level, meals = mean - 1.15 + chance.gauss(0, 0.35), [(7.0, 3.2), (12.2, 3.6), (18.6, 4.0)]
    meals = [(hour + chance.gauss(0, 0.3), rise + chance.gauss(0, 0.7)) for hour, rise in meals]
    samples: list[float | None] = []
    wander = 0.0
    for quarter in range(96):
        hour = quarter / 4
        wander = 0.85 * wander + chance.gauss(0, 0.12)
        food = sum(rise * _meal(hour - eaten) for eaten, rise in meals)
        dip = -0.7 * math.exp(-(((hour - 3.5) / 2) ** 2))
        samples.append(round(max(3.2, level + food + dip + wander), 1))
    if ago in (4, 9):
        samples[20:26] = [None] * 6
    return samples


def _meal(hours: float) -> float:
    """The share of a meal's rise that is seen so many hours after it: peaks at about 70 minutes."""
    return (hours / 1.2) * math.exp(1 - hours / 1.2) if hours > 0 else 0.0
