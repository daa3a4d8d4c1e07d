"""This is the place where Robert's heart failure is told: a weight every morning, and the week the water came."""

from __future__ import annotations

from datetime import date, timedelta

from core.samples import oddities
from core.samples.chart import Chart
from core.samples.curves import along
from core.samples.desks import LAKESIDE, SCALE_LINK
from core.samples.events import HIVES, PENICILLIN, Allergy, Problem, allergy, problem, procedure, vaccination, visit, yearly_flu
from core.samples.lives.telling import Told
from core.samples.observations import Panel, at_clinic, at_home, observation, pressure, report, smoking, visit_vitals
from core.samples.papers import Examination, document, imaging
from core.samples.physiology import age_in_years, bmi, egfr
from core.samples.planning import Plan, appointment, consent, device, goal, plan, team
from core.samples.terms import TERMS
from core.samples.treatment import BEDTIME, MORNING, TWICE, Course, clock_times, prescribe, takes

HEIGHT = 178.0
ADMITTED, HOME_AGAIN = 148, 142
"""Days ago he was admitted with fluid, and went home."""
DRY_WEIGHT = ((1820, 92.0), (1100, 90.5), (400, 88.4), (1, 87.2))
WATER = ((160, 0.0), (157, 0.6), (153, 2.1), (149, 4.7), (146, 2.6), (142, 0.5), (135, 0.0))
"""Days ago and kilograms of water above the dry weight."""
BNP = ((1100, 3400), (1000, 2100), (700, 1350), (400, 980), (160, 1100), (148, 5240), (142, 2300), (100, 1150), (1, 820))
EJECTION = ((1100, 31), (700, 36), (300, 39), (1, 41))
CREATININE = ((1820, 1.05), (1100, 1.12), (400, 1.22), (165, 1.26), (149, 1.58), (140, 1.42), (100, 1.28), (1, 1.26))
POTASSIUM = ((1820, 4.3), (1000, 4.7), (400, 4.9), (165, 4.9), (149, 4.0), (140, 4.4), (1, 4.9))

DESKS = (LAKESIDE, SCALE_LINK)

WHO = Told(
    "robert-hayes", "Robert Hayes", "罗伯特·海斯", (71, 11, 5), False, "America/Chicago",
    "Heart failure after a heart attack; he weighs himself every morning, and one week of fluid took him to hospital.",
    "心肌梗死后心力衰竭；每天早晨称体重，有一周因体液潴留住院。",
    ("408 Lake View Road", "Evanston", "IL", "US"), ("Susan Hayes", "daughter", "+1-555-0164"),
)  # fmt: skip


def weight_on(ago: float) -> float:
    return along(DRY_WEIGHT, ago) + along(WATER, ago)


def tell(chart: Chart) -> None:
    failing = chart.working_day(1100)
    problem(chart, Problem("infarction", str(chart.today.year - 6), chart.working_day(1820)), chart.both)
    heart = problem(chart, Problem("heart_failure", failing.isoformat(), failing), chart.both)
    problem(chart, Problem("hypertension", str(chart.today.year - 15), chart.working_day(1820)))
    team(chart, failing, ("Heart failure team", "心衰管理团队"))
    aim = goal(chart, ("Morning weight within 1.5 kg of dry weight", ""), failing, (TERMS["weight"], "<", 89.0))
    steps = (
        ("Weigh every morning before breakfast", ""),
        ("Call if up 2 kg in three days", ""),
        ("Less than 2 L of fluid a day", ""),
    )
    plan(chart, Plan(("Heart failure self-care", ""), steps, failing, (heart,), (aim,)))
    allergy(chart, Allergy(*PENICILLIN, HIVES, "medication", "high", chart.day(1820)), chart.both)
    medicines(chart)
    for number, ago in enumerate((1820, 1460, 1100, 1000, 850, 700, 550, 400, 300, 200, 100, 35)):
        clinic(chart, number, ago)
    admission(chart)
    mornings(chart)
    yearly_flu(chart)
    vaccination(chart, "pneumococcal", chart.working_day(1440))
    consent(chart, failing)
    oddities.not_measured(chart, "potassium", chart.working_day(36), ("Sample haemolysed", ""))
    oddities.one_bad_half(chart, chart.working_day(300))
    oddities.claim(chart, chart.day(140))
    appointment(chart, 12, "14:00", ("Heart failure clinic", ""), 30)
    appointment(chart, 89, "09:00", ("Echocardiogram", ""), 45)


def medicines(chart: Chart) -> None:
    failing, better, home = chart.working_day(1095), chart.working_day(840), chart.day(HOME_AGAIN)
    stop = ("Changed to sacubitril / valsartan", "")
    courses = (
        Course("aspirin", chart.working_day(1820), None, 1, MORNING, ("One tablet in the morning", "")),
        Course("atorvastatin", chart.working_day(1820), None, 2, BEDTIME, ("Two tablets at bedtime", "")),
        Course("lisinopril", chart.working_day(1820), better, 1, MORNING, ("One tablet in the morning", ""), stop),
        Course("bisoprolol", failing, None, 1, MORNING, ("One tablet in the morning", ""), how="reference"),
        Course("spironolactone", failing, None, 1, MORNING, ("One tablet in the morning", "")),
        Course("furosemide", failing, home, 1, MORNING, ("One tablet in the morning", ""), ("Dose doubled after admission", "")),
        Course("furosemide", home, None, 2, clock_times("08:00", "14:00"), ("Two tablets at 8 am and 2 pm", "")),
        Course("sacubitril", better + timedelta(days=2), None, 1, TWICE, ("One tablet twice a day", ""), how="contained"),
        Course("empagliflozin", chart.working_day(690), None, 1, MORNING, ("One tablet in the morning", "")),
    )
    for course in courses:
        prescribe(chart, course)
        if course.end is None:
            takes(chart, course, chart.day(7))


def clinic(chart: Chart, number: int, ago: int) -> None:
    chance, day = chart.stream(f"clinic-{ago}"), chart.working_day(ago)
    visit(chart, "followup" if number else "checkup", day, ("Heart failure" if ago <= 1100 else "Blood pressure", ""))
    weight = round(weight_on(ago) + 0.6 + chance.gauss(0, 0.2), 1)
    vitals = {
        "heart_rate": (78 if ago > 1090 else 66) + chance.gauss(0, 4), "spo2": min(98, 96 + chance.gauss(0, 0.8)), "weight": weight,
        "height": HEIGHT, "bmi": bmi(weight, HEIGHT),
    }  # fmt: skip
    visit_vitals(chart, day, vitals, chart.both if number == 11 else ())
    high = 138 if ago > 1090 else 118
    chart.add(
        f"clinic-pressure-{day}", at_clinic(pressure(chart, high + chance.gauss(0, 5), high * 0.61 + chance.gauss(0, 3), chart.at(day, "09:02"))),
        *chart.both,
    )  # fmt: skip
    bloods(chart, day, ago)
    chart.add(f"smoking-{day}", smoking(chart, "former", chart.at(day, "09:20")))
    if ago in (1100, 700, 300):
        chart.add(f"ejection-{day}", observation(chart, "ejection", along(EJECTION, ago), chart.at(day, "11:00")))
        procedure(chart, "echo", day)
        seen = f"Left ventricular ejection fraction {along(EJECTION, ago):.0f} %. Inferior wall akinetic."
        imaging(chart, Examination("echo", "US", ("80891009", "Heart"), day, (seen, ""), 24))


def bloods(chart: Chart, day: date, ago: int, desks: tuple[str, ...] = ()) -> None:
    chance = chart.stream(f"bloods-{ago}")
    creatinine = round(along(CREATININE, ago) + chance.gauss(0, 0.02), 2)
    chemistry = {
        "sodium": 138 + chance.gauss(0, 1.5), "potassium": along(POTASSIUM, ago) + chance.gauss(0, 0.1), "creatinine": creatinine,
        "egfr": egfr(creatinine, age_in_years(chart.person.birth, day), False),
    }  # fmt: skip
    if ago <= 1100:
        chemistry["bnp"] = along(BNP, ago) * (1 + chance.gauss(0, 0.04))
    report(chart, Panel("metabolic", chemistry), day, desks=desks)


def admission(chart: Chart) -> None:
    day, home = chart.day(ADMITTED), chart.day(HOME_AGAIN)
    visit(chart, "emergency", day, ("Breathless, ankles swollen, up 4.7 kg", ""))
    stay = ADMITTED - HOME_AGAIN
    visit(chart, "inpatient", day, ("Decompensated heart failure", ""), stay)
    bloods(chart, day, ADMITTED)
    bloods(chart, home, HOME_AGAIN)
    seen = ("Enlarged heart, fluid in both lower zones.", "")
    imaging(chart, Examination("chest_xray", "DX", ("51185008", "Thoracic structure"), day, seen))
    for key, value in {"spo2": 90, "heart_rate": 104, "breathing": 24}.items():
        chart.add(f"emergency-{key}", observation(chart, key, value, chart.at(day, "09:15")))
    text = (
        "Admitted with fluid overload after three days of salty food. Intravenous furosemide, 4.2 kg lost in six days. "
        "Furosemide doubled at discharge. Weigh daily; call if up 2 kg in three days."
    )
    document(chart, "discharge", home, (text, ""), chart.both)


def mornings(chart: Chart) -> None:
    """A weight every morning for two years, forgotten now and then and away in hospital; pulse and pressure each Sunday."""
    device(chart, "scale")
    device(chart, "cuff")
    chance = chart.stream("mornings")
    for ago in range(730, 0, -1):
        value, day = weight_on(ago) + chance.gauss(0, 0.25), chart.day(ago)
        clock = f"06:{chance.randrange(20, 59)}"
        if HOME_AGAIN <= ago <= ADMITTED or (chance.random() < 0.07 and ago > 3):
            continue
        chart.add(
            f"weight-{day}",
            observation(chart, "weight", value, chart.at(day, clock)) | {"device": {"reference": "@device-scale"}},
            chart.side,
        )
        if day.weekday() == 6:
            body = at_home(pressure(chart, 117 + chance.gauss(0, 5), 71 + chance.gauss(0, 3), chart.at(day, "07:10")))
            chart.add(f"pressure-{day}", body, chart.side)
