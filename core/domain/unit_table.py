"""This is the place where units of measure are rows: the UCUM atoms of clinical use and the other ways people write them.

UCUM atoms and prefixes: Unified Code for Units of Measure 2.1 (ucum.org). Only atoms that occur in clinical records stand
here; those whose letter means something else in practice (C, F, G, T, K, M) are left out on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Atom(NamedTuple):
    """`factor` scales to the base dimensions; `dims` is (dimension, exponent) pairs; metric atoms take a prefix."""

    factor: float
    dims: tuple[tuple[str, int], ...]
    metric: bool = False


PREFIXES: Mapping[str, float] = MappingProxyType(
    {"k": 1e3, "h": 1e2, "d": 1e-1, "c": 1e-2, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12, "f": 1e-15}
)


_WITH_PREFIX = ("[IU]", "[arb'U]", "eq", "osm")


def _own(*names: str) -> dict[str, Atom]:
    """Units that are commensurable with nothing but themselves (arbitrary units, special scales)."""
    return {name: Atom(1.0, ((name, 1),), name in _WITH_PREFIX) for name in names}


_LENGTH, _VOLUME, _TIME, _MASS = (("m", 1),), (("m", 3),), (("s", 1),), (("g", 1),)
_PRESSURE = (("Pa", 1),)

ATOMS: Mapping[str, Atom] = MappingProxyType(
    {
        "m": Atom(1.0, _LENGTH, True), "g": Atom(1.0, _MASS, True), "s": Atom(1.0, _TIME, True),
        "L": Atom(1e-3, _VOLUME, True), "mol": Atom(1.0, (("mol", 1),), True),
        "[in_i]": Atom(0.0254, _LENGTH), "[ft_i]": Atom(0.3048, _LENGTH), "[mi_i]": Atom(1609.344, _LENGTH),
        "[lb_av]": Atom(453.59237, _MASS), "[oz_av]": Atom(28.349523125, _MASS), "[stone_av]": Atom(6350.29318, _MASS),
        "[foz_us]": Atom(2.95735295625e-5, _VOLUME), "[tsp_us]": Atom(4.92892159375e-6, _VOLUME),
        "[tbs_us]": Atom(1.478676478125e-5, _VOLUME), "[cup_us]": Atom(2.365882365e-4, _VOLUME),
        "min": Atom(60.0, _TIME), "h": Atom(3600.0, _TIME), "d": Atom(86400.0, _TIME), "wk": Atom(604800.0, _TIME),
        "mo": Atom(2629800.0, _TIME), "a": Atom(31557600.0, _TIME), "Hz": Atom(1.0, (("Hz", 1),), True),
        "Pa": Atom(1.0, _PRESSURE, True), "bar": Atom(1e5, _PRESSURE, True),
        "m[Hg]": Atom(133322.387415, _PRESSURE, True), "m[H2O]": Atom(9806.65, _PRESSURE, True),
        "[psi]": Atom(6894.757293, _PRESSURE),
        "J": Atom(1.0, (("J", 1),), True), "cal": Atom(4.184, (("J", 1),), True), "[Cal]": Atom(4184.0, (("J", 1),)),
        "W": Atom(1.0, (("W", 1),), True), "V": Atom(1.0, (("V", 1),), True),
        "Gy": Atom(1.0, (("Gy", 1),), True), "Sv": Atom(1.0, (("Sv", 1),), True), "Bq": Atom(1.0, (("Bq", 1),), True),
        "U": Atom(1e-6 / 60, (("kat", 1),), True), "kat": Atom(1.0, (("kat", 1),), True),
        "%": Atom(1e-2, ()), "[ppth]": Atom(1e-3, ()), "[ppm]": Atom(1e-6, ()), "[ppb]": Atom(1e-9, ()), "10*": Atom(10.0, ()),
        **_own(
            "[IU]", "[arb'U]", "[pH]", "[HPF]", "[LPF]", "[CFU]", "[diop]", "[drp]", "[degF]", "Cel", "eq", "osm",
            "deg", "dB", "[GPL'U]", "[MPL'U]", "[APL'U]", "[RFU]", "[PFU]", "[S]", "[MET]", "[Ch]", "Da",
            "[p'diop]", "[IR]", "[EIA'U]", "[ELU]", "[USP'U]", "[knk'U]", "[todd'U]", "[dye'U]", "[BAU]", "[AU]",
        ),
    }
)  # fmt: skip

COUNTED = frozenset(
    {
        "beat",
        "beats",
        "breath",
        "breaths",
        "cell",
        "cells",
        "step",
        "steps",
        "count",
        "counts",
        "copies",
        "copy",
        "times",
        "events",
        "WBC",
        "RBC",
        "wbc",
        "rbc",
        "resp",
        "respirations",
    }
)
"""Annotations that only say what is counted: they don't change the unit."""

SAME_CODE: Mapping[str, str] = MappingProxyType(
    {"l": "L", "[iU]": "[IU]", "10^": "10*", "dl": "dL", "ml": "mL", "ul": "uL", "nl": "nL", "pl": "pL", "fl": "fL", "cl": "cL"}
)  # fmt: skip
"""UCUM spellings of equal meaning, and the one written here."""

AMBIGUOUS = frozenset(
    {"A", "M", "G", "S", "H", "D", "T", "K", "MM", "NM", "UM", "PM", "G/L", "G/l", "Cal", "CAL", "PT", "Pt", "pt"}
)
"""Ways of writing that have two meanings in use (mega or metre, gram or giga or gauss ...): never guessed."""

EXACT: Mapping[str, str] = MappingProxyType(
    {
        "C": "Cel", "F": "[degF]", "mM": "mmol/L", "uM": "umol/L", "nM": "nmol/L", "pM": "pmol/L", "T/L": "10*12/L",
        "Tpt/L": "10*12/L", "Gpt/L": "10*9/L", "K/uL": "10*3/uL", "M/uL": "10*6/uL", "K/mm3": "10*3/uL", "M/mm3": "10*6/uL",
        "y": "a", "min-1": "/min", "s-1": "/s",
    }
)  # fmt: skip
"""Written exactly so (case matters)."""

_MORE_WORDS = {
    "Cel": "°c degc degc. celsius degreescelsius degreecelsius celsiusdegree celsiusdegrees degreesc degreec cel 摄氏度 攝氏度 centigrade",
    "[degF]": "°f [degf] degf fahrenheit degreesfahrenheit degreefahrenheit degreesf degreef 华氏度 華氏度",
    "mm[Hg]": "mmhg mm/hg mm(hg) mm[hg] mm-hg mm_hg millimetersofmercury millimetresofmercury millimetermercury 毫米汞柱 毫米水银柱 毫米水銀柱 torr",
    "cm[H2O]": "cmh2o cm[h2o] cmh20",
    "kPa": "kpa 千帕 kilopascal kilopascals",
    "kg": "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes 公斤 千克",
    "g": "g gm gms gram grams gramme grammes 克",
    "mg": "mg mgs milligram milligrams 毫克",
    "ug": "mcg mcgs ug microgram micrograms 微克",
    "ng": "ng nanogram nanograms 纳克",
    "pg": "pg picogram picograms 皮克",
    "[lb_av]": "lb lbs pound pounds [lb_av] lb_av [lb_us] 磅 英磅",
    "[oz_av]": "oz ounce ounces [oz_av] oz_av 盎司",
    "[stone_av]": "stone stones",
    "cm": "cm cms centimeter centimeters centimetre centimetres 厘米 公分",
    "mm": "millimeter millimeters millimetre millimetres 毫米",
    "m": "meter meters metre metres 米 公尺",
    "km": "km kilometer kilometers kilometre kilometres 公里 千米",
    "[in_i]": "in inch inches [in_i] in_i [in_us] 英寸 吋",
    "[ft_i]": "ft foot feet [ft_i] [ft_us] 英尺",
    "[mi_i]": "mi mile miles [mi_us] 英里",
    "m2": "m2 m^2 m*2 m**2 sqm squaremeter squaremeters squaremetre",
    "L": "liter liters litre litres ltr 升 公升",
    "dL": "dl deciliter deciliters decilitre 分升",
    "mL": "ml cc milliliter milliliters millilitre millilitres 毫升",
    "uL": "ul mcl microliter microliters microlitre 微升",
    "fL": "fl femtoliter femtoliters 飞升",
    "mm3": "cumm cmm cu.mm mm^3 mm3",
    "mol": "mol mole moles 摩尔",
    "mmol": "mmol mmols millimole millimoles 毫摩尔 毫摩爾",
    "umol": "umol micromole micromoles mcmol 微摩尔 微摩爾",
    "nmol": "nmol nanomole nanomoles 纳摩尔",
    "pmol": "pmol picomole picomoles 皮摩尔",
    "meq": "meq milliequivalent milliequivalents meqs",
    "mosm": "mosm mosmol mosmole mosmoles milliosmole milliosmoles",
    "[IU]": "iu i.u. internationalunit internationalunits [iu] 国际单位",
    "m[IU]": "miu m[iu] milliinternationalunits",
    "u[IU]": "uiu u[iu] mciu",
    "k[IU]": "kiu k[iu]",
    "U": "u",
    "kU": "ku",
    "ukat": "ukat mckat",
    "s": "sec secs second seconds 秒",
    "ms": "msec msecs millisecond milliseconds 毫秒",
    "min": "min mins minute minutes 分钟 分鐘",
    "h": "h hr hrs hour hours 小时 小時",
    "d": "d day days 天 日",
    "wk": "wk wks week weeks 周 週 星期",
    "mo": "mo mos mon month months 个月 個月",
    "a": "a yr yrs year years 年 岁 歲",
    "%": "% percent pct %o2 百分比 per100 ％",
    "[pH]": "ph [ph] phunits phunit",
    "{INR}": "inr {inr}",
    "{score}": "score scores {score} point points (score) pts",
    "{T-score}": "t-score tscore {t-score} {tscore}",
    "{Z-score}": "z-score zscore {z-score} {zscore}",
    "{ratio}": "ratio {ratio}",
    "{index}": "index {index}",
    "{nominal}": "nominal {nominal}",
    "{percentile}": "percentile {percentile} %ile",
    "{pack-years}": "pack-years packyears pack-year {pack-years} {packyears}",
    "{steps}": "step steps {steps} 步",
    "{beats}": "beat beats {beats} {beat}",
    "{breaths}": "breath breaths {breaths} {breath} respirations resps",
    "{cells}": "cell cells {cells}",
    "{copies}": "copies copy {copies}",
    "{drinks}": "drink drinks standarddrinks",
    "{cigarettes}": "cigarette cigarettes cigs",
    "[CFU]": "cfu [cfu]",
    "[HPF]": "hpf [hpf] highpowerfield",
    "[LPF]": "lpf [lpf] lowpowerfield",
    "[ppm]": "ppm [ppm]",
    "[ppb]": "ppb [ppb]",
    "dB": "db decibel decibels",
    "[diop]": "diopter diopters dioptre dioptres [diop]",
    "[drp]": "drop drops [drp] gtt",
    "[tsp_us]": "tsp teaspoon teaspoons",
    "[tbs_us]": "tbsp tablespoon tablespoons",
    "[foz_us]": "floz fl.oz fluidounce fluidounces",
    "[arb'U]": "au arb.units arbitraryunits arbu [arb'u]",
    "Hz": "hz hertz",
    "kcal": "kcal kilocalorie kilocalories 千卡",
    "kJ": "kj kilojoule kilojoules",
    "W": "watt watts",
    "mV": "mv millivolt millivolts",
    "(24.h)": "24h 24hr 24hrs 24hour 24hours 24小时 (24.h)",
    "10*3": "thou thousand thousands k 千",
    "10*6": "million millions 百万",
}

WORDS: Mapping[str, str] = MappingProxyType({word: code for code, words in _MORE_WORDS.items() for word in words.split()})
"""Words and abbreviations in lower case without spaces -> UCUM; used for a whole unit and for each part of a quotient."""

WHOLE: Mapping[str, str] = MappingProxyType(
    {
        "bpm": "/min", "beats/min": "/min", "beat/min": "/min", "beats/minute": "/min", "breaths/min": "/min",
        "breath/min": "/min", "breaths/minute": "/min", "brpm": "/min", "resp/min": "/min", "respirations/min": "/min",
        "respirations/minute": "/min", "rpm": "/min", "次/分": "/min", "次/分钟": "/min", "次/分鐘": "/min", "次/min": "/min",
        "pulse/min": "/min", "{beat}/min}": "/min", "#/min": "/min", "times/min": "/min", "1/min": "/min", "min-1": "/min",
        "#/day": "/d", "times/day": "/d", "times/week": "/wk", "#/year": "/a", "#/week": "/wk", "#/month": "/mo",
        "mg%": "mg/dL", "g%": "g/dL", "mg/100ml": "mg/dL", "g/100ml": "g/dL", "ug/100ml": "ug/dL", "mcg/100ml": "ug/dL",
        "unit/l": "U/L", "units/l": "U/L", "units/ml": "U/mL", "unit/ml": "U/mL", "kunits/l": "kU/L", "ui/l": "[IU]/L",
        "mg/gcreat": "mg/g", "mg/gcr": "mg/g", "mg/gcreatinine": "mg/g", "mcg/mgcreat": "ug/mg", "ug/mgcreat": "ug/mg",
        "mg/mmolcreat": "mg/mmol", "mg/mmolcr": "mg/mmol", "mg/gcrea": "mg/g", "mcg/mgcr": "ug/mg", "ug/mgcr": "ug/mg",
        "ug/mlfeu": "ug/mL{FEU}", "mcg/mlfeu": "ug/mL{FEU}", "mg/lfeu": "mg/L{FEU}", "ng/mlfeu": "ng/mL{FEU}",
        "ug/lfeu": "ug/L{FEU}", "ng/mlddu": "ng/mL{DDU}", "ug/mlddu": "ug/mL{DDU}",
        "kg/m²": "kg/m2", "kg/sqm": "kg/m2", "kg/m^2": "kg/m2", "kg/m*2": "kg/m2", "kg/m**2": "kg/m2",
        "公斤/米2": "kg/m2", "千克/米2": "kg/m2", "公斤/平方米": "kg/m2", "千克/平方米": "kg/m2", "公斤/平方公尺": "kg/m2",
        "steps/day": "{steps}/d", "步/天": "{steps}/d", "(calc)%": "%", "%(calc)": "%", "mm/hr": "mm/h", "mm/h": "mm/h", "mosm/kgh2o": "mosm/kg", "mm/1h": "mm/h",
        "gpl": "[GPL'U]", "mpl": "[MPL'U]", "mgfeu/l": "mg/L{FEU}", "packs/day": "{packs}/d", "pack/day": "{packs}/d",
    }
)  # fmt: skip
"""Whole units in lower case without spaces whose parts would not say the same."""
