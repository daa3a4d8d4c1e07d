"""This is the place where risks are made up for the tests of the screen: answered, between two ends, declined, and without a region."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from core.care.risk_views import (
    BandView,
    ContributionView,
    EquationView,
    ExplainedView,
    FamilyView,
    FaultView,
    HistoryPoint,
    InputView,
    IntervalView,
    LeverView,
    OutcomeView,
)
from core.domain.records import SourceMark

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
CLINIC = SourceMark("s2", "server", "Clinic <b>One</b>")
BORDERLINE = BandView("esc_2021_50_to_69", "high", "watch", "ESC 2021", "verified")
UNREAD = BandView("acc_aha_2026_lipids", "borderline", "watch", "ACC/AHA 2026", "unchecked")

CVD = OutcomeView("total_cvd_10yr", "fraction", 10, 1, 0.0912, bands=(BORDERLINE,), of_hundred=9)
LONG = OutcomeView("total_cvd_30yr", "fraction", 30, 1, None, faults=(FaultView("above_range", "age", 30, 59, "a", "outside_range"),))
INPUTS = (
    InputView("age", "number", "used", 62, "a", origin="profile"),
    InputView("sbp", "number", "used", 151.5, "mm[Hg]", origin="record", when="2026-11-20", days=6, sources=(CLINIC,), why="home_average"),
    InputView("smoker", "flag", "used", 1.0, choice="yes", origin="typed", when="2026-11-25T08:00:00+00:00", may_type=True, choices=("yes", "no")),
    InputView("tc", "number", "stale", 200, "mg/dL", origin="record", when="2019-05-01", days=2766, oldest_days=1827, how="blood_test", why="too_old", may_type=True, typed_unit="mg/dL"),
    InputView("hdl", "number", "missing", how="blood_test", may_type=True, typed_unit="mmol/L", unit="mg/dL"),
)  # fmt: skip
EXPLAINED = ExplainedView(
    "total_cvd_10yr", 0.04, "where the equation itself is centred",
    (ContributionView("smoker", 1.0, 0.0, "", 0.4, 0.021), ContributionView("sbp", 151.5, 130.0, "mm[Hg]", 0.35, 0.0184), ContributionView("bmi", 21.0, 25.0, "kg/m2", -0.1, -0.004)),
)  # fmt: skip
LEVERS = (LeverView("sbp", "number", "mm[Hg]", 90, 180, 1, 151.5), LeverView("smoker", "flag", "", 0, 1, 1, 1.0))
HISTORY = (
    HistoryPoint("2024-02-01", 0.061),
    HistoryPoint("2025-03-01", None, (("tc", 0.0),), (FaultView("stale", "tc"),)),
    HistoryPoint("2026-11-20", 0.0912, (("sbp", 0.02), ("smoker", 0.01))),
)
PREVENT = EquationView(
    "prevent_base", "2024", "cvd", "verified", "patient", "Khan <i>2024</i>", "us", "total_cvd_10yr", INPUTS, (CVD, LONG), (), EXPLAINED, LEVERS, HISTORY
)
CHINA = replace(
    PREVENT, key="china_par", region="china", status="approximation", main="ascvd_10yr", notes=("approximation",),
    outcomes=(OutcomeView("ascvd_10yr", "fraction", 10, 0, 0.07, of_hundred=7),), explained=None, levers=(), history=(),
)  # fmt: skip
ANSWERED = FamilyView("cvd", "answered", (PREVENT, CHINA), ("other_people",))
NEEDED = (FaultView("stale", "tc", how="blood_test"), FaultView("missing", "hdl", how="blood_test"))
DECLINED = FamilyView("cvd", "declined", (replace(PREVENT, outcomes=(replace(CVD, value=None, bands=(), of_hundred=None, faults=NEEDED),), explained=None, levers=()),))
BETWEEN = FamilyView(
    "cvd", "interval",
    (replace(PREVENT, outcomes=(replace(CVD, value=None, bands=(), of_hundred=None, faults=(FaultView("missing", "smoker", how="tell_smoking"),), interval=IntervalView(0.031, 0.068, "smoker", True)),), explained=None, levers=()),),
)  # fmt: skip
NO_REGION = FamilyView("cvd", "no_region", ())
EXCLUDED = FamilyView(
    "cvd", "declined",
    (replace(PREVENT, outcomes=(replace(CVD, value=None, bands=(), of_hundred=None, faults=(*NEEDED, FaultView("not_for", "cvd_known", how="ask_clinician"))),), explained=None, levers=()),),
)  # fmt: skip
