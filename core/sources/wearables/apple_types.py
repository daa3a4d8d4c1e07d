"""This is the place where it stands what each type of an Apple Health export means to us: a signal, a state of one, or nothing we take.

Identifiers and their values: Apple's HealthKit headers (HKTypeIdentifiers.h, HKCategoryValues.h). "HK..." names are shortened by
what they all begin with. Percentages are fractions in HealthKit (0.98), see apple_values.py. Severity words become a score of 0
to 10 by the middle of the usual bands of a 0-10 scale: mild 1-3, moderate 4-6, severe 7-10 (Serlin et al., Pain 1995;61:277-284).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from core.domain.samples import ESTIMATED, MANUAL
from core.domain.signals_table import CYCLE_FLOW, RHYTHM_FLAGS, SLEEP_STAGES, WORKOUTS

QUANTITY, CATEGORY = "HKQuantityTypeIdentifier", "HKCategoryTypeIdentifier"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a type becomes. `signal` "" : not taken, `why` says so. `codes` turns written values into numbers (empty: the value is a
    number in a unit); `otherwise` is the number for a value the codes don't know; `always` the number whatever the value.
    `positive`: a zero means that nothing was read. `paired`: also repeated inside correlations. `about`: told apart by this name."""

    signal: str = ""
    why: str = "unknown_type"
    codes: Mapping[str, float] = field(default_factory=dict)
    otherwise: float | None = None
    always: float | None = None
    quality: int = 0
    positive: bool = False
    paired: bool = False
    unitless: bool = False
    about: str = ""


def _coded(prefix: str, names: Mapping[str, float], *numbers: float) -> dict[str, float]:
    """The written values and, where a tool wrote HealthKit's bare numbers, those."""
    return {**{prefix + name: code for name, code in names.items()}, **{str(n): code for n, code in enumerate(numbers)}}


def _stage(name: str) -> float:
    return float(SLEEP_STAGES.index(name))


def _flow(name: str) -> float:
    return float(CYCLE_FLOW.index(name))


_IN_BED, _ASLEEP, _AWAKE = _stage("in_bed"), _stage("asleep"), _stage("awake")
_LIGHT, _DEEP, _REM = _stage("light"), _stage("deep"), _stage("rem")
SLEEP = _coded(
    "HKCategoryValueSleepAnalysis",
    {"InBed": _IN_BED, "Asleep": _ASLEEP, "AsleepUnspecified": _ASLEEP, "Awake": _AWAKE, "AsleepCore": _LIGHT, "AsleepDeep": _DEEP, "AsleepREM": _REM},
    _IN_BED, _ASLEEP, _AWAKE, _LIGHT, _DEEP, _REM,
)  # fmt: skip
_FLOWS = {
    "Unspecified": _flow("unspecified"),
    "Light": _flow("light"),
    "Medium": _flow("medium"),
    "Heavy": _flow("heavy"),
    "None": _flow("none"),
}
FLOW = {
    **_coded(
        "HKCategoryValueMenstrualFlow",
        _FLOWS,
        float("nan"),
        *(_FLOWS[name] for name in ("Unspecified", "Light", "Medium", "Heavy", "None")),
    ),
    **_coded("HKCategoryValueVaginalBleeding", _FLOWS),
}
NOT_SAID = -1.0
"""A symptom that was there, of a severity that was not said."""
_SEVERITIES = {"Unspecified": NOT_SAID, "NotPresent": 0.0, "Mild": 2.0, "Moderate": 5.0, "Severe": 8.0}
SEVERITY = {
    **_coded("HKCategoryValueSeverity", _SEVERITIES, *_SEVERITIES.values()),
    **_coded("HKCategoryValuePresence", {"Present": NOT_SAID, "NotPresent": 0.0}),
}

_ACTIVITIES = {
    "walking": "Walking WheelchairWalkPace",
    "running": "Running TrackAndField WheelchairRunPace",
    "cycling": "Cycling HandCycling",
    "swimming": "Swimming WaterPolo WaterFitness",
    "strength": "FunctionalStrengthTraining TraditionalStrengthTraining CoreTraining CrossTraining HighIntensityIntervalTraining",
    "yoga": "Yoga YogaKundalini Pilates MindAndBody TaiChi Flexibility Barre",
    "hiking": "Hiking Climbing",
    "rowing": "Rowing PaddleSports",
    "team_sport": "AmericanFootball AustralianFootball Baseball Basketball Cricket Handball Hockey Lacrosse Rugby Soccer Softball Volleyball",
    "elliptical": "Elliptical StairClimbing Stairs StepTraining",
}
ACTIVITIES = {
    f"HKWorkoutActivityType{name}": float(WORKOUTS.index(what)) for what, names in _ACTIVITIES.items() for name in names.split()
}

_QUANTITIES = {
    "StepCount": Kind("steps"),
    **{
        f"Distance{how}": Kind("distance")
        for how in ("WalkingRunning", "Cycling", "Swimming", "Wheelchair", "DownhillSnowSports", "CrossCountrySkiing", "PaddleSports", "Rowing", "SkatingSports")
    },
    "ActiveEnergyBurned": Kind("energy_active"), "BasalEnergyBurned": Kind("energy_basal"),
    "AppleExerciseTime": Kind("active_minutes"), "FlightsClimbed": Kind("floors"),
    "HeartRate": Kind("hr", positive=True), "RestingHeartRate": Kind("rhr", positive=True),
    "HeartRateVariabilitySDNN": Kind("hrv_sdnn", positive=True), "RespiratoryRate": Kind("rr", positive=True),
    "OxygenSaturation": Kind("spo2", positive=True), "BodyTemperature": Kind("temp"), "BasalBodyTemperature": Kind("temp"),
    "AppleSleepingWristTemperature": Kind("skin_temp"), "VO2Max": Kind("vo2max", quality=ESTIMATED, positive=True),
    "BodyMass": Kind("weight"), "BodyFatPercentage": Kind("body_fat"), "LeanBodyMass": Kind("lean_mass"), "Height": Kind("height"),
    "BodyMassIndex": Kind("bmi"), "WaistCircumference": Kind("waist"), "PeakExpiratoryFlowRate": Kind("peak_flow"),
    "BloodGlucose": Kind("glucose"), "BloodPressureSystolic": Kind("sbp", paired=True), "BloodPressureDiastolic": Kind("dbp", paired=True),
    "WalkingHeartRateAverage": Kind(why="summary_of_others"),
}  # fmt: skip
_NOT_TAKEN = """
    AppleMoveTime AppleStandTime AtrialFibrillationBurden AppleSleepingBreathingDisturbances AppleWalkingSteadiness BloodAlcoholContent
    CrossCountrySkiingSpeed CyclingCadence CyclingFunctionalThresholdPower CyclingPower CyclingSpeed ElectrodermalActivity
    EnvironmentalAudioExposure EnvironmentalSoundReduction EstimatedWorkoutEffortScore ForcedExpiratoryVolume1 ForcedVitalCapacity
    HeadphoneAudioExposure HeartRateRecoveryOneMinute InhalerUsage InsulinDelivery NikeFuel NumberOfAlcoholicBeverages
    NumberOfTimesFallen PaddleSportsSpeed PeripheralPerfusionIndex PhysicalEffort PushCount RowingSpeed RunningGroundContactTime
    RunningPower RunningSpeed RunningStrideLength RunningVerticalOscillation SixMinuteWalkTestDistance StairAscentSpeed
    StairDescentSpeed SwimmingStrokeCount TimeInDaylight UVExposure UnderwaterDepth WalkingAsymmetryPercentage
    WalkingDoubleSupportPercentage WalkingSpeed WalkingStepLength WaterTemperature WorkoutEffortScore
"""
_NOT_TAKEN_CATEGORIES = """
    AppleStandHour AudioExposureEvent BleedingAfterPregnancy BleedingDuringPregnancy CervicalMucusQuality Contraceptive
    EnvironmentalAudioExposureEvent HandwashingEvent HeadphoneAudioExposureEvent HypertensionEvent InfrequentMenstrualCycles
    IrregularMenstrualCycles Lactation MindfulSession OvulationTestResult PersistentIntermenstrualBleeding Pregnancy
    PregnancyTestResult ProgesteroneTestResult ProlongedMenstrualPeriods SexualActivity SleepApneaEvent ToothbrushingEvent
    AppleWalkingSteadinessEvent
"""
_SYMPTOMS = """
    AbdominalCramps Acne BladderIncontinence Bloating BreastPain ChestTightnessOrPain Chills Constipation Coughing Diarrhea
    Dizziness DrySkin Fainting Fatigue Fever GeneralizedBodyAche HairLoss Headache Heartburn HotFlashes LossOfSmell LossOfTaste
    LowerBackPain MemoryLapse Nausea NightSweats PelvicPain RapidPoundingOrFlutteringHeartbeat RunnyNose ShortnessOfBreath
    SinusCongestion SkippedHeartbeat SoreThroat VaginalDryness Vomiting Wheezing
"""
_NO_SEVERITY = "AppetiteChanges MoodChanges SleepChanges"


def _flag(name: str) -> Kind:
    return Kind("rhythm_flag", always=float(RHYTHM_FLAGS.index(name)))


_CATEGORIES = {
    "SleepAnalysis": Kind("sleep_stage", codes=SLEEP), "MenstrualFlow": Kind("cycle", codes=FLOW, quality=MANUAL),
    "IntermenstrualBleeding": Kind("cycle", always=_flow("spotting"), quality=MANUAL),
    "IrregularHeartRhythmEvent": _flag("irregular"), "HighHeartRateEvent": _flag("high_rate"), "LowHeartRateEvent": _flag("low_rate"),
    "LowCardioFitnessEvent": _flag("low_cardio_fitness"),
}  # fmt: skip
MOOD = Kind("mood", quality=MANUAL, unitless=True)
"""HKStateOfMind: a valence of -1 to 1 becomes 0 to 10 (apple_values.py)."""

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        **{QUANTITY + name: kind for name, kind in _QUANTITIES.items()},
        **{CATEGORY + name: kind for name, kind in _CATEGORIES.items()},
        **{CATEGORY + name: Kind("symptom", codes=SEVERITY, quality=MANUAL, about=name) for name in _SYMPTOMS.split()},
        **{CATEGORY + name: Kind(why="severity_not_said") for name in _NO_SEVERITY.split()},
        **{QUANTITY + name: Kind(why="kind_not_taken") for name in _NOT_TAKEN.split()},
        **{CATEGORY + name: Kind(why="kind_not_taken") for name in _NOT_TAKEN_CATEGORIES.split()},
        **dict.fromkeys(("HKStateOfMind", "HKStateOfMindSample", "HKDataTypeStateOfMind", "HKDataTypeIdentifierStateOfMind"), MOOD),
        "HKScoredAssessmentTypeIdentifierGAD7": Kind("gad7", unitless=True, quality=MANUAL),
        "HKScoredAssessmentTypeIdentifierPHQ9": Kind("phq9", unitless=True, quality=MANUAL),
        "HKDataTypeIdentifierHeartbeatSeries": Kind(why="single_beats"),
        "Workout": Kind("workout", codes=ACTIVITIES, otherwise=0.0),
    }
)
UNKNOWN = Kind()
FOOD = Kind(why="kind_not_taken")


def kind_of(name: str) -> Kind:
    """What a type becomes; what people ate and drank is many types that all begin alike."""
    return KINDS.get(name) or (FOOD if name.startswith(QUANTITY + "Dietary") else UNKNOWN)


ELEMENTS: Mapping[str, str] = MappingProxyType(
    {
        "HealthData": "", "ExportDate": "", "MetadataEntry": "", "HeartRateVariabilityMetadataList": "", "Location": "", "FileReference": "",
        "SensitivityPoint": "", "Prescription": "", "RightEye": "", "LeftEye": "", "Attachment": "",
        "Me": "profile", "ActivitySummary": "summary_of_others", "WorkoutStatistics": "summary_of_others",
        "WorkoutActivity": "summary_of_others", "WorkoutEvent": "not_a_measurement", "WorkoutRoute": "workout_route",
        "InstantaneousBeatsPerMinute": "single_beats", "ClinicalRecord": "in_another_file", "Audiogram": "kind_not_taken",
        "VisionPrescription": "kind_not_taken",
    }
)  # fmt: skip
"""Elements that hold no record of ours, and why each is not followed; "" where it is no entry at all."""
