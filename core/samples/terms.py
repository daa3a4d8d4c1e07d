"""This is the place where everything that is measured in a sample life is a row: its LOINC code, words, unit and range.

This material contains content from LOINC (http://loinc.org), copyright Regenstrief Institute, Inc. and the LOINC Committee,
available at no cost under the license at http://loinc.org/license. Units are UCUM. Reference ranges are ordinary adult
laboratory ranges, here only to make the records realistic.
"""

from __future__ import annotations

from dataclasses import dataclass

VITALS, LAB, SURVEY, EXAM, SOCIAL, ACTIVITY = "vital-signs", "laboratory", "survey", "exam", "social-history", "activity"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to observe: LOINC code and name, Chinese name, UCUM unit, decimals, category, usual range."""

    loinc: str
    name: str
    name_zh: str
    unit: str
    decimals: int
    category: str
    low: float | None = None
    high: float | None = None


def _v(loinc: str, name: str, zh: str, unit: str, decimals: int = 0) -> Term:
    return Term(loinc, name, zh, unit, decimals, VITALS)


_LABS = """
creatinine      |2160-0 |Creatinine [Mass/volume] in Serum or Plasma            |肌酐        |mg/dL  |2|0.6 |1.2
creatinine_si   |14682-9|Creatinine [Moles/volume] in Serum or Plasma           |肌酐        |umol/L |0|44  |97
egfr            |98979-8|Glomerular filtration rate [Volume Rate/Area] in Serum, Plasma or Blood by Creatinine-based formula (CKD-EPI 2021)/1.73 sq M|估算肾小球滤过率|mL/min/{1.73_m2}|0|60|
potassium       |2823-3 |Potassium [Moles/volume] in Serum or Plasma            |钾          |mmol/L |1|3.5 |5.1
sodium          |2951-2 |Sodium [Moles/volume] in Serum or Plasma               |钠          |mmol/L |0|135 |145
glucose         |2345-7 |Glucose [Mass/volume] in Serum or Plasma               |葡萄糖      |mg/dL  |0|70  |99
glucose_fasting |14771-0|Fasting glucose [Moles/volume] in Serum or Plasma      |空腹血糖    |mmol/L |1|3.9 |6.1
hba1c           |4548-4 |Hemoglobin A1c/Hemoglobin.total in Blood               |糖化血红蛋白|%      |1|4.0 |6.0
cholesterol     |2093-3 |Cholesterol [Mass/volume] in Serum or Plasma           |总胆固醇    |mg/dL  |0|    |200
hdl             |2085-9 |Cholesterol in HDL [Mass/volume] in Serum or Plasma    |高密度脂蛋白胆固醇|mg/dL|0|40|
ldl             |13457-7|Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation|低密度脂蛋白胆固醇|mg/dL|0||130
triglycerides   |2571-8 |Triglyceride [Mass/volume] in Serum or Plasma          |甘油三酯    |mg/dL  |0|    |150
cholesterol_si  |14647-2|Cholesterol [Moles/volume] in Serum or Plasma          |总胆固醇    |mmol/L |2|    |5.2
hdl_si          |14646-4|Cholesterol in HDL [Moles/volume] in Serum or Plasma   |高密度脂蛋白胆固醇|mmol/L|2|1.0|
ldl_si          |39469-2|Cholesterol in LDL [Moles/volume] in Serum or Plasma by calculation|低密度脂蛋白胆固醇|mmol/L|2||3.4
triglycerides_si|14927-8|Triglyceride [Moles/volume] in Serum or Plasma         |甘油三酯    |mmol/L |2|    |1.7
uacr            |9318-7 |Albumin/Creatinine [Mass Ratio] in Urine               |尿白蛋白/肌酐比值|mg/g|0|  |30
uric_acid_si    |14933-6|Urate [Moles/volume] in Serum or Plasma                |尿酸        |umol/L |0|155 |357
hemoglobin      |718-7  |Hemoglobin [Mass/volume] in Blood                      |血红蛋白    |g/dL   |1|12.0|17.0
hemoglobin_si   |718-7  |Hemoglobin [Mass/volume] in Blood                      |血红蛋白    |g/L    |0|110 |150
white_cells     |6690-2 |Leukocytes [#/volume] in Blood by Automated count      |白细胞      |10*9/L |1|3.5 |9.5
platelets       |777-3  |Platelets [#/volume] in Blood by Automated count       |血小板      |10*9/L |0|125 |350
ferritin        |2276-4 |Ferritin [Mass/volume] in Serum or Plasma              |铁蛋白      |ng/mL  |0|15  |150
vitamin_d       |1989-3 |25-hydroxyvitamin D3 [Mass/volume] in Serum or Plasma  |25-羟维生素D3|ng/mL |0|30  |100
tsh             |3016-3 |Thyrotropin [Units/volume] in Serum or Plasma          |促甲状腺激素|m[IU]/L|2|0.4 |4.0
alt             |1742-6 |Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma|丙氨酸氨基转移酶|U/L|0|7|45
bnp             |33762-6|Natriuretic peptide.B prohormone N-Terminal [Mass/volume] in Serum or Plasma|N末端B型利钠肽原|pg/mL|0||125
crp             |1988-5 |C reactive protein [Mass/volume] in Serum or Plasma    |C反应蛋白   |mg/L   |1|    |5
ogtt_0h         |14771-0|Fasting glucose [Moles/volume] in Serum or Plasma      |糖耐量试验 空腹血糖|mmol/L|1||5.1
ogtt_2h         |14995-5|Glucose [Moles/volume] in Serum or Plasma --2 hours post 75 g glucose PO|糖耐量试验 2小时血糖|mmol/L|1||8.5
"""

_OTHERS = """
heart_rate      |8867-4 |Heart rate                  |心率    |/min |0|vital-signs
resting_rate    |40443-4|Heart rate --resting         |静息心率|/min |0|vital-signs
breathing       |9279-1 |Respiratory rate            |呼吸频率|/min |0|vital-signs
spo2            |59408-5|Oxygen saturation in Arterial blood by Pulse oximetry|血氧饱和度|%|0|vital-signs
temperature     |8310-5 |Body temperature            |体温    |Cel  |1|vital-signs
weight          |29463-7|Body weight                 |体重    |kg   |1|vital-signs
height          |8302-2 |Body height                 |身高    |cm   |1|vital-signs
bmi             |39156-5|Body mass index (BMI) [Ratio]|体质指数|kg/m2|1|vital-signs
head            |9843-4 |Head Occipital-frontal circumference|头围|cm|1|vital-signs
waist           |8280-0 |Waist Circumference at umbilicus by Tape measure|腰围|cm|0|vital-signs
steps           |55423-8|Number of steps in unspecified time Pedometer|步数|{steps}|0|activity
fev1            |20150-9|FEV1                        |第一秒用力呼气容积|L|2|exam
fvc             |19868-9|Forced vital capacity [Volume] Respiratory system by Spirometry|用力肺活量|L|2|exam
fev1_fvc        |19926-5|FEV1/FVC                    |一秒率  |%    |0|exam
ejection        |10230-1|Left ventricular Ejection fraction|左室射血分数|%|0|exam
fundal_height   |11881-0|Uterus Fundal height Tape measure|宫高|cm|0|exam
fetal_heart     |55283-6|Fetal Heart rate            |胎心率  |/min |0|exam
gestation       |49051-6|Gestational age in weeks    |孕周    |wk   |0|exam
glucose_capillary|14743-9|Glucose [Moles/volume] in Capillary blood by Glucometer|指尖血糖|mmol/L|1|laboratory
glucose_sensor  |105272-9|Glucose [Moles/volume] in Interstitial fluid|动态血糖|mmol/L|1|laboratory
cgm_mean        |105273-7|Average glucose [Moles/volume] in Interstitial fluid during Reporting Period|动态血糖平均值|mmol/L|1|laboratory
cgm_gmi         |97506-0|Glucose management indicator|血糖管理指标|%|1|laboratory
cgm_cv          |104638-2|Coefficient of variation of glucose in Interstitial fluid during Reporting Period|血糖变异系数|%|1|laboratory
cgm_in_range    |97510-2|Glucose measurements in range out of Total glucose measurements during reporting period|目标范围内时间|%|1|laboratory
cgm_very_low    |104642-4|Glucose measurements in very low range out of Total glucose measurements during reporting period|极低血糖时间|%|1|laboratory
cgm_low         |104641-6|Glucose measurements in low range out of Total glucose measurements during reporting period|低血糖时间|%|1|laboratory
cgm_high        |104640-8|Glucose measurements in high range out of Total glucose measurements during reporting period|高血糖时间|%|1|laboratory
cgm_very_high   |104639-0|Glucose measurements in very high range out of Total glucose measurements during reporting period|极高血糖时间|%|1|laboratory
phq9            |44261-6|Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]|PHQ-9抑郁量表总分|{score}|0|survey
gad7            |70274-6|Generalized anxiety disorder 7 item (GAD-7) total score [Reported.PHQ]|GAD-7焦虑量表总分|{score}|0|survey
"""


def _number(text: str) -> float | None:
    return float(text) if text.strip() else None


def _lab_rows() -> dict[str, Term]:
    rows = (tuple(part.strip() for part in line.split("|")) for line in _LABS.strip().splitlines())
    return {
        key: Term(loinc, name, zh, unit, int(decimals), LAB, _number(low), _number(high))
        for key, loinc, name, zh, unit, decimals, low, high in rows
    }


def _other_rows() -> dict[str, Term]:
    rows = (tuple(part.strip() for part in line.split("|")) for line in _OTHERS.strip().splitlines())
    return {key: Term(loinc, name, zh, unit, int(decimals), category) for key, loinc, name, zh, unit, decimals, category in rows}


TERMS: dict[str, Term] = {**_lab_rows(), **_other_rows()}
"""Every observable thing of the sample lives, by our key. Keys ending in _si are the same analyte in SI units."""

PRESSURE_PANEL = _v("85354-9", "Blood pressure panel with all children optional", "血压", "mm[Hg]")
SYSTOLIC = _v("8480-6", "Systolic blood pressure", "收缩压", "mm[Hg]")
DIASTOLIC = _v("8462-4", "Diastolic blood pressure", "舒张压", "mm[Hg]")

PANELS = {
    "metabolic": ("24320-4", "Basic metabolic panel - Serum or Plasma", "生化检验"),
    "lipids": ("24331-1", "Lipid 1996 panel - Serum or Plasma", "血脂检验"),
    "blood_count": ("58410-2", "CBC panel - Blood by Automated count", "血常规"),
    "hba1c": ("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "糖化血红蛋白检验"),
    "spirometry": ("18759-1", "Spirometry study", "肺功能检查"),
    "chest_xray": ("36643-5", "XR Chest 2 Views", "胸部X线检查"),
    "echo": ("34552-0", "Cardiac 2D echo panel", "超声心动图"),
    "obstetric_ultrasound": ("11525-3", "US Pelvis Fetus for pregnancy", "产科超声检查"),
    "sensor_summary": ("107931-8", "CGM summary report", "动态血糖报告"),
}
"""Reports: LOINC code, name, Chinese name."""
