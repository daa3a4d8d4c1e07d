"""This is the place where it stands which medicines an equation asks for, by ATC class and by the names of their ingredients.

ATC classes as the WHO index has them (C02, C03, C07, C08, C09 lower blood pressure; statins are C10AA and their combinations). Records of other countries
name a drug by RxNorm, whose words hold the ingredient, or by its name alone, so the names stand here too. A medicine with neither a class nor a name that
is known could be any: then it can't be told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.domain.codes import ATC, RXNORM, Concept

CLASSES: Mapping[str, tuple[str, ...]] = {
    "bp_treated": ("C02", "C03", "C07", "C08", "C09", "C10BX03", "C10BX04", "C10BX06", "C10BX07", "C10BX09", "C10BX1"),
    "statin": ("C10AA", "C10BA", "C10BX"),
    "glucose_lowering": ("A10A", "A10BB", "A10BF", "A10BG", "A10BH", "A10BX"),
    "bleeding_drugs": ("B01AC", "M01A"),
}
"""Of the medicines that lower glucose those that are given for diabetes alone: metformin, GLP-1 agonists and SGLT2 inhibitors are taken for other reasons too."""
NOT_IN_CLASS: Mapping[str, tuple[str, ...]] = {"statin": ("C10BA10",)}
"""Combinations in the class without the ingredient."""

_BLOOD_PRESSURE = (
    "amlodipine nifedipine felodipine lercanidipine nitrendipine benidipine lacidipine cilnidipine diltiazem verapamil "
    "lisinopril enalapril ramipril perindopril benazepril captopril fosinopril quinapril trandolapril imidapril "
    "losartan valsartan candesartan irbesartan olmesartan telmisartan azilsartan sacubitril allisartan aliskiren "
    "metoprolol bisoprolol atenolol carvedilol nebivolol propranolol labetalol nadolol arotinolol "
    "hydrochlorothiazide chlorthalidone indapamide bendroflumethiazide furosemide torsemide torasemide bumetanide spironolactone eplerenone "
    "triamterene amiloride clonidine methyldopa hydralazine minoxidil doxazosin terazosin prazosin urapidil reserpine moxonidine "
    "氨氯地平 硝苯地平 非洛地平 乐卡地平 尼群地平 贝尼地平 拉西地平 西尼地平 地尔硫 维拉帕米 赖诺普利 依那普利 雷米普利 培哚普利 贝那普利 卡托普利 福辛普利 "
    "氯沙坦 缬沙坦 坎地沙坦 厄贝沙坦 奥美沙坦 替米沙坦 阿齐沙坦 沙库巴曲 阿利沙坦 美托洛尔 比索洛尔 阿替洛尔 卡维地洛 奈必洛尔 普萘洛尔 拉贝洛尔 阿罗洛尔 "
    "氢氯噻嗪 氯噻酮 吲达帕胺 呋塞米 托拉塞米 布美他尼 螺内酯 依普利酮 氨苯蝶啶 阿米洛利 可乐定 甲基多巴 肼屈嗪 多沙唑嗪 特拉唑嗪 哌唑嗪 乌拉地尔 利血平"
)
_STATINS = (
    "simvastatin atorvastatin rosuvastatin pravastatin lovastatin fluvastatin pitavastatin xuezhikang "
    "辛伐他汀 阿托伐他汀 瑞舒伐他汀 普伐他汀 洛伐他汀 氟伐他汀 匹伐他汀 血脂康"
)
_GLUCOSE = (
    "insulin glipizide glyburide glibenclamide gliclazide glimepiride repaglinide nateglinide sitagliptin saxagliptin linagliptin vildagliptin "
    "alogliptin pioglitazone acarbose miglitol voglibose "
    "胰岛素 格列吡嗪 格列本脲 格列齐特 格列美脲 瑞格列奈 那格列奈 西格列汀 沙格列汀 利格列汀 维格列汀 阿格列汀 吡格列酮 阿卡波糖 伏格列波糖"
)
_BLEEDING = (
    "aspirin acetylsalicylic clopidogrel ticagrelor prasugrel dipyridamole ibuprofen naproxen diclofenac celecoxib etoricoxib meloxicam indomethacin ketoprofen "
    "阿司匹林 氯吡格雷 替格瑞洛 普拉格雷 双嘧达莫 布洛芬 萘普生 双氯芬酸 塞来昔布 依托考昔 美洛昔康 吲哚美辛"
)
_OTHERS = (
    "acetaminophen paracetamol warfarin apixaban rivaroxaban dabigatran edoxaban levothyroxine omeprazole pantoprazole esomeprazole lansoprazole famotidine "
    "salbutamol albuterol budesonide formoterol tiotropium fluticasone salmeterol montelukast amoxicillin azithromycin doxycycline cephalexin ciprofloxacin "
    "nitrofurantoin penicillin sertraline citalopram escitalopram fluoxetine paroxetine venlafaxine mirtazapine duloxetine bupropion gabapentin pregabalin "
    "prednisone prednisolone cetirizine loratadine fexofenadine allopurinol febuxostat colchicine alendronate cholecalciferol calcium iron ferrous folic "
    "cyanocobalamin ezetimibe fenofibrate tamsulosin finasteride donepezil memantine levodopa carbidopa lamotrigine levetiracetam digoxin amiodarone "
    "metformin empagliflozin dapagliflozin canagliflozin ertugliflozin liraglutide semaglutide dulaglutide exenatide tirzepatide "
    "二甲双胍 恩格列净 达格列净 卡格列净 利拉鲁肽 司美格鲁肽 度拉糖肽 艾塞那肽 "
    "nitroglycerin isosorbide oxycodone hydrocodone tramadol morphine vitamin potassium "
    "对乙酰氨基酚 华法林 利伐沙班 达比加群 阿哌沙班 左甲状腺素 奥美拉唑 泮托拉唑 沙丁胺醇 布地奈德 孟鲁司特 阿莫西林 舍曲林 西替利嗪 氯雷他定 别嘌醇 非布司他 "
    "阿仑膦酸 碳酸钙 维生素 叶酸 甲钴胺 依折麦布 非诺贝特 坦索罗辛 地高辛 胺碘酮 硝酸甘油 单硝酸异山梨酯 氯化钾"
)
NAMES: Mapping[str, frozenset[str]] = {
    "bp_treated": frozenset(_BLOOD_PRESSURE.split()),
    "statin": frozenset(_STATINS.split()),
    "glucose_lowering": frozenset(_GLUCOSE.split()),
    "bleeding_drugs": frozenset(_BLEEDING.split()),
}
"""Names of ingredients, small letters (house: those in common use)."""
OTHERS = frozenset(_OTHERS.split())
"""Ingredients that are in none of the classes, so that a record which names them alone is no riddle."""
NO_MEDICINES, NO_MEDICINE_INFO = frozenset({"no-known-medications"}), frozenset({"no-medication-info"})
"""HL7 International Patient Summary, absent-unknown: somebody wrote that there are none; somebody wrote that nothing is known."""

_LATIN = re.compile(r"[a-z]+")


def classes_of(concept: Concept) -> tuple[frozenset[str], bool]:
    """(classes the medicine belongs to, whether it is known what it is at all)."""
    atc = [one.code.upper() for one in concept.codings if one.system == ATC]
    title = " ".join([concept.text, *(one.display for one in concept.codings)]).casefold()
    words = set(_LATIN.findall(title))
    found = set()
    for key, stems in CLASSES.items():
        if any(code.startswith(stems) and not code.startswith(NOT_IN_CLASS.get(key, ("-",))) for code in atc) or words & NAMES[key] or any(name in title for name in NAMES[key] if not name.isascii()):
            found.add(key)
    known = bool(found or any(len(code) >= 5 for code in atc) or words & OTHERS or any(name in title for name in OTHERS if not name.isascii()))
    return frozenset(found), known or _spelled_out(concept)


def _spelled_out(concept: Concept) -> bool:
    """RxNorm's words for a drug hold its ingredient, so one without an ingredient of ours is something else."""
    return any(one.system == RXNORM and one.code for one in concept.codings) and bool(concept.title)
