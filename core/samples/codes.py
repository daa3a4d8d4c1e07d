"""This is the place where the diagnoses, procedures, vaccines and medicines of the sample lives are rows with their codes.

SNOMED CT codes are used as matching keys only; diagnoses also carry their ICD-10 stem, medicines their RxNorm ingredient (or
clinical drug) and ATC code, vaccines their CVX code.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A problem: SNOMED CT, ICD-10 stem, English and Chinese words."""

    snomed: str
    icd10: str
    name: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class Drug:
    """A medicine: RxNorm, ATC, English and Chinese words, and what one unit of it is (UCUM annotation)."""

    rxnorm: str
    atc: str
    name: str
    name_zh: str
    unit: str = "{tbl}"
    form: str = "tablet"
    form_zh: str = "片"


@dataclass(frozen=True, slots=True)
class Named:
    """Anything else with one code: code, English and Chinese words."""

    code: str
    name: str
    name_zh: str


_DIAGNOSES = """
hypertension   |38341003 |I10  |Essential hypertension          |高血压
hyperlipidemia |55822004 |E78.5|Hyperlipidemia                  |高脂血症
diabetes2      |44054006 |E11  |Type 2 diabetes mellitus        |2型糖尿病
heart_failure  |42343007 |I50  |Congestive heart failure        |充血性心力衰竭
infarction     |22298006 |I25.2|Old myocardial infarction       |陈旧性心肌梗死
coronary       |53741008 |I25  |Coronary artery disease         |冠心病
fibrillation   |49436004 |I48  |Atrial fibrillation             |心房颤动
copd           |13645005 |J44  |Chronic obstructive pulmonary disease|慢性阻塞性肺疾病
exacerbation   |195951007|J44.1|Acute exacerbation of chronic obstructive airways disease|慢性阻塞性肺疾病急性加重
ckd            |709044004|N18  |Chronic kidney disease          |慢性肾脏病
ckd3           |433144002|N18.3|Chronic kidney disease stage 3  |慢性肾脏病3期
ckd4           |431857002|N18.4|Chronic kidney disease stage 4  |慢性肾脏病4期
anemia         |271737000|D64  |Anemia                          |贫血
hypothyroidism |40930008 |E03  |Hypothyroidism                  |甲状腺功能减退症
gout           |90560007 |M10  |Gout                            |痛风
osteoporosis   |64859006 |M81  |Osteoporosis                    |骨质疏松症
pregnancy      |77386006 |Z33  |Pregnant                        |妊娠
asthma         |195967001|J45  |Asthma                          |支气管哮喘
otitis         |65363002 |H66  |Otitis media                    |中耳炎
sprain         |44465007 |S93.4|Sprain of ankle                 |踝关节扭伤
depression     |35489007 |F32  |Depressive disorder             |抑郁障碍
migraine       |37796009 |G43  |Migraine                        |偏头痛
"""

_DRUGS = """
lisinopril    |314076 |C09AA03|lisinopril 10 MG Oral Tablet     |赖诺普利片 10mg
losartan      |52175  |C09CA01|losartan 50 MG tablet            |氯沙坦钾片 50mg
valsartan     |69749  |C09CA03|valsartan 80 MG capsule          |缬沙坦胶囊 80mg |{capsule}|capsule|粒
amlodipine    |197361 |C08CA01|Amlodipine 5 MG Oral Tablet      |氨氯地平片 5mg
atorvastatin  |83367  |C10AA05|atorvastatin 20 MG tablet        |阿托伐他汀钙片 20mg
metformin     |6809   |A10BA02|metformin 500 MG tablet          |二甲双胍片 0.5g
dapagliflozin |1488564|A10BK01|dapagliflozin 10 MG tablet       |达格列净片 10mg
linagliptin   |1100699|A10BH05|linagliptin 5 MG tablet          |利格列汀片 5mg
bisoprolol    |19484  |C07AB07|bisoprolol 5 MG tablet           |比索洛尔片 5mg
metoprolol    |6918   |C07AB02|metoprolol succinate 47.5 MG extended release tablet|琥珀酸美托洛尔缓释片 47.5mg
sacubitril    |1656339|C09DX04|sacubitril 49 MG / valsartan 51 MG tablet|沙库巴曲缬沙坦钠片 100mg
spironolactone|9997   |C03DA01|spironolactone 25 MG tablet      |螺内酯片 25mg
furosemide    |4603   |C03CA01|furosemide 20 MG tablet          |呋塞米片 20mg
empagliflozin |1545653|A10BK03|empagliflozin 10 MG tablet       |恩格列净片 10mg
aspirin       |1191   |B01AC06|aspirin 81 MG tablet             |阿司匹林肠溶片 100mg
apixaban      |1364430|B01AF02|apixaban 2.5 MG tablet           |阿哌沙班片 2.5mg
omeprazole    |7646   |A02BC01|omeprazole 20 MG capsule         |奥美拉唑肠溶胶囊 20mg|{capsule}|capsule|粒
febuxostat    |73689  |M04AA03|febuxostat 40 MG tablet          |非布司他片 40mg
calcitriol    |1894   |A11CC04|calcitriol 0.25 UG capsule       |骨化三醇软胶囊 0.25μg|{capsule}|capsule|粒
calcium       |1897   |A12AA04|calcium carbonate 600 MG tablet  |碳酸钙片 0.6g
bicarbonate   |36676  |B05XA02|sodium bicarbonate 500 MG tablet |碳酸氢钠片 0.5g
cholecalciferol|2418  |A11CC05|cholecalciferol 50,000 UNT capsule|维生素D3胶囊|{capsule}|capsule|粒
iron          |24947  |B03AA07|ferrous sulfate 325 MG tablet    |硫酸亚铁片 0.3g
folic_acid    |4511   |B03BB01|folic acid 0.4 MG tablet         |叶酸片 0.4mg
levothyroxine |10582  |H03AA01|levothyroxine 25 UG tablet       |左甲状腺素钠片 25μg
ibuprofen     |5640   |M01AE01|ibuprofen 200 MG tablet          |布洛芬片 0.2g
albuterol     |745679 |R03AC02|200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler|沙丁胺醇气雾剂|{puff}|puff|喷
tiotropium    |69120  |R03BB04|tiotropium 18 UG inhalation capsule|噻托溴铵粉吸入剂 18μg|{capsule}|capsule|粒
fluticasone   |895994 |R03BA05|120 ACTUAT Fluticasone propionate 0.044 MG/ACTUAT Metered Dose Inhaler|丙酸氟替卡松气雾剂|{puff}|puff|喷
salmeterol_ics|896209 |R03AK06|60 ACTUAT Fluticasone propionate 0.25 MG/ACTUAT / salmeterol 0.05 MG/ACTUAT Dry Powder Inhaler|沙美特罗替卡松粉吸入剂|{inhalation}|inhalation|吸
prednisone    |8640   |H02AB07|prednisone 20 MG tablet          |泼尼松片 20mg
doxycycline   |3640   |J01AA02|doxycycline 100 MG capsule       |多西环素胶囊 100mg|{capsule}|capsule|粒
amoxicillin   |723    |J01CA04|amoxicillin 80 MG/ML oral suspension|阿莫西林混悬液 80mg/mL|mL|mL|毫升
epinephrine   |3992   |C01CA24|epinephrine 0.15 MG auto-injector|肾上腺素自动注射笔 0.15mg|{dose}|dose|支
cetirizine    |20610  |R06AE07|cetirizine 10 MG tablet          |西替利嗪片 10mg
sertraline    |36437  |N06AB06|sertraline 50 MG tablet          |舍曲林片 50mg
sumatriptan   |37418  |N02CC01|sumatriptan 50 MG tablet         |舒马普坦片 50mg
"""


def _rows(table: str) -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in table.strip().splitlines()]


DIAGNOSES: dict[str, Diagnosis] = {key: Diagnosis(*rest) for key, *rest in _rows(_DIAGNOSES)}
DRUGS: dict[str, Drug] = {key: Drug(*rest) for key, *rest in _rows(_DRUGS)}

VACCINES = {
    "influenza": Named("140", "Influenza, seasonal, injectable, preservative free", "流感疫苗"),
    "pneumococcal": Named("133", "Pneumococcal conjugate PCV 13", "13价肺炎球菌结合疫苗"),
    "zoster": Named("187", "zoster recombinant", "重组带状疱疹疫苗"),
    "tdap": Named("115", "Tdap", "百白破疫苗"),
    "hepatitis_b": Named("08", "Hep B, adolescent or pediatric", "乙型肝炎疫苗"),
    "rotavirus": Named("119", "rotavirus, monovalent", "轮状病毒疫苗"),
    "dtap": Named("20", "DTaP", "百白破疫苗"),
    "hib": Named("49", "Hib (PRP-OMP)", "b型流感嗜血杆菌疫苗"),
    "polio": Named("10", "IPV", "脊髓灰质炎灭活疫苗"),
    "mmr": Named("03", "MMR", "麻腮风疫苗"),
    "varicella": Named("21", "varicella", "水痘疫苗"),
    "hepatitis_a": Named("83", "Hep A, ped/adol, 2 dose", "甲型肝炎疫苗"),
    "hpv": Named("165", "HPV9", "九价HPV疫苗"),
}
"""Vaccines by CVX code."""

PROCEDURES = {
    "spirometry": Named("127783003", "Spirometry", "肺功能检查"),
    "echo": Named("433236007", "Transthoracic echocardiography", "经胸超声心动图"),
    "xray": Named("399208008", "Plain chest X-ray", "胸部X线检查"),
    "colonoscopy": Named("73761001", "Colonoscopy", "结肠镜检查"),
    "reconciliation": Named("430193006", "Medication Reconciliation", "用药核对"),
    "prenatal": Named("424619006", "Prenatal visit", "产前检查"),
    "rehabilitation": Named("15081005", "Pulmonary rehabilitation", "肺康复"),
    "physiotherapy": Named("91251008", "Physical therapy procedure", "物理治疗"),
    "education": Named("698360004", "Diabetes self management plan", "糖尿病自我管理教育"),
}
"""Procedures by SNOMED CT code."""
