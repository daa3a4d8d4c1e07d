"""A visit at a kiosk, as tests need it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.kiosk.terms import Collected, Device, Measure, Photo, Proof, Reading

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
CUFF = Device("Omron", "HEM-7155", "SN-1", "unknown")


def pressure(sbp: float, dbp: float, after: float = 0, device: Device | None = CUFF) -> Reading:
    """A blood pressure so many minutes into the visit."""
    how = "bluetooth" if device else "typed"
    return Reading(
        Measure.BLOOD_PRESSURE, {"sbp": sbp, "dbp": dbp, "hr": 71.0}, AT + timedelta(minutes=after), how, device, ("body_movement",)
    )


def visit(**changed: object) -> Collected:
    """Everything somebody can say and measure."""
    given: dict[str, object] = {
        "visit_id": "v-1", "kiosk_id": "k1", "started_at": AT, "language": "en", "ticket": "t1", "consented_at": AT + timedelta(seconds=30),
        "contact": {"phone": "same"}, "medicines": {"m1": "yes", "m2": "no"}, "medicines_added": ("CANARY-Ibuprofen",), "allergies": {"a1": "yes"},
        "readings": (
            pressure(128, 79, 6), pressure(126, 77, 7.5),
            Reading(Measure.WEIGHT, {"weight": 71.4}, AT + timedelta(minutes=9), "typed"),
            Reading(Measure.OXYGEN, {"spo2": 97.0, "hr": 70.0}, AT + timedelta(minutes=10), "typed"),
            Reading(Measure.TEMPERATURE, {"temp": 36.8}, AT + timedelta(minutes=11), "typed"),
            Reading(Measure.GLUCOSE, {"glucose": 104.0}, AT + timedelta(minutes=12), "typed"),
        ),
        "questionnaires": {"phq-9": {"phq1": "1"}},
        "photos": (Photo("skin", b"\xff\xd8CANARY", "left arm"),),
        "finished_at": AT + timedelta(minutes=14),
    }  # fmt: skip
    return Collected(**(given | changed))  # type: ignore[arg-type]


def unproven(**changed: object) -> Collected:
    """The same where no server could be asked who it is."""
    return visit(ticket="", proof=Proof("birth", birth_date="1950-01-02", initials="ME", factor="0133"), **changed)
