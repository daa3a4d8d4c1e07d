"""This is the place where it is told whether a text begins with a medicine's name: only where it surely is one, for "withhold 5 mg" begins with none."""

from __future__ import annotations

import re

_STEMS = (
    "pril", "sartan", "olol", "dipine", "statin", "gliptin", "gliflozin", "glitazone", "formin", "prazole", "cillin", "mycin", "micin", "floxacin", "cycline",
    "oxetine", "thiazide", "xaban", "gatran", "grel", "azepam", "zolam", "triptan", "setron", "tidine", "afil", "fibrate", "glutide", "steride", "profen",
    "oxicam", "coxib", "terol", "sone", "solone", "dronate", "fenacin", "gabalin", "bactam", "vir", "conazole", "nidazole", "tadine", "cetirizine", "zosin",
)  # fmt: skip
_NAMES = (
    "aspirin", "warfarin", "levothyroxine", "liothyronine", "digoxin", "furosemide", "torsemide", "bumetanide", "spironolactone", "gabapentin",
    "sertraline", "citalopram", "escitalopram", "venlafaxine", "bupropion", "mirtazapine", "amitriptyline", "trazodone", "lithium", "lamotrigine",
    "levetiracetam", "carbamazepine", "valproate", "phenytoin", "allopurinol", "colchicine", "methotrexate", "naproxen", "diclofenac", "acetaminophen",
    "paracetamol", "tramadol", "morphine", "oxycodone", "codeine", "montelukast", "theophylline", "metoclopramide", "isosorbide", "nitroglycerin",
    "hydralazine", "clonidine", "chlorthalidone", "ezetimibe", "glipizide", "glimepiride", "gliclazide", "acarbose", "repaglinide", "verapamil",
    "diltiazem", "amiodarone", "melatonin", "quetiapine", "olanzapine", "risperidone", "aripiprazole", "donepezil", "memantine", "tamoxifen",
)  # fmt: skip
"""Stems of international nonproprietary names (WHO, The use of stems in the selection of INN), and names without such a stem. No English verb ends so."""
_SALT = r"(?: (?:er|xr|sr|cr|xl|hcl|sodium|potassium|hydrochloride|tartrate|succinate|maleate|calcium|besylate))?"
_NAME = re.compile(
    rf"(?:insulin (?:glargine|lispro|aspart|detemir|degludec|glulisine|nph)|(?:[a-z]{{2,20}}(?:{'|'.join(_STEMS)})|{'|'.join(_NAMES)}){_SALT}) "
    r"(?=\d{1,4}(?:\.\d{1,3})? ?(?:mg|mcg|ug|μg|g|ml|units?)\b)"
)


def after_name(said: str) -> int:
    """The position after a name at the beginning that is followed by a strength, else 0."""
    found = _NAME.match(said)
    return found.end() if found else 0
