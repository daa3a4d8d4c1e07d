"""This is the place where Aisha's health is told: a runner's slow heart and few other records."""

from __future__ import annotations

from datetime import timedelta

from core.domain.codes import SNOMED
from core.samples import oddities
from core.samples.chart import Chart
from core.samples.curves import along
from core.samples.desks import HARBOR, STRIDE
from core.samples.events import Allergy, Problem, allergy, problem, procedure, vaccination, visit, yearly_flu
from core.samples.lives.telling import Told
from core.samples.observations import Panel, observation, pressure, report, smoking, visit_vitals
from core.samples.physiology import age_in_years, bmi, egfr, friedewald_mg_dl
from core.samples.planning import appointment, consent, device, goal
from core.samples.terms import TERMS
from core.samples.treatment import MONDAYS, MORNING, Course, prescribe, takes

HEIGHT = 170.0
RESTING = ((1820, 58), (1400, 55), (900, 50), (380, 47), (350, 53), (240, 49), (1, 46))
STEPS = ((1820, 8200), (900, 11800), (380, 12500), (372, 3800), (330, 5200), (250, 11900), (1, 13100))
"""Both rise and fall with the sprained ankle of a year ago."""
SPRAIN = 378

DESKS = (HARBOR, STRIDE)

WHO = Told(
    "aisha-okafor", "Aisha Okafor", "艾莎·奥卡福", (34, 9, 27), True, "America/Los_Angeles",
    "A healthy runner with a resting pulse in the forties; one sprained ankle and low vitamin D are the whole story.",
    "健康的跑者，静息心率四十多；只有一次踝扭伤和维生素D偏低。",
    ("230 Pier Street", "Oakland", "CA", "US"), ("Ngozi Okafor", "mother", "+1-555-0118"),
)  # fmt: skip


def tell(chart: Chart) -> None:
    for ago in (1795, 1430, 1065, 700, 335, 45):
        checkup(chart, ago)
    ankle(chart)
    watch(chart)
    yearly_flu(chart)
    vaccination(chart, "tdap", chart.working_day(1430))
    pollen = Allergy(
        "pollen",
        SNOMED,
        "418689008",
        ("Grass pollen", "草花粉"),
        ("76067001", "Sneezing", "打喷嚏"),
        "environment",
        "low",
        chart.working_day(1795),
    )
    allergy(chart, pollen, chart.both)
    spray = ("One tablet when the pollen is bad", "")
    cetirizine = Course("cetirizine", chart.working_day(1795), None, 1, MORNING, spray, as_needed=True)
    prescribe(chart, cetirizine)
    takes(chart, cetirizine, chart.day(40))
    weekly = ("One capsule every Monday for twelve weeks", "")
    started = chart.working_day(690)
    prescribe(chart, Course("cholecalciferol", started, started + timedelta(weeks=12), 1, MONDAYS, weekly, finished=True))
    goal(chart, ("Marathon: resting pulse below 48", ""), chart.day(300), (TERMS["resting_rate"], "<", 48))
    consent(chart, chart.working_day(1795))
    oddities.without_unit(chart, "vitamin_d", 29, chart.working_day(335))
    appointment(chart, 140, "08:40", ("Yearly check-up", ""))


def checkup(chart: Chart, ago: int) -> None:
    day, chance = chart.working_day(ago), chart.stream(f"checkup-{ago}")
    visit(chart, "checkup", day)
    weight = round(61.5 - (1800 - ago) / 900 + chance.gauss(0, 0.3), 1)
    vitals = {"heart_rate": along(RESTING, ago) + 6, "weight": weight, "height": HEIGHT, "bmi": bmi(weight, HEIGHT)}
    visit_vitals(chart, day, vitals, chart.both if ago < 400 else ())
    chart.add(
        f"pressure-{day}", pressure(chart, 109 + chance.gauss(0, 4), 67 + chance.gauss(0, 3), chart.at(day, "09:02")), *chart.both
    )
    chart.add(f"smoking-{day}", smoking(chart, "never", chart.at(day, "09:20")))
    if ago in (1795, 700, 45):
        creatinine = round(0.81 + chance.gauss(0, 0.02), 2)
        values = {
            "creatinine": creatinine, "egfr": egfr(creatinine, age_in_years(chart.person.birth, day), True),
            "glucose": 84 + chance.gauss(0, 3), "vitamin_d": {1795: 31, 700: 22, 45: 36}[ago], "ferritin": 41 + chance.gauss(0, 4),
        }  # fmt: skip
        report(chart, Panel("metabolic", values), day)
        total, hdl, fat = round(168 + chance.gauss(0, 5)), round(66 + chance.gauss(0, 2)), round(68 + chance.gauss(0, 5))
        fats = {"cholesterol": total, "hdl": hdl, "triglycerides": fat, "ldl": friedewald_mg_dl(total, hdl, fat)}
        report(chart, Panel("lipids", fats), day)
        chart.add(f"mood-{day}", observation(chart, "phq9", 2, chart.at(day, "09:25")))


def ankle(chart: Chart) -> None:
    day = chart.working_day(SPRAIN)
    visit(chart, "problem", day, ("Twisted ankle on a trail", ""))
    problem(chart, Problem("sprain", day.isoformat(), day, chart.day(SPRAIN - 70).isoformat()), chart.both)
    text = ("Two tablets with food up to three times a day", "")
    ended = chart.day(SPRAIN - 10)
    prescribe(chart, Course("ibuprofen", day, ended, 2, {}, text, as_needed=True, finished=True))
    procedure(chart, "physiotherapy", chart.working_day(SPRAIN - 21), ("Six sessions, full range of movement.", ""))


def watch(chart: Chart) -> None:
    """From the watch: the resting pulse every Sunday, and the steps of that day."""
    device(chart, "watch")
    chance = chart.stream("watch")
    for ago in range(1820, 0, -1):
        day = chart.day(ago)
        if day.weekday() == 6 and chance.random() > 0.05:
            pulse = observation(chart, "resting_rate", along(RESTING, ago) + chance.gauss(0, 1.2), chart.at(day, "05:40"))
            chart.add(f"resting-{day}", pulse | {"device": {"reference": "@device-watch"}}, chart.side)
            if ago < 730:
                steps = observation(chart, "steps", along(STEPS, ago) * (1 + chance.gauss(0, 0.12)), chart.at(day, "15:55"))
                chart.add(f"steps-{day}", steps, chart.side)
