"""This is the place where Margaret's high blood pressure is told: found at the clinic, lowered step by step, watched at home."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from core.domain.codes import SNOMED
from core.samples.chart import Chart, Fact
from core.samples.codes import DRUGS
from core.samples.curves import along
from core.samples.desks import BEAT_DIARY, RIVERBEND
from core.samples.events import COUGH, Allergy, Problem, allergy, problem, procedure, vaccination, visit, yearly_flu
from core.samples.lives.telling import Told
from core.samples.observations import Panel, at_clinic, at_home, observation, pressure, report, smoking, visit_vitals
from core.samples.physiology import age_in_years, bmi, egfr, friedewald_mg_dl
from core.samples.planning import Plan, appointment, consent, device, goal, plan, team
from core.samples.terms import DIASTOLIC, SYSTOLIC
from core.samples.treatment import BEDTIME, MORNING, Course, prescribe, takes

HEIGHT = 165.0
SYSTOLICS = ((1700, 154.0), (1640, 146.0), (1420, 143.0), (1390, 139.0), (988, 137.0), (950, 130.0), (0, 126.0))
DIASTOLICS = ((1700, 95.0), (1640, 90.0), (1420, 89.0), (1390, 86.0), (988, 85.0), (950, 81.0), (0, 78.0))
"""Days ago and mean pressure at home: each medicine starts before its fall."""

DESKS = (RIVERBEND, BEAT_DIARY)


WHO = Told(
    "margaret-ellis", "Margaret Ellis", "玛格丽特·埃利斯", (58, 3, 14), True, "America/New_York",
    "High blood pressure, three medicines tried, and eight-weekly blocks of home readings that came down.",
    "高血压：先后试过三种药，每八周在家连续测量一周，血压逐步下降。",
    ("12 Alder Street", "Albany", "NY", "US"), ("Tom Ellis", "husband", "+1-555-0102"),
)  # fmt: skip


def usual(ago: int) -> tuple[float, float]:
    """Mean systolic and diastolic pressure at home that many days ago."""
    return along(SYSTOLICS, ago), along(DIASTOLICS, ago)


def weight_on(ago: int) -> float:
    return 78.0 + 5.0 * min(ago, 1500) / 1500


def tell(chart: Chart) -> None:
    diagnosed = chart.working_day(1790)
    found = problem(chart, Problem("hypertension", diagnosed.isoformat(), diagnosed), chart.both)
    problem(chart, Problem("hyperlipidemia", chart.working_day(440).isoformat()[:7], chart.working_day(440)))
    team(chart, diagnosed, ("Blood pressure team", "血压管理团队"))
    aim = goal(
        chart, ("Home blood pressure below 135/85", "家庭血压低于135/85"), diagnosed, (SYSTOLIC, "<", 135), (DIASTOLIC, "<", 85)
    )
    steps = (
        ("Measure at home for one week every eight weeks", "每八周在家测量一周"),
        ("Less than 5 g of salt a day", "每天少于5克盐"),
    )
    plan(chart, Plan(("Blood pressure plan", "血压管理计划"), steps, diagnosed, (found,), (aim,)))
    medicines(chart)
    clinic(chart)
    device(chart, "cuff")
    home(chart)
    yearly_flu(chart)
    vaccination(chart, "zoster", chart.working_day(610), 1)
    vaccination(chart, "zoster", chart.working_day(520), 2)
    procedure(chart, "colonoscopy", chart.working_day(1130), ("No polyps. Repeat in ten years.", ""))
    consent(chart, diagnosed)
    appointment(chart, 23, "10:20", ("Blood pressure review", "血压复诊"))
    corrections(chart)


def medicines(chart: Chart) -> None:
    started, coughing = chart.working_day(1780), chart.working_day(1450)
    first = Course("lisinopril", started, coughing, 1, MORNING, ("One tablet in the morning", ""), ("Dry cough", ""))
    courses = (
        first,
        Course("losartan", coughing, None, 1, MORNING, ("One tablet in the morning", ""), how="reference"),
        Course("amlodipine", chart.working_day(990), None, 1, BEDTIME, ("One tablet at bedtime", "")),
        Course("atorvastatin", chart.working_day(440), None, 1, BEDTIME, ("One tablet at bedtime", ""), how="contained"),
    )
    for course in courses:
        prescribe(chart, course)
        takes(chart, course, chart.day(30))
    lisinopril = DRUGS["lisinopril"]
    cause = Allergy(
        "lisinopril", "http://www.nlm.nih.gov/research/umls/rxnorm", lisinopril.rxnorm, ("Lisinopril", "赖诺普利"), COUGH,
        "medication", "low", coughing, intolerance=True, severity="mild",
    )  # fmt: skip
    allergy(chart, cause, chart.both)
    allergy(
        chart,
        Allergy(
            "latex",
            SNOMED,
            "111088007",
            ("Latex", "乳胶"),
            ("271807003", "Skin rash", "皮疹"),
            "environment",
            "low",
            chart.day(1790),
        ),
    )


def clinic(chart: Chart) -> None:
    """A visit every half year; pressures there run higher than at home, and the app keeps a copy of each."""
    chance = chart.stream("clinic")
    for number, ago in enumerate(range(1790, 20, -177)):
        day = chart.working_day(ago)
        visit(chart, "followup" if number else "checkup", day, ("Blood pressure", ""))
        high, low = usual(ago)
        body = at_clinic(pressure(chart, high + 5 + chance.gauss(0, 4), low + 2 + chance.gauss(0, 3), chart.at(day, "09:05")))
        chart.add(f"clinic-pressure-{day.isoformat()}", body, *chart.both)
        weight = round(weight_on(ago) + chance.gauss(0, 0.4), 1)
        vitals = {"heart_rate": 72 + chance.gauss(0, 4), "weight": weight, "height": HEIGHT, "bmi": bmi(weight, HEIGHT)}
        visit_vitals(chart, day, vitals, chart.both if number % 2 else ())
        if number % 2 == 0:
            bloods(chart, day, ago)
            chart.add(f"smoking-{day.isoformat()}", smoking(chart, "former", chart.at(day, "09:10")))


def bloods(chart: Chart, day: date, ago: int) -> None:
    chance = chart.stream(f"bloods-{ago}")
    creatinine = round(0.78 + chance.gauss(0, 0.03), 2)
    age = age_in_years(chart.person.birth, day)
    chemistry = {
        "sodium": 139 + chance.gauss(0, 1.2), "potassium": 4.3 + chance.gauss(0, 0.15), "glucose": 94 + chance.gauss(0, 3),
        "creatinine": creatinine, "egfr": egfr(creatinine, age, True),
    }  # fmt: skip
    report(chart, Panel("metabolic", chemistry), day)
    treated = ago < 400
    total, hdl, fat = (
        round(231 - 60 * treated + chance.gauss(0, 5)),
        round(52 + chance.gauss(0, 2)),
        round(140 + chance.gauss(0, 8)),
    )
    fats = {"cholesterol": total, "hdl": hdl, "triglycerides": fat, "ldl": friedewald_mg_dl(total, hdl, fat)}
    report(chart, Panel("lipids", fats, "LDL cholesterol lower on treatment." if treated else ""), day)


def home(chart: Chart) -> None:
    """Seven days every eight weeks, two readings in the morning and two in the evening; a few blocks and days are missing."""
    chance = chart.stream("home")
    for block, start in enumerate(range(1743, 0, -56)):
        if block in (6, 7, 17):
            continue
        for ago in range(start, start - 7, -1):
            if ago >= 1 and (chance.random() > 0.06 or ago < 8):
                home_day(chart, ago)
    for ago in range(1743, 0, -28):
        value = weight_on(ago) + chance.gauss(0, 0.5)
        chart.add(
            f"home-weight-{chart.day(ago)}", observation(chart, "weight", value, chart.at(chart.day(ago), "06:58")), chart.side
        )


def home_day(chart: Chart, ago: int) -> None:
    chance, day = chart.stream(f"home-{ago}"), chart.day(ago)
    high, low = usual(ago)
    for part, (hour, lift) in {"am": (7, 2.0), "pm": (18 if ago == 1 else 20, -1.0)}.items():
        first = high + lift + chance.gauss(0, 5), low + lift / 2 + chance.gauss(0, 3)
        minute = chance.randrange(2, 40)
        for reading in (1, 2):
            clock = f"{hour:02d}:{minute + reading * 2:02d}"
            values = (first[0] - (reading - 1) * 2 + chance.gauss(0, 2), first[1] - (reading - 1) + chance.gauss(0, 1.5))
            body = at_home(pressure(chart, *values, chart.at(day, clock))) | {"device": {"reference": "@device-cuff"}}
            chart.add(f"bp-{day.isoformat()}-{part}{reading}", body, chart.side)


def corrections(chart: Chart) -> None:
    """What really happens: a reading entered in error and entered again, one corrected later, one with its halves swapped."""
    day = chart.day(61)
    wrong = at_home(pressure(chart, 213, 84, chart.at(day, "07:31"))) | {"status": "entered-in-error"}
    chart.add("odd-bp-slip", wrong, chart.side)
    chart.add("odd-bp-slip-again", at_home(pressure(chart, 131, 84, chart.at(day, "07:33"))), chart.side)
    first = Fact("odd-bp-note", at_home(pressure(chart, 133, 80, chart.at(chart.day(62), "21:05"))), (chart.side,))
    older = {"versionId": "1", "lastUpdated": chart.at(chart.day(62), "21:06")}
    newer = {"versionId": "2", "lastUpdated": chart.at(chart.day(61), "08:00")}
    amended = at_home(pressure(chart, 128, 80, chart.at(chart.day(62), "21:05"))) | {"status": "amended"}
    chart.facts += [replace(first, meta=older), replace(first, meta=newer, body=amended)]
    turned = at_home(pressure(chart, 127, 79, chart.at(chart.day(60), "07:40")))
    turned["component"].reverse()
    chart.add("odd-bp-turned", turned, chart.side)
    pounds = observation(chart, "weight", 172.4, chart.at(chart.day(58), "07:00"))
    pounds["valueQuantity"] = {"value": 172.4, "unit": "lbs"}
    chart.add("odd-weight-in-pounds", pounds, chart.side)
