"""This is the place where every signal Healthboard knows stands as a row: codes, unit, conversions, guard range, decimals.

LOINC codes and names: LOINC (loinc.org), (c) Regenstrief Institute, free under the LOINC licence. Codes were read in US Core,
IPS and public code files, except the ones in `FROM_MEMORY`, which must be checked against loinc.org before clinical release.
Molar factors are molar masses (glucose 180.16, cholesterol 386.65, mean triglyceride 885.7, creatinine 113.12 g/mol ...);
HbA1c is the IFCC-NGSP master equation (NGSP = 0.09148 IFCC + 2.152). Enzyme units: 1 [IU] = 1 U by definition. The
guard ranges keep typing errors and unit mix-ups out; they hold for newborns and the very ill and are no clinical limits.
A code whose own LOINC definition says mmol/L and one that says mg/dL are the same signal; the value's unit decides.
"""

from __future__ import annotations

from core.domain.signal import Signal

FROM_MEMORY = frozenset({"59261-8", "14959-1", "6301-6", "34714-6", "26515-7", "1989-3", "41950-7", "88330-6",
    "55430-3", "41981-2", "55411-3", "41982-0", "91557-9"})
"""LOINC codes of the reference list that were written from memory or seen once only."""

_KPA = ("kPa", 7.500617, 0.0)
_IU = ("[IU]/L", 1.0, 0.0)
_MEQ = ("meq/L", 1.0, 0.0)
_GLUCOSE = ("mmol/L", 18.0182, 0.0)
_CHOLESTEROL = ("mmol/L", 38.67, 0.0)


PANELS = (
    Signal("bp_panel", "panel", ("85354-9", "55284-4", "35094-2", "96607-7"), ""),
    Signal("vitals_panel", "panel", ("85353-1", "8716-3"), ""),
    Signal("cgm_summary", "panel", ("107931-8",), ""),
    Signal("cgm_ranges", "panel", ("106793-3",), ""),
    Signal("phq9_panel", "panel", ("44249-1",), ""),
)
"""Codes that only hold components together."""

CODED = (
    Signal("smoking", "social", ("72166-2",), ""),
    Signal("hla_b1502", "genomics", ("57979-7",), ""),
)
"""Things that are answered with a code and have no number."""

VITALS = (
    Signal("sbp", "vital", ("8480-6", "8459-0", "76534-7"), "mm[Hg]", (_KPA,), (40.0, 300.0)),
    Signal("dbp", "vital", ("8462-4", "8453-3", "76535-4"), "mm[Hg]", (_KPA,), (10.0, 220.0)),
    Signal("sbp_mean", "vital", ("96608-5",), "mm[Hg]", (_KPA,), (40.0, 300.0)),
    Signal("dbp_mean", "vital", ("96609-3",), "mm[Hg]", (_KPA,), (10.0, 220.0)),
    Signal("map", "vital", ("8478-0",), "mm[Hg]", (_KPA,), (20.0, 250.0)),
    Signal("hr", "vital", ("8867-4", "8889-8", "8893-0", "76282-3"), "/min", (), (20.0, 300.0), kind="average"),
    Signal("rr", "vital", ("9279-1",), "/min", (), (3.0, 120.0), kind="average"),
    Signal("spo2", "vital", ("59408-5", "2708-6"), "%", (("1", 100.0, 0.0),), (40.0, 100.0), kind="average"),
    Signal("temp", "vital", ("8310-5", "8331-1", "8332-9", "8333-7", "8328-7", "8329-5", "75539-7"), "Cel",
         (("[degF]", 5.0 / 9.0, -160.0 / 9.0),), (25.0, 45.0), 1),
    Signal("weight", "vital", ("29463-7", "3141-9", "3142-7", "8350-1", "8351-9"), "kg",
         (("[lb_av]", 0.45359237, 0.0), ("g", 0.001, 0.0)), (0.2, 650.0), 1),
    Signal("height", "vital", ("8302-2", "3137-7", "3138-5", "8306-3", "8308-9"),
           "cm", (("[in_i]", 2.54, 0.0), ("m", 100.0, 0.0)), (20.0, 275.0), 1),
    Signal("bmi", "vital", ("39156-5",), "kg/m2", (), (5.0, 150.0), 1),
    Signal("waist", "vital", ("8280-0", "56086-2"), "cm", (("[in_i]", 2.54, 0.0),), (20.0, 300.0), 1),
    Signal("head", "vital", ("9843-4", "8287-5"), "cm", (("[in_i]", 2.54, 0.0),), (15.0, 80.0), 1),
    Signal("pain", "survey", ("72514-3", "38208-5"), "{score}", (("1", 1.0, 0.0),), (0.0, 10.0)),
    Signal("lvef", "other", ("10230-1", "8806-2"), "%", (), (1.0, 100.0)),
    Signal("fev1_fvc", "other", ("19926-5",), "%", (("1", 100.0, 0.0),), (5.0, 100.0)),
    Signal("peak_flow", "other", ("33452-4", "19935-6"), "L/min", (), (20.0, 1000.0)),
)  # fmt: skip

CHEMISTRY = (
    Signal("glucose", "lab", ("2345-7", "14749-6", "2339-0", "15074-8", "41653-7", "14743-9", "2340-8", "32016-8", "2341-6"),
           "mg/dL", (_GLUCOSE,), (5.0, 2500.0)),
    Signal("glucose_fasting", "lab", ("1558-6", "14771-0", "1556-0", "76629-5", "14770-2"),
           "mg/dL", (_GLUCOSE,), (5.0, 2500.0)),
    Signal("hba1c", "lab", ("4548-4", "17856-6", "59261-8", "4549-2", "71875-9"),
           "%", (("mmol/mol", 0.09148, 2.152),), (2.0, 25.0), 1),
    Signal("tc", "lab", ("2093-3", "14647-2"), "mg/dL", (_CHOLESTEROL,), (20.0, 2000.0)),
    Signal("ldl", "lab", ("13457-7", "18262-6", "2089-1", "39469-2", "22748-8", "69419-0"),
           "mg/dL", (_CHOLESTEROL,), (1.0, 1500.0)),
    Signal("hdl", "lab", ("2085-9", "14646-4"), "mg/dL", (_CHOLESTEROL,), (1.0, 250.0)),
    Signal("nonhdl", "lab", ("43396-1", "70204-3"), "mg/dL", (_CHOLESTEROL,), (5.0, 1900.0)),
    Signal("tg", "lab", ("2571-8", "14927-8", "3043-7"), "mg/dL", (("mmol/L", 88.57, 0.0),), (5.0, 20000.0)),
    Signal("creatinine", "lab", ("2160-0", "14682-9", "38483-4", "59826-8", "77140-2"),
           "mg/dL", (("umol/L", 0.01131222, 0.0),), (0.05, 50.0), 2),
    Signal("cystatin_c", "lab", ("33863-2",), "mg/L", (), (0.1, 20.0), 2),
    # the race-adjusted results (48643-1, 88293-6) are left out: labs send them beside the others for one specimen
    Signal("egfr", "lab", ("98979-8", "62238-1", "33914-3", "48642-3", "88294-4", "69405-9", "77147-7", "94677-2", "98980-6", "50210-4", "50384-7"),
         "mL/min/{1.73_m2}", (("mL/min", 1.0, 0.0),), (0.5, 300.0)),
    Signal("bun", "lab", ("3094-0", "6299-2", "14937-7"), "mg/dL", (("mmol/L", 2.801, 0.0),), (0.5, 400.0)),
    Signal("urea", "lab", ("22664-7", "3091-6"), "mmol/L", (("mg/dL", 0.1665, 0.0),), (0.1, 150.0), 1),
    Signal("uacr", "lab", ("9318-7", "14959-1", "14958-3", "13705-9", "32294-1", "76401-9"), "mg/g",
         (("mg/mmol", 8.84, 0.0), ("ug/mg", 1.0, 0.0), ("mg/mg", 1000.0, 0.0)), (0.01, 50000.0), 1),
    Signal("uric_acid", "lab", ("3084-1", "14933-6"), "mg/dL", (("umol/L", 0.01681237, 0.0),), (0.1, 50.0), 1),
    Signal("sodium", "lab", ("2951-2", "2947-0"), "mmol/L", (_MEQ,), (80.0, 220.0)),
    Signal("potassium", "lab", ("2823-3", "6298-4"), "mmol/L", (_MEQ,), (1.0, 15.0), 1),
    Signal("chloride", "lab", ("2075-0", "2069-3"), "mmol/L", (_MEQ,), (50.0, 180.0)),
    Signal("co2", "lab", ("2028-9", "20565-8", "1963-8", "1959-6"), "mmol/L", (_MEQ,), (1.0, 90.0)),
    Signal("calcium", "lab", ("17861-6", "49765-1", "2000-8"),
           "mg/dL", (("mmol/L", 4.008, 0.0), ("meq/L", 2.004, 0.0)), (2.0, 30.0), 1),
    Signal("phosphate", "lab", ("2777-1", "14879-1"), "mg/dL", (("mmol/L", 3.097, 0.0),), (0.1, 40.0), 1),
    Signal("magnesium", "lab", ("19123-9", "2601-3"),
           "mg/dL", (("mmol/L", 2.4305, 0.0), ("meq/L", 1.2153, 0.0)), (0.2, 20.0), 1),
    Signal("albumin", "lab", ("1751-7", "61151-7", "61152-5"), "g/dL", (("g/L", 0.1, 0.0),), (0.3, 10.0), 1),
    Signal("protein", "lab", ("2885-2",), "g/dL", (("g/L", 0.1, 0.0),), (0.5, 20.0), 1),
    Signal("globulin", "lab", ("10834-0", "2336-6"), "g/dL", (("g/L", 0.1, 0.0),), (0.2, 15.0), 1),
    Signal("alt", "lab", ("1742-6", "1743-4", "1744-2"), "U/L", (_IU,), (0.5, 30000.0)),
    Signal("ast", "lab", ("1920-8", "30239-8", "88112-8"), "U/L", (_IU,), (0.5, 40000.0)),
    Signal("alp", "lab", ("6768-6",), "U/L", (_IU,), (1.0, 10000.0)),
    Signal("ggt", "lab", ("2324-2",), "U/L", (_IU,), (0.5, 10000.0)),
    Signal("bilirubin", "lab", ("1975-2", "14631-6", "42719-5"), "mg/dL", (("umol/L", 0.05847953, 0.0),), (0.01, 90.0), 1),
    Signal("hscrp", "lab", ("30522-7",), "mg/L", (("mg/dL", 10.0, 0.0),), (0.001, 1000.0), 1),
    Signal("crp", "lab", ("1988-5",), "mg/L", (("mg/dL", 10.0, 0.0),), (0.001, 1200.0), 1),
    Signal("tsh", "lab", ("3016-3", "11580-8", "11579-0"),
           "m[IU]/L", (("u[IU]/mL", 1.0, 0.0), ("mU/L", 1.0, 0.0), ("uU/mL", 1.0, 0.0)), (0.0001, 1000.0), 2),
    Signal("vitd", "lab", ("1989-3", "62292-8"), "ng/mL", (("nmol/L", 0.4006, 0.0),), (0.5, 500.0)),
    Signal("ferritin", "lab", ("2276-4",), "ng/mL", (), (0.1, 100000.0)),
    Signal("nt_probnp", "lab", ("33762-6",), "pg/mL", (("pmol/L", 8.457, 0.0),), (0.5, 200000.0)),
    Signal("bnp", "lab", ("30934-4", "42637-9"), "pg/mL", (("pmol/L", 3.464, 0.0),), (0.5, 50000.0)),
    Signal("psa", "lab", ("2857-1",), "ng/mL", (), (0.0, 20000.0), 2),
)  # fmt: skip

BLOOD_COUNT = (
    Signal("inr", "lab", ("6301-6", "34714-6"), "{INR}", (("1", 1.0, 0.0), ("{ratio}", 1.0, 0.0)), (0.3, 30.0), 1),
    Signal("platelets", "lab", ("777-3", "26515-7", "778-1"), "10*9/L", (("10*3/mm3", 1.0, 0.0),), (0.5, 6000.0)),
    Signal("wbc", "lab", ("6690-2", "26464-8", "804-5"), "10*9/L", (), (0.01, 1500.0), 1),
    Signal("lymph", "lab", ("731-0", "26474-7"), "10*9/L", (), (0.0, 1500.0), 2),
    Signal("neutrophils", "lab", ("751-8", "26499-4"), "10*9/L", (), (0.0, 500.0), 2),
    Signal("hb", "lab", ("718-7", "59260-0", "20509-6"), "g/dL", (("g/L", 0.1, 0.0), ("mmol/L", 1.611, 0.0)), (1.0, 30.0), 1),
    Signal("hct", "lab", ("4544-3", "20570-8", "4545-0", "71833-8"),
           "%", (("L/L", 100.0, 0.0), ("1", 100.0, 0.0)), (3.0, 85.0), 1),
    Signal("mcv", "lab", ("787-2", "30428-7"), "fL", (), (30.0, 200.0), 1),
    Signal("rbc", "lab", ("789-8", "26453-1"), "10*12/L", (), (0.2, 15.0), 2),
    Signal("mch", "lab", ("785-6", "28539-5"), "pg", (), (5.0, 80.0), 1),
    Signal("mchc", "lab", ("786-4", "28540-3"), "g/dL", (("g/L", 0.1, 0.0), ("mmol/L", 1.611, 0.0)), (10.0, 60.0), 1),
    Signal("rdw", "lab", ("788-0", "30385-9"), "%", (), (5.0, 60.0), 1),
    Signal("rdw_sd", "lab", ("21000-5", "30384-2"), "fL", (), (10.0, 200.0), 1),
    Signal("mpv", "lab", ("32623-1", "28542-9"), "fL", (), (2.0, 30.0), 1),
    Signal("pdw", "lab", ("32207-3",), "fL", (), (1.0, 800.0), 1),
)  # fmt: skip

_MINUTES = ("min", 1.0 / 60.0, 0.0)
_ONE = (("1", 1.0, 0.0),)
_DEGF = ("[degF]", 5.0 / 9.0, -160.0 / 9.0)
_POUND = ("[lb_av]", 0.45359237, 0.0)

SLEEP_STAGES = ("in_bed", "awake", "asleep", "light", "deep", "rem", "restless")
"""Values of sleep_stage: 0 in bed (nothing said of sleep), 1 awake, 2 asleep (no stage said), 3 light, 4 deep, 5 REM, 6 restless."""
WORKOUTS = (
    "other", "walking", "running", "cycling", "swimming", "strength", "yoga", "hiking", "rowing", "team_sport", "elliptical",
)  # fmt: skip
RHYTHM_FLAGS = ("irregular", "high_rate", "low_rate", "low_cardio_fitness")
"""What a watch itself flagged; the vendor's finding, not ours."""
ECG_FINDINGS = ("unclassified", "sinus_rhythm", "atrial_fibrillation", "inconclusive", "high_rate", "low_rate")
"""What the vendor's software said of a recording."""
CYCLE_FLOW = ("none", "unspecified", "spotting", "light", "medium", "heavy")

WEARABLES = (
    Signal("rhr", "wearable", ("40443-4",), "/min", (), (20.0, 200.0)),
    Signal("steps", "wearable", ("41950-7", "55423-8"),
           "{steps}", (("{steps}/d", 1.0, 0.0), ("/d", 1.0, 0.0), ("1", 1.0, 0.0)), (0.0, 200000.0), kind="cumulative"),
    Signal("sleep", "wearable", ("93832-4",), "h", (_MINUTES,), (0.0, 24.0), 1),
    Signal("sleep_deep", "wearable", ("93831-6",), "h", (_MINUTES,), (0.0, 24.0), 1),
    Signal("sleep_light", "wearable", ("93830-8",), "h", (_MINUTES,), (0.0, 24.0), 1),
    Signal("sleep_rem", "wearable", ("93829-0",), "h", (_MINUTES,), (0.0, 24.0), 1),
    Signal("hrv_sdnn", "wearable", ("80404-7",), "ms", (), (0.5, 500.0)),
    Signal("distance", "wearable", ("55430-3",), "m", (), (0.0, 500000.0), kind="cumulative"),
    Signal("energy_active", "wearable", ("41981-2",), "kcal", (("kJ", 0.2390057, 0.0),), (0.0, 20000.0), kind="cumulative"),
    Signal("energy_total", "wearable", (), "kcal", (("kJ", 0.2390057, 0.0),), (0.0, 20000.0), kind="cumulative"),
    Signal("energy_basal", "wearable", (), "kcal", (("kJ", 0.2390057, 0.0),), (0.0, 20000.0), kind="cumulative"),
    Signal("active_minutes", "wearable", ("55411-3",), "min", (), (0.0, 1440.0), kind="cumulative"),
    Signal("sedentary_minutes", "wearable", (), "min", (), (0.0, 1440.0), kind="cumulative"),
    Signal("floors", "wearable", (), "{floors}", _ONE, (0.0, 2000.0), kind="cumulative"),
    Signal("hrv_rmssd", "wearable", (), "ms", (), (0.5, 500.0), kind="average"),
    Signal("skin_temp", "wearable", (), "Cel", (_DEGF,), (15.0, 45.0), 1, kind="average"),
    Signal("skin_temp_change", "wearable", (), "{degC}", (("Cel", 1.0, 0.0), ("[degF]", 5.0 / 9.0, 0.0)), (-15.0, 15.0), 1),
    Signal("vo2max", "wearable", (), "mL/kg/min", (("mL/min/kg", 1.0, 0.0),), (5.0, 100.0), 1),
    Signal("body_fat", "wearable", ("41982-0",), "%", (("1", 100.0, 0.0),), (1.0, 80.0), 1),
    Signal("lean_mass", "wearable", ("91557-9",), "kg", (_POUND,), (5.0, 300.0), 1),
    Signal("intensity", "wearable", (), "{level}", _ONE, (0.0, 1000.0), kind="cumulative"),
    Signal("sleep_stage", "wearable", (), "{stage}", _ONE, (0.0, 6.0), kind="state", states=SLEEP_STAGES),
    Signal("worn", "wearable", (), "{state}", _ONE, (0.0, 1.0), kind="state", states=("off", "on")),
    Signal("workout", "wearable", (), "{kind}", _ONE, (0.0, 10.0), kind="state", states=WORKOUTS),
    Signal("rhythm_flag", "wearable", (), "{finding}", _ONE, (0.0, 3.0), states=RHYTHM_FLAGS),
    Signal("ecg", "wearable", (), "{finding}", _ONE, (0.0, 5.0), kind="waveform", states=ECG_FINDINGS),
    Signal("ppg", "wearable", (), "{segment}", _ONE, (0.0, 5.0), kind="waveform", states=ECG_FINDINGS),
    Signal("cycle", "wearable", (), "{flow}", _ONE, (0.0, 5.0), kind="state", states=CYCLE_FLOW),
    Signal("mood", "survey", (), "{score}", _ONE, (0.0, 10.0)),
    Signal("symptom", "survey", (), "{score}", _ONE, (0.0, 10.0)),
    Signal("cgm_glucose", "cgm", ("99504-3", "105272-9"), "mg/dL", (_GLUCOSE,), (5.0, 1000.0), kind="average"),
    Signal("cgm_tir", "cgm", ("97510-2",), "%", (), (0.0, 100.0)),
    Signal("cgm_tbr1", "cgm", ("104641-6",), "%", (), (0.0, 100.0), 1),
    Signal("cgm_tbr2", "cgm", ("104642-4",), "%", (), (0.0, 100.0), 1),
    Signal("cgm_tar1", "cgm", ("104640-8",), "%", (), (0.0, 100.0), 1),
    Signal("cgm_tar2", "cgm", ("104639-0",), "%", (), (0.0, 100.0), 1),
    Signal("cgm_mean", "cgm", ("97507-8", "105273-7"), "mg/dL", (_GLUCOSE,), (20.0, 1000.0)),
    Signal("cgm_gmi", "cgm", ("97506-0",), "%", (("mmol/mol", 0.09148, 2.152),), (2.0, 25.0), 1),
    Signal("cgm_cv", "cgm", ("104638-2",), "%", (), (0.0, 100.0), 1),
    Signal("cgm_days", "cgm", ("104636-6",), "d", (), (0.0, 366.0)),
    Signal("cgm_active", "cgm", ("104637-4",), "%", (), (0.0, 100.0)),
)  # fmt: skip

_PLAIN = (("1", 1.0, 0.0),)

SCORES = (
    Signal("phq9", "survey", ("44261-6",), "{score}", _PLAIN, (0.0, 27.0)),
    Signal("phq2", "survey", ("55758-7",), "{score}", _PLAIN, (0.0, 6.0)),
    Signal("gad7", "survey", ("70274-6",), "{score}", _PLAIN, (0.0, 21.0)),
    Signal("news2", "score", ("88330-6",), "{score}", _PLAIN, (0.0, 20.0)),
)  # fmt: skip

ROWS: tuple[Signal, ...] = PANELS + CODED + VITALS + CHEMISTRY + BLOOD_COUNT + WEARABLES + SCORES
